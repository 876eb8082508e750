#include "net/resolver.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "fake_dns.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

dns::question const sip_a{"sip.contoso.com", dns::type::a};

dns::resource a(const std::string& name, const std::string& address) { return {name, dns::type::a, 300, address, {}}; }
dns::resource alias(const std::string& name, const std::string& target) {
    return {name, dns::type::cname, 300, target, {}};
}

wire answered(const dns::message& query, bool) {
    return dns::serialize(reply(query, {a("sip.contoso.com", "192.0.2.1")}));
}
wire silent(const dns::message&, bool) { return {}; }
fake_dns::script with_rcode(std::uint16_t rcode) {
    return [rcode](const dns::message& query, bool) { return dns::serialize(reply(query, {}, rcode)); };
}

dns_answer ask(asio::io_context& io, std::vector<endpoint> servers, int milliseconds, dns::question question = sip_a) {
    auto const resolver = make_resolver(io.get_executor(), std::move(servers));
    return run(io, resolver->ask(std::move(question), in_ms(milliseconds)));
}

endpoint closed_port(asio::io_context& io) {
    asio::ip::udp::socket const free(io, asio::ip::udp::endpoint(asio::ip::address_v4::loopback(), 0));
    return {free.local_endpoint().address(), free.local_endpoint().port()};
}

}  // namespace

TEST_CASE("an answer comes with its records, server and time", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, answered);
    auto const answer = ask(io, {server.at()}, 2000, {"SIP.Contoso.COM.", dns::type::a});
    CHECK(answer.state == answer_state::records);
    CHECK(answer.question.name == "sip.contoso.com");
    CHECK(answer.resolver == to_string(server.at()));
    REQUIRE(answer.addresses().size() == 1);
    CHECK(answer.addresses()[0].to_string() == "192.0.2.1");
    CHECK(answer.latency_ms > 0);
    CHECK(answer.retransmissions == 0);
    CHECK_FALSE(answer.over_tcp);
    CHECK(answer.detail.empty());
}

TEST_CASE("a query asks for recursion and says that it knows EDNS", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        CHECK(query.recursion_desired);
        CHECK(query.questions.size() == 1);
        CHECK((query.additional.size() == 1 && query.additional[0].type == dns::type::opt));
        return answered(query, false);
    });
    CHECK(ask(io, {server.at()}, 2000).state == answer_state::records);
}

TEST_CASE("aliases come first, and the chain in order", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        return dns::serialize(reply(
            query, {a("pool.contoso.com", "192.0.2.1"), alias("two.contoso.com", "pool.contoso.com"),
                    alias("sip.contoso.com", "two.contoso.com")}));
    });
    auto const answer = ask(io, {server.at()}, 2000);
    CHECK(answer.state == answer_state::records);
    CHECK(answer.cname_chain == std::vector<std::string>{"two.contoso.com", "pool.contoso.com"});
    REQUIRE(answer.records.size() == 3);
    CHECK(answer.records[2].type == dns::type::a);
}

TEST_CASE("aliases in a circle end", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        return dns::serialize(
            reply(query, {alias("sip.contoso.com", "two.contoso.com"), alias("two.contoso.com", "sip.contoso.com")}));
    });
    auto const answer = ask(io, {server.at()}, 2000);
    CHECK(answer.state == answer_state::no_data);
    CHECK(answer.cname_chain.size() <= 3);
    CHECK(answer.cname_loop);
}

TEST_CASE("services are ordered by priority, then by weight", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        auto const service = [](std::uint16_t priority, std::uint16_t weight, const char* target) {
            return dns::resource{"_sip._tls.contoso.com", dns::type::srv, 300, "", {priority, weight, 443, target}};
        };
        return dns::serialize(reply(query, {service(20, 0, "c.x"), service(10, 1, "b.x"), service(10, 9, "a.x")}));
    });
    auto const answer = ask(io, {server.at()}, 2000, {"_sip._tls.contoso.com", dns::type::srv});
    auto const services = answer.services();
    REQUIRE(services.size() == 3);
    CHECK(services[0].target == "a.x");
    CHECK(services[1].target == "b.x");
    CHECK(services[2].target == "c.x");
    CHECK(answer.addresses().empty());
}

