#pragma once
// Names of several words, to be found in longer texts. A tree of bytes: looking one up costs its own length, however
// many there are.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::report {

class phrase_book {
public:
    struct match {
        std::size_t length = 0;  // 0: none
        std::string_view stand_in;
    };

    // The first stand-in stays. One that says the same word over and over is no name.
    void add(std::string_view phrase, std::string stand_in);
    // The longest phrase that begins there, as it is written, and that no letter, digit or joined word follows.
    [[nodiscard]] match longest_at(std::string_view text, std::size_t at) const;

private:
    struct node {
        char letter = 0;
        std::uint32_t child = 0, sibling = 0;  // 0: none
        std::string stand_in;
    };
    [[nodiscard]] std::uint32_t child(std::uint32_t of, char c) const;
    std::array<std::uint32_t, 256> first_{};  // the first node's children: every word of a text is looked up there
    std::vector<node> nodes_ = std::vector<node>(1);
};

}  // namespace ucsignin::report
