// Asks OCSP responders, then lists, over plain HTTP. Only a signed "revoked" takes the server its credentials: that
// nobody answers says nothing about the certificate.
#include "signin/connection/revocation.hpp"

#include <fmt/format.h>

#include "net/revocation.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin::connection {
namespace {

using net::revocation;
using trace::outcome;

struct asked {
    ev::revocation_way_word way;
    ev::revocation_state_word word;
    std::string detail;
    [[nodiscard]] bool settles() const { return word == "good" || word == "revoked"; }
};

ev::revocation_state_word word_of(revocation status) {
    switch (status) {
        case revocation::good: return "good";
        case revocation::revoked: return "revoked";
        case revocation::expired: return "expired";
        case revocation::unreadable: break;
    }
    return "unreadable";
}

asked unreachable(ev::revocation_way_word way, std::string why) { return {way, "unreachable", std::move(why)}; }

net::awaitable<asked> fetch(
    context& c, ev::revocation_way_word way, std::string where, net::http::request wanted,
    const net::tls_facts& facts) {
    const auto url = net::http::parse_url(where);
    // The list is signed: it needs no TLS, and TLS here could need a list again.
    if (!url || url->secure()) co_return unreachable(way, where + " is not an address that can be fetched over HTTP");
    auto answer = co_await c.web.fetch(c, *url, std::move(wanted), c.until.http());
    if (!answer.response) co_return unreachable(way, where + ": " + answer.response.error().detail);
    if (answer.response->status != 200)
        co_return unreachable(way, fmt::format("{}: HTTP {}", where, answer.response->status));
    const auto& body = answer.response->body;
    const auto verdict = way == "ocsp" ? net::judge_ocsp(body, facts.chain_der.front(), facts.issuer_der, wall_clock(c))
                                       : net::judge_crl(body, facts.chain_der.front(), facts.issuer_der, wall_clock(c));
    co_return asked{way, word_of(verdict.status), where + ": " + verdict.detail};
}

// OCSP first, as Windows does; a list when the responders don't settle it.
net::awaitable<std::vector<asked>> ask_all(context& c, std::shared_ptr<probe> p) {
    std::vector<asked> all;
    const auto& leaf = p->facts.chain.front();
    const auto question = net::ocsp_request(p->facts.chain_der.front(), p->facts.issuer_der);
    for (const auto& where : leaf.ocsp) {
        if (!question) break;
        net::http::request wanted{
            .method = "POST", .headers = {{"Content-Type", "application/ocsp-request"}}, .body = *question};
        auto answer = co_await fetch(c, "ocsp", where, std::move(wanted), p->facts);
        all.push_back(std::move(answer));
        if (all.back().settles()) co_return all;
    }
    for (const auto& where : leaf.crls) {
        net::http::request wanted;
        auto answer = co_await fetch(c, "crl", where, std::move(wanted), p->facts);
        all.push_back(std::move(answer));
        if (all.back().settles()) break;
    }
    co_return all;
}

void trust_no_more(context& c, probe& p, const std::string& name) {
    const auto why = "the certificate of " + name + " has been revoked";
    p.certificate = {"revoked", false, why};
    p.failure = why;
    auto span = c.trace.open<"connection.certificate">(name);
    span.note(ev::candidate, name)
        .note(ev::x509_subject, p.facts.chain.front().subject)
        .note(ev::x509_issuer, p.facts.chain.front().issuer);
    span.note(ev::x509_name_matches, p.facts.name_matches).note(ev::x509_fingerprint, p.facts.chain.front().sha256);
    span.finish("revoked", outcome::failed, why);
}

}  // namespace

net::awaitable<void> check_revocation(context& c, std::shared_ptr<probe> p) {
    const auto name = net::to_string(p->server);
    auto span = c.trace.open<"connection.revocation">(name);
    span.note(ev::candidate, name);
    const auto& leaf = p->facts.chain.front();
    for (const auto& where : leaf.ocsp) span.note(ev::x509_ocsp, where);
    for (const auto& where : leaf.crls) span.note(ev::x509_crl, where);
    if (p->facts.issuer_der.empty())
        co_return span.not_run(
            trace::not_run_reason::not_applicable, "the certificate itself is trusted, not an issuer");
    if (leaf.ocsp.empty() && leaf.crls.empty())
        co_return span.finish("not_offered", outcome::ok, "the certificate names neither list nor responder");
    const auto answers = co_await ask_all(c, p);
    for (const auto& a : answers)
        span.group().note(ev::x509_revocation_way, a.way).note(ev::x509_revocation_state, a.word);
    const bool settled = !answers.empty() && answers.back().settles();
    if (!settled)
        co_return span.finish(
            "unreachable", outcome::warning,
            answers.empty() ? "no list or responder could be asked" : answers.back().detail);
    if (answers.back().word == "good") co_return span.finish("good", outcome::ok, answers.back().detail);
    span.finish("revoked", outcome::failed, answers.back().detail);
    trust_no_more(c, *p, name);
}

}  // namespace ucsignin::signin::connection
