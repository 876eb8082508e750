// What this process may take from the system, and settings of the system that would end it.

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "host/host.hpp"
#include "host/text.hpp"
#include "ucsignin/host.hpp"

namespace ucsignin::host {
namespace {

constexpr rlim_t enough_files = 1024;
constexpr std::size_t longest_name = 255, most_bytes = 4u << 20;
constexpr std::string_view blank = " \t\r\f\v\n";

bool is_endless(std::string_view word) { return word.size() > longest_name; }

// The search domains that are none of those, as LOCALDOMAIN takes them; the root when there is none.
template <class Words>
std::string usable(const Words& words) {
    std::string list;
    for (const std::string_view word : words)
        if (!is_endless(word)) list.append(list.empty() ? "" : " ").append(word);
    return list.empty() ? "." : list;
}

// In place of the file's search domains; nothing where those do no harm.
std::string in_place_of(const std::string& path) {
    const auto text = read_file(path, {.bytes = most_bytes});
    if (!text) return text.error().code == 0 ? "." : "";  // too long to be looked at; or not there
    return has_endless_search_domain(*text) ? usable(parse_resolv_conf(*text).search) : "";
}

std::string in_place_of_words(std::string_view words) {
    const auto all = split(words, blank);
    return std::ranges::any_of(all, is_endless) ? usable(all) : "";
}

}  // namespace

std::size_t allow_open_files() {
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return enough_files;
    if (now.rlim_cur < enough_files) {
        const rlimit more{std::min(enough_files, now.rlim_max), now.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &more) == 0) now = more;
    }
    return now.rlim_cur;
}

bool has_endless_search_domain(std::string_view resolv_conf) {
    for (const auto line : split(resolv_conf, "\n")) {
        const auto words = split(line, blank);
        const bool names_domains = !words.empty() && (words[0] == "search" || words[0] == "domain");
        if (names_domains && std::ranges::any_of(words, is_endless)) return true;
    }
    return false;
}

// The variable stands before the file, with glibc as with c-ares.
void keep_look_ups_alive() {
    const char* variable = std::getenv("LOCALDOMAIN");
    const auto instead = variable != nullptr ? in_place_of_words(variable) : in_place_of("/etc/resolv.conf");
    if (!instead.empty()) ::setenv("LOCALDOMAIN", instead.c_str(), 1);
}

}  // namespace ucsignin::host
