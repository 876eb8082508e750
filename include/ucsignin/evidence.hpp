#pragma once
// Facts that a trace holds: each under a name whose type, kind and provenance are known when compiling.

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ucsignin::trace {

// What a value is, which decides how it is masked and escaped.
enum class value_kind { host, sip_uri, address, dn, url, text, number, code, time };
enum class provenance { ours, server, user, system };

[[nodiscard]] std::string_view to_string(value_kind);
[[nodiscard]] std::string_view to_string(provenance);
[[nodiscard]] std::optional<value_kind> value_kind_from(std::string_view);
[[nodiscard]] std::optional<provenance> provenance_from(std::string_view);

using value = std::variant<bool, std::int64_t, double, std::string>;

// One name of the evidence registry (lib/trace/evidence.hpp). Secrets have no name there: they can't be noted.
struct evidence_entry {
    std::string_view name;  // dotted, as OpenTelemetry spells it where it has a name for the thing
    value_kind kind;
    provenance from;        // who says so, unless the caller knows better
    std::string_view unit;  // "ms", "s", "bytes", "" for none
    std::string_view doc;   // one line for the person who reads the report
};
// The same with the type of its values: what writes and what reads it is checked when compiling.
template <class T>
struct evidence_name : evidence_entry {
    using value_type = T;
};
// A word of a list that stands beside its name. One that the list lacks does not compile.
template <const auto& Words>
class code_word {
public:
    consteval code_word(const char* word) : word_(word) {
        if (!from(word)) throw std::logic_error("no such code word");
    }
    // For a word that is known at run time only.
    [[nodiscard]] static constexpr std::optional<code_word> from(std::string_view word) {
        // Copies: under UBSan g++ 12 takes no comparison through the array's element for a constant expression.
        for (const std::string_view known : Words)
            if (known == word) return code_word(known);
        return std::nullopt;
    }
    [[nodiscard]] constexpr std::string_view word() const { return word_; }
    friend constexpr bool operator==(code_word, code_word) = default;

private:
    constexpr explicit code_word(std::string_view known) : word_(known) {}
    std::string_view word_;
};
// What a trace holds where such a word belongs: "" when there is none, or, in a report from elsewhere, any other.
template <const auto& Words>
class told_word {
public:
    explicit told_word(std::string told) : told_(std::move(told)) {}
    [[nodiscard]] const std::string& str() const { return told_; }
    [[nodiscard]] bool empty() const { return told_.empty(); }
    friend bool operator==(const told_word& told, code_word<Words> word) { return told.told_ == word.word(); }

private:
    std::string told_;
};

// What may be noted under a name of values of type T: no flag as a number, no number as a text.
template <class V, class T>
concept value_for = (std::same_as<T, std::string> && std::convertible_to<V, std::string_view>) ||
                    (std::same_as<T, bool> && std::same_as<std::remove_cvref_t<V>, bool>) ||
                    (std::same_as<T, std::int64_t> && std::integral<std::remove_cvref_t<V>> &&
                     !std::same_as<std::remove_cvref_t<V>, bool>) ||
                    (std::same_as<T, double> && std::is_arithmetic_v<std::remove_cvref_t<V>> &&
                     !std::same_as<std::remove_cvref_t<V>, bool>);

// A value under a name, checked when it is made.
struct fact {
    template <class T, value_for<T> V>
    fact(const evidence_name<T>& of, V&& noted) : name(&of), value(T(std::forward<V>(noted))) {}
    template <const auto& Words>
    fact(const evidence_name<code_word<Words>>& of, std::type_identity_t<code_word<Words>> noted)
        : name(&of), value(std::string(noted.word())) {}
    const evidence_entry* name;
    trace::value value;
};

struct evidence {
    std::string name;
    trace::value value;
    value_kind kind;
    provenance from;
    int group = 0;  // values of a span that bear one number belong together; 0 is on its own
};

[[nodiscard]] std::string text_in(const evidence*);  // "" when there is none, or it is no text

// Values of one span that belong together. Keeps pointers: the span must outlive it.
class values {
public:
    void add(const evidence& one) { of_.push_back(&one); }
    [[nodiscard]] const evidence* find(std::string_view name) const;
    [[nodiscard]] bool has(const evidence_entry& e) const { return find(e.name) != nullptr; }
    // As those of a span.
    [[nodiscard]] std::string text(const evidence_name<std::string>&) const;
    template <const auto& Words>
    [[nodiscard]] told_word<Words> word(const evidence_name<code_word<Words>>& name) const {
        return told_word<Words>(text_in(find(name.name)));
    }
    [[nodiscard]] std::optional<std::int64_t> number(const evidence_name<std::int64_t>&) const;
    [[nodiscard]] std::optional<double> number(const evidence_name<double>&) const;
    [[nodiscard]] bool is(const evidence_name<bool>&) const;
    [[nodiscard]] std::vector<std::string> texts(const evidence_name<std::string>&) const;
    template <const auto& Words>
    [[nodiscard]] std::vector<told_word<Words>> words(const evidence_name<code_word<Words>>& name) const {
        std::vector<told_word<Words>> all;
        for (const auto* e : of_)
            if (e->name == name.name) all.emplace_back(text_in(e));
        return all;
    }

private:
    std::vector<const evidence*> of_;
};

}  // namespace ucsignin::trace
