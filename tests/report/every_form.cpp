// Every form of each report in some folders: none fails, each is the same twice, JSON is what was read, and today's
// rules judge it as it was judged. Leaves Markdown, JUnit and the masked report, also of a report full of markup, for
// programs that are not ours. usage: every_form OUTPUT PART/PARTS FOLDER...
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "forms.hpp"
#include "samples.hpp"
#include "ucsignin/files.hpp"

namespace {

using namespace ucsignin;
namespace fs = std::filesystem;

struct tally {
    int reports = 0, wrong = 0;
    void complain(const std::string& name, const std::string& what) {
        fmt::print("{}: {}\n", name, what);
        ++wrong;
    }
};

std::vector<std::string> ids_of(const diagnosis::verdict& v) {
    std::vector<std::string> ids;
    for (const auto& c : v.root_causes) ids.push_back(c.id);
    return ids;
}

void check_judged(const report::report& r, const std::string& name, tally& all) {
    const auto again = diagnosis::judge(r.trace, r.facts);
    if (ids_of(again) != ids_of(r.verdict) || again.stopped_at != r.verdict.stopped_at ||
        again.exit_code != r.verdict.exit_code)
        all.complain(name, "judged otherwise when it is read back");
}

void leave(
    const fs::path& folder, const std::string& name, std::string_view ending, const std::string& text, tally& all) {
    if (const auto done = host::write_file(folder / (name + std::string(ending)), text); !done)
        all.complain(name, done.error());
}

// Each form is written once, since that is what takes the time; of every eighth report twice.
void look_at(
    const fs::path& folder, const report::report& r, const std::string& name, const std::string& text, bool same,
    tally& all) {
    for (const auto& form : cmd::forms) {
        const std::string_view kind = form.name;
        const auto once = form.written(r, {});
        if (once.empty()) all.complain(name, fmt::format("nothing as {}", kind));
        constexpr int every = 8;
        if (!text.empty() && all.reports % every == 0 && form.written(*report::from_json(text), {}) != once)
            all.complain(name, fmt::format("not the same twice as {}", kind));
        if (same && kind == "json" && once != text) all.complain(name, "JSON is not what was read");
        if (kind == "markdown" && once.size() > 60'000) all.complain(name, "a ticket that is too long");
        if (kind == "markdown") leave(folder, name, ".md", once, all);
        if (kind == "junit") leave(folder, name, ".xml", once, all);
    }
    leave(folder, name, ".masked.json", to_json(report::mask(r)), all);
}

// Where server text may stand, text that is markup somewhere.
report::report full_of_markup() {
    const std::string markup =
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://e.example/z) "
        "http://e.example www.e.example a@e.example @all #12 ``` ~~~ | a | b | </details> ]]> &lt; <!-- --> # h * l \\";
    auto r = report::samples::stopped();
    for (auto& s : r.trace.spans) s.summary = markup, s.subject += " " + markup;
    for (auto& f : r.verdict.findings) {
        f.title = f.explanation = markup;
        for (auto& remedy : f.remedies) remedy.text = markup, remedy.check = markup + "\n```\n</details>\n" + markup;
        for (auto& other : f.ruled_out) other.by = markup;
    }
    r.facts.fault = "1. " + markup + "\n\n\t- " + markup + "\xff\x01";
    r.options.emplace_back("user-agent", markup);
    return r;
}

// Worlds leave theirs in the same folder, as far as they have run: no part of this.
std::vector<fs::path> reports_in(const char* folder, std::size_t part, std::size_t parts) {
    std::vector<fs::path> all, mine;
    for (const auto& file : fs::directory_iterator(folder))
        if (file.path().extension() == ".json" && !file.path().filename().string().starts_with("world-"))
            all.push_back(file.path());
    std::ranges::sort(all);
    for (std::size_t i = part; i < all.size(); i += parts) mine.push_back(all[i]);
    return mine;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t part = 0, parts = 0;
    if (argc < 4 || std::sscanf(argv[2], "%zu/%zu", &part, &parts) != 2 || part >= parts) return 64;
    tally all;
    for (int i = 3; i < argc; ++i)
        for (const auto& file : reports_in(argv[i], part, parts)) {
            const auto text = host::read_file(file, {.bytes = report::most_bytes});
            const auto read = text ? report::from_json(*text) : std::unexpected(report::read_error{});
            if (!read) continue;
            ++all.reports;
            const auto name = file.stem().string();
            const bool of_today = i == 3;
            check_judged(*read, name, all);
            look_at(argv[1], *read, name, *text, of_today, all);
        }
    if (part == 0)
        look_at(argv[1], full_of_markup(), "full-of-markup", "", false, all);  // as it is, before it was read back
    fmt::print("{} reports in {} forms, {} wrong\n", all.reports, std::size(cmd::forms), all.wrong);
    return all.wrong != 0 ? 1 : all.reports < 10 ? 77 : 0;
}
