// What http and sip rules share in a scenario: `if`, and raw answers.

#include <algorithm>

#include "lab/placeholders.hpp"
#include "lab/scenario_reader.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

using subject = rule_condition::subject;

constexpr std::array<std::pair<std::string_view, carried>, 10> tokens = {
    {{"none", carried::none},
     {"ntlm_negotiate", carried::ntlm_negotiate},
     {"ntlm_authenticate", carried::ntlm_authenticate},
     {"spnego", carried::spnego},
     {"kerberos", carried::kerberos},
     {"basic", carried::basic},
     {"bearer", carried::bearer},
     {"username_token", carried::username_token},
     {"web_ticket", carried::web_ticket},
     {"other", carried::other}}};

// How many of the keys are there; all count as asked for.
int count_of(json_section& in, std::initializer_list<std::string_view> keys) {
    return static_cast<int>(std::count_if(keys.begin(), keys.end(), [&](std::string_view key) { return in.has(key); }));
}

void read_value(json_section& in, rule_condition& one) {
    in.read("present", one.present);
    in.read("equals", one.equals);
    if (one.about == subject::header) in.read("contains", one.contains);
    const int given = one.present.has_value() + one.equals.has_value() + one.contains.has_value();
    if (given != 1)
        in.fail(
            "", one.about == subject::header ? "must have one of present, equals, contains"
                                             : "must have one of present, equals");
    if (one.name.empty()) in.fail(one.about == subject::header ? "header" : "cookie", "must not be empty");
}

void read_condition(json_section& in, rule_condition& one) {
    if (count_of(in, {"header", "cookie", "body_contains", "token"}) != 1)
        return in.fail("", "must have one of header, cookie, body_contains, token");
    if (in.has("header") || in.has("cookie")) {
        one.about = in.has("header") ? subject::header : subject::cookie;
        in.read(one.about == subject::header ? "header" : "cookie", one.name);
        return read_value(in, one);
    }
    one.about = in.has("token") ? subject::token : subject::body;
    if (one.about == subject::token) in.read_choice("token", one.token, tokens);
    else in.read("body_contains", one.contains);
}

}  // namespace

void read_conditions(json_section& in, std::vector<rule_condition>& into) {
    in.read_object_or_objects("if", [&](json_section& each) { read_condition(each, into.emplace_back()); });
}

void read_raw(json_section& in, std::optional<raw_answer>& into, const file_reader& files) {
    const int given = count_of(in, {"raw", "raw_base64", "raw_file"});
    if (given > 1) return in.fail("raw", "only one of raw, raw_base64 and raw_file can be sent");
    if (given == 1 && count_of(in, {"status", "reason", "headers", "body", "body_file"}) > 0)
        return in.fail("raw", "is the whole answer: it excludes status, reason, headers and body");
    std::optional<std::string> text, coded, name;
    in.read("raw", text);
    in.read("raw_base64", coded);
    in.read("raw_file", name);
    if (text) {
        if (auto wrong = wrong_placeholder(*text); !wrong.empty()) in.fail("raw", std::move(wrong));
        into = raw_answer{std::move(*text), true};
    } else if (coded) {
        auto bytes = sip::from_base64(*coded);
        if (!bytes) return in.fail("raw_base64", "must be Base64");
        into = raw_answer{std::move(*bytes), false};
    } else if (name) {
        auto bytes = files(*name);
        if (!bytes) return in.fail("raw_file", *name + " " + bytes.error());
        into = raw_answer{std::move(*bytes), false};
    }
}

}  // namespace ucsignin::lab
