#include <fmt/format.h>

#include "commands.hpp"
#include "diagnose_options.hpp"
#include "net/left_behind.hpp"
#include "progress.hpp"
#include "speak.hpp"
#include "ucsignin/diagnosis.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::cmd {
namespace {

using moment = host::output::clock::time_point;

// What the contract leaves of the second behind the total, for the text of the report to be taken.
constexpr auto to_be_taken = std::chrono::milliseconds(700);
constexpr auto at_least = std::chrono::milliseconds(100);

moment latest_end(const diagnose_options& o) {
    const auto seconds = std::chrono::duration<double>(o.signin.timeout_s + o.signin.stay_s);
    return host::output::clock::now() + std::chrono::duration_cast<std::chrono::milliseconds>(seconds) + to_be_taken;
}

// The lab, if it was asked for, and what it changes in the options: the same that a user could set with flags.
std::expected<std::unique_ptr<lab::pool>, int> start_lab(diagnose_options& o) {
    auto scenario = lab::healthy_scenario();
    if (!o.scenario.empty()) {
        auto loaded = lab::load_scenario(o.scenario);
        if (!loaded) {
            complain("{}: {} {}", loaded.error().file, loaded.error().where, loaded.error().what);
            return std::unexpected(bad_input);
        }
        scenario = *loaded;
    }
    lab::options wanted;
    wanted.what = scenario;
    auto pool = lab::start(wanted);
    if (!pool) {
        complain("the lab could not start: {}", pool.error());
        return std::unexpected(our_fault);
    }
    if (const auto bad = apply_lab(o, (*pool)->environment()); !bad.empty()) {
        complain("{}", bad);
        return std::unexpected(bad_input);
    }
    return std::move(*pool);
}

diagnosis::facts facts_of(const diagnose_options& o, bool interrupted, std::string fault = {}) {
    const auto parts = signin::split_address(o.signin.address);
    return {.sip_uri = "sip:" + parts->user + "@" + parts->domain, .login = o.signin.login, .interrupted = interrupted,
            .until_stage = o.signin.until_stage, .publish = o.signin.publish, .fault = std::move(fault)};
}

// What the judge would still like to see, as far as a probe can show it.
std::vector<signin::second_look> left_open(const trace::record& so_far, const diagnosis::facts& run) {
    std::vector<signin::second_look> looks;
    for (auto& q : diagnosis::open_questions(so_far, diagnosis::judge(so_far, run)))
        if (!q.probe.empty()) looks.push_back({std::move(q.probe), std::move(q.subject)});
    return looks;
}

report::report make_report(const diagnose_options& o, signin::outcome done) {
    report::report r;
    r.tool_version = UCSIGNIN_VERSION;
    r.tool_commit = UCSIGNIN_COMMIT;
    r.platform = UCSIGNIN_PLATFORM;
    r.run_id = done.trace.trace_id;
    r.mode = o.lab ? "lab" : "live";
    r.options = o.as_given;
    r.facts = facts_of(o, done.interrupted, std::move(done.fault));
    r.trace = std::move(done.trace);
    try {
        r.verdict = diagnosis::judge(r.trace, r.facts);
    } catch (const std::exception& bug) {   // of the judge: the trace is worth keeping all the same
        if (r.facts.fault.empty()) r.facts.fault = bug.what();
        r.verdict = {.exit_code = our_fault};
    }
    return r;
}

// A FIFO or a share may take nothing: writing is left behind then.
bool write_in_time(const std::string& path, std::string text, moment until) {
    using written = std::expected<void, std::string>;
    const auto done = net::left_behind<written>([path, text = std::move(text)] { return report::write_file(path, text); }, until);
    if (!done) complain("{}: nobody takes it", path);
    else if (!*done) complain("{}", done->error());
    return done && *done;
}

// stdout is data when the report goes there; people's text then goes to stderr.
int deliver(const diagnose_options& o, const report::report& r, host::output& people, const report::text_style& style, moment latest) {
    const auto until = std::max(latest, host::output::clock::now() + at_least);
    bool taken = true;
    if (o.json == "-") out().write(report::to_json(r));
    else if (!o.json.empty()) taken = write_in_time(o.json, report::to_json(r), until);
    if (!o.quiet) people.write(report::to_text(r, style));
    if (o.json == "-") taken = out().flush(until);
    if (!o.quiet) taken = people.flush(std::max(until, host::output::clock::now() + at_least)) && taken;
    return taken ? r.verdict.exit_code : cannot_write;
}

// After the run: what its last connections brought is then read as well.
bool deliver_record(const diagnose_options& o, lab::pool& pool, moment latest) {
    if (o.lab_record.empty()) return true;
    pool.stop();
    return write_in_time(o.lab_record, lab::record_of(pool), std::max(latest, host::output::clock::now() + at_least));
}

int diagnose(diagnose_options& o) {
    if (const auto bad = complete(o); !bad.empty()) {
        complain("{}", bad);
        return usage_error;
    }
    std::unique_ptr<lab::pool> pool;
    if (o.lab) {
        auto started = start_lab(o);
        if (!started) return started.error();
        pool = std::move(*started);
    } else if (const auto unread = read_password(o); !unread.empty()) {
        complain("{}", unread);
        return bad_input;
    }
    if (const auto bad = check_files(o); !bad.empty()) {
        complain("{}", bad);
        return bad_input;
    }
    auto& people = o.json == "-" ? err() : out();
    const auto style = choose_style(o, people);
    o.signin.left_open = [run = facts_of(o, false)](const trace::record& so_far) { return left_open(so_far, run); };
    progress shown(people, style, o.quiet);
    const auto latest = latest_end(o);
    auto done = signin::run(o.signin, [&shown](const trace::span& s) { shown.show(s); });
    shown.stop();
    if (pool && done.fault.empty() && !pool->bug().empty()) done.fault = "the lab: " + pool->bug();
    const bool recorded = !pool || deliver_record(o, *pool, latest);
    const int code = deliver(o, make_report(o, std::move(done)), people, style, latest);
    return recorded ? code : cannot_write;
}

}  // namespace

action add_diagnose(CLI::App& app) {
    auto* sub = app.add_subcommand("diagnose", "Sign a user in, step by step, and say where and why it fails");
    auto o = std::make_shared<diagnose_options>();
    add_options(*sub, *o);
    return [o, sub] {
        o->typed = words_of(*sub);
        return diagnose(*o);
    };
}

}  // namespace ucsignin::cmd
