#include "lab/rule.hpp"

#include <algorithm>

#include "lab/credential.hpp"
#include "net/http.hpp"
#include "sip/lexical.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {
namespace {

using texts = std::vector<std::string>;

texts values_of(const net::http::request& request, const std::string& name) {
    texts out;
    for (const auto& [key, value] : request.headers)
        if (sip::same_word(key, name)) out.push_back(value);
    return out;
}
texts values_of(const sip::message& request, const std::string& name) { return request.all(name); }

// RFC 6265 4.2: pairs behind semicolons; names are compared as they are written.
texts cookies_in(const texts& lines, const std::string& name) {
    texts out;
    for (const auto& line : lines)
        for (const auto pair : sip::split_list(line, ';'))
            if (pair.substr(0, pair.find('=')) == name)
                out.emplace_back(pair.substr(std::min(pair.find('='), pair.size() - 1) + 1));
    return out;
}

bool agrees(const rule_condition& wanted, const texts& values) {
    if (wanted.present) return *wanted.present != values.empty();
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return wanted.equals ? value == *wanted.equals
                             : wanted.contains && value.find(*wanted.contains) != std::string::npos;
    });
}

carried carried_as(credential kind) {
    switch (kind) {
        case credential::ntlm_negotiate: return carried::ntlm_negotiate;
        case credential::ntlm: return carried::ntlm_authenticate;
        case credential::kerberos: return carried::kerberos;
        case credential::basic: return carried::basic;
        case credential::bearer: return carried::bearer;
        case credential::username_token:
        case credential::username_token_base64: return carried::username_token;
        case credential::web_ticket: return carried::web_ticket;
        case credential::spnego: return carried::spnego;
        default: return carried::other;
    }
}

// "other" is for what has no word of its own: a request that has a word is none of these, signature or not.
bool carries(const std::vector<credential>& shown, carried wanted) {
    if (wanted == carried::none) return shown.empty();
    const auto is = [](carried which) { return [which](credential kind) { return carried_as(kind) == which; }; };
    if (wanted != carried::other) return std::any_of(shown.begin(), shown.end(), is(wanted));
    return !shown.empty() && std::all_of(shown.begin(), shown.end(), is(carried::other));
}

template <class Request>
bool holds(const rule_condition& one, const Request& request) {
    switch (one.about) {
        case rule_condition::subject::header: return agrees(one, values_of(request, one.name));
        case rule_condition::subject::cookie: return agrees(one, cookies_in(values_of(request, "Cookie"), one.name));
        case rule_condition::subject::body: return agrees(one, {request.body});
        case rule_condition::subject::token: return carries(credentials_in(request), one.token);
    }
    return false;
}

template <class Request>
bool all_hold(const std::vector<rule_condition>& all, const Request& request) {
    return std::all_of(all.begin(), all.end(), [&](const rule_condition& one) { return holds(one, request); });
}

}  // namespace

bool hold(const std::vector<rule_condition>& all, const net::http::request& request) { return all_hold(all, request); }
bool hold(const std::vector<rule_condition>& all, const sip::message& request) { return all_hold(all, request); }

}  // namespace ucsignin::lab
