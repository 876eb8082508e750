// The files that somebody names in the options, tried before anything is waited for.

#include "host/keylog.hpp"
#include "net/tls.hpp"
#include "ucsignin/files.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::signin {

std::expected<void, std::string> check_ca_file(const std::string& file, std::chrono::steady_clock::time_point until) {
    constexpr host::input_limit longest{.bytes = 16u << 20};
    if (const auto read = host::read_file(file, longest, until); !read) return std::unexpected(read.error().detail);
    if (const auto loaded = net::trust_store::load(false, {file}); !loaded)
        return std::unexpected(loaded.error().detail);
    return {};
}

std::expected<void, std::string> check_keylog(const std::string& file) {
    if (const auto opened = host::open_keylog(file); !opened) return std::unexpected(opened.error().detail);
    return {};
}

}  // namespace ucsignin::signin
