#include "diagnose_options.hpp"

#include <charconv>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <cstdlib>

#include "ucsignin/files.hpp"
#include "password_prompt.hpp"

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

constexpr host::input_limit password_limit{.bytes = 4096, .first_line = true};

auth::secret without_line_end(std::string line) {
    if (line.ends_with('\r')) line.pop_back();
    return auth::secret(std::move(line));
}

// The first line of a file, or why there is none.
std::expected<auth::secret, std::string> password_of(const std::string& path, host::deadline until) {
    auto line = host::read_file(path, password_limit, until);
    if (!line) return std::unexpected("the password file " + line.error().detail);
    if (line->empty() || *line == "\r")
        return std::unexpected("the first line of " + path + " is empty; it should hold the password");
    return without_line_end(std::move(*line));
}

template <class T, class Parse>
std::string parse_all(const std::vector<std::string>& texts, std::vector<T>& into, Parse parse, const char* option) {
    for (const auto& text : texts) {
        auto value = parse(text);
        if (!value) return fmt::format("{} {}: {}", option, text, value.error().detail);
        into.push_back(*value);
    }
    return {};
}

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

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// Why an address is none, and what to write instead.
std::string address_fault(const std::string& address) {
    constexpr auto usual = "it looks like user@domain, for instance alice@contoso.example";
    if (lower_case(address.substr(0, 5)) == "sips:")
        return fmt::format(
            "'{}': Skype for Business has no sips: addresses; write user@domain, TLS is used anyway", address);
    const auto domain = address.substr(address.rfind('@') + 1);
    const bool is_number = !domain.empty() && domain.find_first_not_of("0123456789.") == std::string::npos;
    if (address.find('@') != std::string::npos && (is_number || domain.starts_with('[')))
        return fmt::format(
            "'{}': {} is the address of a host, and no sign-in address ends in one; {}. Name a server with --server",
            address, domain, usual);
    return fmt::format("'{}' is not a sign-in address; {}", address, usual);
}

void remember_options(diagnose_options& o) {
    const auto keep = [&](const char* name, const std::string& value) {
        if (!value.empty()) o.as_given.emplace_back(name, value);
    };
    keep("login", o.signin.login);
    keep("auth", o.auth == "auto" ? "" : o.auth);
    keep("vantage", o.vantage);
    keep("until", o.until);
    keep("server", o.server);
    keep("proxy-login", o.signin.proxy_login);
    keep("scenario", o.scenario);
    for (const auto& r : o.resolvers) keep("resolver", r);
    for (const auto& c : o.connect_to) keep("connect-to", c);
    for (const auto& f : o.signin.ca_files) keep("ca-file", f);
    for (const auto& d : o.signin.trust_domains) keep("trust-domain", d);
    keep("keylog", o.signin.keylog);
    if (o.signin.tls_scan) keep("tls-scan", "true");
    if (o.no_publish) keep("no-publish", "true");
    for (const auto& number : o.signin.dial) keep("dial", number);
    for (const auto& address : o.signin.presence_of) keep("presence-of", address);
    if (o.no_partners) keep("no-partners", "true");
    keep("exchange", o.signin.exchange);
    if (o.no_exchange) keep("no-exchange", "true");
    if (o.signin.cache) keep("cache", "true");
    keep("messages", o.messages == "headers" ? "" : o.messages);
    if (o.bodies) keep("bodies", "true");
    keep("fail-on", o.counted.fail_on);
    for (const auto& finding : o.counted.ignore) keep("ignore", finding);
    keep("timeout", fmt::format("{}", o.signin.timeout_s));
}

}  // namespace

namespace {

// A name in a URL may be written with escapes: DOMAIN%5Cname.
std::string percent_decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const bool escape = text[i] == '%' && i + 2 < text.size() &&
                            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                                text.data() + i + 3;
        out += escape ? static_cast<char>(byte) : text[i];
        if (escape) i += 2;
    }
    return out;
}

std::string choose_messages(diagnose_options& o) {
    using trace::message_detail;
    if (o.bodies && o.messages != "headers")
        return fmt::format(
            "--bodies and --messages {}: bodies come with the headers; leave out --messages", o.messages);
    o.signin.messages = o.bodies                  ? message_detail::bodies
                        : o.messages == "none"    ? message_detail::none
                        : o.messages == "summary" ? message_detail::summary
                                                  : message_detail::headers;
    return {};
}

