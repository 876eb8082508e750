#include "report/phrases.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "report/shapes.hpp"

namespace ucsignin::report {
namespace {

// "Contoso" is no phrase of "Contoso.example", nor of "Contoso-PC", which are names of their own.
bool ends_before(std::string_view text, std::size_t at) {
    if (at == text.size()) return true;
    if (is_word(text[at])) return false;
    const bool joins = std::string_view(".-@\\").find(text[at]) != std::string_view::npos;
    return !joins || at + 1 == text.size() || !is_word(text[at + 1]);
}

// Such a phrase overlaps itself: each place of a text that is made of it would be walked to its end.
bool repeats_a_word(std::string_view phrase) {
    constexpr std::size_t most = 8;
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t at = 0; at < phrase.size();) {
        const auto end = std::min(phrase.find(' ', at), phrase.size());
        if (end > at && ++seen[phrase.substr(at, end - at)] > most) return true;
        at = end + 1;
    }
    return false;
}

}  // namespace

std::uint32_t phrase_book::child(std::uint32_t of, char c) const {
    auto at = of == 0 ? first_[static_cast<unsigned char>(c)] : nodes_[of].child;
    while (at != 0 && nodes_[at].letter != c) at = nodes_[at].sibling;
    return at;
}

void phrase_book::add(std::string_view phrase, std::string stand_in) {
    if (phrase.empty() || repeats_a_word(phrase)) return;
    std::uint32_t here = 0;
    for (const char c : phrase) {
        auto to = child(here, c);
        if (to == 0) {
            to = static_cast<std::uint32_t>(nodes_.size());
            auto& first = here == 0 ? first_[static_cast<unsigned char>(c)] : nodes_[here].child;
            const auto sibling = std::exchange(first, to);
            nodes_.push_back({c, 0, sibling, {}});
        }
        here = to;
    }
    if (nodes_[here].stand_in.empty()) nodes_[here].stand_in = std::move(stand_in);
}

phrase_book::match phrase_book::longest_at(std::string_view text, std::size_t at) const {
    match longest;
    std::uint32_t here = 0;
    for (auto i = at; i < text.size(); ++i) {
        here = child(here, text[i]);
        if (here == 0) break;
        if (!nodes_[here].stand_in.empty() && ends_before(text, i + 1)) longest = {i + 1 - at, nodes_[here].stand_in};
    }
    return longest;
}

}  // namespace ucsignin::report
