#pragma once
// A page that is for everybody: the description of a web service. It is fetched without credentials, and redirects are
// followed as the desktop client follows them (contract.md, "Credentials": at most 5 steps; never from https to http).

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "auth/web_ticket.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin {

struct service_page {
    web_answer answer;
    net::http::url from;            // where the answer came from in the end
    naming says;                    // what a name in it rests on
    std::vector<std::string> hops;  // addresses that the request was sent on to
    std::string trouble;            // why a redirect was not followed
};

// `named` is how the address came to us, `candidate` the server whose step asks.
[[nodiscard]] net::awaitable<service_page> fetch_page(
    context& c, net::http::url url, naming named, std::string candidate, net::deadline until);

// Where a GET without credentials goes on to; nothing when it is answered, or may not be followed.
struct onward {
    std::optional<net::http::url> to;
    std::string trouble;
};
[[nodiscard]] onward follow(const net::http::url& from, const net::http::response& answer, std::size_t steps_so_far);

void note_page(trace::scope& span, const service_page& page);

using described = std::expected<auth::service_metadata, sip::parse_error>;
// What the page describes; the error says why there is no description.
[[nodiscard]] net::awaitable<described> metadata_on(context& c, const service_page& page);

}  // namespace ucsignin::signin
