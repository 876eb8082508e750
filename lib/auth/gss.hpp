#pragma once
// GSSAPI (RFC 2744) with owners for what it hands out. Everything here may block: worker threads only.

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <string>
#include <string_view>
#include <utility>

namespace ucsignin::auth::gss {

[[nodiscard]] gss_OID ntlm();      // 1.3.6.1.4.1.311.2.2.10, gss-ntlmssp
[[nodiscard]] gss_OID spnego();    // 1.3.6.1.5.5.2
[[nodiscard]] gss_OID kerberos();  // 1.2.840.113554.1.2.2
[[nodiscard]] bool is_installed(gss_OID mechanism);

// A handle with the function that gives it back.
template <class Handle, OM_uint32 (*Release)(OM_uint32*, Handle*)>
class owned {
public:
    owned() = default;
    ~owned() { reset(); }
    owned(const owned&) = delete;
    owned& operator=(const owned&) = delete;
    [[nodiscard]] Handle raw() const { return handle_; }
    [[nodiscard]] Handle* into() { return &handle_; }
    void swap(owned& other) noexcept { std::swap(handle_, other.handle_); }
    void reset() {
        OM_uint32 minor = 0;
        if (handle_ != nullptr) Release(&minor, &handle_);
    }

private:
    Handle handle_ = nullptr;
};

inline OM_uint32 delete_context(OM_uint32* minor, gss_ctx_id_t* context) {
    return gss_delete_sec_context(minor, context, GSS_C_NO_BUFFER);
}
using name = owned<gss_name_t, gss_release_name>;
using credential = owned<gss_cred_id_t, gss_release_cred>;
using context = owned<gss_ctx_id_t, delete_context>;

class buffer {
public:
    buffer() = default;
    ~buffer() {
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &descriptor_);
    }
    buffer(const buffer&) = delete;
    buffer& operator=(const buffer&) = delete;
    [[nodiscard]] gss_buffer_t into() { return &descriptor_; }
    [[nodiscard]] std::string bytes() const {
        return {static_cast<const char*>(descriptor_.value), descriptor_.length};
    }

private:
    gss_buffer_desc descriptor_ = GSS_C_EMPTY_BUFFER;
};

// A view on bytes as GSSAPI wants it; they must outlive the call.
[[nodiscard]] gss_buffer_desc view(std::string_view bytes);
// gss-ntlmssp takes what follows an @ for a domain unless it is escaped. Servers know the user of a UPN by the whole of
// it, with an empty domain; and the part after the @ need not be the domain's DNS name.
[[nodiscard]] std::string escape_upn(const std::string& login);
// The Kerberos principal of a log-in name. A realm is a domain's DNS name in capitals (RFC 4120 6.1); of DOMAIN\user
// only the default realm can be meant.
[[nodiscard]] std::string principal_of(const std::string& login);
// Whether a ticket of this principal is the user's. DOMAIN is the realm's first label as a rule; the part of a UPN
// after the
// @ need not be the realm at all.
[[nodiscard]] bool is_principal_of(const std::string& principal, const std::string& login);
// What GSSAPI has to say about a failure, on one line.
[[nodiscard]] std::string describe(OM_uint32 major, OM_uint32 minor, gss_OID mechanism);

}  // namespace ucsignin::auth::gss
