#include "lab/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/scenario_reader.hpp"
#include "trace/json_text.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view format_name = "ucsignin-scenario/1";
constexpr host::input_limit scenario_limit{.bytes = 4u << 20};

// What is wrong comes without the name, which stands before it wherever it is told.
std::expected<std::string, std::string> read_file(const std::string& path, host::clock::duration longest) {
    auto text = host::read_file(path, scenario_limit, host::clock::now() + longest);
    if (text) return std::move(*text);
    return std::unexpected(text.error().detail.substr(path.size() + 2));
}

file_reader beside(const std::string& file) {
    const auto slash = file.find_last_of('/');
    const std::string folder = slash == std::string::npos ? std::string() : file.substr(0, slash + 1);
    return [folder](const std::string& name) {
        return read_file(name.starts_with('/') ? name : folder + name, host::longest_read);
    };
}

scenario blank() {
    scenario out;
    out.name = "healthy";
    out.description = "A pool in good order, seen from outside: autodiscover, DNS records and an Edge.";
    account alice;
    alice.address = "alice@contoso.example";
    alice.logins = {"CONTOSO\\alice"};
    alice.password = "Correct-horse-7";
    alice.display_name = "Alice Adams";
    out.pool.users.push_back(alice);
    account bob = alice;
    bob.address = "bob@contoso.example";
    bob.logins = {"CONTOSO\\bob"};
    bob.password = "Battery-staple-8";
    bob.display_name = "Bob Brown";
    bob.line_uri = "tel:+493055501002;ext=1002";
    out.pool.users.push_back(bob);
    out.pool.contacts = {
        {.address = "bob@contoso.example", .name = "Bob Brown"},
        {.address = "carol@contoso.example", .name = "Carol Clark"}};
    return out;
}

// The client is given what is right, unless the scenario says otherwise.
void fill_in_client(scenario& out) {
    out.client.address = out.user().address;
    out.client.login = out.user().logins.empty() ? out.user().address : out.user().logins.front();
    if (!out.client.password) out.client.password = out.user().password;
}

void read_all(json_section& top, scenario& out, const file_reader& files) {
    std::string format;
    top.read("format", format);
    if (format != format_name) top.fail("format", fmt::format("must be \"{}\"", format_name));
    top.read("name", out.name);
    top.read("description", out.description);
    top.read_object("pool", [&](json_section& in) { read_pool(in, out); });
    top.read_object("user", [&](json_section& in) { read_user(in, out); });
    top.read_object("dns", [&](json_section& in) { read_dns(in, out); });
    top.read_objects("tcp", [&](json_section& in) { read_tcp_fault(in, out); });
    top.read_objects("tls", [&](json_section& in) { read_tls_fault(in, out); });
    top.read_objects("http", [&](json_section& in) { read_http_fault(in, out, files); });
    top.read_objects("soap", [&](json_section& in) { read_soap_rule(in, out); });
    top.read_objects("sip", [&](json_section& in) { read_sip_rule(in, out, files); });
    fill_in_client(out);
    top.read_object("client", [&](json_section& in) { read_client(in, out); });
    top.read_object("expect", [&](json_section& in) { read_expect(in, out); });
    top.finish();
}

}  // namespace

bool scenario::has_family(std::string_view which) const {
    return std::find(address_families.begin(), address_families.end(), which) != address_families.end();
}

std::expected<std::shared_ptr<const scenario>, load_error> parse_scenario(
    std::string_view text, const std::string& file) {
    const auto document = trace::parse_json<nlohmann::ordered_json>(text);
    if (!document)
        return std::unexpected(load_error{file, "", fmt::format("not JSON: byte {}", document.error().offset + 1)});
    scenario out = blank();
    out.description.clear();
    std::optional<trace::member_fault> fault;
    json_section top(*document, "", fault, json_section::reading::strict);
    read_all(top, out, beside(file));
    if (fault) return std::unexpected(load_error{file, fault->where, fault->what});
    return std::make_shared<const scenario>(std::move(out));
}

std::expected<std::shared_ptr<const scenario>, load_error> load_scenario(
    const std::string& path, host::clock::duration longest) {
    const auto text = read_file(path, longest);
    if (!text) return std::unexpected(load_error{path, "", text.error()});
    return parse_scenario(*text, path);
}

std::shared_ptr<const scenario> healthy_scenario() {
    scenario out = blank();
    out.pool.exchange.there = true;
    fill_in_client(out);
    return std::make_shared<const scenario>(std::move(out));
}

}  // namespace ucsignin::lab
