#pragma once
// One Autodiscover request and what came of it, as the root, user and domain steps have it in common.

#include <optional>
#include <string>
#include <vector>

#include "auth/web_ticket.hpp"
#include "signin/discovery/autodiscover_document.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin::discovery {

// Where a document lies, who says so, and whether the trust rule covers the name.
struct place {
    net::http::url url;
    naming named;
};

// Where a walk along links has been; a place met twice is a loop, unless it gave us a cookie: the same address with a
// new cookie is not the same request.
struct walk {
    std::vector<std::string> visited;
    std::vector<std::string> cookies;  // that each was asked with
    void add(const std::string& url, const std::string& with_cookies);
    [[nodiscard]] bool loops(const std::string& url, const std::string& with_cookies) const;
    [[nodiscard]] bool too_long() const;
};

struct document_answer {
    web_answer web;
    std::optional<autodiscover_document> document;
    std::string redirect;  // an HTTP redirect
    std::string trouble;   // why there is no document
    bool not_autodiscover = false;
    naming says;  // what a name in this answer rests on
};

// Decides on trust in the place, and asks.
[[nodiscard]] net::awaitable<document_answer> fetch_document(context& c, place from);
// The same with a web ticket, which goes to names that the rule covers only.
[[nodiscard]] net::awaitable<document_answer> fetch_document(
    context& c, place from, credential_target to, auth::web_ticket ticket);

// A link of a document may be relative, and is an answer like any other: "" when there is none, the text when it can't
// be read.
[[nodiscard]] std::string link_of(const document_answer& a, const net::http::url& from, std::string_view token);

void note_place(context& c, trace::scope& span, const std::string& url, const naming& named, const walk& so_far);
void note_document(trace::scope& span, const document_answer& a);

}  // namespace ucsignin::signin::discovery