TEST_CASE("NXDOMAIN and NODATA tell the zone that says so", "[net][resolver]") {
    for (std::uint16_t const rcode : {0, 3}) {
        asio::io_context io;
        fake_dns const server(io, [rcode](const dns::message& query, bool) {
            auto out = reply(query, {}, rcode);
            out.authority = {{"contoso.com", dns::type::soa, 60, "ns.contoso.com h.contoso.com 1 2 3 4 5", {}}};
            return dns::serialize(out);
        });
        auto const answer = ask(io, {server.at()}, 2000);
        CHECK(answer.state == (rcode == 3 ? answer_state::nxdomain : answer_state::no_data));
        CHECK(answer.zone_exists);
        CHECK(answer.zone == "contoso.com");
        CHECK(answer.rcode == rcode);
    }
}

TEST_CASE("SERVFAIL, REFUSED and other codes are kept apart", "[net][resolver]") {
    struct {
        std::uint16_t rcode;
        answer_state state;
    } const expectations[] = {
        {2, answer_state::servfail}, {5, answer_state::refused}, {4, answer_state::other}, {9, answer_state::other}};
    for (auto const& expected : expectations) {
        asio::io_context io;
        fake_dns const server(io, with_rcode(expected.rcode));
        auto const answer = ask(io, {server.at()}, 2000);
        INFO(expected.rcode);
        CHECK(answer.state == expected.state);
        CHECK(answer.rcode == expected.rcode);
        CHECK(answer.resolver == to_string(server.at()));
        CHECK_FALSE(answer.zone_exists);
    }
}

TEST_CASE("a server that doesn't know EDNS is asked without", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        return query.additional.empty() ? answered(query, false) : dns::serialize(reply(query, {}, 1));
    });
    auto const answer = ask(io, {server.at()}, 2000);
    CHECK(answer.state == answer_state::records);
}

TEST_CASE("a truncated answer is asked for again over TCP", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool over_tcp) {
        auto out = reply(query, {});
        out.truncated = !over_tcp;
        for (int i = 0; over_tcp && i < 100; ++i)
            out.answers.push_back(a("sip.contoso.com", "192.0.2." + std::to_string(i)));
        return dns::serialize(out);
    });
    auto const answer = ask(io, {server.at()}, 2000);
    CHECK(answer.state == answer_state::records);
    CHECK(answer.truncated);
    CHECK(answer.over_tcp);
    CHECK(answer.records.size() + answer.left_out == 100);
    CHECK(server.udp_queries() == 1);
    CHECK(server.tcp_queries() == 1);
}

TEST_CASE("a truncated answer without TCP behind it says so", "[net][resolver]") {
    asio::io_context io;
    auto const truncated = [](const dns::message& query, bool over_tcp) {
        auto out = reply(query, {});
        out.truncated = true;
        return over_tcp ? wire{} : dns::serialize(out);
    };
    fake_dns const refusing(io, truncated, false);
    auto const refused = ask(io, {refusing.at()}, 1000);
    CHECK(refused.state == answer_state::unreachable);
    CHECK(refused.truncated);
    CHECK(refused.over_tcp);
    CHECK(refused.detail.find("over TCP") != std::string::npos);
}

TEST_CASE("silence is a timeout at the deadline, after retransmissions", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, silent);
    auto const answer = ask(io, {server.at()}, 400);
    CHECK(answer.state == answer_state::timed_out);
    CHECK(answer.retransmissions == 2);
    CHECK(server.udp_queries() == 3);
    CHECK(answer.resolver.empty());
    CHECK(answer.detail.find(to_string(server.at())) != std::string::npos);
}

TEST_CASE("an answer to a retransmission counts it", "[net][resolver]") {
    asio::io_context io;
    int asked = 0;
    fake_dns const server(
        io, [&](const dns::message& query, bool) { return ++asked == 1 ? wire{} : answered(query, false); });
    auto const answer = ask(io, {server.at()}, 1000);
    CHECK(answer.state == answer_state::records);
    CHECK(answer.retransmissions == 1);
}

TEST_CASE("a closed port is unreachable, and known at once", "[net][resolver]") {
    asio::io_context io;
    auto const began = clock::now();
    auto const answer = ask(io, {closed_port(io)}, 60000);
    CHECK(answer.state == answer_state::unreachable);
    CHECK(ms_since(began) < 30000);  // far from the deadline
    CHECK(answer.resolver.empty());
}

