// Stage 4: a registrar that refuses a log-in (1000) may add the code with which Windows ended it, which tells causes
// apart that have one number.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

enum class code_kind { clocks, locked, password_expired, disabled, account_expired, no_domain_controller, session };

struct windows_code {
    std::uint32_t number;
    std::string_view name;  // also without what stands before it: "SEC_E_TIME_SKEW", "STATUS_ACCOUNT_LOCKED_OUT"
    code_kind kind;
};

// HRESULTs of SSPI, NTSTATUS values, and Win32 errors as HRESULTs (0x8007....).
constexpr auto windows_codes = std::to_array<windows_code>({
    {0x80090324, "TIME_SKEW", code_kind::clocks},
    {0xC0000133, "TIME_DIFFERENCE_AT_DC", code_kind::clocks},
    {0xC0000234, "ACCOUNT_LOCKED", code_kind::locked},
    {0x80070775, "ACCOUNT_LOCKED", code_kind::locked},
    {0xC0000071, "PASSWORD_EXPIRED", code_kind::password_expired},
    {0x80070532, "PASSWORD_EXPIRED", code_kind::password_expired},
    {0xC0000224, "PASSWORD_MUST_CHANGE", code_kind::password_expired},
    {0x80070773, "PASSWORD_MUST_CHANGE", code_kind::password_expired},
    {0xC0000072, "ACCOUNT_DISABLED", code_kind::disabled},
    {0x80070533, "ACCOUNT_DISABLED", code_kind::disabled},
    {0xC0000193, "ACCOUNT_EXPIRED", code_kind::account_expired},
    {0x80070701, "ACCOUNT_EXPIRED", code_kind::account_expired},
    {0x80090311, "NO_AUTHENTICATING_AUTHORITY", code_kind::no_domain_controller},
    {0xC000005E, "NO_LOGON_SERVERS", code_kind::no_domain_controller},
    {0x8007051F, "NO_LOGON_SERVERS", code_kind::no_domain_controller},
    {0xC000018C, "TRUSTED_DOMAIN_FAILURE", code_kind::no_domain_controller},
    {0xC000018D, "TRUSTED_RELATIONSHIP_FAILURE", code_kind::no_domain_controller},
    {0xC0000192, "NETLOGON_NOT_STARTED", code_kind::no_domain_controller},
    {0xC3E93EE4, "NTLMMISMATCH", code_kind::session},
});

// "0xC0000071(...)", or as a signed number: "-1073741711".
std::optional<std::uint32_t> number_in(std::string_view text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    if (error != std::errc{} || value < INT32_MIN || value > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

const windows_code* code_in(std::string_view value) {
    const auto number = number_in(value);
    const auto at = std::ranges::find_if(
        windows_codes, [&](const windows_code& c) { return (number && *number == c.number) || holds(value, c.name); });
    return at == windows_codes.end() ? nullptr : &*at;
}

const windows_code* code_of_windows(const span& s) {
    for (const auto& one : s.together(ev::diagnostics_parameter))
        if (const auto* code = code_in(one.text(ev::diagnostics_value))) return code;
    for (const auto& n : server_numbers(s))
        if (holds(n.reason, "NTLMMISMATCH") || holds(n.reason, "C3E93EE4")) return code_in("NTLMMISMATCH");
    return nullptr;
}

maybe clocks_differ(const case_view& view, const span& s) {
    auto found = about_candidate(view, s, "reg-kerberos-skew");
    return found.as(certainty::likely)
        .title(fmt::format("{} refuses the log-in because the clocks differ", candidate_of(s)))
        .remedy(
            "SfB admin, AD admin, user",
            "Compare the clocks of this PC, of the server that refused and of its domain controller; synchronise them.")
        .known_by(said_beside_number(s))
        .not_because("reg-wrong-password", "the server names the clocks")
        .done();
}

maybe account(const case_view& view, const span& s, finding_ref id) {
    auto found = about_candidate(view, s, id);
    return found.about(view.login)
        .known_by(said_beside_number(s))
        .not_because("reg-wrong-password", "the server names the account's state")
        .done();
}

maybe account_closed(const case_view& view, const span& s, bool expired) {
    auto found = account(view, s, "wt-account-disabled");
    found->explanation = fmt::format(
        "The registrar says so; the password need not be wrong. {}", said_beside_number(s));
    if (!expired) return found;
    found->title = fmt::format("The account {} has expired", view.login);
    found->remedies.front().text = "Set a later date of expiry, or none, for the account.";
    return found;
}

maybe no_domain_controller(const case_view& view, const span& s) {
    auto found = about_candidate(view, s, "reg-503-generic");
    found.as(certainty::likely)
        .title(fmt::format("{} cannot ask a domain controller about the log-in", candidate_of(s)));
    found.remedy(
        "SfB admin, AD admin",
        fmt::format(
            "On {}: nltest /sc_verify and /dsgetdc for the account's domain; check Netlogon, the way to the domain "
            "controllers and the trust between the domains.",
            host_of(candidate_of(s))));
    found.known_by(said_beside_number(s)).not_because("reg-wrong-password", "nobody has judged the password");
    auto made = found.done();
    made->explanation = "The registrar takes the log-in, and reaches nobody who can judge it. " + said_beside_number(s);
    return made;
}

}  // namespace

std::string said_beside_number(const trace::span& s) {
    auto said = parameters_of(s);
    while (said.ends_with(' ') || said.ends_with(';')) said.pop_back();
    return said.empty() ? std::string{} : fmt::format("Beside its number the server says: {}.", said);
}

maybe explain_windows_code(const case_view& view, const trace::span& s) {
    const auto* code = code_of_windows(s);
    if (!code) return {};
    switch (code->kind) {
        case code_kind::clocks: return clocks_differ(view, s);
        case code_kind::locked: return account(view, s, "reg-account-locked");
        case code_kind::password_expired: return account(view, s, "reg-password-expired");
        case code_kind::disabled: return account_closed(view, s, false);
        case code_kind::account_expired: return account_closed(view, s, true);
        case code_kind::no_domain_controller: return no_domain_controller(view, s);
        case code_kind::session: break;  // the caller's own
    }
    return {};
}

bool names_session_security(const trace::span& s) {
    const auto* code = code_of_windows(s);
    return code && code->kind == code_kind::session;
}

}  // namespace ucsignin::diagnosis
