#include "report/phrases.hpp"

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

}  // namespace

void phrase_book::add(std::string_view phrase, std::string stand_in) {
    std::size_t here = 0;
    for (const char c : phrase) {
        const auto [to, added] = nodes_[here].next.try_emplace(c, nodes_.size());
        here = to->second;
        if (added) nodes_.emplace_back();
    }
    if (here != 0 && nodes_[here].stand_in.empty()) nodes_[here].stand_in = std::move(stand_in);
}

phrase_book::match phrase_book::longest_at(std::string_view text, std::size_t at) const {
    match longest;
    std::size_t here = 0;
    for (auto i = at; i < text.size(); ++i) {
        const auto to = nodes_[here].next.find(text[i]);
        if (to == nodes_[here].next.end()) break;
        here = to->second;
        if (!nodes_[here].stand_in.empty() && ends_before(text, i + 1)) longest = {i + 1 - at, nodes_[here].stand_in};
    }
    return longest;
}

}  // namespace ucsignin::report
