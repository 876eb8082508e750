// The N-th I/O of a whole sign-in fails, for every N: log-in, signatures, a redirect to the home server, sign-out, all
// in memory. However it ends, the report is whole, what stopped it is where the harm was, and no secret is in it.

#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "../../net/run.hpp"
#include "../scripted_environment.hpp"
#include "lab/ntlm_primitives.hpp"
#include "lab_in_memory.hpp"
#include "sip/encoding.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/report.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm;
using net::test::harm_kind;

namespace {

constexpr double least_total_s = 0.6;
constexpr double hangs_s = 20;  // over the time given: far more than a machine under load takes to end

// Forms in which a secret could stand: as it is, in hex, in Base64 wherever it begins in what was coded.
std::vector<std::string> forms_of(const std::string& secret) {
    std::vector<std::string> forms{secret, sip::hex(secret)};
    for (std::size_t skip = 0; skip < 3; ++skip) {
        const auto part = secret.substr(skip, (secret.size() - skip) / 3 * 3);
        if (part.size() >= 6) forms.push_back(sip::base64(part));
    }
    return forms;
}

std::string utf16(const std::string& text) {
    std::string wide;
    for (const char c : text) wide += {c, '\0'};
    return wide;
}

// Of the private exponent.
std::string piece_of_key() {
    boost::asio::io_context io;
    const auto keys = key_made_before();
    const auto key = net::test::run(io, keys->make_key(net::test::in_ms(60000)));
    unsigned char* der = nullptr;
    const auto size = i2d_PrivateKey(key.value().get(), &der);
    std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes.substr(400, 30);
}

struct swept {
    std::shared_ptr<const lab::scenario> what;
    std::shared_ptr<const lab::issuers> by = std::make_shared<lab::issuers>(*what);
    std::vector<std::string> secrets;

