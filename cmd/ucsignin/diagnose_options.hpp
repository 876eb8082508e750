#pragma once
// The options of `diagnose`: read, checked, completed by the lab or by a prompt.

#include <CLI/CLI.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "event_options.hpp"
#include "forms.hpp"
#include "policy_options.hpp"
#include "ucsignin/terminal.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::cmd {

struct diagnose_options {
    signin::options signin;
    // As typed; complete() turns them into values.
    std::string auth = "auto", vantage, until, server, password_file, proxy_password_file, scenario, lab_record,
                messages = "headers";
    std::vector<std::string> resolvers, connect_to;
    form_paths reports;
    policy_options counted;
    report::policy policy;  // made of these
    bool password_stdin = false, no_publish = false, no_partners = false, no_exchange = false, lab = false,
         quiet = false, verbose = false, no_color = false, no_cache = false, bodies = false;
    event_options events;
    std::vector<std::pair<std::string, std::string>> as_given;  // for the report, without secrets
    std::vector<std::string> typed;  // the options as words, to be read again over a scenario's
};

void add_options(CLI::App& sub, diagnose_options& o);

// The options that were given, as words of a command line; the address is not among them.
[[nodiscard]] std::vector<std::string> words_of(const CLI::App& parsed);

// For a file that is read before the run: 5 s, or the run's total if that is shorter.
[[nodiscard]] std::chrono::steady_clock::duration longest_read(const diagnose_options& o);
// Each gives an empty string, or what is wrong and how to put it right.
[[nodiscard]] std::string complete(diagnose_options& o);
[[nodiscard]] std::string read_password(diagnose_options& o);
[[nodiscard]] std::string check_files(const diagnose_options& o);
// What the scenario's client is given, and over it what was typed.
[[nodiscard]] std::string apply_lab(diagnose_options& o, const lab::client_environment& e);

[[nodiscard]] report::text_style choose_style(const diagnose_options& o, host::output& to);

}  // namespace ucsignin::cmd
