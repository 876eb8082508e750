#pragma once
// A scenario: what the emulated pool is like and what goes wrong in it, as data (format "ucsignin-scenario/1",
// described in tests/scenarios/README.md). Plain values; the lab reads them, `expect` is for whoever runs the scenario.

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/pool_state_settings.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::lab {

// Which of equal occasions a rule applies to: from the nth (1 is the first) for `times` of them (0: for ever).
struct occasions {
    int nth = 1, times = 0;
    [[nodiscard]] bool include(int number) const { return number >= nth && (times == 0 || number < nth + times); }
};

// -- dns --
struct dns_record {
    std::string name, type, data;  // names complete and lower case; data as in a zone file
    std::uint32_t ttl = 300;
};
enum class dns_over_tcp { serve, refuse, close, drop };
struct dns_fault {
    std::string name = "*", type = "*";  // a glob; "A", "SRV", ... or *
    std::optional<int> rcode;
    bool drop = false, drop_udp = false, garbage = false, truncate = false;
    bool only_when_checking = false;    // not for questions with the CD bit: a broken DNSSEC signature
    std::optional<int> extended_error;  // RFC 8914
    std::string extended_text;
    int delay_ms = 0;
    dns_over_tcp tcp = dns_over_tcp::serve;
    occasions when;
};
enum class resolver_kind {
    good,
    silent,
    refusing,
    closed,
    authoritative
};  // the last is no resolver, and answers as one
// The zone's own name server, ns1 at 192.0.2.53: what it says otherwise than the resolvers.
struct authority_section {
    bool there = false;
    std::vector<dns_record> remove, set, add;
    std::vector<dns_fault> faults;
};
struct dns_section {
    bool empty = false;              // no records but those in set and add
    bool zone_exists = true;         // false: the domain itself is unknown to its parent
    std::vector<dns_record> remove;  // type "*": every type; data is not used
    std::vector<dns_record> set;     // instead of all records of that name and type
    std::vector<dns_record> add;
    std::vector<dns_fault> faults;
    std::vector<resolver_kind> resolvers = {resolver_kind::good};
    authority_section authoritative;
};

// -- tcp, tls, http: `at` is a role (edge, fe, fe01, fe02, web, relay), a kind (sip, http, https), HOST, HOST:PORT; ""
// for any
// --
enum class tcp_act { none, refuse, drop, reset, close, stall };
struct tcp_fault {
    std::string at;
    tcp_act act = tcp_act::none;
    int delay_ms = 0;          // before anything is read
    int idle_ms = 0;           // reset once nothing went either way for that long, as a firewall's timer does
    int reset_after_sent = 0;  // bytes that the server gets to send, 0 for no limit
    occasions when;
};

struct certificate_wish {
    std::string profile = "good";    // lab/authority.hpp
    std::vector<std::string> names;  // subject alternative names instead of the server's own
    std::optional<std::string> common_name;
    std::optional<double> valid_from_days, valid_to_days;  // from the lab's now
    std::string key;                                       // as make_key; "" as the profile has it
};
enum class tls_act { none, alert, reset, close, stall, plain_http, garbage };
struct tls_fault {
    std::string at;
    std::optional<certificate_wish> certificate;
    std::string min_version, max_version;  // "1.0" .. "1.3"
    std::string ciphers;                   // OpenSSL's cipher list
    bool small_dh_group = false;           // 1024 bits, for DHE suites
    tls_act act = tls_act::none;           // after the ClientHello
    int alert = 40;                        // RFC 8446 section 6
    std::string text;                      // what garbage sends
    bool request_client_certificate = false, require_client_certificate = false;
    int acceptable_issuers = 0;            // names to pad the CertificateRequest with
    std::optional<bool> with_server_name;  // only when SNI was sent, or only when it was not
    int delay_ms = 0;
    occasions when;
};

struct http_fault {
    std::string at, path = "*", method, scheme;  // path: a glob, without the query unless it has a '?'
    occasions when;
    int status = 0;  // 0: what the pool says, changed by the rest
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;  // "" removes
    std::optional<std::string> body;
    int delay_ms = 0;
    bool drop = false, reset = false, stall = false;  // closed without an answer; RST; silence
    bool close = false;                               // closed after the answer, which doesn't say so
    std::vector<rule_condition> conditions;
    std::optional<raw_answer> raw;  // instead of the answer
    bool ntlm_challenge = false;    // {ntlm_challenge} in `headers` and in a text of `raw` stands for a token
};

// -- servers beside, or instead of, the usual ones --
enum class speaks { sip, http, https, relay, tls_silence, tls_close, closed, filtered };
struct extra_service {
    std::string at;  // ADDR:PORT
    speaks what = speaks::closed;
    std::string server;              // its own name, targetname of its challenges
    std::vector<std::string> names;  // in its certificate
};

struct client_section {
    std::vector<std::string> options;
    std::string address, login;           // what is typed
    std::optional<std::string> password;  // nothing: none is given
};

struct expected_evidence {
    std::string node, branch, subject, name;
    std::optional<std::string> equals, contains;
};
struct expect_section {
    std::optional<bool> signed_in;
    std::optional<std::string> stopped_at;  // "" for null: it did not stop
    std::optional<int> exit_code;
    std::optional<std::vector<std::string>> root_causes;
    std::vector<std::string> findings, not_findings;
    std::vector<expected_evidence> evidence;
    std::map<std::string, std::string> branches;
    std::map<std::string, std::vector<std::string>> credentials;  // by HOST, HOST:PORT or *: the kinds that it got
    std::optional<int> password_uses;
};

struct scenario {
    std::string name, description;
    std::vector<std::string> address_families = {"ipv4"};
    pool_settings pool;  // users.front() is the one who signs in; sip and soap rules are in it
    std::vector<extra_service> services;
    dns_section dns;
    std::vector<tcp_fault> tcp;
    std::vector<tls_fault> tls;
    std::vector<http_fault> http;
    client_section client;
    expect_section expect;

    [[nodiscard]] const account& user() const { return pool.users.front(); }
    [[nodiscard]] bool has_family(std::string_view which) const;
};

// `file` names the text in errors; files that it names are looked for beside it.
[[nodiscard]] std::expected<std::shared_ptr<const scenario>, load_error> parse_scenario(
    std::string_view json, const std::string& file);

}  // namespace ucsignin::lab