    explicit swept(std::shared_ptr<const lab::scenario> told = scenario("redirect-home-pool")) : what(std::move(told)) {
        const auto& password = *what->client.password;
        for (const auto& secret : {password, utf16(password), lab::md4(utf16(password)), piece_of_key()})
            for (auto& form : forms_of(secret)) secrets.push_back(form);
        secrets.insert(secrets.end(), {"TlRMTVNTUAAD", "saml:Assertion", "BinarySecret>"});
    }
    static std::shared_ptr<const lab::scenario> scenario(const std::string& name) {
        return lab::load_scenario(SCENARIO_FOLDER "/" + name + ".json").value();
    }
};

struct ended {
    report::report told;
    std::shared_ptr<harm> by;
    double took_s = 0;
    double given_s = 0;      // in all
    std::size_t proofs = 0;  // that the lab got
    std::string lab_bug;
};

ended sign_in_with(
    const swept& all, harm_kind kind, std::size_t nth, double given_s,
    std::function<bool(const std::string& whose)> counts = {}) {
    lab_in_memory lab{all.what, all.by};
    lab.harm->counts = std::move(counts);
    lab.harm->kind = kind;
    lab.harm->nth = nth;
    auto run = sign_in_to(lab, given_s);
    ended out{std::move(run.told), lab.harm, run.took_s, given_s, 0, {}};
    for (const auto& one : lab.served->received->all())
        if (one.kind == "ntlm" || one.kind.starts_with("username_token") || one.kind == "basic")
            out.proofs += static_cast<std::size_t>(one.count);
    out.lab_bug = lab.served->log->bug();
    return out;
}

int stage_of(const std::string& node) {
    const auto* found = chart::find(node);
    return found ? found->stage : 0;
}

// Where a sign-in may stop that was harmed there: no sooner than what was harmed is first used. One that the time given
// did not end stops at the home server if that one's connection was harmed, and not there if the first one's was.
bool is_plausible(const ended& run) {
    const auto& where = run.by->where;
    const auto& v = run.told.verdict;
    const int stage = stage_of(v.stopped_at);
    if (!where.ends_with(":5061")) return stage >= 2;
    if (stage < 3) return false;
    const bool out_of_time = run.took_s > run.given_s * 0.9;
    return out_of_time || where.starts_with("fe02") == v.stopped_candidate.starts_with("fe02");
}

std::vector<std::string> problems_of(const swept& all, const ended& run) {
    std::vector<std::string> found;
    const auto& v = run.told.verdict;
    const auto json = report::to_json(run.told);
    if (const auto back = report::from_json(json); !back) found.push_back("unreadable report: " + back.error().what);
    if (!run.told.facts.fault.empty()) found.push_back("a bug: " + run.told.facts.fault);
    if (!run.lab_bug.empty()) found.push_back("a bug of the lab: " + run.lab_bug);
    if (run.took_s > run.given_s + hangs_s) found.push_back(fmt::format("it took {:.2f} s", run.took_s));
    if (!v.signed_in && stage_of(v.stopped_at) == 0) found.push_back("it stopped nowhere");
    if (!v.signed_in && !run.by->where.empty() && !is_plausible(run))
        found.push_back("it stopped at " + v.stopped_at + " of " + v.stopped_candidate);
    std::size_t accepted = 0;
    for (const auto& span : run.told.trace.spans)
        if (span.outcome == trace::outcome::ok &&
            (span.node == "registration.web_ticket" || span.node == "registration.confirmed"))
            ++accepted;
    if (run.proofs > accepted + 2) found.push_back(fmt::format("the password was used {} times", run.proofs));
    for (const auto& secret : all.secrets)
        if (json.find(secret) != std::string::npos) found.push_back("a secret is in the report");
    return found;
}

// So many at a time, each on a loop of its own.
void side_by_side(
    std::size_t many, std::size_t first, std::size_t last, std::size_t step,
    const std::function<void(std::size_t)>& what) {
    std::atomic<std::size_t> next = first;
    auto work = [&] {
        for (auto nth = next.fetch_add(step); nth <= last; nth = next.fetch_add(step)) what(nth);
    };
    std::vector<std::thread> all;
    for (std::size_t i = 0; i < many; ++i) all.emplace_back(work);
    for (auto& one : all) one.join();
}

void sweep(harm_kind kind, const char* word, std::size_t first, std::size_t step) {
    step *= SWEEP_STEP;
    static const swept all;
    const auto untouched = sign_in_with(all, harm_kind::none, 0, 20);
    CHECK(untouched.told.verdict.signed_in);
    const auto last = untouched.by->seen;
    const double given_s = std::max(least_total_s, untouched.took_s);  // what a machine takes that nothing harms
    std::mutex mutex;
    std::vector<std::string> failed;
    std::map<std::string, int> stops;
    std::atomic<std::size_t> reached = 0;
    const auto began = net::clock::now();
    side_by_side(2, first, last, step, [&](std::size_t nth) {
        const auto run = sign_in_with(all, kind, nth, given_s);
        const auto problems = problems_of(all, run);
        reached += run.by->hit.empty() ? 0 : 1;
        const std::lock_guard lock(mutex);
        ++stops[run.told.verdict.signed_in ? "signed in" : run.told.verdict.stopped_at];
        for (const auto& one : problems)
            failed.push_back(fmt::format("{} at {} ({}): {}", word, nth, run.by->hit, one));
    });
    for (const auto& one : failed) FAIL_CHECK(one);
    std::cout << fmt::format(
        "{}: {} operations, {} of them harmed, {:.1f} s\n", word, last, reached.load(),
        net::test::ms_since(began) / 1000);
    for (const auto& [stop, count] : stops) std::cout << fmt::format("  {} {}\n", count, stop);
    CHECK(stops.size() > 2);
    CHECK(reached > 5);  // a run that is out of time ends before its N: on a slow machine many are
}

}  // namespace