// "http://NAME@HOST:PORT": the name is for the proxy; a password does not belong on a command line.
std::string take_proxy_login(diagnose_options& o) {
    auto& url = o.signin.proxy;
    const auto mark = url.find("://");
    const auto start = mark == std::string::npos ? 0 : mark + 3;
    const auto at = url.rfind('@');
    if (at != std::string::npos && at >= start) {
        const auto name = url.substr(start, at - start);
        if (name.find(':') != std::string::npos)
            return "--proxy: a password is not accepted there, where others can see it; use --proxy-password-file";
        o.signin.proxy_login = percent_decoded(name);
        url.erase(start, at + 1 - start);
    }
    if (o.proxy_password_file.empty()) return {};
    if (o.signin.proxy_login.empty()) return "--proxy-password-file needs a name: --proxy http://NAME@HOST:PORT";
    auto password = password_of(o.proxy_password_file, host::clock::now() + longest_read(o));
    if (!password) return password.error();
    o.signin.proxy_password = std::move(*password);
    return {};
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
    sub.footer(examples);
}

std::string complete(diagnose_options& o) {
    if (!signin::split_address(o.signin.address)) return address_fault(o.signin.address);
    const auto breaks_line = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    for (const auto& [option, text] : {std::pair{"--user-agent", &o.signin.user_agent}, {"--login", &o.signin.login}})
        if (std::ranges::any_of(*text, breaks_line)) return fmt::format("{}: it has a control character", option);
    using signin::auth_choice;
    o.signin.auth = o.auth == "tls-dsk"    ? auth_choice::tls_dsk
                    : o.auth == "kerberos" ? auth_choice::kerberos
                    : o.auth == "ntlm"     ? auth_choice::ntlm
                                           : auth_choice::automatic;
    o.signin.vantage = o.vantage == "inside"    ? signin::vantage::inside
                       : o.vantage == "outside" ? signin::vantage::outside
                                                : signin::vantage::unknown;
    if (!o.until.empty()) o.signin.until_stage = chart::stage_number(o.until);
    o.signin.publish = !o.no_publish;
    o.signin.partners = !o.no_partners;
    o.signin.ask_exchange = !o.no_exchange;
    if (!o.signin.exchange.empty()) {
        const auto host = net::parse_host_port(o.signin.exchange, 0);
        if (!host) return fmt::format("--exchange {}: {}", o.signin.exchange, host.error().detail);
        if (host->port != 0) return fmt::format("--exchange {}: the name alone, without a port", o.signin.exchange);
        o.signin.exchange = host->host;
    }
    if (!o.server.empty()) {
        const auto server = net::parse_host_port(o.server, 0);
        if (!server) return fmt::format("--server {}: {}", o.server, server.error().detail);
        o.signin.server = *server;
    }
    const auto resolver = [](const std::string& text) { return net::parse_endpoint(text, 53); };
    const auto override_ = [](const std::string& text) { return net::parse_connect_to(text); };
    if (auto bad = parse_all(o.resolvers, o.signin.resolvers, resolver, "--resolver"); !bad.empty()) return bad;
    if (auto bad = parse_all(o.connect_to, o.signin.connect_to, override_, "--connect-to"); !bad.empty()) return bad;
    if (auto bad = choose_messages(o); !bad.empty()) return bad;
    if (form_on_stdout(o.reports) && o.events.progress == "jsonl")
        return "--progress jsonl and a report on standard output (-): only one can be there; name a file for the "
               "report";
    if (auto bad = take_proxy_login(o); !bad.empty()) return bad;
    if (auto bad = check_paths(o.reports); !bad.empty()) return bad;
    auto policy = policy_of(o.counted);
    if (!policy) return policy.error();
    o.policy = std::move(*policy);
    remember_options(o);
    return {};
}

