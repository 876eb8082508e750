#pragma once
// The sections of a scenario file, each read by a function of its own. Failures stay in the json_section.

#include "lab/scenario.hpp"
#include "trace/json_section.hpp"

namespace ucsignin::lab {

using trace::json_section;

// Where files named in a scenario are looked for, and what they hold. Gives the text or a message.
using file_reader = std::function<std::expected<std::string, std::string>(const std::string& name)>;

void read_user(json_section&, scenario&);
void read_pool(json_section&, scenario&);
void read_dns(json_section&, scenario&);  // after read_pool: names are relative to the SIP domain
void read_tcp_fault(json_section&, scenario&);
void read_tls_fault(json_section&, scenario&);
void read_http_fault(json_section&, scenario&, const file_reader&);
void read_soap_rule(json_section&, scenario&);
void read_sip_rule(json_section&, scenario&, const file_reader&);
void read_client(json_section&, scenario&);
void read_expect(json_section&, scenario&);

void check_name(json_section&, std::string_view key, const std::string& name);  // a plain domain name

// What the rules of several sections have.
inline constexpr int a_day_ms = 24 * 60 * 60 * 1000;
void read_place(json_section&, std::string& at);
void read_occasions(json_section&, int& nth, int& times);
void read_word(
    json_section&, std::string_view key, std::string& into,
    const std::vector<std::string>& known);  // passed on as a word
void read_conditions(json_section&, std::vector<rule_condition>& into);
void read_raw(json_section&, std::optional<raw_answer>& into, const file_reader&);

// "sip" -> "sip.contoso.example", "_sip._tls" -> "_sip._tls.contoso.example", "@" -> the domain; a name whose last
// label is neither alone nor starts with an underscore is complete, as is one with a final dot.
[[nodiscard]] std::string complete_name(std::string_view text, std::string_view domain);

}  // namespace ucsignin::lab
