#include <algorithm>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <future>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "diagnose_options.hpp"
#include "events.hpp"
#include "ucsignin/files.hpp"
#include "interrupts.hpp"
#include "progress.hpp"
#include "speak.hpp"
#include "ucsignin/diagnosis.hpp"
#include "ucsignin/host.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::cmd {
namespace {

using moment = host::output::clock::time_point;

// What the contract leaves of the second behind the total, for the text of the report to be taken; and what it gets
// anyway.
constexpr auto to_be_taken = std::chrono::milliseconds(700), at_least = std::chrono::milliseconds(250);

moment latest_end(const diagnose_options& o) {
    const auto seconds = std::chrono::duration<double>(o.signin.timeout_s + o.signin.stay_s);
    return host::output::clock::now() + std::chrono::duration_cast<std::chrono::milliseconds>(seconds) + to_be_taken;
}

// A FIFO or a share may take nothing: writing is left behind then.
bool write_in_time(const std::string& path, std::string text, moment until) {
    using written = std::expected<void, std::string>;
    const auto done = host::left_behind<written>(
        [path, text = std::move(text)] { return host::write_file(path, text); }, until);
    if (!done) complain("{}: nobody reads it in time", path);
    else if (!*done) complain("{}", done->error());
    return done && *done;
}

// Side by side, so that one that nobody reads takes no time from the others.
bool write_in_time(std::vector<std::pair<std::string, std::string>> files, moment until) {
    std::vector<std::future<bool>> all;
    for (auto& [path, text] : files)
        all.push_back(std::async([to = path, what = std::move(text), until]() mutable {
            return write_in_time(to, std::move(what), until);
        }));
    bool written = true;
    for (auto& one : all) written = one.get() && written;
    return written;
}
// Why there is no run.
struct refusal {
    int code = 0;
    std::string why;
};

// The lab, if it was asked for, and what it changes in the options: the same that a user could set with flags.
std::expected<std::unique_ptr<lab::pool>, refusal> start_lab(diagnose_options& o) {
    auto scenario = lab::healthy_scenario();
    if (!o.scenario.empty()) {
        auto loaded = lab::load_scenario(o.scenario, longest_read(o));
        if (!loaded)
            return std::unexpected(refusal{
                bad_input, fmt::format("{}: {} {}", loaded.error().file, loaded.error().where, loaded.error().what)});
        scenario = *loaded;
    }
    lab::options wanted;
    wanted.what = scenario;
    auto pool = lab::start(wanted);
    if (!pool) return std::unexpected(refusal{our_fault, "the lab could not start: " + pool.error()});
    if (auto bad = apply_lab(o, (*pool)->environment()); !bad.empty())
        return std::unexpected(refusal{bad_input, std::move(bad)});
    return std::move(*pool);
}

diagnosis::facts facts_of(const diagnose_options& o) {
    const auto parts = signin::split_address(o.signin.address);
    return {
        .sip_uri = "sip:" + parts->user + "@" + parts->domain,
        .login = o.signin.login,
        .until_stage = o.signin.until_stage,
        .publish = o.signin.publish};
}

// An interrupt after the result takes nothing from it.
void add_ending(diagnosis::facts& facts, const signin::run_result& done) {
    facts.interrupted = done.interrupted && !done.decided;
    if (done.interrupted && done.decided) facts.cut_short = "interrupted";
    facts.fault = done.fault;
}

// What the judge would still like to see, as far as a probe can show it.
std::vector<signin::second_look> left_open(const trace::record& so_far, const diagnosis::facts& run) {
    std::vector<signin::second_look> looks;
    for (auto& q : diagnosis::open_questions(so_far, diagnosis::judge(so_far, run)))
        if (!q.probe.empty()) looks.push_back({std::move(q.probe), std::move(q.subject)});
    return looks;
}

report::report make_report(const diagnose_options& o, signin::run_result done, std::string cut_short = {}) {
    report::report r;
    r.tool_version = UCSIGNIN_VERSION;
    r.tool_commit = UCSIGNIN_COMMIT;
    r.platform = UCSIGNIN_PLATFORM;
    r.run_id = done.trace.trace_id;
    r.mode = o.lab ? "lab" : "live";
    r.options = o.as_given;
    r.facts = facts_of(o);
    add_ending(r.facts, done);
    if (r.facts.cut_short.empty()) r.facts.cut_short = std::move(cut_short);
    r.trace = std::move(done.trace);
    try {
        r.verdict = diagnosis::judge(r.trace, r.facts);
    } catch (const std::exception& bug) {  // of the judge: the trace is worth keeping all the same
        if (r.facts.fault.empty()) r.facts.fault = bug.what();
        r.verdict = {.exit_code = our_fault};
    }
    report::apply(o.policy, r);
    return r;
}

// Where the report goes. Two threads may come to it, when one is hurried: the first one's report it is, and the other
// waits.
class delivery {
public:
    delivery(const diagnose_options& o, event_stream& events)
        : events_(events),
          paths_(o.reports),
          on_stdout_(form_on_stdout(o.reports)),
          quiet_(o.quiet),
          people_(on_stdout_ || o.events.progress == "jsonl" ? err() : out()),
          style_(choose_style(o, people_)),
          latest_(latest_end(o)) {}

    // stdout is data when the report goes there; people's text then goes to stderr.
    [[nodiscard]] host::output& people() const { return people_; }
    [[nodiscard]] const report::text_style& style() const { return style_; }
    // By then whoever is to take it has taken it, or is given up.
    [[nodiscard]] moment latest() const { return std::max(latest_.load(), host::output::clock::now() + at_least); }
    void set_latest(moment when) { latest_ = when; }

