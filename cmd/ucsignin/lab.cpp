#include <future>
#include <memory>

#include "commands.hpp"
#include "interrupts.hpp"
#include "speak.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::cmd {
namespace {

struct lab_options {
    std::string scenario, listen, listen_web;
    bool standard_ports = false;
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
    lab::options wanted{scenario, o.listen, o.listen_web, o.standard_ports};
    auto pool = lab::start(wanted);
    if (!pool) {
        complain("the lab could not start: {}", pool.error());
        return our_fault;
    }
    auto stop = std::make_shared<std::promise<void>>();
    watched.follow({[stop] { stop->set_value(); }, nullptr, nullptr});  // who reads "ready" may end it at once
    if (!print_environment((*pool)->environment())) return cannot_write;
    stop->get_future().wait();
    for (const auto& line : (*pool)->log()) err().print("{}\n", line);
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
    sub->footer(
        "Prints what a client has to be told, then 'ready'.\n\nExamples:\n  ucsignin lab\n"
        "  ucsignin lab --listen 192.0.2.1 --listen-web 192.0.2.3 --standard-ports");
    return [o, &watched] { return serve(*o, watched); };
}

}  // namespace ucsignin::cmd