std::string read_password(diagnose_options& o) {
    if (!o.password_file.empty()) {
        auto password = password_of(o.password_file, host::clock::now() + longest_read(o));
        if (!password) return password.error();
        o.signin.password = std::move(*password);
        o.signin.password_source = "file";
    } else if (o.password_stdin) {
        const std::chrono::duration<double> total(o.signin.timeout_s);
        auto line = host::read_standard_input(
            password_limit, host::clock::now() + std::chrono::duration_cast<std::chrono::milliseconds>(total));
        if (!line) return "the password: " + line.error().detail;
        o.signin.password = without_line_end(std::move(*line));
        o.signin.password_source = "stdin";
        if (o.signin.password->empty()) return "no password came on standard input";
    } else if (can_prompt() && host::standard_error().is_terminal()) {
        auto typed = prompt_for_password(o.signin.login.empty() ? o.signin.address : o.signin.login);
        if (!typed.empty()) {
            o.signin.password = std::move(typed);
            o.signin.password_source = "prompt";
        }
    }
    return {};
}

host::clock::duration longest_read(const diagnose_options& o) {
    const std::chrono::duration<double> total(o.signin.timeout_s);
    return std::min<host::clock::duration>(
        host::longest_read, std::chrono::duration_cast<host::clock::duration>(total));
}

std::string check_files(const diagnose_options& o) {
    for (const auto& file : o.signin.ca_files) {
        if (const auto good = signin::check_ca_file(file, host::clock::now() + longest_read(o)); !good)
            return "--ca-file " + good.error();
    }
    if (!o.signin.keylog.empty())
        if (const auto opened = signin::check_keylog(o.signin.keylog); !opened) return "--keylog " + opened.error();
    return {};
}

std::vector<std::string> words_of(const CLI::App& parsed) {
    std::vector<std::string> words;
    for (const auto* option : parsed.get_options()) {
        if (option->get_positional() || option->get_lnames().empty() || !option->get_configurable()) continue;
        const bool flag = option->get_items_expected_max() == 0;
        for (const auto& value : option->results())
            words.push_back("--" + option->get_lnames().front() + (flag ? "" : "=" + value));
    }
    return words;
}

namespace {

// Reads words over what is there already.
std::string read_over(diagnose_options& into, std::vector<std::string> words) {
    CLI::App app;
    add_options(app, into);
    words.insert(words.begin(), into.signin.address);
    std::reverse(words.begin(), words.end());
    try {
        app.parse(words);
    } catch (const CLI::ParseError& bad) {
        return bad.what();
    }
    return {};
}

std::string use_scenario_options(diagnose_options& o, const std::vector<std::string>& words) {
    diagnose_options both;
    both.signin.address = o.signin.address;
    if (auto bad = read_over(both, words); !bad.empty()) return "the scenario's client.options: " + bad;
    if (auto bad = read_over(both, o.typed); !bad.empty()) return "the options together with the scenario's: " + bad;
    if (auto bad = complete(both); !bad.empty()) return "the scenario's client.options: " + bad;
    both.as_given.emplace_back("scenario-options", fmt::format("{}", fmt::join(words, " ")));
    both.typed = o.typed;
    o = std::move(both);
    return {};
}

}  // namespace

std::string apply_lab(diagnose_options& o, const lab::client_environment& e) {
    if (!e.diagnose_options.empty())
        if (auto bad = use_scenario_options(o, e.diagnose_options); !bad.empty()) return bad;
    for (const auto& text : e.resolvers)
        if (const auto parsed = net::parse_endpoint(text, 53)) o.signin.resolvers.push_back(*parsed);
    for (const auto& text : e.connect_to)
        if (const auto parsed = net::parse_connect_to(text)) o.signin.connect_to.push_back(*parsed);
    o.signin.ca_files.push_back(e.ca_file);
    if (o.signin.login.empty() && e.login != e.user) o.signin.login = e.login;
    if (!e.password.empty()) {
        o.signin.password = auth::secret(e.password);
        o.signin.password_source = "lab";
    }
    o.signin.use_proxy_environment = false;
    return {};
}

report::text_style choose_style(const diagnose_options& o, host::output& to) {
    report::text_style style;
    const char* no_color = std::getenv("NO_COLOR");
    style.colour = to.redraws() && !o.no_color && (no_color == nullptr || *no_color == '\0');
    if (style.colour) to.allow_colours();
    style.verbose = o.verbose;
    style.cut_lines = to.is_terminal();
    style.columns = std::clamp(to.columns(), 40, 120);
    return style;
}

}  // namespace ucsignin::cmd
