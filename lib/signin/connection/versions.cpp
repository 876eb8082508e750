// Versions are tried one after the other, each alone, as a server only shows what it takes when nothing else is
// offered.
#include "signin/connection/versions.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/connection/try_server.hpp"

namespace ucsignin::signin::connection {
namespace {

using trace::outcome;

variation only(int version) {
    return {.tls = [version](net::tls_options& o) { o.min_version = o.max_version = version; }};
}

net::awaitable<std::string> try_without_name(context& c, net::host_port server, net::deadline until) {
    variation how{.tls = [](net::tls_options& o) { o.send_sni = false; }};
    auto done = co_await try_server(c, server, std::move(how), until);
    if (done.word != "agreed") co_return done.word;
    co_return done.facts.name_matches ? "accepted" : "other_certificate";
}

// TLS 1.2: there the session is at hand when the handshake ends.
net::awaitable<std::string> try_resumption(context& c, net::host_port server, net::deadline until) {
    auto how = only(net::tls_1_2);
    how.tls = [](net::tls_options& o) {
        o.min_version = o.max_version = net::tls_1_2;
        o.keep_session = true;
    };
    const auto first = co_await try_server(c, server, how, until);
    if (first.word != "agreed" || !first.facts.session) co_return "not_tried";
    how.tls = [session = first.facts.session](net::tls_options& o) {
        o.min_version = o.max_version = net::tls_1_2;
        o.resume = session;
    };
    const auto second = co_await try_server(c, server, how, until);
    if (second.word != "agreed") co_return second.word;
    co_return second.facts.resumed ? "resumed" : "made_anew";
}

}  // namespace

chart::branch_at<"connection.versions"> versions_branch(const std::vector<version_tried>& all) {
    const auto accepted = [](const version_tried& v) { return v.word == "accepted"; };
    if (std::ranges::none_of(all, accepted)) return "none";
    const bool modern = std::ranges::any_of(
        all, [&](const version_tried& v) { return accepted(v) && v.version >= net::tls_1_2; });
    return {modern, "modern", "old_only"};
}

net::awaitable<std::vector<version_tried>> try_versions(context& c, net::host_port server, net::deadline until) {
    std::vector<version_tried> all{
        {"TLSv1", net::tls_1_0, {}},
        {"TLSv1.1", net::tls_1_1, {}},
        {"TLSv1.2", net::tls_1_2, {}},
        {"TLSv1.3", net::tls_1_3, {}}};
    for (auto& one : all) {
        auto how = only(one.version);
        const auto done = co_await try_server(c, server, std::move(how), until);
        one.word = done.word == "agreed" ? "accepted" : done.word;
    }
    co_return all;
}

net::awaitable<void> scan_versions(context& c, net::host_port server) {
    const auto name = net::to_string(server);
    auto span = c.trace.open<"connection.versions">(name);
    span.note(ev::candidate, name);
    const auto until = c.until.http();
    const auto all = co_await try_versions(c, server, until);
    std::string list;
    for (const auto& one : all) {
        span.group().note(ev::tls_tried, one.name).note(ev::tls_tried_result, one.word);
        if (one.word == "accepted") list += (list.empty() ? "" : ", ") + std::string(one.name);
    }
    const auto branch = versions_branch(all);
    if (branch == "modern") {
        const auto nameless = co_await try_without_name(c, server, until);
        const auto resumption = co_await try_resumption(c, server, until);
        span.group().note(ev::tls_tried, "no_sni").note(ev::tls_tried_result, nameless);
        span.group().note(ev::tls_tried, "resumption").note(ev::tls_tried_result, resumption);
    }
    span.finish(
        branch, branch == "modern" ? outcome::ok : outcome::warning,
        list.empty() ? "accepts none of TLS 1.0 to 1.3" : "accepts " + list);
}

}  // namespace ucsignin::signin::connection
