// The options of `diagnose`, as they are told to the command line.

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "diagnose_options.hpp"

namespace ucsignin::cmd {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  ucsignin diagnose alice@contoso.example\n"
    "  ucsignin diagnose alice@contoso.example --login 'CONTOSO\\alice' --json r.json\n"
    "  ucsignin diagnose alice@contoso.example --server sip.contoso.example:443\n"
    "  ucsignin diagnose alice@contoso.example --until connection\n"
    "  ucsignin diagnose alice@contoso.example --lab --scenario examples/scenario.json\n"
    "  ucsignin diagnose alice@contoso.example --json r.json --bodies\n"
    "  ucsignin diagnose alice@contoso.example --json r.json --messages none\n\n"
    "The password is asked for on a terminal, or read from --password-file or\n"
    "--password-stdin; it is never taken from the command line.";

// What a number of seconds may look like: "30", "0.5". Neither "nan", which is no more than anything, nor "0x10" nor
// "1e3".
CLI::Validator seconds(double least, double most) {
    return {
        [least, most](std::string& text) {
            double value = 0;
            const auto* const end = text.data() + text.size();
            const auto read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
            const bool good = read.ec == std::errc{} && read.ptr == end && value >= least && value <= most;
            return good ? std::string{}
                        : fmt::format("'{}' is not a number of seconds from {:g} to {:g}", text, least, most);
        },
        "SECONDS"};
}

CLI::Validator number_to_dial() {
    return {
        [](std::string& text) {
            constexpr std::size_t longest = 64;
            const bool good = !text.empty() && text.size() <= longest &&
                              std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
                              std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
            return good ? std::string{} : fmt::format("'{}' is not a number to dial", text);
        },
        "NUMBER"};
}

CLI::Validator address_to_watch() {
    return {
        [](std::string& text) {
            if (text.starts_with("sip:")) text.erase(0, 4);
            return signin::split_address(text) ? std::string{} : fmt::format("'{}' is not an address", text);
        },
        "ADDRESS"};
}

// A variable that is not set ("$REPORT") is no wish for nothing: the report would be missing, and nobody told.
void refuse_empty(CLI::App& sub) {
    const CLI::Validator some([](std::string& text) { return std::string(text.empty() ? "it is empty" : ""); }, "");
    std::vector<std::string> names{"password-file", "server",   "ca-file",  "keylog",     "proxy-password-file",
                                   "trust-domain",  "exchange", "scenario", "lab-record", "log"};
    for (const auto& form : forms)
        if (!form.help.empty()) names.emplace_back(form.name);
    for (const auto& name : names) sub.get_option("--" + name)->check(some);
}

void add_user_options(CLI::App& sub, diagnose_options& o) {
    sub.add_option("ADDRESS", o.signin.address, "sign-in address, user@domain")->required();
    sub.add_option("--login", o.signin.login, "user name when it differs from the address: UPN or DOMAIN\\user");
    auto* file = sub.add_option("--password-file", o.password_file, "file whose first line is the password");
    sub.add_flag("--password-stdin", o.password_stdin, "read the password from standard input")->excludes(file);
    sub.add_option("--auth", o.auth, "auto, tls-dsk, kerberos or ntlm")
        ->check(CLI::IsMember({"auto", "tls-dsk", "kerberos", "ntlm"}));
}

void add_network_options(CLI::App& sub, diagnose_options& o) {
    sub.add_option("--server", o.server, "HOST[:PORT]: nothing is discovered, only this server is tried");
    sub.add_option("--vantage", o.vantage, "inside or outside, when you know better")
        ->check(CLI::IsMember({"inside", "outside"}));
    sub.add_option("--resolver", o.resolvers, "ADDR[:PORT] to ask instead of the system's; may be repeated");
    sub.add_option(
        "--connect-to", o.connect_to, "HOST:PORT:ADDR:PORT: go to ADDR:PORT instead; DNS is asked all the same");
    sub.add_option("--ca-file", o.signin.ca_files, "further trusted roots, PEM; in addition to the system's");
    sub.add_flag("--tls-scan", o.signin.tls_scan, "try which TLS versions each server accepts");
    sub.add_option(
        "--keylog", o.signin.keylog,
        "write the TLS secrets of the SIP connections there, for Wireshark: whoever\nhas the file can read the "
        "recorded traffic");
    sub.add_option(
        "--proxy", o.signin.proxy,
        "http://[NAME@]HOST:PORT, pac+http://HOST/PATH, pac+file:///PATH or wpad;\nby default what the "
        "environment says");
    sub.add_option(
        "--proxy-password-file", o.proxy_password_file, "file whose first line is NAME's password for the proxy");
    sub.add_option("--trust-domain", o.signin.trust_domains, "a domain whose servers may have the credentials");
}

void add_run_options(CLI::App& sub, diagnose_options& o) {
    sub.add_option("--until", o.until, "stop after this stage")
        ->check(CLI::IsMember({"devices", "discovery", "connection", "registration", "provisioning"}));
    sub.add_flag("--no-publish", o.no_publish, "do not publish this endpoint's state");
    sub.add_option("--dial", o.signin.dial, "show what the user's dial plan makes of this number; may be repeated")
        ->check(number_to_dial());
    sub.add_option(
           "--presence-of", o.signin.presence_of,
           "ask for this address's presence as well; user@domain, may be repeated")
        ->transform(address_to_watch());
    sub.add_flag(
        "--no-partners", o.no_partners, "look up no domain of a partner: your resolver then learns nothing of them");
    auto* exchange = sub.add_option(
        "--exchange", o.signin.exchange,
        "HOST of Exchange, when Autodiscover does not find it: it may have the password");
    sub.add_flag("--no-exchange", o.no_exchange, "do not ask Exchange: calendar, missed conversations")
        ->excludes(exchange);
    sub.add_option("--stay", o.signin.stay_s, "seconds to stay signed in and watch, on top of --timeout")
        ->check(seconds(0, 86400));
    sub.add_option("--user-agent", o.signin.user_agent, "what to send as User-Agent");
    auto* cache = sub.add_flag(
        "--cache", o.signin.cache, "use and keep server, certificate and key, as the desktop client does");
    sub.add_flag("--no-cache", o.no_cache, "use no cached server or certificate (the default)")->excludes(cache);
    sub.add_option("--timeout", o.signin.timeout_s, "seconds in all; every other deadline is a share of it")
        ->check(seconds(0.05, 3600));
}

void add_lab_options(CLI::App& sub, diagnose_options& o) {
    auto* lab = sub.add_flag("--lab", o.lab, "against the built-in pool on loopback");
    sub.add_option("--scenario", o.scenario, "what the built-in pool does wrong: a scenario file")->needs(lab);
    sub.add_option(
           "--lab-record", o.lab_record,
           "write there what the built-in pool saw: which server got which kind of credential,\nand its log; JSON")
        ->needs(lab);
}

void add_report_options(CLI::App& sub, diagnose_options& o) {
    sub.add_option(
           "--messages", o.messages,
           "how much of the messages on the wire the report keeps: none, summary (first lines)\nor headers, the "
           "default; passwords, tickets, keys and tokens never")
        ->check(CLI::IsMember({"none", "summary", "headers"}));
    sub.add_flag(
        "--bodies", o.bodies,
        "the bodies of messages too, as far as they are text; of web services' documents\nonly what holds no secret");
    for (std::size_t i = 0; i < std::size(forms); ++i)
        if (!forms[i].help.empty())
            sub.add_option("--" + std::string(forms[i].name), o.reports[i], std::string(forms[i].help));
    add_options(sub, o.counted);
    add_progress_option(sub, o.events);
    add_log_options(sub, o.events);
    sub.add_flag("-q,--quiet", o.quiet, "no text, only the exit code and the report");
    sub.add_flag("-v,--verbose", o.verbose, "every step with its evidence");
    sub.add_flag("--no-color", o.no_color, "no colours (NO_COLOR is respected, too)");
}

}  // namespace

// In the order in which --help shows them.
void add_options(CLI::App& sub, diagnose_options& o) {
    add_user_options(sub, o);
    add_network_options(sub, o);
    add_run_options(sub, o);
    add_lab_options(sub, o);
    add_report_options(sub, o);
    refuse_empty(sub);
    sub.footer(examples);
}

}  // namespace ucsignin::cmd
