#pragma once
// Reads the members of a JSON object that somebody else may have written: every value must have the type asked for. The
// first that is wrong sticks, with its JSON pointer (RFC 6901); later reads then do nothing.

#include <array>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ucsignin::trace {

struct member_fault {
    std::string where, what;
};

class json_section {
public:
    // Strict: a key that nobody asks for is wrong, and null is a value. Lenient, for what a later version may have
    // written: other keys may stand there, and null is as good as no member.
    enum class reading { strict, lenient };
    json_section(
        const nlohmann::ordered_json& value, std::string where, std::optional<member_fault>& fault, reading how);

    [[nodiscard]] bool has(std::string_view key);  // counts as asked for
    [[nodiscard]] bool is_null(std::string_view key);
    [[nodiscard]] bool is_object(std::string_view key);
    [[nodiscard]] std::string where(std::string_view key = {}) const;
    void fail(std::string_view key, std::string what);
    [[nodiscard]] const nlohmann::ordered_json* find(std::string_view key);  // of whatever type

    // Each leaves `into` alone when the key is not there.
    void read(std::string_view key, std::string& into);
    void read(std::string_view key, bool& into);
    void read(std::string_view key, double& into, double least = -100000, double most = 100000);
    void read(std::string_view key, std::vector<std::string>& into);
    void read(std::string_view key, int& into, std::int64_t least, std::int64_t most);
    void read(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most);
    template <class T>
    void read(std::string_view key, std::optional<T>& into) {
        if (!has(key)) return;
        T value{};
        read(key, value);
        into = std::move(value);
    }
    // The same for what has to be there.
    template <class T, class... Limits>
    void require(std::string_view key, T& into, Limits... limits) {
        if (present(key)) read(key, into, limits...);
    }
    // A word of a closed list: `from` gives nothing for one that it does not know.
    template <class T, class From>
    void require_word(std::string_view key, T& into, From from) {
        std::string word;
        require(key, word);
        if (fault_) return;
        if (auto known = from(word)) into = *std::move(known);
        else fail(key, "'" + word + "' is not one of its values");
    }
    // {"Name": "value" or ["value", ...]}, in the order in which they stand there.
    // `wrong` says what is wrong with a value, "" for nothing.
    using value_check = std::function<std::string(const std::string& value)>;
    void read_pairs(
        std::string_view key, std::vector<std::pair<std::string, std::string>>& into, const value_check& wrong = {});
    template <class T, std::size_t N>
    void read_choice(std::string_view key, T& into, const std::array<std::pair<std::string_view, T>, N>& choices) {
        std::string word, known;
        if (!has(key)) return;
        read(key, word);
        for (const auto& [name, value] : choices) {
            if (name == word) {
                into = value;
                return;
            }
            known += (known.empty() ? "" : ", ") + std::string(name);
        }
        fail(key, "must be one of " + known);
    }
    // The object under `key`; nothing happens when it is not there.
    using taker = std::function<void(json_section&)>;
    void read_object(std::string_view key, const taker& take);
    void read_objects(std::string_view key, const taker& take);  // a list of them
    void require_object(std::string_view key, const taker& take) {
        if (present(key)) read_object(key, take);
    }
    void require_objects(std::string_view key, const taker& take) {
        if (present(key)) read_objects(key, take);
    }
    void read_object_or_objects(std::string_view key, const taker& take);
    void read_members(
        std::string_view key, const std::function<void(const std::string& name, const std::string& value)>& take);
    // {"Name": ["value", ...]}: the section is the object, in which `name` is to be read.
    void read_names(std::string_view key, const std::function<void(json_section& in, const std::string& name)>& take);

    void finish();  // strict: a key that nobody asked for is a failure

private:
    bool present(std::string_view key);  // a failure when it is not there
    void read_number(
        std::string_view key, std::int64_t least, std::int64_t most, const std::function<void(std::int64_t)>& take);

    const nlohmann::ordered_json& value_;
    std::string where_;
    std::optional<member_fault>& fault_;
    reading how_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace ucsignin::trace
