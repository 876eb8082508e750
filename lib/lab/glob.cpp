#include "lab/glob.hpp"

#include "sip/lexical.hpp"

namespace ucsignin::lab {

// The last star takes as little as it can, and one more whenever the rest doesn't fit: no recursion, no blow-up.
bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && sip::same_word(pattern.substr(p, 1), text.substr(t, 1))) {
            ++p, ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace ucsignin::lab
