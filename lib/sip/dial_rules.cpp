// PCRE2 stands in for .NET: both backtrack as Perl does. Patterns are an administrator's, so each match has a limit,
// and the optimizations are off that would hide what .NET would spend on them.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sip/dial_rules.hpp"

#include <algorithm>
#include <array>
#include <pcre2.h>

#include "sip/lexical.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::size_t longest_pattern = 2000, longest_number = 256, longest_result = 1000, most_rules = 500;
constexpr std::uint32_t most_steps = 5000, deepest = 2000, most_heap_kib = 1024;
constexpr std::size_t most_slow_rules = 3;  // of a plan: the others are then not tried out

// An extension, a national and an international number, an emergency call, and the longest that E.164 allows.
constexpr std::string_view ordinary[] = {"1001", "01711234567", "0033123456789", "112", "123456789012345"};

// [a-z-[aeiou]]: a class taken out of a class.
bool subtracts_a_class(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') ++i;
        else if (in_class && pattern.substr(i).starts_with("-[")) return true;
        else if (in_class ? pattern[i] == ']' : pattern[i] == '[') in_class = !in_class;
    }
    return false;
}

// Taken by .NET, and refused or meant otherwise by Perl.
bool is_of_dotnet(std::string_view pattern) {
    if (subtracts_a_class(pattern)) return true;
    // (?<open-close>...): groups that balance one another.
    for (auto at = pattern.find("(?<"); at != std::string_view::npos; at = pattern.find("(?<", at + 1)) {
        const auto name = pattern.substr(at + 3, pattern.find('>', at) - at - 3);
        if (!name.starts_with('=') && !name.starts_with('!') && name.find('-') != std::string_view::npos) return true;
    }
    return false;
}

// What PCRE2 refuses and .NET takes: look-behind of any length, blocks of characters by name.
bool is_beyond_pcre2(int error) {
    return error == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH || error == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED ||
           error == PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY;
}

std::string words_of(int error) {
    std::array<PCRE2_UCHAR, 200> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

struct freed {
    void operator()(pcre2_code* it) const { pcre2_code_free(it); }
    void operator()(pcre2_match_data* it) const { pcre2_match_data_free(it); }
    void operator()(pcre2_match_context* it) const { pcre2_match_context_free(it); }
    void operator()(pcre2_compile_context* it) const { pcre2_compile_context_free(it); }
};

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

class dial_rules::pattern {
public:
    using match_data = std::shared_ptr<pcre2_match_data>;

    // For all patterns of a plan, since it keeps the 20 kB that a match takes. "()" is the shortest group.
    static match_data room_for_any() { return {pcre2_match_data_create(longest_pattern / 2 + 1, nullptr), freed{}}; }

    // An error in `what`, when it can't be used.
    static std::unique_ptr<pattern> compile(std::string_view text, const match_data& data, dial_rule_fault& fault) {
        const std::unique_ptr<pcre2_compile_context, freed> limits(pcre2_compile_context_create(nullptr));
        pcre2_set_max_pattern_length(limits.get(), longest_pattern);
        pcre2_set_parens_nest_limit(limits.get(), 50);
        int error = 0;
        PCRE2_SIZE at = 0;
        constexpr auto as_dotnet = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_START_OPTIMIZE | PCRE2_NO_AUTO_POSSESS;
        auto* code = pcre2_compile(units(text), text.size(), as_dotnet, &error, &at, limits.get());
        const bool of_dotnet = is_of_dotnet(text);
        if (code && !of_dotnet) return std::unique_ptr<pattern>(new pattern(code, data));
        fault.ours = of_dotnet || is_beyond_pcre2(error);
        fault.what = fault.ours ? "it uses what .NET alone has, and is not evaluated here"
                                : words_of(error) + " at offset " + std::to_string(at);
        pcre2_code_free(code);
        return {};
    }

    // Of the pairs of offsets, 0 when there is no match, negative when it took too many steps.
    [[nodiscard]] int match(std::string_view in, std::size_t from = 0) const {
        const int found = pcre2_match(code_.get(), units(in), in.size(), from, 0, data_.get(), limits_.get());
        return found == PCRE2_ERROR_NOMATCH ? 0 : found;
    }
    [[nodiscard]] std::string_view group(std::string_view in, std::size_t number) const {
        const auto* at = pcre2_get_ovector_pointer(data_.get());
        if (number >= groups() || at[2 * number] == PCRE2_UNSET) return {};
        return in.substr(at[2 * number], at[2 * number + 1] - at[2 * number]);
    }
    [[nodiscard]] std::pair<std::size_t, std::size_t> place() const {
        const auto* at = pcre2_get_ovector_pointer(data_.get());
        return {std::min(at[0], at[1]), at[1]};  // \K may put the start behind the end
    }
    // The whole is the first.
    [[nodiscard]] std::size_t groups() const {
        std::uint32_t captured = 0;
        pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &captured);
        return captured + 1;
    }
    [[nodiscard]] std::optional<std::size_t> named(const std::string& name) const {
        const int number = pcre2_substring_number_from_name(code_.get(), units(name));
        return number > 0 ? std::optional(static_cast<std::size_t>(number)) : std::nullopt;
    }

private:
    pattern(pcre2_code* code, match_data data)
        : code_(code), data_(std::move(data)), limits_(pcre2_match_context_create(nullptr)) {
        pcre2_set_match_limit(limits_.get(), most_steps);
        pcre2_set_depth_limit(limits_.get(), deepest);
        pcre2_set_heap_limit(limits_.get(), most_heap_kib);
    }

    std::unique_ptr<pcre2_code, freed> code_;
    match_data data_;  // of the last match of any of them
    std::unique_ptr<pcre2_match_context, freed> limits_;
};

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number of a group after a "$": the longest that there is.
std::optional<std::size_t> group_number(std::string_view text, std::size_t groups, std::size_t& used) {
    std::optional<std::size_t> best;
    std::size_t value = 0;
    for (std::size_t i = 0; i < text.size() && i < 4 && is_digit(text[i]); ++i) {
        value = value * 10 + static_cast<std::size_t>(text[i] - '0');
        if (value < groups) {
            best = value;
            used = i + 1;
        }
    }
    return best;
}

