// Fetches the missing issuers over plain HTTP, as they are signed and TLS would need them first, and verifies again.
#include "signin/connection/cross_check_issuer.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "signin/connection/try_server.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin::connection {
namespace {

constexpr int longest_climb = 4;  // issuers above one another

// Whether the gap is closed: a certificate that has expired as well, or serves another purpose, does not open it again.
bool ends_at_a_trusted_root(const std::vector<net::verify_error>& errors) {
    constexpr int about_issuers[] = {2, 18, 19, 20, 21, 24, 27, 28};  // X509_V_ERR_...
    return std::ranges::none_of(errors, [&](const net::verify_error& e) {
        return std::ranges::find(about_issuers, e.code) != std::end(about_issuers);
    });
}

// The certificates that one of the addresses gives; empty when none does.
net::awaitable<std::vector<std::string>> fetch_any(
    context& c, std::vector<std::string> from, net::deadline until, trace::scope& span) {
    for (const auto& where : from) {
        const auto url = net::http::parse_url(where);
        if (!url || url->secure()) {
            span.group().note(ev::x509_aia, where).note(ev::probe_try, "not_http");
            continue;
        }
        net::http::request wanted;
        const auto answer = co_await c.web.fetch(c, *url, std::move(wanted), until);
        if (!answer.response) {
            span.group().note(ev::x509_aia, where).note(ev::probe_try, answer.response.error().kind.word());
            continue;
        }
        auto certificates = net::certificates_in(answer.response->body);
        span.group()
            .note(ev::x509_aia, where)
            .note(ev::probe_try, certificates ? "certificate" : "no_certificate")
            .note(ev::http_status, answer.response->status);
        if (certificates) co_return std::move(*certificates);
    }
    co_return std::vector<std::string>{};
}

}  // namespace

net::awaitable<std::string> fetch_missing_issuers(
    context& c, net::host_port server, net::deadline until, trace::scope& span) {
    std::string word = "no_address";
    variation as_usual;
    const auto done = co_await try_server(c, server, std::move(as_usual), until);
    if (done.facts.chain.empty()) co_return word;
    auto chain = done.facts.chain_der;
    auto next = done.facts.chain.back().ca_issuers;
    word = next.empty() ? "not_offered" : "unreachable";
    for (int climbed = 0; climbed < longest_climb && !next.empty(); ++climbed) {
        const auto fetched = co_await fetch_any(c, next, until, span);
        if (fetched.empty()) co_return word;
        next.clear();
        for (const auto& der : fetched) {
            chain.push_back(der);
            if (const auto facts = net::decode_certificate(der); facts && !facts->self_signed) next = facts->ca_issuers;
        }
        word = ends_at_a_trusted_root(net::verify_chain(chain, *c.environment.trust)) ? "verifies" : "untrusted";
        if (word == "verifies") co_return word;
    }
    co_return word;
}

}  // namespace ucsignin::signin::connection
