#pragma once
// One request to Exchange's web services: sent, its answer read, and told by a word what came of it.

#include <optional>
#include <string>
#include <utility>

#include "signin/base/reading.hpp"
#include "signin/provisioning/exchange_web.hpp"
#include "signin/provisioning/mailbox.hpp"
#include "sip/exchange_services.hpp"

namespace ucsignin::signin::provisioning {

template <class Answer>
struct asked_of_exchange {
    exchange_step step;
    std::optional<Answer> answer;  // as far as it can be read, also where it says no
};

template <class Answer>
[[nodiscard]] net::awaitable<asked_of_exchange<Answer>> ask_exchange(
    mailbox_way way, ev::exchange_step_word what, std::string body,
    std::expected<Answer, sip::parse_error> (*parse)(std::string_view), proof by = proof::any) {
    auto came = co_await way.by->post(way.url, way.named, std::move(body), way.until, by);
    asked_of_exchange<Answer> out;
    out.step = std::move(came.step);
    out.step.what = what;
    if (!out.step.is_ok()) co_return out;
    auto read = co_await read_beside(parse, came.body(), way.until);
    if (read) out.answer = std::move(*read);
    else out.step.error = read.error().what;
    if (!out.answer) {
        out.step.state = "unreadable";
    } else if (const sip::ews::head& head = out.answer->head; !head.succeeded) {
        out.step.state = state_of_code(head.code);
        out.step.code = head.code;
        out.step.error = head.text;
    }
    co_return out;
}

// Of a request that this release does not know.
[[nodiscard]] inline exchange_step not_in_this_version(
    ev::exchange_step_word what, const std::string& url, std::string_view release) {
    exchange_step none;
    none.what = what;
    none.url = url;
    none.state = "unsupported";
    none.error = std::string(release) + " does not know the request: not asked";
    return none;
}

}  // namespace ucsignin::signin::provisioning
