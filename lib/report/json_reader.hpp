#pragma once
// Reads members of a JSON document that somebody else may have written. The first thing that is wrong is kept with its
// JSON pointer (RFC 6901); after it every read returns an empty value, so that a reader is written without branches.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

class json_reader {
public:
    // A value and the way to it.
    struct place {
        const nlohmann::ordered_json* value;
        std::string pointer;
    };

    [[nodiscard]] place member(const place& object, std::string_view key);                // an error when it is missing
    [[nodiscard]] std::optional<place> maybe(const place& object, std::string_view key);  // missing or null: nothing
    // Calls with the place of each element, until something is wrong.
    template <class Read>
    void each(const place& array, Read read) {
        const auto length = count(array);
        for (std::size_t at = 0; at < length && !error_; ++at) read(element(array, at));
    }

    [[nodiscard]] std::string text(const place& object, std::string_view key);
    [[nodiscard]] std::string maybe_text(const place& object, std::string_view key);  // "" when missing or null
    [[nodiscard]] double milliseconds(const place& object, std::string_view key);     // finite, not negative
    [[nodiscard]] int number(const place& object, std::string_view key, int least, int most);
    [[nodiscard]] bool flag(const place& object, std::string_view key);
    [[nodiscard]] std::string string_at(const place&);
    // A word of a closed list: `from` gives nothing for a word that it does not know.
    template <class From>
    [[nodiscard]] auto word(const place& object, std::string_view key, From from) ->
        typename decltype(from(""))::value_type {
        const auto said = text(object, key);
        const auto known = from(said);
        if (!known) fail(object.pointer + "/" + std::string(key), "'" + said + "' is not one of its values");
        return known.value_or(typename decltype(from(""))::value_type{});
    }

    void fail(std::string pointer, std::string what);
    [[nodiscard]] const std::optional<read_error>& error() const { return error_; }

private:
    [[nodiscard]] std::size_t count(const place& array);
    [[nodiscard]] static place element(const place& array, std::size_t at);
    std::optional<read_error> error_;
};

}  // namespace ucsignin::report
