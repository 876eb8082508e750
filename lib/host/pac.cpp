// Proxy scripts: the answer's grammar, and the parent's side of their evaluation.

#include <charconv>
#include <nlohmann/json.hpp>

#include "host/child.hpp"
#include "host/pac.hpp"
#include "host/text.hpp"
#include "trace/json_text.hpp"

namespace ucsignin::host {

namespace {

using json = nlohmann::json;
constexpr std::size_t longest_answer = 64 * 1024;
constexpr std::size_t most_ways = 16;

bool take_place(std::string_view place, pac_way& into) {
    const auto colon = place.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto number = place.substr(colon + 1);
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), into.port);
    if (problem != std::errc{} || end != number.data() + number.size() || into.port == 0) return false;
    auto name = place.substr(0, colon);
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    into.host = lower(without_final_dot(name));
    return !into.host.empty() && into.host.find_first_of("/@\"<>") == std::string::npos;
}

std::expected<std::vector<std::string>, std::string> read_answers(const std::string& text, std::size_t wanted) {
    const auto document = trace::parse_json(text);
    if (!document || !document->is_object()) return std::unexpected("the script's evaluation left nothing readable");
    if (const auto error = document->find("error"); error != document->end() && error->is_string())
        return std::unexpected(error->get<std::string>().substr(0, 200));
    std::vector<std::string> answers;
    if (const auto list = document->find("results"); list != document->end() && list->is_array())
        for (const auto& one : *list)
            if (one.is_string()) answers.push_back(one.get<std::string>().substr(0, 1000));
    if (answers.size() != wanted) return std::unexpected("the script did not answer every question");
    return answers;
}

}  // namespace

std::vector<pac_way> parse_pac_result(std::string_view text) {
    std::vector<pac_way> ways;
    for (const auto piece : split(text, ";")) {
        const auto words = split(piece, " \t\r\n");
        if (words.empty() || words.size() > 2 || ways.size() == most_ways) continue;
        pac_way way{.text = std::string{words[0]} + (words.size() == 2 ? " " + std::string{words[1]} : "")};
        const auto kind = lower(words[0]);
        if (kind == "direct" && words.size() == 1) {
            ways.push_back(std::move(way));
            continue;
        }
        if (words.size() != 2 || !take_place(words[1], way)) continue;
        const bool known = kind == "proxy" || kind == "http";
        if (!known && kind != "https" && !kind.starts_with("socks")) continue;
        way.how = known ? pac_way::kind::proxy : pac_way::kind::unsupported;
        ways.push_back(std::move(way));
    }
    if (ways.empty()) ways.push_back({.text = "DIRECT"});
    return ways;
}

awaitable<std::expected<std::vector<std::string>, std::string>> evaluate_pac(
    std::string executable, std::string script, std::string own_address, std::vector<pac_question> questions,
    deadline until) {
    json call = {{"script", std::move(script)}, {"address", std::move(own_address)}, {"questions", json::array()}};
    for (const auto& q : questions) call["questions"].push_back({{"url", q.url}, {"host", q.host}});
    child_call wanted{
        std::move(executable),
        std::string{pac_probe_argument},
        call.dump(-1, ' ', false, json::error_handler_t::replace),
        "proxy script's evaluation",
        "the proxy script did not end in time",
        longest_answer};
    const auto text = co_await run_child(std::move(wanted), until);
    if (!text) co_return std::unexpected(text.error());
    co_return read_answers(*text, questions.size());
}

}  // namespace ucsignin::host
