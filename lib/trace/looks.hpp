#pragma once
// The looks of the second round, and those beside discovery: the words of the evidence ucsignin.probe. The diagnosis
// asks for them, the sign-in carries them out. They are a public interface.

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace ucsignin::trace {

inline constexpr std::string_view all_looks[] = {
    // discovery.cross_check
    "checking_disabled", "dns_tcp", "authoritative", "cname_chain", "near_miss", "unrelated_name", "other_resolver",
    "nat64",
    // connection.cross_check
    "no_sni", "neutral_sni", "small_segments", "tls_1_2", "tls_1_1", "tls_scan", "usual_ports", "other_source",
    "other_adapter", "address", "aia", "unrelated_host", "plain_http",
    // registration.cross_check
    "sip_ntlm"};

// A look named in code. A misspelt word does not compile.
class look_ref {
public:
    consteval look_ref(const char* word) : word_(known(word)) {}
    [[nodiscard]] constexpr std::string_view word() const { return word_; }
    [[nodiscard]] friend constexpr bool operator==(std::string_view text, look_ref look) { return text == look.word_; }

private:
    static consteval std::string_view known(std::string_view word) {
        for (const std::string_view look : all_looks)
            if (look == word) return look;
        throw std::logic_error("no such second look");
    }
    std::string_view word_;
};

inline namespace literals {
[[nodiscard]] consteval look_ref operator""_look(const char* word, std::size_t) { return word; }
}  // namespace literals

}  // namespace ucsignin::trace
