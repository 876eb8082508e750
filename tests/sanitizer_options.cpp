// gss-ntlmssp 1.2 keeps the digests that it fetches from OpenSSL, and MIT's SPNEGO a principal for each credential of
// an acceptor. Neither leak is ours; telling them apart needs whole stacks.

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __asan_default_options();

extern "C" const char* __lsan_default_suppressions() { return "leak:gssntlmssp.so\nleak:libgssapi_krb5.so\n"; }
extern "C" const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
