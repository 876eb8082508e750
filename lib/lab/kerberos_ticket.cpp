#include "lab/kerberos_ticket.hpp"

namespace ucsignin::lab {

namespace gss = auth::gss;

std::expected<taken_ticket, std::string> take_ticket(
    const std::string& keytab, gss_OID mechanism, std::string_view token, gss::context& context) {
    OM_uint32 minor = 0;
    gss_key_value_element_desc entry{"keytab", keytab.c_str()};
    const gss_key_value_set_desc store{1, &entry};
    gss_OID_set_desc only{1, mechanism};
    gss::credential own;
    auto major = gss_acquire_cred_from(
        &minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &only, GSS_C_ACCEPT, &store, own.into(), nullptr, nullptr);
    if (GSS_ERROR(major)) return std::unexpected("the keytab: " + gss::describe(major, minor, mechanism));
    auto input = gss::view(token);
    gss::buffer output, shown;
    gss::name user;
    major = gss_accept_sec_context(
        &minor, context.into(), own.raw(), &input, GSS_C_NO_CHANNEL_BINDINGS, user.into(), nullptr, output.into(),
        nullptr, nullptr, nullptr);
    if (major != GSS_S_COMPLETE) return std::unexpected("the ticket: " + gss::describe(major, minor, mechanism));
    if (gss_display_name(&minor, user.raw(), shown.into(), nullptr) != GSS_S_COMPLETE)
        return std::unexpected("the ticket names no user");
    return taken_ticket{shown.bytes(), output.bytes()};
}

}  // namespace ucsignin::lab
