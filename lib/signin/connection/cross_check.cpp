// A look changes one thing about a handshake and leaves the rest, so that its result proves something; a table leads
// from the word of a look to the function that takes it.
#include "signin/connection/cross_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>

#include "host/host.hpp"
#include "signin/connection/cross_check_issuer.hpp"
#include "signin/connection/cross_check_outside.hpp"
#include "signin/connection/endings.hpp"
#include "signin/connection/try_server.hpp"
#include "signin/connection/versions.hpp"
#include "signin/base/dial.hpp"

namespace ucsignin::signin::connection {
namespace {

using trace::outcome;

constexpr int small_segment = 536;                // what every path of IPv4 carries (RFC 1122 4.2.2.6)
constexpr auto neutral_name = "www.example.com";  // RFC 2606: nobody filters it, and nobody serves it
constexpr std::uint16_t usual[] = {5061, 443};
constexpr std::size_t most_sources = 4;

std::optional<net::host_port> server_of(const second_look& one) {
    const auto read = net::parse_host_port(one.subject, 0);
    return read && read->port != 0 ? std::optional(*read) : std::nullopt;
}

void note_facts(trace::scope& span, const tried& done) {
    if (!done.address.empty()) span.note(ev::peer, done.address);
    if (!done.facts.version.empty())
        span.note(ev::tls_version, done.facts.version).note(ev::tls_cipher, done.facts.cipher);
    note_kernel(span, done.facts.kernel);
    if (done.facts.chain.empty()) return;
    span.note(ev::x509_subject, done.facts.chain.front().subject)
        .note(ev::x509_issuer, done.facts.chain.front().issuer)
        .note(ev::x509_name_matches, done.facts.name_matches);
    for (const auto& name : done.facts.chain.front().dns_names) span.note(ev::x509_name, name);
    for (const auto& one : done.facts.chain) span.note(ev::x509_signature, one.signature_algorithm);
}

// What comes up when it is varied proves something only where it still does not come up as it was: that is tried once
// more, for as long as the other took and a second.
net::awaitable<void> note_unchanged(
    context& c, trace::scope& span, net::host_port server, net::clock::duration taken, net::deadline until) {
    variation unchanged;
    const auto patience = std::min(until, net::clock::now() + taken + std::chrono::seconds(1));
    const auto again = co_await try_server(c, server, std::move(unchanged), patience);
    span.group().note(ev::tls_tried, "unchanged").note(ev::tls_tried_result, again.word);
}

// A handshake that is varied in one thing. In words: "without a server name".
net::awaitable<void> look_with(context& c, second_look one, net::deadline until, variation how, std::string in_words) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", "agreed", one.subject + " is not a server");
    const auto began = net::clock::now();
    const auto done = co_await try_server(c, *server, std::move(how), until);
    note_facts(span, done);
    if (done.word == "agreed") co_await note_unchanged(c, span, *server, net::clock::now() - began, until);
    finish_look(span, done.word, "agreed", fmt::format("{}: {}", in_words, done.word));
}

net::awaitable<void> look_without_name(context& c, second_look one, net::deadline until) {
    variation how{.tls = [](net::tls_options& o) { o.send_sni = false; }};
    co_await look_with(c, one, until, std::move(how), "without a server name");
}

net::awaitable<void> look_with_neutral_name(context& c, second_look one, net::deadline until) {
    variation how{.tls = [](net::tls_options& o) { o.sni = neutral_name; }};
    co_await look_with(c, one, until, std::move(how), std::string("with the server name ") + neutral_name);
}

net::awaitable<void> look_up_to_1_2(context& c, second_look one, net::deadline until) {
    variation how{.tls = [](net::tls_options& o) { o.max_version = net::tls_1_2; }};
    co_await look_with(c, one, until, std::move(how), "with TLS 1.2 at most");
}

net::awaitable<void> look_up_to_1_1(context& c, second_look one, net::deadline until) {
    variation how{.tls = [](net::tls_options& o) {
        o.min_version = net::tls_1_0;
        o.max_version = net::tls_1_1;
    }};
    co_await look_with(c, one, until, std::move(how), "with TLS 1.1 at most");
}

// Small segments against a handshake as it was: when that comes up now as well, it was no matter of size.
net::awaitable<void> look_with_small_segments(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", "agreed", one.subject + " is not a server");
    struct control {
        explicit control(net::asio::any_io_executor executor) : done(std::move(executor)) {}
        tried result;
        net::signal done;
    };
    auto as_before = std::make_shared<control>(c.executor);
    auto run_control = [](context& inner, net::host_port to, std::shared_ptr<control> into,
                          net::deadline by) -> net::awaitable<void> {
        variation unchanged;
        into->result = co_await try_server(inner, to, std::move(unchanged), by);
        into->done.set();
    };
    c.beside.start(run_control(c, *server, as_before, until));
    variation how{.tcp = {.max_segment = small_segment}};
    const auto done = co_await try_server(c, *server, std::move(how), until);
    note_facts(span, done);
    // A handshake that takes no longer than the small one took, and as much again, is given its chance.
    const auto patience = std::min(until, net::clock::now() + std::chrono::seconds(1));
    co_await as_before->done.wait(patience);
    const auto control_word = as_before->done.is_set() ? as_before->result.word : "silent";
    span.group().note(ev::tls_tried, "usual_segments").note(ev::tls_tried_result, control_word);
    const bool size_matters = done.word == "agreed" && control_word != "agreed";
    finish_look(
        span, done.word == "agreed" && !size_matters ? "both_agreed" : done.word, "agreed",
        fmt::format("in segments of {} bytes: {}; in usual ones: {}", small_segment, done.word, control_word));
}

net::awaitable<void> look_at_usual_ports(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", "open", one.subject + " is not a server");
    std::string open_one, all;
    for (const auto port : usual) {
        if (port == server->port) continue;
        const net::host_port there{server->host, port};
        variation as_usual;
        const auto soon = net::clock::now() + (until - net::clock::now()) / 2;
        const auto done = co_await try_server(c, there, std::move(as_usual), soon);
        span.group().note(ev::server_port, port).note(ev::probe_try, done.word);
        all += fmt::format("{}{}: {}", all.empty() ? "" : ", ", port, done.word);
        if (done.tcp_up) open_one = std::to_string(port);
    }
    finish_look(span, open_one.empty() ? "closed" : "open", "open", "the usual ports: " + all);
}

struct source {
    net::ip_address address;
    std::string adapter;
};

// Addresses of this PC that could lead there, but for the one that the system takes.
std::vector<source> other_sources(const context& c, const net::ip_address& target, bool tunnels_too) {
    const auto taken = c.environment.host->route_to(target).source_address;
    std::vector<source> all;
    const auto here = c.environment.host->list_adapters();
    for (const auto& adapter : here.adapters) {
        if (!host::why_rejected(adapter, std::span(&target, 1)).empty()) continue;
        if (!tunnels_too && adapter.kind == host::adapter::type::tunnel) continue;
        for (const auto& own : adapter.addresses) {
            const bool usable = own.scope == host::address_entry::reach::global && !own.deprecated && !own.tentative &&
                                own.ip.is_v4() == target.is_v4();
            if (usable && own.ip.to_string() != taken && all.size() < most_sources)
                all.push_back({own.ip, adapter.name});
        }
    }
    return all;
}

// "other_source": from any other address, as far as TLS. "other_adapter": beside a tunnel, and TCP is enough to know.
net::awaitable<void> look_from_other_source(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const bool beside_tunnel = one.probe == trace::look_ref("other_adapter");
    const std::string good = beside_tunnel ? "connected" : "agreed";
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", good, one.subject + " is not a server");
    const auto addresses = co_await addresses_of(c, server->host, until);
    const auto targets = net::dial_targets(*server, addresses, c.options.connect_to);
    if (targets.empty()) co_return finish_look(span, "no_address", good, "the name has no address");
    const auto sources = other_sources(c, targets.front().actual.address, !beside_tunnel);
    if (sources.empty())
        co_return finish_look(span, "no_address", good, "this PC has no other address that could lead there");
    std::string best = "filtered";
    for (std::size_t i = 0; i < sources.size() && best != good; ++i) {
        const auto share = net::clock::now() + (until - net::clock::now()) / static_cast<int>(sources.size() - i);
        variation how{.tcp = {.from = sources[i].address, .device = sources[i].adapter}, .tcp_only = beside_tunnel};
        const auto done = co_await try_server(c, *server, std::move(how), share);
        auto one_try = span.group().note(ev::source_address, sources[i].address.to_string());
        one_try.note(ev::adapter_name, sources[i].adapter).note(ev::probe_try, done.word);
        best = done.word;
    }
    if (beside_tunnel && best != good) best = "failed";
    finish_look(span, best, good, "from another address of this PC: " + best);
}

net::awaitable<void> look_at_versions(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", "old_only", one.subject + " is not a server");
    const auto all = co_await try_versions(c, *server, until);
    for (const auto& v : all) span.group().note(ev::tls_tried, v.name).note(ev::tls_tried_result, v.word);
    const std::string branch(versions_branch(all).name());
    finish_look(span, branch, "old_only", "TLS versions: " + branch);
}

net::awaitable<void> look_for_issuer(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "connection.cross_check", one);
    const auto server = server_of(one);
    if (!server) co_return finish_look(span, "no_address", "verifies", one.subject + " is not a server");
    const auto found = co_await fetch_missing_issuers(c, *server, until, span);
    finish_look(span, found, "verifies", "with the issuers fetched by their addresses: " + found);
}

// clang-format off
constexpr known_look looks[] = {
    {"no_sni", look_without_name}, {"neutral_sni", look_with_neutral_name}, {"small_segments", look_with_small_segments},
    {"tls_1_2", look_up_to_1_2}, {"tls_1_1", look_up_to_1_1}, {"usual_ports", look_at_usual_ports},
    {"other_source", look_from_other_source}, {"other_adapter", look_from_other_source}, {"tls_scan", look_at_versions}, {"aia", look_for_issuer},
    {"unrelated_host", look_at_unrelated_host}, {"plain_http", look_at_plain_http}};
// clang-format on

}  // namespace

void finish_look(trace::scope& span, const std::string& word, std::string_view wanted, std::string summary) {
    span.note(ev::probe_result, word);
    if (word == "no_address" || word == "no_answer") span.finish("no_answer", outcome::unknown, std::move(summary));
    else span.finish({word == wanted, "differs", "same"}, outcome::ok, std::move(summary));
}

look find_look(std::string_view probe) {
    const auto at = std::ranges::find_if(looks, [&](const known_look& known) { return probe == known.probe; });
    return at == std::end(looks) ? nullptr : at->carry_out;
}

}  // namespace ucsignin::signin::connection