// What is not dialled is left out: it is written for people.
std::string bare(std::string_view typed) {
    std::string number;
    for (const char c : typed.substr(0, longest_number))
        if (std::string_view(" -.()/\t").find(c) == std::string_view::npos) number += c;
    return number;
}

// "$1", "${1}", "${name}", "$&" and "$$"; another "$" stands for itself.
template <class Pattern>
std::string translated(const Pattern& by, std::string_view number, std::string_view translation) {
    std::string out;
    for (std::size_t i = 0; i < translation.size() && out.size() < longest_result; ++i) {
        const auto rest = translation.substr(i + 1);
        std::size_t used = 0;
        if (translation[i] != '$') {
            out += translation[i];
        } else if (rest.starts_with('$') || rest.starts_with('&')) {
            out += rest[0] == '$' ? std::string_view("$") : by.group(number, 0);
            ++i;
        } else if (const auto group = group_number(rest, by.groups(), used)) {
            out += by.group(number, *group);
            i += used;
        } else if (const auto end = rest.find('}'); rest.starts_with('{') && end != std::string_view::npos) {
            const std::string name(rest.substr(1, end - 1));
            const auto by_number = to_number<std::size_t>(name);
            const auto which = by_number && *by_number < by.groups() ? by_number : by.named(name);
            out += which ? by.group(number, *which) : translation.substr(i, end + 2);
            i += end + 1;
        } else {
            out += '$';
        }
    }
    return out;
}

// Of a pattern without anchors each match is replaced.
template <class Pattern>
std::string replaced(const Pattern& by, const std::string& number, std::string_view translation) {
    std::string out;
    std::size_t from = 0;
    while (from <= number.size() && out.size() <= longest_result && by.match(number, from) > 0) {
        const auto [begin, end] = by.place();
        out += number.substr(from, std::max(begin, from) - from);
        out += translated(by, number, translation);
        if (end == begin && begin < number.size()) out += number[begin];
        from = std::max(end, from) + (end == begin ? 1 : 0);
    }
    if (from < number.size()) out += number.substr(from);
    return out;
}

}  // namespace

dial_rules::dial_rules(const location_profile& plan)
    : beyond_(plan.rules.size() - std::min(plan.rules.size(), most_rules)),
      prefix_(plan.optimize_device_dialing ? plan.external_access_prefix : "") {
    const auto data = pattern::room_for_any();
    std::size_t slow = 0;
    for (std::size_t i = 0; i < std::min(plan.rules.size(), most_rules); ++i) {
        dial_rule_fault fault{i, {}};
        auto made = pattern::compile(plan.rules[i].pattern, data, fault);
        const auto is_slow = [&](std::string_view number) { return made->match(number) < 0; };
        if (made && slow < most_slow_rules && std::ranges::any_of(ordinary, is_slow)) {
            made.reset();
            ++slow;
            fault.what = "it takes more steps with an ordinary number than any rule should";
        }
        if (!made) faults_.push_back(std::move(fault));
        patterns_.push_back(std::move(made));
        translations_.push_back(plan.rules[i].translation);
    }
}
dial_rules::~dial_rules() = default;
dial_rules::dial_rules(dial_rules&&) noexcept = default;
dial_rules& dial_rules::operator=(dial_rules&&) noexcept = default;

dialled_number dial_rules::apply(std::string_view typed) const {
    dialled_number found;
    auto number = bare(typed);
    if (number.starts_with('+') || typed.find('@') != std::string_view::npos) {
        found.result = number.starts_with('+') ? number : std::string(typed);
        return found;
    }
    if (!prefix_.empty() && number.starts_with(prefix_) && number.size() > prefix_.size()) {
        number.erase(0, prefix_.size());
        found.external = true;
    }
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        const int groups = patterns_[i] ? patterns_[i]->match(number) : -1;
        if (groups <= 0) {
            ++(groups < 0 ? found.not_tried : found.passed_over);
            continue;
        }
        found.result = replaced(*patterns_[i], number, translations_[i]);
        found.rule = i;
        return found;
    }
    found.not_tried += beyond_;
    return found;
}

}  // namespace ucsignin::sip