    // The exit code; `complete` says that nothing else is missing that was asked for.
    int write(const report::report& r, bool complete = true) {
        const std::lock_guard lock(writing_);
        if (written_) return *written_;
        const int code = keep(r) && complete ? r.verdict.exit_code : cannot_write;
        events_.end(r, code);
        written_ = print(r) ? code : cannot_write;  // the text also where the file can't be written
        return *written_;
    }
    // The same where there is nothing to report.
    int refuse(const refusal& instead) {
        const std::lock_guard lock(writing_);
        if (written_) return *written_;
        events_.fail(instead.code, instead.why);
        complain("{}", instead.why);
        close_log();
        written_ = instead.code;
        return *written_;
    }

private:
    bool keep(const report::report& r) {
        std::vector<std::pair<std::string, std::string>> files;  // whole before the clock of their taking starts
        for (std::size_t i = 0; i < paths_.size(); ++i)
            if (!paths_[i].empty() && paths_[i] != "-") files.emplace_back(paths_[i], forms[i].written(r, {}));
        return write_in_time(std::move(files), latest());
    }
    bool print(const report::report& r) {
        if (on_stdout_) out().write(on_stdout_->written(r, {}));
        if (!quiet_) people_.write(report::to_text(r, style_));
        close_log();
        const bool taken = out().flush(latest());
        return (quiet_ || people_.flush(latest())) && taken;
    }

    void close_log() {
        if (const auto fault = events_.close(latest()); !fault.empty()) complain("{}", fault);
    }

    event_stream& events_;
    form_paths paths_;
    const form* on_stdout_;
    bool quiet_;
    host::output& people_;
    report::text_style style_;
    std::atomic<moment> latest_;
    std::mutex writing_;
    std::optional<int> written_;
};

// While the run goes on: what there is, now.
int report_now(const diagnose_options& o, const signin::control& run, delivery& to, interrupts::hurry why) {
    auto done = run.so_far();
    std::string cut_short;
    if (why == interrupts::hurry::second_interrupt) done.interrupted = true;
    else if (done.decided) cut_short = "out of time";
    else if (done.fault.empty()) done.fault = "the sign-in did not end when its time ran out";
    return to.write(make_report(o, std::move(done), std::move(cut_short)));
}

// After the run: what its last connections brought is then read as well.
bool deliver_record(const diagnose_options& o, lab::pool& pool, const delivery& to) {
    if (o.lab_record.empty()) return true;
    pool.stop();
    return write_in_time(o.lab_record, lab::record_of(pool), to.latest());
}

struct prepared {
    std::unique_ptr<lab::pool> pool;  // if the lab was asked for
    refusal instead{};                // with a code where something went wrong
};

// With fewer, this process would not get at what it asks for, and judge the network by that.
constexpr std::size_t fewest_open_files = 32;

prepared prepare(diagnose_options& o) {
    prepared done;
    if (const auto files = host::allow_open_files(); files < fewest_open_files)
        return {
            nullptr,
            {our_fault, fmt::format(
                            "this process may have {} files open at once, and a sign-in takes {}: raise that limit "
                            "(ulimit -n)",
                            files, fewest_open_files)}};
    if (o.lab) {
        auto started = start_lab(o);
        if (!started) return {nullptr, started.error()};
        done.pool = std::move(*started);
    } else if (auto unread = read_password(o); !unread.empty()) {
        return {nullptr, {bad_input, std::move(unread)}};
    }
    if (auto bad = check_files(o); !bad.empty()) return {nullptr, {bad_input, std::move(bad)}};
    return done;
}

int diagnose(diagnose_options& o, interrupts& watched) {
    if (const auto bad = complete(o); !bad.empty()) {
        complain("{}", bad);
        return usage_error;
    }
    event_stream events;
    if (const auto bad = events.open(o.events); !bad.empty()) {
        complain("--log {}", bad);
        return cannot_write;
    }
    signin::control run;
    delivery to(o, events);
    // From here on a report is owed. What is prepared changes the options, so the report of an interrupt has its own.
    const interrupts::following plan(
        watched,
        {nullptr, [as_typed = o, &run, &to](interrupts::hurry why) { return report_now(as_typed, run, to, why); },
         nullptr});
    const auto ready = prepare(o);
    if (ready.instead.code != 0) return to.refuse(ready.instead);
    watched.follow(
        {[&run] { run.interrupt(); }, [&o, &run, &to](interrupts::hurry why) { return report_now(o, run, to, why); },
         [&run] { return run.is_overdue(); }});
    o.signin.left_open = [facts = facts_of(o)](const trace::record& so_far) { return left_open(so_far, facts); };
    to.set_latest(latest_end(o));
    if (!o.quiet && o.events.progress != "jsonl")
        events.add(std::make_shared<progress>(to.people(), to.style(), o.events.progress == "auto", run));
    auto done = signin::run_watched(o.signin, events.listeners(), &run);
    if (ready.pool && done.fault.empty() && !ready.pool->bug().empty()) done.fault = "the lab: " + ready.pool->bug();
    const bool recorded = !ready.pool || deliver_record(o, *ready.pool, to);
    return to.write(make_report(o, std::move(done)), recorded);
}

}  // namespace

action add_diagnose(CLI::App& app, interrupts& watched) {
    auto* sub = app.add_subcommand("diagnose", "Sign a user in, step by step, and say where and why it fails");
    auto o = std::make_shared<diagnose_options>();
    add_options(*sub, *o);
    return [o, sub, &watched] {
        o->typed = words_of(*sub);
        return diagnose(*o, watched);
    };
}

}  // namespace ucsignin::cmd
