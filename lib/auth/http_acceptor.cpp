#include "auth/http_acceptor.hpp"

#include <gssapi/gssapi_ntlmssp.h>

#include <array>
#include <optional>

#include "auth/gss.hpp"
#include "host/memory_file.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::auth {
namespace {

// One line for gss-ntlmssp: DOMAIN:user:password. A user principal name comes with an empty domain.
std::string line_of(const std::string& name, const secret& password, const std::string& domain) {
    return (name.find('@') == std::string::npos ? domain : "") + ':' + name + ':' + password.reveal() + '\n';
}

// The passwords in a file of our own, in memory. gss-ntlmssp opens it when a login is verified, so it lives as long as
// the exchange.
net::result<host::memory_file> write_users(const std::map<std::string, secret>& users, const std::string& domain) {
    std::string lines;
    for (const auto& [name, password] : users) {
        if ((domain + name + password.reveal()).find_first_of(":\r\n") != std::string::npos)
            return std::unexpected(
                net::error{net::fault::other, "the format of the user file has no place for a colon", 0});
        lines += line_of(name, password, domain);
    }
    const secret content(std::move(lines));
    auto file = host::memory_file::make("users", content.reveal());
    if (!file) return std::unexpected(net::error{net::fault::other, file.error(), 0});
    return std::move(*file);
}

std::unexpected<net::error> refuse(const std::string& doing, OM_uint32 major, OM_uint32 minor) {
    return std::unexpected(net::error{net::fault::other, doing + ": " + gss::describe(major, minor, gss::ntlm()), 0});
}

// "CONTOSO\alice" -> "alice"
std::string account_of(const std::string& shown) {
    const auto slash = shown.find('\\');
    return shown.substr(slash == std::string::npos ? 0 : slash + 1).c_str();  // some versions count the final NUL
}

}  // namespace

struct http_acceptor::state {
    std::optional<host::memory_file> users;
    gss::credential credential;
    gss::context context;
};

http_acceptor::http_acceptor(std::unique_ptr<state> from) : state_(std::move(from)) {}
http_acceptor::~http_acceptor() = default;

net::result<std::unique_ptr<http_acceptor>> http_acceptor::make(
    const std::map<std::string, secret>& users, const std::string& domain, const std::string& host) {
    auto file = write_users(users, domain);
    if (!file) return std::unexpected(file.error());
    auto out = std::make_unique<state>();
    out->users = std::move(*file);
    const auto path = out->users->path();
    gss_key_value_element_desc entry{GSS_NTLMSSP_CS_KEYFILE, path.c_str()};
    const gss_key_value_set_desc store{1, &entry};
    std::array mechanisms = {*gss::ntlm(), *gss::spnego()};
    gss_OID_set_desc both{mechanisms.size(), mechanisms.data()}, only{1, gss::ntlm()};
    OM_uint32 minor = 0;
    gss::name own;  // without a name, gss-ntlmssp takes the file for a client's and breaks when it is used
    const auto full = "HTTP@" + host;
    auto service = gss::view(full);
    auto major = gss_import_name(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, own.into());
    if (GSS_ERROR(major)) return refuse("naming the acceptor", major, minor);
    major = gss_acquire_cred_from(
        &minor, own.raw(), GSS_C_INDEFINITE, &both, GSS_C_ACCEPT, &store, out->credential.into(), nullptr, nullptr);
    if (!GSS_ERROR(major)) major = gss_set_neg_mechs(&minor, out->credential.raw(), &only);
    if (GSS_ERROR(major)) return refuse("taking the acceptor's credential", major, minor);
    return std::unique_ptr<http_acceptor>(new http_acceptor(std::move(out)));
}

net::result<http_acceptor::answer> http_acceptor::step(const std::string& token) {
    const auto bytes = sip::from_base64(token);
    if (!bytes) return std::unexpected(net::error{net::fault::protocol, "the token is not Base64", 0});
    auto input = gss::view(*bytes);
    gss::buffer output, shown;
    gss::name user;
    OM_uint32 minor = 0;
    auto major = gss_accept_sec_context(
        &minor, state_->context.into(), state_->credential.raw(), &input, GSS_C_NO_CHANNEL_BINDINGS, user.into(),
        nullptr, output.into(), nullptr, nullptr, nullptr);
    if (GSS_ERROR(major)) return refuse("verifying the login", major, minor);
    answer out{sip::base64(output.bytes()), major == GSS_S_COMPLETE, {}};
    if (!out.complete) return out;
    major = gss_display_name(&minor, user.raw(), shown.into(), nullptr);
    if (GSS_ERROR(major)) return refuse("naming the user", major, minor);
    out.user = account_of(shown.bytes());
    return out;
}

}  // namespace ucsignin::auth
