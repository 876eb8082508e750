#include "samples.hpp"

#include "trace/evidence.hpp"

namespace ucsignin::report::samples {
namespace {

using trace::outcome;
namespace ev = trace::ev;

void note(trace::span& s, const trace::evidence_entry& name, trace::value value) {
    s.evidence.push_back({std::string(name.name), std::move(value), name.kind, name.from});
}

report frame() {
    report r;
    r.tool_version = "0.1.0";
    r.tool_commit = "abcdef0";
    r.platform = "linux x86_64";
    r.run_id = "4a1f6d0c";
    r.mode = "lab";
    r.options = {{"timeout", "10"}, {"resolver", "127.0.0.1:40053"}, {"resolver", "127.0.0.2:40053"}};
    r.facts.sip_uri = "sip:alice@contoso.example";
    r.facts.login = "CONTOSO\\alice";
    r.trace.trace_id = "0af7651916cd43dd8448eb211c80319c";
    r.trace.started_at = "2026-03-01T09:30:00.125Z";
    r.trace.duration_ms = 812.25;
    return r;
}

trace::span route() {
    auto s = span("00000000000000a1", "devices.route", 1, 2.5, outcome::ok, "eth0, 192.168.10.21, leads there");
    note(s, ev::source_address, "192.168.10.21");
    return s;
}

trace::span candidates() {
    auto s = span(
        "00000000000000b1", "discovery.candidates", 4, 30, outcome::ok,
        "2 servers: accessedge.contoso.example:443 first");
    s.decision = trace::decision{
        "In what order would the client try?",
        {{"accessedge.contoso.example:443", trace::verdict::chosen, "_sip._tls, priority 0"},
         {"sip.contoso.example:443", trace::verdict::not_tried, "A record, last resort"}},
        "accessedge.contoso.example:443"};
    return s;
}

trace::span tcp(std::string id, std::string candidate, outcome how, std::string summary) {
    auto s = span(std::move(id), "connection.tcp", 36, 12.0004, how, std::move(summary));
    s.subject = candidate;
    s.branch = how == outcome::ok ? "connected" : "filtered";
    note(s, ev::candidate, std::move(candidate));
    note(s, ev::peer, "131.107.255.7");
    note(s, ev::tcp_ms, 11.987654);
    return s;
}

trace::span not_run(std::string id, std::string node, trace::not_run_reason why) {
    auto s = span(std::move(id), std::move(node), 812, 0, outcome::not_run, "not reached");
    s.reason = why;
    return s;
}

std::vector<trace::message> messages() {
    trace::message query;
    query.time_ms = 2.5;
    query.from = {"client", "", ""};
    query.to = {"resolver", "", "127.0.0.1:40053"};
    query.protocol = "DNS";
    query.start_line = "query A fe01.contoso.example";
    query.headers = {{"transport", "UDP"}, {"flags", "RD"}};
    trace::message answer;
    answer.time_ms = 130;
    answer.direction = trace::direction::received;
    answer.from = {"web_service", "fe01.contoso.example", "131.107.255.7:443"};
    answer.to = {"client", "", "192.168.10.21:50123"};
    answer.protocol = "HTTP";
    answer.span_id = "00000000000000d1";
    answer.start_line = "HTTP/1.1 401 Unauthorized";
    answer.headers = {{"WWW-Authenticate", "NTLM <NTLM challenge token, 312 bytes>"}};
    answer.body = {"text/html", 1293, "<p>Unauthorized</p>"};
    return {query, answer};
}

diagnosis::finding wrong_password() {
    diagnosis::finding f;
    f.id = "reg-wrong-password";
    f.stage = 4;
    f.subject = "CONTOSO\\alice";
    f.certainty = diagnosis::certainty::likely;
    f.title = "The password of CONTOSO\\alice was refused by fe01.contoso.example";
    f.explanation =
        "The ticket service knows the account and says that name and password do not match. "
        "One more try was not made: a second refusal could lock the account.";
    f.evidence = {"00000000000000d1"};
    f.ruled_out = {{"local-clock-skew", "the clocks agree within 2 s"}};
    f.remedies = {
        {"user", "Type the password again, or set it anew.", ""},
        {"SfB admin", "Look whether the account is locked or expired.",
         "Get-ADUser alice -Properties LockedOut,PasswordExpired | Format-List LockedOut,PasswordExpired"}};
    return f;
}

diagnosis::finding stale_record() {
    diagnosis::finding f;
    f.id = "dns-stale-a";
    f.severity = diagnosis::severity::warning;
    f.stage = 3;
    f.subject = "accessedge.contoso.example";
    f.title = "accessedge.contoso.example leads to 131.107.255.7, where nothing answers";
    f.evidence = {"00000000000000c1"};
    return f;
}

}  // namespace

trace::span span(
    std::string id, std::string node, double start_ms, double duration_ms, outcome how, std::string summary) {
    trace::span s;
    s.span_id = std::move(id);
    s.node = std::move(node);
    s.stage = chart::stage_number(s.node.substr(0, s.node.find('.')));
    s.start_ms = start_ms;
    s.duration_ms = duration_ms;
    s.outcome = how;
    s.summary = std::move(summary);
    return s;
}

report healthy() {
    auto r = frame();
    r.verdict.signed_in = true;
    r.verdict.stage_reached = 5;
    auto edge = span(
        "00000000000000d2", "registration.edge_pool", 300, 1, outcome::ok,
        "through accessedge.contoso.example to fe01.contoso.example");
    note(edge, ev::edge_server, "accessedge.contoso.example");
    note(edge, ev::home_server, "fe01.contoso.example");
    r.trace.spans = {
        route(),
        candidates(),
        tcp("00000000000000c1", "accessedge.contoso.example:443", outcome::ok, "connected to 131.107.255.7:443"),
        edge,
        span("00000000000000e1", "provisioning.presentity", 400, 20, outcome::ok, "endpoint state published"),
        span("00000000000000e2", "provisioning.available", 421, 10, outcome::ok, "available (3500)"),
        span("00000000000000e3", "provisioning.sign_out", 790, 20, outcome::ok, "signed out"),
        not_run("00000000000000e4", "provisioning.calendar", trace::not_run_reason::not_implemented)};
    r.trace.spans[1].parent_span_id = "00000000000000a1";
    return r;
}

report stopped() {
    auto r = frame();
    r.verdict.stage_reached = 4;
    r.verdict.stopped_at = "registration.web_ticket";
    r.verdict.stopped_candidate = "sip.contoso.example:443";
    r.verdict.exit_code = 40;
    r.verdict.root_causes = {{"reg-wrong-password", "CONTOSO\\alice", diagnosis::certainty::likely}};
    r.verdict.findings = {wrong_password(), stale_record()};
    r.trace.messages = messages();
    r.trace.messages_left_out = 3;
    auto ticket = span(
        "00000000000000d1", "registration.web_ticket", 120, 60, outcome::failed,
        "fe01.contoso.example refuses the password of CONTOSO\\alice");
    ticket.subject = "sip.contoso.example:443";
    ticket.waited_for = {"00000000000000b1", "00000000000000c2"};
    note(ticket, ev::http_url, "https://fe01.contoso.example/WebTicket/WebTicketService.svc");
    note(ticket, ev::http_status, std::int64_t{401});
    note(ticket, ev::x509_subject, "CN=fe01.contoso.example, O=Contoso Ltd, C=DE");
    note(ticket, ev::password_refused, std::int64_t{1});
    note(ticket, ev::candidate_trusted, true);
    r.trace.spans = {
        route(),
        candidates(),
        tcp("00000000000000c1", "accessedge.contoso.example:443", outcome::failed, "131.107.255.7:443 does not answer"),
        tcp("00000000000000c2", "sip.contoso.example:443", outcome::ok, "connected to 131.107.255.7:443"),
        ticket,
        not_run("00000000000000e1", "provisioning.login", trace::not_run_reason::not_reached),
        span("00000000000000e3", "provisioning.sign_out", 790, 0, outcome::ok, "nothing was registered")};
    return r;
}

report unexplained() {
    auto r = stopped();
    r.verdict.root_causes.clear();
    r.verdict.findings = {stale_record()};
    return r;
}

report interrupted() {
    auto r = frame();
    r.facts.interrupted = true;
    r.facts.login.clear();
    r.verdict.stage_reached = 3;
    r.verdict.exit_code = 130;
    auto hanging = not_run("00000000000000c1", "connection.tcp", trace::not_run_reason::interrupted);
    hanging.summary = "interrupted";
    r.trace.spans = {route(), candidates(), hanging};
    return r;
}

}  // namespace ucsignin::report::samples
