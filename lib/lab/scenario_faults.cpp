// The sections that say what goes wrong below the answers: tcp and tls.

#include <algorithm>

#include "lab/authority.hpp"
#include "lab/scenario_reader.hpp"
#include "net/address.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::array<std::pair<std::string_view, tcp_act>, 5> tcp_acts = {
    {{"refuse", tcp_act::refuse},
     {"drop", tcp_act::drop},
     {"reset", tcp_act::reset},
     {"close", tcp_act::close},
     {"stall", tcp_act::stall}}};
constexpr std::array<std::pair<std::string_view, tls_act>, 6> tls_acts = {
    {{"alert", tls_act::alert},
     {"reset", tls_act::reset},
     {"close", tls_act::close},
     {"stall", tls_act::stall},
     {"plain_http", tls_act::plain_http},
     {"garbage", tls_act::garbage}}};

void read_wish(json_section& in, certificate_wish& wish) {
    read_word(in, "profile", wish.profile, certificate_profiles());
    in.read("names", wish.names);
    for (const auto& name : wish.names) check_name(in, "names", name);
    in.read("common_name", wish.common_name);
    if (wish.common_name && wish.common_name->size() > 64) in.fail("common_name", "must have at most 64 characters");
    in.read("not_before_days", wish.valid_from_days);
    in.read("not_after_days", wish.valid_to_days);
    read_word(in, "key", wish.key, {"ec", "ec384", "rsa1024", "rsa2048", "rsa4096", "rsa8192"});
}

// "expired", or an object with more to say
void read_certificate(json_section& in, tls_fault& one) {
    if (!in.has("certificate")) return;
    one.certificate.emplace();
    if (!in.is_object("certificate"))
        return read_word(in, "certificate", one.certificate->profile, certificate_profiles());
    in.read_object("certificate", [&](json_section& wish) { read_wish(wish, *one.certificate); });
}

}  // namespace

void read_word(json_section& in, std::string_view key, std::string& into, const std::vector<std::string>& known) {
    in.read(key, into);
    if (into.empty() || std::find(known.begin(), known.end(), into) != known.end()) return;
    std::string list;
    for (const auto& word : known) list += (list.empty() ? "" : ", ") + word;
    in.fail(key, "must be one of " + list);
}

void read_occasions(json_section& in, int& nth, int& times) {
    in.read("nth", nth, 1, 1000000);
    in.read("times", times, 0, 1000000);
}

// A misspelt role would never match, without a word.
void read_place(json_section& in, std::string& at) {
    static constexpr std::string_view words[] = {"*",     "edge",     "fe",  "fe01", "fe02", "web",
                                                 "relay", "exchange", "sip", "http", "https"};
    in.read("at", at);
    at = sip::lower(at);
    const bool known = at.empty() || std::find(std::begin(words), std::end(words), at) != std::end(words);
    if (known || (at.find_first_of(".:") != std::string::npos && net::parse_host_port(at, 0))) return;
    in.fail("at", "must be edge, fe, fe01, fe02, web, relay, exchange, sip, http, https, HOST or HOST:PORT");
}

void read_tcp_fault(json_section& in, scenario& out) {
    tcp_fault one;
    read_place(in, one.at);
    in.read_choice("do", one.act, tcp_acts);
    in.read("delay_ms", one.delay_ms, 0, a_day_ms);
    in.read("idle_ms", one.idle_ms, 0, a_day_ms);
    in.read("reset_after_sent", one.reset_after_sent, 0, 1 << 20);
    read_occasions(in, one.when.nth, one.when.times);
    out.tcp.push_back(std::move(one));
}

void read_tls_fault(json_section& in, scenario& out) {
    tls_fault one;
    read_place(in, one.at);
    read_certificate(in, one);
    read_word(in, "min_version", one.min_version, {"1.0", "1.1", "1.2", "1.3"});
    read_word(in, "max_version", one.max_version, {"1.0", "1.1", "1.2", "1.3"});
    in.read("ciphers", one.ciphers);
    in.read("small_dh_group", one.small_dh_group);
    in.read_choice("do", one.act, tls_acts);
    in.read("alert", one.alert, 0, 255);
    in.read("text", one.text);
    in.read("request_client_certificate", one.request_client_certificate);
    in.read("require_client_certificate", one.require_client_certificate);
    in.read("acceptable_issuers", one.acceptable_issuers, 0, 1000);
    in.read("with_server_name", one.with_server_name);
    in.read("delay_ms", one.delay_ms, 0, a_day_ms);
    read_occasions(in, one.when.nth, one.when.times);
    out.tls.push_back(std::move(one));
}

}  // namespace ucsignin::lab
