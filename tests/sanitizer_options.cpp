// gss-ntlmssp 1.2 keeps the digests that it fetches from OpenSSL, and MIT's SPNEGO a principal for each credential of
// an acceptor. Neither leak is ours, so what these calls allocate is not looked for. Suppressions by the library's name
// would need the whole stack of every allocation, which triples the time of a test. Who wants to see the whole stack of
// another leak sets ASAN_OPTIONS=fast_unwind_on_malloc=0.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)

#include <dlfcn.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <sanitizer/lsan_interface.h>

namespace {

// The library's own function, behind ours of the same name.
template <class F>
F* behind(const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#define NOT_OURS(name, parameters, arguments)                           \
    extern "C" OM_uint32 name parameters {                              \
        static const auto theirs = behind<OM_uint32 parameters>(#name); \
        const __lsan::ScopedDisabler not_ours;                          \
        return theirs arguments;                                        \
    }

// clang-format off
NOT_OURS(gss_accept_sec_context,
    (OM_uint32* a, gss_ctx_id_t* b, gss_cred_id_t c, gss_buffer_t d, gss_channel_bindings_t e, gss_name_t* f, gss_OID* g,
     gss_buffer_t h, OM_uint32* i, OM_uint32* j, gss_cred_id_t* k),
    (a, b, c, d, e, f, g, h, i, j, k))
NOT_OURS(gss_acquire_cred_from,
    (OM_uint32* a, gss_name_t b, OM_uint32 c, gss_OID_set d, gss_cred_usage_t e, gss_const_key_value_set_t f,
     gss_cred_id_t* g, gss_OID_set* h, OM_uint32* i),
    (a, b, c, d, e, f, g, h, i))
NOT_OURS(gss_acquire_cred_with_password,
    (OM_uint32* a, gss_name_t b, gss_buffer_t c, OM_uint32 d, gss_OID_set e, gss_cred_usage_t f, gss_cred_id_t* g,
     gss_OID_set* h, OM_uint32* i),
    (a, b, c, d, e, f, g, h, i))
// clang-format on

#endif
#endif
