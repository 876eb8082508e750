// A bug of our own in the middle of a run: fault_program WHERE, where WHERE is "second_round" (what is asked between
// the rounds throws), "busy" (it comes back only when another thread has seen that the run is overdue) or a node of the
// chart (what listens to the trace throws when that step ends). Signs in to the lab and prints what run() made of it.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "host/pac.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/signin.hpp"

using namespace ucsignin;

namespace {

signin::options options_for(const lab::client_environment& lab) {
    signin::options o;
    o.address = lab.user;
    o.login = lab.login;
    o.password = auth::secret(lab.password);
    o.ca_files = {lab.ca_file};
    for (const auto& text : lab.resolvers) o.resolvers.push_back(net::parse_endpoint(text, 53).value());
    for (const auto& text : lab.connect_to) o.connect_to.push_back(net::parse_connect_to(text).value());
    return o;
}

const char* sign_out_of(const signin::run_result& done) {
    const auto* end = done.trace.latest("provisioning.sign_out");
    return end ? trace::to_string(end->outcome).data() : "missing";
}

// The run's own thread is stuck: other threads interrupt it, and see what it has found, all the same.
int run_busy(signin::options o) {
    signin::control by;
    std::atomic<bool> stuck = false, seen = false;
    o.timeout_s = 3;
    o.left_open = [&](const trace::record&) {
        stuck = true;
        stuck.notify_all();
        seen.wait(false);
        return std::vector<signin::second_look>{};
    };
    signin::run_result meanwhile;
    std::thread other([&] {
        stuck.wait(false);
        by.interrupt();
        meanwhile = by.so_far();
        while (!by.is_overdue()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        seen = true;
        seen.notify_all();
    });
    const auto done = signin::run(o, nullptr, &by);
    other.join();
    for (const signin::run_result* one : {static_cast<const signin::run_result*>(&meanwhile), &done})
        std::printf(
            "interrupted: %d, decided: %d, available: %d, sign-out: %s; ", one->interrupted, one->decided,
            one->trace.latest("provisioning.available")->outcome == trace::outcome::ok, sign_out_of(*one));
    std::printf("kept: %d\n", by.so_far().trace.spans.size() == done.trace.spans.size());
    return 0;
}

int run(std::string_view where) {
    const auto pool = lab::start({.what = lab::healthy_scenario(), .listen = {}, .listen_web = {}});
    if (!pool) return 1;
    auto o = options_for((*pool)->environment());
    if (where == "busy") return run_busy(std::move(o));
    if (where == "second_round")
        o.left_open = [](const trace::record&) -> std::vector<signin::second_look> {
            throw std::logic_error("not in the catalogue: tls-expird");
        };
    const auto heard = [&](const trace::span& s) {
        if (s.node == where) throw std::logic_error("the listener broke at " + s.node);
    };
    const auto done = signin::run(o, heard);
    const auto* end = done.trace.latest("provisioning.sign_out");
    std::printf(
        "fault: %s; visited: %s; sign-out: %s\n", done.fault.c_str(),
        done.trace.latest(chart::by_name(where == "second_round" ? "provisioning.available" : where)) ? "yes" : "no",
        end ? end->branch.c_str() : "missing");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view word = argc == 2 ? argv[1] : "";
    if (word == host::audio_probe_argument) return host::run_audio_probe();
    if (word == host::pac_probe_argument) return host::run_pac_probe();
    const int code = run(word);
    std::fflush(stdout);
    std::_Exit(code);  // as the program does: a key may still be in the making on its thread
}
