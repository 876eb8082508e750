// The sections that say how answers differ: http, soap, sip.

#include <algorithm>

#include "lab/placeholders.hpp"
#include "lab/scenario_reader.hpp"

namespace ucsignin::lab {
namespace {

void check_text(json_section& in, std::string_view key, const std::string& text) {
    if (auto wrong = wrong_placeholder(text); !wrong.empty()) in.fail(key, std::move(wrong));
}

void read_headers(json_section& in, std::vector<std::pair<std::string, std::string>>& into) {
    in.read_pairs("headers", into, wrong_placeholder);
}

void read_body(json_section& in, std::optional<std::string>& into, const file_reader& files) {
    in.read("body", into);
    if (into) check_text(in, "body", *into);
    std::string name;
    in.read("body_file", name);
    if (name.empty()) return;
    auto text = files(name);
    if (!text) return in.fail("body_file", name + " " + text.error());
    check_text(in, "body_file", *text);
    into = std::move(*text);
}

// A token that no header would show is a mistake.
void check_challenge(json_section& in, const http_fault& one) {
    constexpr std::string_view mark = "{ntlm_challenge}";
    const bool in_headers = std::any_of(one.headers.begin(), one.headers.end(), [&](const auto& pair) {
        return pair.second.find(mark) != std::string::npos;
    });
    const bool in_raw = one.raw && one.raw->is_text && one.raw->bytes.find(mark) != std::string::npos;
    if (one.ntlm_challenge && !in_headers && !in_raw)
        in.fail("ntlm_challenge", "needs a header that contains {ntlm_challenge}");
}

}  // namespace

void read_http_fault(json_section& in, scenario& out, const file_reader& files) {
    http_fault one;
    read_place(in, one.at);
    in.read("path", one.path);
    in.read("method", one.method);
    read_word(in, "scheme", one.scheme, {"http", "https"});
    read_conditions(in, one.conditions);
    in.read("status", one.status, 100, 599);
    in.read("reason", one.reason);
    read_headers(in, one.headers);
    read_body(in, one.body, files);
    read_raw(in, one.raw, files);
    in.read("ntlm_challenge", one.ntlm_challenge);
    check_challenge(in, one);
    in.read("delay_ms", one.delay_ms, 0, a_day_ms);
    in.read("drop", one.drop);
    in.read("reset", one.reset);
    in.read("stall", one.stall);
    in.read("close", one.close);
    read_occasions(in, one.when.nth, one.when.times);
    out.http.push_back(std::move(one));
}

void read_soap_rule(json_section& in, scenario& out) {
    soap_rule one;
    read_word(
        in, "service", one.service, {"web_ticket", "cert_prov", "user", "root", "address_book", "group_expansion"});
    if (one.service.empty()) in.fail("service", "must be given");
    in.read("operation", one.operation);
    in.read("status", one.status, 0, 599);
    in.read_object("fault", [&](json_section& fault) {
        fault.read("code", one.fault_code);
        fault.read("text", one.fault_text);
        check_text(fault, "text", one.fault_text);
        fault.read("error_id", one.error_id, 0, 999999);
        fault.read("reason", one.reason);
        check_text(fault, "reason", one.reason);
    });
    read_word(
        in, "certificate", one.certificate,
        {"wrong_subject", "expired", "not_yet_valid", "begins_now", "wrong_key", "garbage"});
    read_word(in, "ticket", one.ticket, {"expired", "not_yet_valid"});
    read_occasions(in, one.nth, one.times);
    out.pool.soap.push_back(std::move(one));
}

void read_sip_rule(json_section& in, scenario& out, const file_reader& files) {
    sip_rule one;
    one.times = 0;
    in.read("method", one.method);
    if (one.method.empty()) in.fail("method", "must be given");
    read_place(in, one.at);
    in.read("step", one.step);
    read_word(in, "scheme", one.scheme, {"NTLM", "Kerberos", "TLS-DSK"});
    read_conditions(in, one.conditions);
    in.read("status", one.status, 0, 699);
    in.read("reason", one.reason);
    read_headers(in, one.headers);
    read_body(in, one.body, files);
    read_raw(in, one.raw, files);
    in.read("drop", one.drop);
    in.read("close", one.close);
    in.read("reset", one.reset);
    in.read("delay_ms", one.delay_ms, 0, a_day_ms);
    read_word(in, "signature", one.signature, {"wrong", "missing", "replay"});
    in.read("contact", one.contact);
    in.read("notify", one.notify);
    in.read("notify_diagnostics", one.notify_diagnostics);
    read_occasions(in, one.nth, one.times);
    out.pool.sip.push_back(std::move(one));
}

}  // namespace ucsignin::lab