// Every one cut (under sanitizers, which take ten times as long, every eighth of them); those that are not stalled are
// garbled.
TEST_CASE("a whole sign-in, its N-th operation cut", "[whole]") { sweep(harm_kind::cut, "cut", 1, 1); }
TEST_CASE("a whole sign-in, its N-th operation stalled", "[whole]") { sweep(harm_kind::stall, "stalled", 1, 2); }
TEST_CASE("a whole sign-in, its N-th operation garbled", "[whole]") { sweep(harm_kind::garble, "garbled", 2, 2); }

// Two candidates send on to the same home server: that one failed, and nobody was led in a circle.
TEST_CASE("a home server that sends garbage is a target that failed, whoever sends on to it", "[whole][redirect]") {
    const swept all;
    lab_in_memory untouched{all.what, all.by};
    untouched.harm->noting = true;
    const auto whole = sign_in_to(untouched, 20);
    REQUIRE(whole.told.verdict.signed_in);
    int stopped = 0;
    const auto& done = untouched.harm->noted;
    for (std::size_t nth = 1; nth <= done.size(); ++nth) {
        if (!done[nth - 1].starts_with("read fe02")) continue;
        const auto run = sign_in_with(all, harm_kind::garble, nth, 5);
        const auto& v = run.told.verdict;
        if (v.signed_in || !run.by->where.starts_with("fe02")) continue;
        INFO("garbled at " << nth << ", " << run.by->hit << ": stopped at " << v.stopped_at);
        CHECK(v.stopped_candidate.starts_with("fe02"));
        CHECK(v.stopped_at != "registration.redirect");
        ++stopped;
    }
    CHECK(stopped > 1);
}

namespace {

// What stage 5 learns of Exchange, or by what Exchange has, and where else it is missed.
bool is_about_exchange(const std::string& node) {
    constexpr std::string_view nodes[] = {
        "provisioning.calendar", "provisioning.missed_conversations", "provisioning.voicemail", "provisioning.contacts",
        "provisioning.contact_groups", "provisioning.contact_kinds", "provisioning.contact_lookup",
        "provisioning.contact_presence", "provisioning.contact_card",
        // It asks for the domain by itself, as Autodiscover does.
        "devices.resolvers"};
    return std::ranges::find(nodes, node) != std::end(nodes);
}
// Its servers, and the names by which they are looked for.
bool is_at_exchange(const std::string& whose) {
    constexpr std::string_view beginnings[] = {"mail.", "autodiscover.", "_autodiscover."};
    return whose == "contoso.example" ||
           std::ranges::any_of(beginnings, [&](std::string_view one) { return whose.starts_with(one); });
}

// All that a trace says, without the cost of writing a report.
std::string words_of(const trace::record& of) {
    std::string out;
    for (const auto& span : of.spans) {
        out += span.subject + '\n' + span.summary + '\n';
        for (const auto& fact : span.evidence)
            if (const auto* text = std::get_if<std::string>(&fact.value)) out += *text + '\n';
        if (!span.decision) continue;
        for (const auto& one : span.decision->considered) out += one.option + '\n' + one.why + '\n';
    }
    for (const auto& message : of.messages) {
        out += message.start_line + '\n' + message.body.text.value_or("") + '\n';
        for (const auto& header : message.headers) out += header.value + '\n';
    }
    return out;
}

// The way that was taken: runs that tell the same differ in times and names alone, and one of their reports is read.
std::string story_of(const trace::record& of) {
    std::vector<std::string> steps;
    for (const auto& span : of.spans) steps.push_back(span.node + " " + span.branch);
    std::ranges::sort(steps);  // they end in any order
    return fmt::format("{}", fmt::join(steps, ";"));
}

class stories {
public:
    [[nodiscard]] bool is_new(const trace::record& told) {
        const std::lock_guard lock(mutex_);
        return seen_.insert(story_of(told)).second;
    }
    [[nodiscard]] std::size_t size() const { return seen_.size(); }

private:
    std::mutex mutex_;
    std::set<std::string> seen_;
};

std::vector<std::string> problems_beside_exchange(
    const swept& all, const ended& run, const ended& untouched, stories& known) {
    std::vector<std::string> found;
    const auto& v = run.told.verdict;
    auto told = words_of(run.told.trace);
    if (known.is_new(run.told.trace)) {
        const auto json = report::to_json(run.told);
        const auto back = report::from_json(json);
        if (!back) found.push_back("unreadable report: " + back.error().what);
        told += json;
    }
    if (!run.told.facts.fault.empty()) found.push_back("a bug: " + run.told.facts.fault);
    if (!run.lab_bug.empty()) found.push_back("a bug of the lab: " + run.lab_bug);
    if (!v.signed_in) found.push_back("it stopped at " + v.stopped_at);
    for (const auto& cause : v.root_causes)
        if (!cause.id.starts_with("ex-") && !cause.id.starts_with("contacts-in-ucs"))
            found.push_back("blamed is " + cause.id);
    for (const auto& span : run.told.trace.spans) {
        const bool is_bad = span.outcome == trace::outcome::failed || span.outcome == trace::outcome::not_run;
        if (!is_bad || is_about_exchange(span.node)) continue;
        const auto* before = untouched.told.trace.latest(chart::by_name(span.node));
        if (before && before->outcome != span.outcome) found.push_back("it harmed " + span.node);
    }
    // What was harmed on the way is proven again, once.
    if (run.proofs > untouched.proofs + 1) found.push_back(fmt::format("the password was used {} times", run.proofs));
    for (const auto& secret : all.secrets)
        if (told.find(secret) != std::string::npos) found.push_back("a secret is in the report");
    return found;
}

}  // namespace

