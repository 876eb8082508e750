#include "signin/provisioning/media_relay.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "auth/turn_allocation.hpp"
#include "net/dns.hpp"
#include "signin/base/context.hpp"
#include "signin/base/dial.hpp"
#include "signin/provisioning/settings.hpp"
#include "signin/provisioning/side_by_side.hpp"
#include "sip/lexical.hpp"
#include "sip/request_uri.hpp"

namespace ucsignin::signin::provisioning {
namespace {

constexpr auto media_type = "application/msrtc-media-relay-auth+xml";
constexpr std::size_t addresses_over_udp = 2;
constexpr auto to_end_by_themselves = std::chrono::milliseconds(50);

// -- how it looks from here --

struct looked_at : relays_seen {
    std::optional<auth::relay_credentials> credentials;
};
using looking = side_by_side<looked_at>;
using shared_look = std::shared_ptr<looking>;

std::string name_of(const sip::media_relay& relay) {
    auto name = sip::lower(relay.host);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

bool can_be_asked_for(const std::string& name) {
    boost::system::error_code not_an_address;
    net::asio::ip::make_address(name, not_an_address);
    return !not_an_address || net::dns::is_name(name);
}

ev::relay_tcp_word tcp_word(const dialed& reached) {
    if (reached.stream) return "connects";
    if (reached.proxy) return "proxy";
    switch (reached.stream.error().what) {
        case net::fault::refused: return "refused";
        case net::fault::timed_out: return "timed_out";
        case net::fault::reset:
        case net::fault::closed: return "reset";
        case net::fault::not_found: return "no_address";
        default: return "unreachable";
    }
}

net::awaitable<void> try_tcp(context& c, shared_look on, std::size_t index, net::deadline until) {
    const net::host_port to{name_of(on->seen.all[index].relay), on->seen.all[index].relay.tcp_port};
    auto reached = co_await dial_any(c, to, until);
    auto& mine = on->seen.all[index];
    mine.tcp = tcp_word(reached);
    if (reached.winner) mine.address = reached.winner->meant.address.to_string();
    if (reached.stream) (*reached.stream)->close();
    else if (mine.tcp.word() != "no_address") mine.errors.push_back("TCP: " + reached.stream.error().detail);
    on->one_has_ended();
}

using allocation = std::shared_ptr<auth::turn_allocation>;

net::datagram_question question_of(const allocation& asked, net::clock::duration patience) {
    net::datagram_question out;
    out.forms = asked->request();
    out.is_answer = [asked](std::span<const unsigned char> came) { return asked->is_answer(came); };
    out.next = [asked](std::span<const unsigned char> came) {
        asked->take(came);
        return net::datagram_step{asked->request(), asked->farewell()};
    };
    out.patience = patience;
    return out;
}

ev::relay_allocation_word word_of(auth::turn_allocation::state reached) {
    using enum auth::turn_allocation::state;
    switch (reached) {
        case granted: return "granted";
        case unproven: return "unproven";
        case open: return "open";
        case refused: return "refused";
        case quota: return "quota";
        case mismatch: return "mismatch";
        case failed: return "error";
        case asked: return "silent";
        case not_tried: break;
    }
    return "not_tried";
}

void take_allocation(relay_seen& into, const auth::turn_allocation::result& told, const net::datagram_outcome& came) {
    into.allocation = word_of(told.allocation);
    into.allocation_code = told.code;
    into.stale_once = told.stale_once;
    into.released = told.released;
    if (!told.why_not.empty())
        into.errors.push_back((told.code ? "no allocation: " : "no allocation is asked for: ") + told.why_not);
    if (came.failed) into.errors.push_back((into.was_granted() ? "the release: " : "UDP: ") + came.failed->detail);
}

void take(relay_seen& into, const auth::turn_allocation& asked, const net::datagram_outcome& came) {
    if (const auto& first = asked.so_far().first) {
        into.udp = "answers";
        into.dialect = first->dialect == net::stun::dialect::standard ? "standard" : "microsoft";
        into.error_code = first->error_code;
        into.answered_ms = came.answered_ms;
        return take_allocation(into, asked.so_far(), came);
    }
    const auto why = came.failed.value_or(net::error{net::fault::timed_out, "no answer", 0});
    if (why.what == net::fault::refused) into.udp = "refused";
    else if (why.what == net::fault::unreachable) into.udp = "unreachable";
    else into.udp = "silent";
    into.errors.push_back("UDP: " + why.detail);
}

net::awaitable<void> try_udp(context& c, shared_look on, std::size_t index, net::deadline until) {
    const net::host_port to{name_of(on->seen.all[index].relay), on->seen.all[index].relay.udp_port};
    const auto addresses = co_await addresses_of(c, to.host, until);
    const auto all = net::dial_targets(to, addresses, c.options.connect_to);
    if (all.empty()) {
        on->seen.all[index].udp = "no_address";
        const net::dns::question again{to.host, net::dns::type::a};  // answered before: the resolver remembers
        const auto told = co_await c.environment.resolver->ask(again, until);
        on->seen.all[index].errors.push_back(fmt::format("DNS: {}", net::to_string(told.state)));
    }
    for (const auto& target : first_of_both_families(all, addresses_over_udp)) {
        const auto asked = std::make_shared<auth::turn_allocation>(on->seen.credentials);
        auto question = question_of(asked, c.until.grace() - net::clock::now());
        const auto came = co_await c.environment.datagrams->ask(target.actual, std::move(question), until);
        auto& mine = on->seen.all[index];
        if (mine.address.empty()) mine.address = target.meant.address.to_string();
        take(mine, *asked, came);
        if (mine.answers()) break;
    }
    on->one_has_ended();
}

using one_look = net::awaitable<void> (*)(context&, shared_look, std::size_t, net::deadline);

void begin(context& c, const shared_look& on, std::size_t index, net::deadline until) {
    auto& mine = on->seen.all[index];
    if (!can_be_asked_for(name_of(mine.relay))) {
        mine.tcp = "no_address";
        mine.udp = "no_address";
        mine.errors.emplace_back("the answer names it by what is no host name");
        return;
    }
    const auto start = [&](one_look how, std::uint16_t port, std::string_view protocol) {
        if (port == 0) return mine.errors.push_back(fmt::format("{}: the answer names no port", protocol));
        on->one_begins();
        c.beside.start(how(c, on, index, until));
    };
    start(try_tcp, mine.relay.tcp_port, "TCP");
    start(try_udp, mine.relay.udp_port, "UDP");
}

// Silence says nothing where the run had no more time to wait.
void forget_silence(relays_seen& in) {
    for (auto& one : in.all) {
        if (one.allocation.word() == "silent") one.allocation = "not_tried";
        if (one.tcp.word() == "timed_out" || one.tcp.word() == "no_address") one.tcp = "not_tried";
        if (one.udp.word() == "silent" || one.udp.word() == "no_address") one.udp = "not_tried";
        one.errors.emplace_back("the time of this run was over");
    }
}

net::awaitable<std::shared_ptr<const std::any>> look(
    context& c, std::vector<sip::media_relay> relays, std::optional<auth::relay_credentials> credentials) {
    const auto until = c.until.connect();
    looked_at at_first;
    at_first.credentials = std::move(credentials);
    const auto on = std::make_shared<looking>(c.executor, std::move(at_first));
    for (const auto& one : relays) on->seen.all.push_back({.relay = one});
    for (std::size_t i = 0; i < std::min(relays.size(), most_relays_tried); ++i) begin(c, on, i, until);
    co_await on->all_have_ended(until + to_end_by_themselves);
    if (net::clock::now() >= c.until.total()) forget_silence(on->seen);
    const relays_seen& seen = on->seen;  // and nothing of the credentials
    co_return std::make_shared<const std::any>(seen);
}

}  // namespace

wish ask_for_relay(const endpoint& me, const sip::provisioning& configuration) {
    const auto service = setting_of(configuration, {"ServerConfiguration", "mrasUri"});
    if (service.empty()) return not_sent{};
    if (!sip::is_request_uri(service)) return not_sent{trace::not_run_reason::none, "mrasUri is no SIP URI"};
    return request_text{
        "SERVICE",
        service,
        {{"Content-Type", media_type}, {"Accept", media_type}},
        sip::media_relay_request(me.sip_uri, service, location_for(me.remote).word())};
}

wish look_at(const auth::relay_grant& granted) {
    if (!granted.is_granted() || granted.relays.empty()) return not_sent{};
    return look_for{[relays = granted.relays, credentials = granted.credentials](context& c) {
        return look(c, relays, credentials);
    }};
}

}  // namespace ucsignin::signin::provisioning
