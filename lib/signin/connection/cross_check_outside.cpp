// Both hosts are asked without anything that says who asks; their answers are compared with what is known of them.
#include "signin/connection/cross_check_outside.hpp"

#include <fmt/format.h>

#include "signin/connection/cross_check.hpp"
#include "signin/connection/try_server.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin::connection {
namespace {

constexpr auto unrelated_host = "www.microsoft.com";
// Windows' network connectivity status indicator (NCSI) asks this and expects these words.
constexpr auto connect_test = "http://www.msftconnecttest.com/connecttest.txt";
constexpr std::string_view connect_test_says = "Microsoft Connect Test";

std::string word_for(const net::http::response& answer) {
    if (answer.status >= 300 && answer.status < 400) return "led_away";
    return answer.status == 200 && answer.body.find(connect_test_says) != std::string::npos ? "as_expected"
                                                                                            : "other_page";
}

}  // namespace

net::awaitable<void> look_at_unrelated_host(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    variation as_usual;
    const net::host_port https{unrelated_host, 443};
    const auto done = co_await try_server(c, https, std::move(as_usual), until);
    if (!done.address.empty()) span.note(ev::peer, done.address);
    if (done.facts.chain.empty())
        co_return finish_look(span, "no_answer", "", fmt::format("{}: {}", unrelated_host, done.word));
    const auto& leaf = done.facts.chain.front();
    span.note(ev::x509_subject, leaf.subject).note(ev::x509_issuer, leaf.issuer);
    const std::string word = done.facts.errors.empty() ? "trusted" : "untrusted";
    finish_look(
        span, word, "untrusted", fmt::format("{} presents a certificate issued by {}", unrelated_host, leaf.issuer));
}

net::awaitable<void> look_at_plain_http(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto url = net::http::parse_url(connect_test);
    net::http::request wanted;
    const auto answer = co_await c.web.fetch(c, *url, std::move(wanted), until);
    span.note(ev::http_url, std::string(connect_test));
    if (!answer.response)
        co_return finish_look(
            span, "no_answer", "", fmt::format("{}: {}", url->host, answer.response.error().kind.word()));
    span.note(ev::http_status, answer.response->status);
    const auto location = answer.response->header("location");
    if (!location.empty()) span.note(ev::http_location, location);
    const auto word = word_for(*answer.response);
    const bool changed = word != "as_expected";
    finish_look(
        span, word, changed ? word : "",
        fmt::format(
            "{} answers {}{}", url->host, answer.response->status,
            changed ? ", which is not its own answer" : " as it should"));
}

}  // namespace ucsignin::signin::connection
