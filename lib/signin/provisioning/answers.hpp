#pragma once
// The answers of stage 5: what came of each request, read once, however many nodes want to know.

#include <any>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/error.hpp"
#include "sip/connection.hpp"
#include "sip/multipart.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::provisioning {

// A row of the table of requests, and what its answer is read as.
template <class T>
struct request_id {
    std::size_t row;
    constexpr operator std::size_t() const { return row; }
};

// Why there was no request.
struct not_sent {
    trace::not_run_reason reason = trace::not_run_reason::none;  // none: there is nothing to ask, and that tells enough
    std::string why;
};

// Shared: an expected<any> is a riddle to clang, whose constraints ask themselves.
using read_body = std::expected<std::shared_ptr<const std::any>, sip::parse_error>;

[[nodiscard]] inline bool is_accepted(const std::optional<sip::reply>& reply) {
    return reply && reply->answer.status >= 200 && reply->answer.status < 300;
}

// Of one that was asked by itself, where a row asks many.
struct one_answer {
    std::string about;  // whom it was asked of
    std::optional<sip::reply> reply = {};
    net::error error = {};               // when there is no reply
    std::optional<read_body> body = {};  // of one that was accepted and said something
    [[nodiscard]] bool accepted() const { return is_accepted(reply); }
};

struct answer {
    // In this order. `answered`: accepted or not, and not read yet.
    enum class state { waiting, under_way, answered, complete };
    state now = state::waiting;
    std::string_view name;                // event package, or what the request is for
    std::optional<not_sent> unsent;       // complete from the start
    std::optional<sip::reply> reply;      // the last; its body has been read, where it was accepted
    net::error error;                     // when there is no reply
    int discarded = 0;                    // answers without a valid signature, where there was no other
    bool only_heard = false;              // the server was not asked: a notification tells, or we look ourselves
    std::vector<sip::message> conflicts;  // answers after which it was asked again
    std::optional<read_body> body;        // of one that was accepted, or of the notification that came in its place
    std::vector<one_answer> each;         // where many were asked, and only then

    [[nodiscard]] bool accepted() const { return is_accepted(reply); }
    [[nodiscard]] int attempts() const { return static_cast<int>(conflicts.size()) + 1; }
    [[nodiscard]] const sip::parse_error* unreadable() const { return body && !*body ? &body->error() : nullptr; }
    [[nodiscard]] std::string in_words() const;     // "403 Forbidden", "no answer in time", or why it wasn't sent
    [[nodiscard]] std::string why_nothing() const;  // the same of what can't be read, or did not come with a 200
};

class answers {
public:
    explicit answers(std::size_t count) : all_(count) {}

    [[nodiscard]] answer& at(std::size_t row) { return all_.at(row); }
    [[nodiscard]] const answer& at(std::size_t row) const { return all_.at(row); }
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    // What an answer says; null when there is none that can be read.
    template <class T>
    [[nodiscard]] const T* read(request_id<T> id) const {
        return read(at(id), id);
    }
    // The same of one answer: a row's, or of many that a row asked for.
    template <class T>
    [[nodiscard]] static const T* read(const auto& from, request_id<T>) {
        return from.body && *from.body ? std::any_cast<T>((*from.body)->get()) : nullptr;
    }

    std::vector<std::string> dial;         // numbers to normalise
    std::vector<std::string> presence_of;  // addresses to ask about, besides the contacts
    std::string own_address;               // "sip:alice@contoso.example": whose answers they are
    bool remote = false;                   // who signed in through the Edge
    std::uint32_t own_machine_state = 0;   // the instance under which this endpoint publishes

private:
    std::vector<answer> all_;
};

// A parse function of lib/sip as the table holds it: most want one document, which some servers wrap in a multipart
// body.
enum class body_form { document, parts };
template <auto Parse, body_form Form = body_form::document>
[[nodiscard]] read_body read_as(std::string_view text) {
    auto read = Parse(Form == body_form::document ? sip::first_document(text) : text);
    if (!read) return std::unexpected(std::move(read.error()));
    return std::make_shared<const std::any>(std::move(*read));
}

}  // namespace ucsignin::signin::provisioning
