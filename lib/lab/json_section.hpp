#pragma once
// Strict reading of JSON objects: every key must be asked for, every value must have the type asked for. The first
// failure sticks, with its JSON pointer (RFC 6901); later reads then do nothing.

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

namespace ucsignin::lab {

struct json_fault {
    std::string where, what;
};

class json_section {
public:
    json_section(const nlohmann::json& value, std::string where, std::optional<json_fault>& fault);

    [[nodiscard]] bool has(std::string_view key);  // counts as asked for
    [[nodiscard]] bool is_null(std::string_view key);
    [[nodiscard]] bool is_object(std::string_view key);
    [[nodiscard]] std::string where(std::string_view key = {}) const;
    void fail(std::string_view key, std::string what);

    // Each leaves `into` alone when the key is not there.
    void read(std::string_view key, std::string& into);
    void read(std::string_view key, bool& into);
    void read(std::string_view key, double& into);
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
    // {"Name": "value" or ["value", ...]}: the names in alphabetical order, the values of one as they stand there.
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
    void read_object(std::string_view key, const std::function<void(json_section&)>& take);
    void read_objects(std::string_view key, const std::function<void(json_section&)>& take);  // a list of them
    void read_object_or_objects(std::string_view key, const std::function<void(json_section&)>& take);
    void read_members(
        std::string_view key, const std::function<void(const std::string& name, const std::string& value)>& take);
    // {"Name": ["value", ...]}: the section is the object, in which `name` is to be read.
    void read_names(std::string_view key, const std::function<void(json_section& in, const std::string& name)>& take);

    void finish();  // a key that nobody asked for is a failure

private:
    [[nodiscard]] const nlohmann::json* find(std::string_view key);
    void read_number(
        std::string_view key, std::int64_t least, std::int64_t most, const std::function<void(std::int64_t)>& take);

    const nlohmann::json& value_;
    std::string where_;
    std::optional<json_fault>& fault_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace ucsignin::lab
