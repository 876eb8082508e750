// Certainty is earned: takes each certain finding of the reports that scenarios and worlds left, removes the
// observation that decided (every one of its kind), judges again and sees the certainty fall. Nor does the verdict
// become certain of another root cause: what is seen less of is known less well.
// usage: earned_certainty FOLDER...
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "ucsignin/files.hpp"
#include "ucsignin/report.hpp"

namespace {

using namespace ucsignin;
namespace fs = std::filesystem;

trace::record without(trace::record record, const diagnosis::grounds& grounds) {
    for (auto& span : record.spans)
        std::erase_if(span.evidence, [&](const trace::evidence& e) {
            return std::ranges::any_of(
                grounds.any_of, [&](const auto* observed) { return observed && observed->name == e.name; });
        });
    return record;
}

bool is_certain(const diagnosis::finding& f) { return f.certainty == diagnosis::certainty::certain; }

const diagnosis::finding* find(const diagnosis::verdict& v, const diagnosis::finding& like) {
    const auto at = std::ranges::find_if(
        v.findings, [&](const auto& f) { return f.id == like.id && f.subject == like.subject; });
    return at == v.findings.end() ? nullptr : &*at;
}

struct tally {
    int certain = 0, wrong = 0;
    std::set<std::string> ids;
};

void complain(tally& all, const std::string& where, const diagnosis::finding& f, const std::string& what) {
    fmt::print("{}: without {}, {} ({}) {}\n", where, f.decided_by.evidence, f.id, f.subject, what);
    ++all.wrong;
}

void look_at(const report::report& r, const std::string& where, tally& all) {
    const auto before = diagnosis::judge(r.trace, r.facts);
    for (const auto& f : before.findings) {
        if (!is_certain(f)) continue;
        ++all.certain;
        all.ids.insert(f.id);
        const auto after = diagnosis::judge(without(r.trace, diagnosis::find_entry(f.id)->grounds), r.facts);
        if (const auto* same = find(after, f); same && is_certain(*same)) complain(all, where, f, "is still certain");
        for (const auto& root : after.root_causes)
            if (root.certainty == diagnosis::certainty::certain &&
                std::ranges::none_of(
                    before.findings, [&](const auto& known) { return known.id == root.id && is_certain(known); }))
                complain(all, where, f, fmt::format("gives way to {}, certain", root.id));
    }
}

}  // namespace

int main(int argc, char** argv) {
    tally all;
    int reports = 0;
    for (int i = 1; i < argc; ++i)
        for (const auto& file : fs::directory_iterator(argv[i])) {
            if (file.path().extension() != ".json") continue;
            const auto text = host::read_file(file.path(), {.bytes = report::most_bytes});
            if (!text) continue;
            const auto read = report::from_json(*text);
            if (!read) continue;
            ++reports;
            look_at(*read, file.path().stem(), all);
        }
    fmt::print(
        "{} reports, {} certain findings of {} kinds, {} wrong\n", reports, all.certain, all.ids.size(), all.wrong);
    if (reports == 0) return 77;
    return all.wrong == 0 ? 0 : 1;
}
