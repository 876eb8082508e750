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
        if (o.signin.proxy_login.find(':') != std::string::npos)  // RFC 7617 section 2: a user-id has none
            return "--proxy: the name has a colon in it (%3A), which ends a name; a password goes into a file that "
                   "--proxy-password-file names";
        url.erase(start, at + 1 - start);
    }
    if (o.proxy_password_file.empty()) return {};
    if (o.signin.proxy_login.empty()) return "--proxy-password-file needs a name: --proxy http://NAME@HOST:PORT";
    auto password = password_of(o.proxy_password_file, host::clock::now() + longest_read(o));
    if (!password) return password.error();
    o.signin.proxy_password = std::move(*password);
    return {};
}

std::string read_servers(diagnose_options& o) {
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
    return {};
}

}  // namespace

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
    if (auto bad = read_servers(o); !bad.empty()) return bad;
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