TEST_CASE("garbage and answers to other questions are malformed", "[net][resolver]") {
    fake_dns::script const scripts[] = {
        [](const dns::message&, bool) { return wire{1, 2, 3}; },
        [](const dns::message&, bool) { return wire(200, 0xff); },
        [](const dns::message& query, bool) {
            auto out = reply(query, {});
            out.id = static_cast<std::uint16_t>(query.id + 1);
            return dns::serialize(out);
        },
        [](const dns::message& query, bool) {
            auto out = answered(query, false);
            out.resize(out.size() - 2);
            return out;
        }};
    for (auto const& script : scripts) {
        asio::io_context io;
        fake_dns const server(io, script);
        auto const answer = ask(io, {server.at()}, 400);
        CHECK(answer.state == answer_state::malformed);
        CHECK(answer.resolver == to_string(server.at()));
        CHECK_FALSE(answer.detail.empty());
    }
}

TEST_CASE("beside a silent server the next one is asked, and what the first did is told", "[net][resolver]") {
    asio::io_context io;
    fake_dns const dead(io, silent), alive(io, answered);
    auto const answer = ask(io, {dead.at(), alive.at()}, 2000);
    CHECK(answer.state == answer_state::records);
    CHECK(answer.resolver == to_string(alive.at()));
    CHECK(answer.detail.find(to_string(dead.at())) != std::string::npos);
}

TEST_CASE("a silent server is waited for once, later questions go to the next at once", "[net][resolver]") {
    asio::io_context io;
    int asked_dead = 0;
    fake_dns const dead(io, [&](const dns::message&, bool) { return ++asked_dead, wire{}; }), alive(io, answered);
    auto const resolver = make_resolver(io.get_executor(), {dead.at(), alive.at()});
    CHECK(run(io, resolver->ask(sip_a, in_ms(4000))).latency_ms >= 0);
    auto const began = clock::now();
    dns::question const other{"other.contoso.com", dns::type::a};
    CHECK(run(io, resolver->ask(other, in_ms(60000))).resolver == to_string(alive.at()));
    CHECK(ms_since(began) < 30000);  // not the share of a server that is waited for
    CHECK(asked_dead >= 2);          // it is asked all the same
}

TEST_CASE(
    "after a closed port, SERVFAIL or REFUSED the next server is asked, after NXDOMAIN it is not", "[net][resolver]") {
    asio::io_context io;
    fake_dns const failing(io, with_rcode(2)), refusing(io, with_rcode(5)), denying(io, with_rcode(3)),
        alive(io, answered);
    CHECK(ask(io, {closed_port(io), alive.at()}, 2000).resolver == to_string(alive.at()));
    CHECK(ask(io, {failing.at(), alive.at()}, 2000).resolver == to_string(alive.at()));
    CHECK(ask(io, {refusing.at(), alive.at()}, 2000).resolver == to_string(alive.at()));
    CHECK(ask(io, {denying.at(), alive.at()}, 2000).state == answer_state::nxdomain);
}

TEST_CASE("of several failures the one that tells most is kept, with what each did", "[net][resolver]") {
    asio::io_context io;
    fake_dns const failing(io, with_rcode(2)), refusing(io, with_rcode(5)), mute(io, silent);
    CHECK(ask(io, {failing.at(), refusing.at()}, 2000).state == answer_state::servfail);
    CHECK(ask(io, {closed_port(io), refusing.at()}, 2000).state == answer_state::refused);
    auto const answer = ask(io, {refusing.at(), mute.at()}, 500);
    CHECK(answer.state == answer_state::refused);
    CHECK(answer.detail.find(to_string(mute.at())) != std::string::npos);
    CHECK(ask(io, {closed_port(io), mute.at()}, 500).state == answer_state::timed_out);
}

TEST_CASE("a server is asked in a way of its own, and nothing is remembered of it", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool over_tcp) {
        if (query.checking_disabled || over_tcp || !query.recursion_desired) return answered(query, over_tcp);
        auto out = reply(query, {}, 2);
        out.additional = {{"", dns::type::opt, 0, "1232", {}}};
        out.extended_errors = {{7, "signature expired"}};
        return dns::serialize(out);
    });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    auto const plain = run(io, resolver->ask(sip_a, in_ms(2000)));
    CHECK(plain.state == answer_state::servfail);
    REQUIRE(plain.extended_errors.size() == 1);
    CHECK(plain.extended_errors[0].code == 7);
    CHECK(plain.extended_errors[0].text == "signature expired");
    dns_way const unchecked{true, true, false}, by_tcp{true, false, true}, own{false, false, false};
    CHECK(run(io, resolver->ask_at(sip_a, server.at(), unchecked, in_ms(2000))).state == answer_state::records);
    auto const tcp = run(io, resolver->ask_at(sip_a, server.at(), by_tcp, in_ms(2000)));
    CHECK((tcp.state == answer_state::records && tcp.over_tcp));
    CHECK(run(io, resolver->ask_at(sip_a, server.at(), own, in_ms(2000))).state == answer_state::records);
    CHECK(run(io, resolver->ask(sip_a, in_ms(2000))).state == answer_state::servfail);
}

