# The libraries that CMake finds by pkg-config alone: read by the build and by the installed package.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(GSSAPI REQUIRED IMPORTED_TARGET mit-krb5-gssapi)
# Its flag is -isystem, which becomes a folder at the first configuration and an option at each one after it, so that all would
# be compiled again. A folder it is.
pkg_get_variable(GSSAPI_FOLDER mit-krb5-gssapi includedir)
set_target_properties(PkgConfig::GSSAPI PROPERTIES INTERFACE_COMPILE_OPTIONS "" INTERFACE_INCLUDE_DIRECTORIES "${GSSAPI_FOLDER}")
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(RTAUDIO REQUIRED IMPORTED_TARGET rtaudio)
pkg_check_modules(AUDIO REQUIRED IMPORTED_TARGET libpulse alsa)
pkg_check_modules(NETLINK REQUIRED IMPORTED_TARGET libnl-3.0 libnl-route-3.0)
