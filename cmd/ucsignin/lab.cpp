#include <chrono>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "commands.hpp"
#include "events.hpp"
#include "interrupts.hpp"
#include "speak.hpp"
#include "ucsignin/files.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::cmd {
namespace {

struct lab_options {
    std::string scenario, listen, listen_web;
    bool standard_ports = false;
    event_options events;
};

using namespace std::chrono_literals;

// The lab's own lines, as they come.
class lab_log {
public:
    lab_log(std::shared_ptr<log_file> to, const lab::pool& of) : to_(std::move(to)), of_(of) {}
    void follow_until(std::future<void> end) {
        while (to_ && end.wait_for(200ms) == std::future_status::timeout) catch_up(of_.log());
        end.wait();
    }
    // `all` are those of the whole run.
    void catch_up(std::span<const std::string> all) {
        if (!to_) return;
        for (; told_ < all.size(); ++told_)
            to_->write(log_file::clock::now(), report::log_level::info, "lab", host::on_one_line(all[told_]));
    }
    void close() {
        if (!to_) return;
        if (const auto fault = to_->close(host::clock::now() + 1s); !fault.empty()) complain("{}", fault);
    }

private:
    std::shared_ptr<log_file> to_;  // none: nothing is done
    const lab::pool& of_;
    std::size_t told_ = 0;
};

// False when nobody can be told.
bool print_environment(const lab::client_environment& e) {
    out().print("user: {}\nlogin: {}\nca: {}\npassword-file: {}\n", e.user, e.login, e.ca_file, e.password_file);
    for (const auto& r : e.resolvers) out().print("resolver: {}\n", r);
    for (const auto& c : e.connect_to) out().print("connect-to: {}\n", c);
    for (const auto& r : e.records) out().print("record: {}\n", r);
    out().write("ready\n");
    return out().flush();
}

int serve(const lab_options& o, interrupts& watched) {
    auto scenario = lab::healthy_scenario();
    if (!o.scenario.empty()) {
        auto loaded = lab::load_scenario(o.scenario);
        if (!loaded) {
            complain("{}: {} {}", loaded.error().file, loaded.error().where, loaded.error().what);
            return bad_input;
        }
        scenario = *loaded;
    }
    auto log = open_log(o.events);
    if (!log) {
        complain("--log {}", log.error());
        return cannot_write;
    }
    lab::options wanted{scenario, o.listen, o.listen_web, o.standard_ports};
    auto pool = lab::start(wanted);
    if (!pool) {
        complain("the lab could not start: {}", pool.error());
        return our_fault;
    }
    auto stop = std::make_shared<std::promise<void>>();
    watched.follow({[stop] { stop->set_value(); }, nullptr, nullptr});  // who reads "ready" may end it at once
    if (!print_environment((*pool)->environment())) return cannot_write;
    lab_log told(*log, **pool);
    told.follow_until(stop->get_future());
    const auto lines = (*pool)->log();
    told.catch_up(lines);
    told.close();
    for (const auto& line : lines) err().print("{}\n", line);
    if ((*pool)->bug().empty()) return 0;
    complain("an internal fault of the lab: {}", (*pool)->bug());
    return our_fault;
}

}  // namespace

action add_lab(CLI::App& app, interrupts& watched) {
    auto* sub = app.add_subcommand("lab", "Run the emulated pool by itself, until Ctrl-C");
    auto o = std::make_shared<lab_options>();
    sub->add_option("--scenario", o->scenario, "what to do wrong: a file as described in tests/scenarios/README.md");
    auto* listen = sub->add_option("--listen", o->listen, "address for DNS and SIP (with --standard-ports)");
    auto* web = sub->add_option("--listen-web", o->listen_web, "address for HTTP and HTTPS (with --standard-ports)");
    sub->add_flag("--standard-ports", o->standard_ports, "DNS 53, SIP 443 and 5061, HTTP 80, HTTPS 443")
        ->needs(listen)
        ->needs(web);
    add_log_options(*sub, o->events);
    sub->footer(
        "Prints what a client has to be told, then 'ready'.\n\nExamples:\n  ucsignin lab\n"
        "  ucsignin lab --listen 192.0.2.1 --listen-web 192.0.2.3 --standard-ports");
    return [o, &watched] { return serve(*o, watched); };
}

}  // namespace ucsignin::cmd
