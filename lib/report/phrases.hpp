#pragma once
// Names of several words, to be found in longer texts. A tree of bytes: looking one up costs its own length, however
// many there are.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::report {

class phrase_book {
public:
    struct match {
        std::size_t length = 0;              // 0: none
        std::string_view stand_in;
    };

    void add(std::string_view phrase, std::string stand_in);   // the first one stays
    // The longest phrase that begins there, as it is written, and that no letter, digit or joined word follows.
    [[nodiscard]] match longest_at(std::string_view text, std::size_t at) const;

private:
    struct node {
        std::map<char, std::size_t> next;
        std::string stand_in;
    };
    std::vector<node> nodes_ = std::vector<node>(1);
};

}  // namespace ucsignin::report
