#include "auth/gss_exchange.hpp"

#include <gssapi/gssapi_krb5.h>
#include <gssapi/gssapi_ntlmssp.h>
#include <krb5.h>

namespace ucsignin::auth {
namespace {

using kind = gss_failure::kind;

constexpr std::uint32_t datagram_sequence = 100;  // of every NTLM signature, both ways (protocol section 5.4)

kind kind_of(OM_uint32 minor) {
    switch (static_cast<krb5_error_code>(minor)) {
        case KRB5_FCC_NOFILE:
        case KRB5_CC_NOTFOUND:
        case KRB5_KT_NOTFOUND: return kind::no_ticket;
        case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN: return kind::unknown_service;
        case KRB5KRB_AP_ERR_SKEW:
        case KRB5_KDCREP_SKEW: return kind::clock_skew;
        case KRB5_KDC_UNREACH:
        case KRB5_REALM_UNKNOWN:
        case KRB5_REALM_CANT_RESOLVE: return kind::unreachable;
        case KRB5KRB_AP_ERR_TKT_EXPIRED:
        case KRB5KDC_ERR_KEY_EXP: return kind::expired;
        default: return kind::refused;
    }
}

}  // namespace

std::expected<std::string, gss_failure> gss_exchange::step(const std::string& token) {
    if (target_.raw() == GSS_C_NO_NAME)
        if (auto bad = prepare()) return std::unexpected(*bad);
    auto input = gss::view(token);
    gss::buffer output;
    OM_uint32 minor = 0;
    const auto major = gss_init_sec_context(
        &minor, credential_.raw(), context_.into(), target_.raw(), how_.mechanism, how_.flags, 0,
        GSS_C_NO_CHANNEL_BINDINGS, &input, nullptr, output.into(), nullptr, nullptr);
    if (GSS_ERROR(major)) return std::unexpected(failure("making a token", major, minor));
    return output.bytes();
}

std::expected<std::string, gss_failure> gss_exchange::mic(const std::string& text) {
    number();
    auto message = gss::view(text);
    gss::buffer out;
    OM_uint32 minor = 0;
    const auto major = gss_get_mic(&minor, context_.raw(), GSS_C_QOP_DEFAULT, &message, out.into());
    if (GSS_ERROR(major)) return std::unexpected(failure("signing", major, minor));
    return out.bytes();
}

bool gss_exchange::verify(const std::string& text, const std::string& mic) {
    number();
    auto message = gss::view(text), token = gss::view(mic);
    OM_uint32 minor = 0;
    return gss_verify_mic(&minor, context_.raw(), &message, &token, nullptr) == GSS_S_COMPLETE;
}

gss_failure gss_exchange::failure(const std::string& doing, OM_uint32 major, OM_uint32 minor) const {
    const bool none = GSS_ROUTINE_ERROR(major) == GSS_S_NO_CRED;
    const auto what = is(gss::ntlm()) ? kind::refused : kind_of(minor);
    const auto inner = !is(gss::spnego()) ? how_.mechanism : by_ticket_ ? gss::kerberos() : gss::ntlm();
    const auto detail = doing + ": " + gss::describe(major, minor, inner);
    const bool unknown = is(gss::ntlm()) && GSS_ROUTINE_ERROR(major) == GSS_S_BAD_MECH;
    if (inner == gss::ntlm() && (unknown || !gss::is_installed(inner)))
        return {kind::no_ntlm, "this PC has no NTLM (the GSSAPI mechanism gss-ntlmssp): " + detail};
    return {none && what == kind::refused ? kind::no_ticket : what, detail};
}

void gss_exchange::number() {
    if (!is(gss::ntlm())) return;
    static gss_OID_desc option{
        GSS_NTLMSSP_SET_SEQ_NUM_OID_LENGTH, const_cast<char*>(GSS_NTLMSSP_SET_SEQ_NUM_OID_STRING)};
    std::uint32_t value = datagram_sequence;
    gss_buffer_desc bytes{sizeof value, &value};
    OM_uint32 minor = 0;
    gss_set_sec_context_option(
        &minor, context_.into(), &option, &bytes);  // where it is not taken the signatures don't fit either
}

gss_exchange::fault gss_exchange::prepare() {
    OM_uint32 minor = 0;
    auto text = gss::view(how_.target);
    // A principal is taken as it is; a host-based name would be rewritten by way of DNS.
    static gss_OID_desc principal{
        10, const_cast<char*>("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01")};  // GSS_KRB5_NT_PRINCIPAL_NAME
    const auto major = gss_import_name(
        &minor, &text, is(gss::kerberos()) ? &principal : GSS_C_NT_HOSTBASED_SERVICE, target_.into());
    if (GSS_ERROR(major)) return failure("naming the service", major, minor);
    const auto none = is(gss::ntlm()) ? gss_failure{kind::no_ticket, {}} : take_ticket();
    if (!none) return none;
    if (!how_.name.empty() && how_.password && !how_.password->empty()) return take_password();
    return is(gss::kerberos()) ? none : gss_failure{kind::no_ticket, "neither a password nor a Kerberos ticket"};
}

// A Kerberos ticket of this very user, if one lies in the cache. With a name given, somebody else's will not do.
gss_exchange::fault gss_exchange::take_ticket() {
    OM_uint32 minor = 0;
    gss_OID_set_desc only{1, gss::kerberos()}, wanted{1, how_.mechanism};
    gss::credential ticket;
    const auto acquire = [&](gss_OID_set by) {
        return gss_acquire_cred(
            &minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, by, GSS_C_INITIATE, ticket.into(), nullptr, nullptr);
    };
    if (const auto major = acquire(&only); GSS_ERROR(major))
        return gss_failure{kind::no_ticket, gss::describe(major, minor, gss::kerberos())};
    if (!belongs_to_the_user(ticket)) return gss_failure{kind::no_ticket, "the ticket at hand is somebody else's"};
    if (is(gss::spnego())) {
        ticket.reset();
        if (GSS_ERROR(acquire(&wanted)) || gss_set_neg_mechs(&minor, ticket.raw(), &only) != GSS_S_COMPLETE)
            return gss_failure{kind::no_ticket, {}};
        how_.flags |= GSS_C_MUTUAL_FLAG;
    }
    credential_.swap(ticket);
    by_ticket_ = true;
    return std::nullopt;
}

bool gss_exchange::belongs_to_the_user(const gss::credential& ticket) const {
    OM_uint32 minor = 0, lifetime = 0;
    gss::name owner;
    gss::buffer shown;
    if (GSS_ERROR(gss_inquire_cred(&minor, ticket.raw(), owner.into(), &lifetime, nullptr, nullptr)) || lifetime == 0)
        return false;
    if (GSS_ERROR(gss_display_name(&minor, owner.raw(), shown.into(), nullptr))) return false;
    return how_.name.empty() || gss::is_principal_of(shown.bytes(), how_.name);
}

gss_exchange::fault gss_exchange::take_password() {
    OM_uint32 minor = 0;
    gss::name user;
    const auto name = is(gss::kerberos()) ? gss::principal_of(how_.name) : gss::escape_upn(how_.name);
    auto text = gss::view(name), password = gss::view(how_.password->reveal());
    auto major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, user.into());
    if (GSS_ERROR(major)) return failure("naming the user", major, minor);
    gss_OID_set_desc only{1, gss::ntlm()}, wanted{1, how_.mechanism};
    major = gss_acquire_cred_with_password(
        &minor, user.raw(), &password, GSS_C_INDEFINITE, &wanted, GSS_C_INITIATE, credential_.into(), nullptr, nullptr);
    if (GSS_ERROR(major)) return failure("taking the password", major, minor);
    if (is(gss::spnego())) major = gss_set_neg_mechs(&minor, credential_.raw(), &only);
    return GSS_ERROR(major) ? fault(failure("choosing NTLM", major, minor)) : std::nullopt;
}

}  // namespace ucsignin::auth
