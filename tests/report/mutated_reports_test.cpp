// Reports that somebody changed, by bytes and by values: each is refused with a place, or shown and masked without a
// character that steers a terminal. The same 2000 in each run.
#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "samples.hpp"
#include "trace/visible.hpp"

using namespace ucsignin;
using json = nlohmann::ordered_json;

namespace {

class mutator {
public:
    explicit mutator(unsigned seed) : random_(seed) {}

    std::string by_bytes(std::string text) {
        for (auto changes = below(4) + 1; changes > 0; --changes) {
            const auto at = below(text.size());
            switch (below(4)) {
                case 0: text[at] = static_cast<char>(below(256)); break;
                case 1: text.erase(at, below(40) + 1); break;
                case 2: text.insert(at, text.substr(below(text.size()), below(60))); break;
                default: text.insert(at, pieces[below(pieces.size())]); break;
            }
        }
        return text;
    }

    std::string by_values(json document) {
        for (auto changes = below(6) + 1; changes > 0; --changes) change(document);
        return document.dump(-1, ' ', false, json::error_handler_t::ignore);
    }

private:
    static constexpr std::array<std::string_view, 9> pieces{
        "\x1b]0;x\x07", "\xc2\x9b", "\xe2\x80\xae", "\xff\xfe", "{\"a\":", "[[[[", "\\u202e\\ud800", "1e999", "\n\r"};
    static constexpr std::array<std::string_view, 9> texts{
        "",
        "\x1b[2J\x1b]0;owned\x07",
        "a\xe2\x80\xae"
        "b\xc2\x85"
        "c\xf3\xa0\x81\x81",
        "\n\n",
        "host.contoso.example:443",
        "CN=a, O=b\\, c",
        "sip:alice@contoso.example;gruu",
        "0000000000000001",
        "connection.tls"};

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

    json other() {
        switch (below(7)) {
            case 0: return nullptr;
            case 1: return -1;
            case 2: return 1e18;
            case 3: return json::array({json::object(), "x"});
            case 4: return std::string(below(3000), 'x') + std::string(texts[below(texts.size())]);
            default: return std::string(texts[below(texts.size())]);
        }
    }

    // Walks to a value by chance and makes another of it: mostly of its kind, so that reading goes on.
    void change(json& at) {
        if ((at.is_object() || at.is_array()) && !at.empty() && below(12) > 0) {
            auto next = at.begin();
            std::advance(next, static_cast<std::ptrdiff_t>(below(at.size())));
            if (at.is_array() && below(20) == 0) at.push_back(json(*next));
            else if (below(40) == 0) at.erase(next);
            else change(*next);
        } else if (at.is_string() && below(10) > 0) at = std::string(texts[below(texts.size())]);
        else if (!at.is_structured()) at = other();
    }

    std::mt19937 random_;
};

// False when it is refused.
bool bears(const std::string& text) {
    const auto read = report::from_json(text);
    if (!read) {
        CHECK_FALSE(read.error().what.empty());
        return false;
    }
    const auto shown = report::to_text(*read, {.verbose = true});
    CHECK(trace::visible_lines(shown) == shown);
    const auto masked = report::to_json(report::mask(*read));
    CHECK(trace::visible_json(masked) == masked);
    CHECK(report::from_json(masked).has_value());
    return true;
}

}  // namespace

TEST_CASE("2000 reports that somebody changed are refused or borne") {
    const std::array<std::string, 3> originals{
        report::to_json(report::samples::healthy()), report::to_json(report::samples::stopped()),
        report::to_json(report::samples::interrupted())};
    int borne = 0;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        mutator change(seed);
        const auto& original = originals[seed % originals.size()];
        borne += bears(seed % 4 == 0 ? change.by_bytes(original) : change.by_values(json::parse(original)));
    }
    CHECK(borne > 300);
    CHECK(borne < 1900);
}