// Of what is asked about Exchange, goes there and comes from there, each operation: cut, stalled and garbled.
TEST_CASE("Autodiscover and Exchange, their N-th operation harmed, never stop a sign-in", "[whole][exchange]") {
    auto scenario = std::make_shared<lab::scenario>(*swept::scenario("healthy-exchange-ucs-contacts"));
    scenario->pool.schemes = {"NTLM"};  // a certificate has nothing to do with it, and is half of a run's work
    const swept all(std::move(scenario));
    const auto untouched = sign_in_with(all, harm_kind::none, 0, 20, is_at_exchange);
    REQUIRE(untouched.told.verdict.signed_in);
    const auto last = untouched.by->seen;
    CHECK(last > 20);
    constexpr std::pair<harm_kind, const char*> kinds[] = {
        {harm_kind::cut, "cut"}, {harm_kind::stall, "stalled"}, {harm_kind::garble, "garbled"}};
    // So that a third, which a stalled Exchange is waited for, leaves time for the rest on a slow machine, too.
    const double given_s = std::max(2.0, 6 * untouched.took_s);
    std::mutex mutex;
    std::vector<std::string> failed;
    std::size_t reached = 0, lost = 0;
    const auto began = net::clock::now();
    stories known;
    side_by_side(2, 0, std::size(kinds) * last - 1, 1, [&](std::size_t at) {
        const auto& [kind, word] = kinds[at % std::size(kinds)];
        const auto nth = at / std::size(kinds) + 1;
        const auto run = sign_in_with(all, kind, nth, given_s, is_at_exchange);
        const auto problems = problems_beside_exchange(all, run, untouched, known);
        const auto* calendar = run.told.trace.latest("provisioning.calendar");
        const std::lock_guard lock(mutex);
        reached += run.by->hit.empty() ? 0 : 1;
        lost += calendar && calendar->branch == "read" ? 0 : 1;
        for (const auto& one : problems)
            failed.push_back(fmt::format("{} at {} ({}): {}", word, nth, run.by->hit, one));
    });
    for (const auto& one : failed) FAIL_CHECK(one);
    std::cout << fmt::format(
        "at Exchange: {} operations, harmed in {} runs, {} without a calendar, {} ways, untouched {:.2f} s, {:.1f} s\n",
        last, reached, lost, known.size(), untouched.took_s, net::test::ms_since(began) / 1000);
    CHECK(reached > std::size(kinds) * last * 9 / 10);
    CHECK(lost > 0);
}
