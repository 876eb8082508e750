#include "auth/gss.hpp"

#include "sip/lexical.hpp"

namespace ucsignin::auth::gss {
namespace {

gss_OID_desc make_oid(std::string_view encoded) {
    return {static_cast<OM_uint32>(encoded.size()), const_cast<char*>(encoded.data())};  // GSSAPI never writes to it
}

void append_status(std::string& text, OM_uint32 status, int kind, gss_OID mechanism) {
    OM_uint32 minor = 0, more = 0;
    do {
        buffer part;
        if (gss_display_status(&minor, status, kind, mechanism, &more, part.into()) != GSS_S_COMPLETE) return;
        text += (text.empty() ? "" : "; ") + part.bytes();
    } while (more != 0);
}

struct account_name {
    std::string user, domain;  // domain: empty, that of DOMAIN\user, or what follows the @
    bool upn = false;
};

account_name split_login(const std::string& login) {
    if (const auto slash = login.find('\\'); slash != std::string::npos)
        return {login.substr(slash + 1), login.substr(0, slash)};
    const auto at = login.find('@');
    return at == std::string::npos ? account_name{login, {}}
                                   : account_name{login.substr(0, at), login.substr(at + 1), true};
}

}  // namespace

gss_OID ntlm() {
    static gss_OID_desc oid = make_oid("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");
    return &oid;
}

gss_OID spnego() {
    static gss_OID_desc oid = make_oid("\x2b\x06\x01\x05\x05\x02");
    return &oid;
}

gss_OID kerberos() {
    static gss_OID_desc oid = make_oid("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
    return &oid;
}

bool is_installed(gss_OID mechanism) {
    OM_uint32 minor = 0;
    gss_OID_set all = GSS_C_NO_OID_SET;
    int there = 0;
    const bool listed = gss_indicate_mechs(&minor, &all) == GSS_S_COMPLETE &&
                        gss_test_oid_set_member(&minor, mechanism, all, &there) == GSS_S_COMPLETE;
    gss_release_oid_set(&minor, &all);
    return !listed || there != 0;  // a list that can't be had says nothing
}

std::string escape_upn(const std::string& login) {
    const auto at = login.find('@');
    return at == std::string::npos || login.find('\\') != std::string::npos
               ? login
               : login.substr(0, at) + '\\' + login.substr(at);
}

std::string principal_of(const std::string& login) {
    auto account = split_login(login);
    if (!account.upn) return account.user;
    for (auto& c : account.domain)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return account.user + "@" + account.domain;
}

bool is_principal_of(const std::string& principal, const std::string& login) {
    const auto ticket = split_login(principal), wanted = split_login(login);
    if (!sip::same_word(ticket.user, wanted.user)) return false;
    return wanted.upn || wanted.domain.empty() ||
           sip::same_word(ticket.domain.substr(0, ticket.domain.find('.')), wanted.domain);
}

gss_buffer_desc view(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

std::string describe(OM_uint32 major, OM_uint32 minor, gss_OID mechanism) {
    std::string text;
    append_status(text, major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    if (minor != 0) append_status(text, minor, GSS_C_MECH_CODE, mechanism);
    return text;
}

}  // namespace ucsignin::auth::gss
