// links: net sip trace
// What a client does between exchanges: challenge lists, cookies, sloppy heads, packed bodies, redirects.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/challenges.hpp"
#include "net/http_cookies.hpp"
#include "net/http_lax.hpp"
#include "sip/message.hpp"

using namespace ucsignin;
using namespace ucsignin::net;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_challenges(std::string_view text) {
    const auto all = split_challenges(text);
    require(all.size() <= 64);
    for (const auto one : all)
        require(!one.empty() && one.data() >= text.data() && one.data() + one.size() <= text.data() + text.size());
    (void)sip::parse_challenges(text);
}

void try_cookies(std::string_view text) {
    const auto from = http::parse_url("https://a.contoso.example/x/y");
    http::cookie_jar jar;
    http::response answer;
    answer.headers.emplace_back("Set-Cookie", std::string(text));
    jar.keep(*from, answer, 1795000000);
    const auto line = jar.for_request(*from, 1795000000);
    require(line.find_first_of("\r\n") == std::string::npos);
    require(line.size() <= text.size() + 1);
}

void try_head(std::string_view text) {
    http::lax_notes notes;
    const auto once = http::tidy_head(text, notes);
    require(once == "\r\n" || http::end_of_head(once) == once.size());
    http::lax_notes none;
    require(http::tidy_head(once, none) == once);  // what is tidy stays as it is
}

void try_body(std::string_view text) {
    for (const auto how : {http::packing::gzip, http::packing::deflate}) {
        std::string body(text);
        if (http::unpack(how, body, 65536)) require(body.size() <= 65536 || body.size() == text.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_challenges(text);
    try_cookies(text);
    try_head(text);
    try_body(text);
    (void)http::resolve(*http::parse_url("https://a.contoso.example/x"), text);
    return 0;
}
