// Times the judge over made-up traces of many spans: judge_bench SPANS
// A line for each shape: its name, and the numbers of spans, milliseconds, findings and open questions. The time is to
// grow as the number of spans does.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "trace/evidence.hpp"
#include "ucsignin/diagnosis.hpp"

namespace {

using namespace ucsignin;
namespace ev = trace::ev;

class made_up {
public:
    trace::span& add(chart::node_ref node, std::string_view branch, trace::outcome how, std::string subject) {
        trace::span s;
        s.span_id = fmt::format("{:016x}", record.spans.size() + 1);
        s.node = node->id;
        s.stage = node->stage;
        s.branch = branch;
        s.outcome = how;
        s.subject = std::move(subject);
        return record.spans.emplace_back(std::move(s));
    }
    trace::record record{"0af7651916cd43dd8448eb211c80319c", "2026-11-24T10:00:00Z", 0, {}};
};

void note(trace::span& s, const trace::evidence_entry& name, trace::value what) {
    s.evidence.push_back({std::string(name.name), std::move(what), name.kind, name.from});
}

std::string server(std::size_t i) { return fmt::format("fe{}.contoso.example:{}", i, i % 2 == 0 ? 5061 : 443); }
std::string address(std::size_t i) { return fmt::format("10.{}.{}.{}", i >> 16 & 255, i >> 8 & 255, i & 255); }

trace::span& step(made_up& t, chart::node_ref node, std::string_view branch, trace::outcome how, std::size_t i) {
    auto& s = t.add(node, branch, how, node->stage == 3 ? server(i) : std::string{});
    note(s, ev::candidate, server(i));
    note(s, ev::candidate_origin, std::string("srv"));
    if (node->stage == 3) note(s, ev::peer, fmt::format("{}:5061", address(i)));
    return s;
}

// Every server is reached, and each ends in its own way.
void servers_that_refuse(made_up& t, std::size_t spans) {
    for (std::size_t i = 0; t.record.spans.size() < spans; ++i) {
        step(t, "connection.tcp", "connected", trace::outcome::ok, i);
        note(step(t, "connection.tls", "agreed", trace::outcome::ok, i), ev::tls_version, std::string("TLSv1.2"));
        auto& certificate = step(
            t, "connection.certificate", i % 2 == 0 ? "trusted" : "untrusted_root",
            i % 2 == 0 ? trace::outcome::ok : trace::outcome::failed, i);
        note(certificate, ev::x509_issuer, fmt::format("CN=issuer {}", i));
        note(certificate, ev::x509_name, fmt::format("fe{}.contoso.example", i));
        auto& answer = step(t, "registration.first_register", "refused", trace::outcome::failed, i);
        note(answer, ev::sip_status, std::int64_t{403});
    }
}

// No server is reached; ports of few hosts, and many hosts.
void servers_out_of_reach(made_up& t, std::size_t spans) {
    for (std::size_t i = 0; t.record.spans.size() < spans; ++i) {
        auto& s = step(t, "connection.tcp", i % 2 == 0 ? "filtered" : "refused", trace::outcome::failed, i);
        note(s, ev::connect_fault, std::string("timed_out"));
        for (auto e = s.evidence.end() - 2; e != s.evidence.end(); ++e) e->group = 1;  // with the address
    }
}

// Many addresses of few servers, one by one, some dead.
void addresses_of_one_server(made_up& t, std::size_t spans) {
    step(t, "connection.tcp", "connected", trace::outcome::ok, 0);
    for (std::size_t i = 1; t.record.spans.size() < spans; ++i) {
        auto& s = t.add(
            "connection.tcp", i % 2 == 0 ? "connected" : "refused",
            i % 2 == 0 ? trace::outcome::ok : trace::outcome::warning, fmt::format("{}:5061", address(i)));
        note(s, ev::probe_kind, std::string("address"));
        note(s, ev::probe_of, server(0));
        note(s, ev::peer, fmt::format("{}:5061", address(i)));
    }
}

// Names, documents and second looks.
void questions(made_up& t, std::size_t spans) {
    for (std::size_t i = 0; t.record.spans.size() < spans; ++i) {
        auto& name = t.add(
            "discovery.srv_external", "records", trace::outcome::ok, fmt::format("_sip._tls.d{}.contoso.example", i));
        note(name, ev::dns_name, name.subject);
        note(name, ev::dns_target, server(i));
        auto& root = t.add(
            "discovery.autodiscover_root", "error", trace::outcome::failed,
            fmt::format("https://lyncdiscover.contoso.example/{}", i));
        note(root, ev::http_url, root.subject);
        note(root, ev::http_fault, std::string(i % 2 == 0 ? "refused" : "dns"));
        auto& ticket = t.add(
            "registration.web_ticket", "refused", trace::outcome::failed,
            fmt::format("https://web{}.contoso.example/ticket", i));
        note(ticket, ev::candidate, server(i));
        note(ticket, ev::http_url, ticket.subject);
        note(ticket, ev::http_fault, std::string("timed_out"));
        auto& look = t.add("discovery.cross_check", "same", trace::outcome::ok, server(i));
        note(look, ev::probe_kind, std::string("authoritative"));
        note(look, ev::probe_of, server(i));
        note(look, ev::probe_result, std::string("records"));
    }
}

void measure(std::string_view shape, void (*fill)(made_up&, std::size_t), std::size_t spans) {
    made_up t;
    t.add("discovery.sip_domain", "as_in_address", trace::outcome::ok, {});
    t.add("discovery.vantage", "outside_agrees", trace::outcome::ok, {});
    fill(t, spans);
    const auto began = std::clock();  // of the processor: other programs don't count
    const auto verdict = diagnosis::judge(t.record, {.sip_uri = "sip:alice@contoso.example"});
    const auto open = diagnosis::open_questions(t.record, verdict);
    const double took = 1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    fmt::print("{} {} {:.3f} {} {}\n", shape, t.record.spans.size(), took, verdict.findings.size(), open.size());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const auto spans = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : 0;
    if (spans < 10 || spans > 1000000) return 64;
    measure("refusing", servers_that_refuse, spans);
    measure("unreachable", servers_out_of_reach, spans);
    measure("addresses", addresses_of_one_server, spans);
    measure("questions", questions, spans);
    return 0;
}