TEST_CASE("a 'no' tells how long it is kept", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        auto out = reply(query, {}, 3);
        out.authority = {{"contoso.com", dns::type::soa, 900, "ns.contoso.com h.contoso.com 1 2 3 4 600", {}}};
        return dns::serialize(out);
    });
    CHECK(ask(io, {server.at()}, 2000).negative_ttl == 600u);
}

TEST_CASE("equal questions are asked once, at the same time and later", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, answered);
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    int answers = 0;
    auto const asking = [&](std::string name) -> awaitable<void> {
        dns::question const question{std::move(name), dns::type::a};
        auto const answer = co_await resolver->ask(question, in_ms(2000));
        if (answer.state == answer_state::records) ++answers;
    };
    start(io, asking("sip.contoso.com"));
    start(io, asking("SIP.contoso.com."));
    run(io, asking("sip.contoso.com"));
    run(io, asking("sip.contoso.com"));
    CHECK(answers == 4);
    CHECK(server.udp_queries() == 1);
    dns::question const other{"sip.contoso.com", dns::type::aaaa};
    CHECK(run(io, resolver->ask(other, in_ms(2000))).state == answer_state::no_data);
    CHECK(server.udp_queries() == 2);
}

TEST_CASE("cancelling one who asks doesn't cancel the question", "[net][resolver]") {
    asio::io_context io;
    int asked = 0;
    fake_dns const server(
        io, [&](const dns::message& query, bool) { return ++asked == 1 ? wire{} : answered(query, false); });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    asio::cancellation_signal cancel;
    bool ended = false;
    asio::co_spawn(
        io, resolver->ask(sip_a, in_ms(1000)),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, dns_answer) { ended = true; }));
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    auto const answer = run(io, resolver->ask(sip_a, in_ms(1000)));
    CHECK(ended);
    CHECK(answer.state == answer_state::records);
    CHECK(answer.retransmissions == 1);
}

TEST_CASE("a resolver may go while it is asked", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, silent);
    auto resolver = make_resolver(io.get_executor(), {server.at()});
    bool ended = false;
    auto const asking = [&]() -> awaitable<void> {
        auto const answer = co_await resolver->ask(sip_a, in_ms(100));
        ended = answer.state == answer_state::timed_out;
    };
    auto const leaving = [&]() -> awaitable<void> {
        resolver.reset();
        co_return;
    };
    start(io, asking());
    start(io, leaving());
    io.run_for(std::chrono::milliseconds(300));
    CHECK(ended);
}

TEST_CASE("an unanswered question doesn't outlive the loop", "[net][resolver]") {
    auto io = std::make_unique<asio::io_context>();
    fake_dns* const server = new fake_dns(*io, silent);
    auto const resolver = make_resolver(io->get_executor(), {server->at()});
    asio::co_spawn(*io, resolver->ask(sip_a, in_ms(60000)), [](std::exception_ptr, dns_answer) {});
    io->run_for(std::chrono::milliseconds(20));
    delete server;
    io.reset();
}

TEST_CASE("a text that is no domain name is not asked for", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, answered);
    auto const answer = ask(io, {server.at()}, 1000, {"a..b", dns::type::a});
    CHECK(answer.state == answer_state::other);
    CHECK(answer.detail.find("a..b") != std::string::npos);
    CHECK(server.udp_queries() == 0);
}

TEST_CASE("the system's servers are used when none are named", "[net][resolver]") {
    asio::io_context io;
    auto const resolver = make_resolver(io.get_executor(), {});
    for (auto const& server : resolver->servers()) CHECK(server.port != 0);
}

TEST_CASE("states have names for people", "[net][resolver]") {
    CHECK(to_string(answer_state::nxdomain) == "NXDOMAIN");
    CHECK(to_string(answer_state::no_data) == "NODATA");
    CHECK(to_string(answer_state::unreachable) == "unreachable");
}
