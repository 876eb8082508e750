// The sections that say what the pool is like: user, pool, dns, client, expect.

#include <algorithm>

#include "lab/credential.hpp"
#include "lab/scenario_reader.hpp"
#include "lab/zone.hpp"
#include "net/address.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::array<std::pair<std::string_view, speaks>, 7> kinds_of_service = {
    {{"sip", speaks::sip},
     {"http", speaks::http},
     {"https", speaks::https},
     {"tls_silence", speaks::tls_silence},
     {"tls_close", speaks::tls_close},
     {"closed", speaks::closed},
     {"filtered", speaks::filtered}}};
constexpr std::array<std::pair<std::string_view, resolver_kind>, 4> kinds_of_resolver = {
    {{"good", resolver_kind::good},
     {"silent", resolver_kind::silent},
     {"refusing", resolver_kind::refusing},
     {"closed", resolver_kind::closed}}};
constexpr std::array<std::pair<std::string_view, dns_over_tcp>, 4> ways_over_tcp = {
    {{"serve", dns_over_tcp::serve},
     {"refuse", dns_over_tcp::refuse},
     {"close", dns_over_tcp::close},
     {"drop", dns_over_tcp::drop}}};
constexpr std::array<std::pair<std::string_view, int>, 7> known_rcodes = {
    {{"NOERROR", 0}, {"FORMERR", 1}, {"SERVFAIL", 2}, {"NXDOMAIN", 3}, {"NOTIMP", 4}, {"REFUSED", 5}, {"YXDOMAIN", 6}}};
constexpr std::array<std::pair<std::string_view, username_form>, 3> username_forms = {
    {{"base64", username_form::base64}, {"clear", username_form::clear}, {"both", username_form::both}}};
constexpr std::array<std::pair<std::string_view, relay_udp>, 5> ways_of_udp = {
    {{"answers", relay_udp::answers},
     {"microsoft", relay_udp::microsoft},
     {"silent", relay_udp::silent},
     {"refused", relay_udp::refused},
     {"strange", relay_udp::strange}}};
// clang-format off
constexpr std::array<std::pair<std::string_view, relay_allocate>, 9> ways_to_allocate = {{
    {"grants", relay_allocate::grants}, {"other_keys", relay_allocate::other_keys}, {"quota", relay_allocate::quota},
    {"mismatch", relay_allocate::mismatch}, {"silent", relay_allocate::silent}, {"stale", relay_allocate::stale},
    {"always_stale", relay_allocate::always_stale}, {"forged", relay_allocate::forged}, {"open", relay_allocate::open}}};
// clang-format on
constexpr std::size_t most_relays = 8;
constexpr std::string_view record_types[] = {"A", "AAAA", "CNAME", "NS", "SRV", "TXT"};

void read_name(json_section& in, std::string_view key, std::string& into) {
    in.read(key, into);
    check_name(in, key, into);
    into = sip::lower(into);
}

void read_endpoint(json_section& in, endpoint_states& into) {
    constexpr int highest = 100000;
    in.read("epid", into.epid);
    if (into.epid.empty()) in.fail("epid", "must be given");
    in.read("machine_state", into.machine_state, 0, highest);
    in.read("user_state", into.user_state, 0, highest);
    in.read("phone_state", into.phone_state, 0, highest);
    in.read("calendar_state", into.calendar_state, 0, highest);
    in.read("activity", into.activity);
}

void read_account(json_section& in, account& into) {
    in.read("address", into.address);
    if (into.address.find('@') == std::string::npos) in.fail("address", "must have the form user@domain");
    into.address = sip::lower(into.address);
    std::string login;
    in.read("login", login);
    if (!login.empty()) into.logins = {login};
    in.read("password", into.password);
    in.read("display_name", into.display_name);
    in.read("line_uri", into.line_uri);
    in.read("telephony_mode", into.telephony_mode);
    in.read("voice_mailbox", into.voice_mailbox);
    in.read("mwi", into.mwi);
    in.read("delegates", into.delegates);
    in.read("note", into.note);
    in.read("email", into.email);
    in.read("contact_card", into.contact_card);
    in.read("photo_uri", into.photo_uri);
    in.read("photo_hash", into.photo_hash);
    in.read("missed_seen", into.missed_seen);
    in.read("home", into.home);
    in.read("sip_enabled", into.sip_enabled);
    in.read("user_state", into.user_state, 0, 100000);
    in.read("blocked", into.blocked);
    in.read("workgroup", into.workgroup);
    in.read("personal", into.personal);
    in.read_objects("endpoints", [&](json_section& each) { read_endpoint(each, into.endpoints.emplace_back()); });
}

void read_contact(json_section& in, contact_entry& into) {
    in.read("address", into.address);
    in.read("name", into.name);
    in.read("availability", into.availability, 0, 100000);
    in.read("groups", into.groups);
    in.read("activity", into.activity);
    in.read("state", into.state);
    in.read("pool_fqdn", into.pool_fqdn);
    in.read("reason", into.reason);
}

void read_provisioning(json_section& in, provisioning_changes& into) {
    in.read("remove", into.remove);
    in.read_names("set", [&](json_section& groups, const std::string& group) {
        groups.read_members(group, [&](const std::string& name, const std::string& value) {
            into.set.push_back({group, name, value});
        });
    });
}

void read_relay(json_section& in, pool_settings& pool) {
    relay_settings one;
    one.host = "av";
    in.read("host", one.host);
    one.host = complete_name(one.host, pool.sip_domain);
    check_name(in, "host", one.host);
    in.read("location", one.location);
    in.read("udp_port", one.udp_port, 1, 65535);
    in.read("tcp_port", one.tcp_port, 1, 65535);
    if (one.udp_port == one.tcp_port)
        in.fail("udp_port", "must not be tcp_port: --connect-to does not tell them apart");
    in.read_choice("udp", one.udp, ways_of_udp);
    in.read_choice("allocate", one.allocate, ways_to_allocate);
    pool.relays.push_back(std::move(one));
    if (pool.relays.size() > most_relays) in.fail("host", "must be one of 8 relays at most");
}

void read_mras(json_section& in, pool_settings& pool) {
    in.read("reason", pool.mras_reason);
    in.read("username", pool.mras_user);
    in.read("password", pool.mras_password);
    if (pool.mras_user.empty() != pool.mras_password.empty()) in.fail("username", "must stand beside password");
}

void read_mailbox(json_section& in, mailbox& into) {
    in.read("address", into.address);
    in.read("busy", into.busy);
    in.read("out_of_office", into.out_of_office);
    in.read("unread_voicemail", into.unread_voicemail, 0, 100000);
    in.read("missed", into.missed, 0, 100000);
    in.read("has_history", into.has_history);
    in.read("photo", into.photo);
    if (!sip::from_base64(into.photo)) in.fail("photo", "must be Base64");
}

void read_exchange(json_section& in, exchange_settings& into) {
    into.there = true;
    read_name(in, "host", into.host);
    in.read("version", into.version, 2010, 2019);
    in.read("schemes", into.schemes);
    if (in.has("mailboxes")) into.mailboxes.clear();
    in.read_objects("mailboxes", [&](json_section& each) { read_mailbox(each, into.mailboxes.emplace_back()); });
}

void read_service(json_section& in, scenario& out) {
    extra_service one;
    in.read("at", one.at);
    if (!net::parse_endpoint(one.at, 443)) in.fail("at", "must be ADDR:PORT");
    in.read_choice("speaks", one.what, kinds_of_service);
    in.read("server", one.server);
    in.read("names", one.names);
    for (const auto& name : one.names) check_name(in, "names", name);
    out.services.push_back(std::move(one));
}

// Every host name of the pool follows the SIP domain, unless it is given.
void move_to_domain(pool_settings& pool, const std::string& domain) {
    const auto moved = [&](std::string& name) {
        if (name.ends_with("." + pool.sip_domain)) name = name.substr(0, name.size() - pool.sip_domain.size()) + domain;
    };
    for (auto* name : {&pool.pool, &pool.edge_host, &pool.web_external, &pool.web_internal, &pool.exchange.host})
        moved(*name);
    for (auto& one : pool.relays) moved(one.host);
    for (auto& one : pool.users) one.address = one.address.substr(0, one.address.find('@') + 1) + domain;
    for (auto& one : pool.contacts) one.address = one.address.substr(0, one.address.find('@') + 1) + domain;
    pool.sip_domain = domain;
}

void read_domain(json_section& in, pool_settings& pool) {
    std::string domain = pool.sip_domain;
    in.read("sip_domain", domain);
    if (domain.find('.') == std::string::npos || !is_plain_name(domain)) in.fail("sip_domain", "must be a domain name");
    else move_to_domain(pool, sip::lower(domain));
}

void read_ticket_ways(json_section& in, std::vector<std::string>& into) {
    static constexpr std::string_view known[] = {"WinNegotiate", "WinNtlm",     "Auth", "Anon",
                                                 "Cert",         "WsFedBearer", "OAuth"};
    in.read("ticket_ways", into);
    for (const auto& way : into)
        if (std::find(std::begin(known), std::end(known), way) == std::end(known))
            in.fail("ticket_ways", "must name WinNegotiate, WinNtlm, Auth, Anon, Cert, WsFedBearer, OAuth");
}

bool is_known_type(std::string_view type) {
    return std::find(std::begin(record_types), std::end(record_types), type) != std::end(record_types);
}

// Names inside of SRV and CNAME data follow the rule of all names.
std::string complete_data(const dns_record& record, std::string_view domain) {
    if (record.type == "CNAME" || record.type == "NS") return complete_name(record.data, domain);
    if (record.type != "SRV") return record.data;
    const auto blank = record.data.find_last_of(' ');
    if (blank == std::string::npos) return {};
    const std::string target = record.data.substr(blank + 1);
    return record.data.substr(0, blank + 1) + (target == "." ? target : complete_name(target, domain));
}

void read_record(json_section& in, std::vector<dns_record>& into, const std::string& domain, bool with_data) {
    dns_record one;
    in.read("name", one.name);
    if (one.name.empty()) in.fail("name", "must be given, @ for the SIP domain itself");
    one.name = complete_name(one.name, domain);
    one.type = with_data ? "A" : "*";
    in.read("type", one.type);
    if (one.type != "*" && !is_known_type(one.type)) in.fail("type", "must be A, AAAA, CNAME, NS, SRV or TXT");
    if (with_data) {
        int ttl = static_cast<int>(one.ttl);
        in.read("ttl", ttl, 0, 604800);
        one.ttl = static_cast<std::uint32_t>(ttl);
        in.read("data", one.data);
        one.data = complete_data(one, domain);
        const auto made = to_resource(one);
        if (!made) in.fail("data", made.error());
    }
    into.push_back(std::move(one));
}

void read_fault(json_section& in, std::vector<dns_fault>& into, const std::string& domain) {
    dns_fault one;
    in.read("name", one.name);
    if (one.name.find('*') == std::string::npos) one.name = complete_name(one.name, domain);
    in.read("type", one.type);
    if (in.has("rcode")) {
        int rcode = 0;
        in.read_choice("rcode", rcode, known_rcodes);
        one.rcode = rcode;
    }
    in.read("drop", one.drop);
    in.read("drop_udp", one.drop_udp);
    in.read("garbage", one.garbage);
    in.read("truncate", one.truncate);
    in.read("only_when_checking", one.only_when_checking);
    if (in.has("extended_error")) in.read("extended_error", one.extended_error.emplace(), 0, 65535);
    in.read("extended_text", one.extended_text);
    if (one.extended_text.size() > 200) in.fail("extended_text", "must have at most 200 bytes");
    in.read("delay_ms", one.delay_ms, 0, a_day_ms);
    in.read_choice("tcp", one.tcp, ways_over_tcp);
    in.read("nth", one.when.nth, 1, 1000000);
    in.read("times", one.when.times, 0, 1000000);
    into.push_back(std::move(one));
}

void read_authority(json_section& in, authority_section& into, const std::string& domain) {
    into.there = true;
    in.read_objects("remove", [&](json_section& each) { read_record(each, into.remove, domain, false); });
    in.read_objects("set", [&](json_section& each) { read_record(each, into.set, domain, true); });
    in.read_objects("add", [&](json_section& each) { read_record(each, into.add, domain, true); });
    in.read_objects("faults", [&](json_section& each) { read_fault(each, into.faults, domain); });
}

void read_resolvers(json_section& in, dns_section& dns) {
    if (!in.has("resolvers")) return;
    dns.resolvers.clear();
    in.read_objects("resolvers", [&](json_section& each) {
        resolver_kind kind = resolver_kind::good;
        each.read_choice("kind", kind, kinds_of_resolver);
        dns.resolvers.push_back(kind);
    });
    if (dns.resolvers.empty()) in.fail("resolvers", "must name at least one");
}

void read_evidence(json_section& in, expect_section& out) {
    expected_evidence one;
    in.read("node", one.node);
    in.read("branch", one.branch);
    in.read("subject", one.subject);
    in.read("name", one.name);
    in.read("equals", one.equals);
    in.read("contains", one.contains);
    out.evidence.push_back(std::move(one));
}

// {"sip.contoso.example": ["certificate", "signature"], "*": []}
void read_credentials(json_section& in, expect_section& out) {
    in.read_names("credentials", [&](json_section& each, const std::string& place) {
        auto& kinds = out.credentials[place];
        each.read(place, kinds);
        if (place != "*" && !net::parse_host_port(place, 0)) each.fail(place, "must stand for HOST, HOST:PORT or *");
        const auto& known = recorded_kinds();
        for (const auto& kind : kinds)
            if (std::find(known.begin(), known.end(), kind) == known.end())
                each.fail(place, "'" + kind + "' is not a kind of credential");
    });
}

}  // namespace

void check_name(json_section& in, std::string_view key, const std::string& name) {
    if (!is_plain_name(name)) in.fail(key, "must be a domain name");
}

std::string complete_name(std::string_view text, std::string_view domain) {
    const std::string name = sip::lower(text);
    if (name == "@") return std::string(domain);
    if (name.ends_with('.')) return name.substr(0, name.size() - 1);
    const auto last = name.find_last_of('.');
    const bool relative = last == std::string::npos || name[last + 1] == '_';
    return relative ? name + "." + std::string(domain) : name;
}

void read_user(json_section& in, scenario& out) {
    account& user = out.pool.users.front();
    read_account(in, user);
    if (in.is_null("typed_password"))
        return in.fail("typed_password", "must be a string (client/password may be null)");
    in.read("typed_password", out.client.password);
    bool remote_access = true;
    in.read("remote_access", remote_access);
    if (remote_access || !out.pool.edge) return;
    sip_rule refusal;
    refusal.method = "REGISTER";
    refusal.step = "signed";
    refusal.times = 0;
    refusal.status = 403;
    refusal.headers = {{"ms-diagnostics-public", R"(4003;reason="From URI not enabled for remote access")"}};
    out.pool.sip.push_back(std::move(refusal));
}

void read_dial_plan(json_section& in, pool_settings& pool) {
    in.read("dial_plan", pool.dial_plan);
    in.read("dial_plan_named", pool.dial_plan_named);
    in.read_objects("dial_rules", [&](json_section& each) {
        auto& rule = pool.dial_rules.emplace_back();
        each.read("pattern", rule.pattern);
        each.read("translation", rule.translation);
    });
}

void read_pool(json_section& in, scenario& out) {
    pool_settings& pool = out.pool;
    read_domain(in, pool);
    read_name(in, "pool", pool.pool);
    read_name(in, "edge_host", pool.edge_host);
    read_name(in, "web_external", pool.web_external);
    read_name(in, "web_internal", pool.web_internal);
    in.read("server_header", pool.server_header);
    in.read("edge", pool.edge);
    in.read("old_pool", pool.old_pool);
    in.read("schemes", pool.schemes);
    in.read("keytab", pool.keytab);
    in.read_choice("username_token", pool.username_token, username_forms);
    read_ticket_ways(in, pool.ticket_ways);
    in.read("clock_offset_s", pool.clock_offset_s, -10LL * 365 * 86400, 10LL * 365 * 86400);
    in.read("internal_port", pool.internal_port, 1, 65535);
    in.read("external_port", pool.external_port, 1, 65535);
    in.read("expires_s", pool.expires_s, 1, 86400);
    in.read("keep_alive_s", pool.keep_alive_s, 1, 86400);
    in.read("ucs_mode", pool.ucs_mode);
    read_dial_plan(in, pool);
    in.read_object("provisioning", [&](json_section& each) { read_provisioning(each, pool.provisioning); });
    if (in.has("relays")) pool.relays.clear();
    in.read_objects("relays", [&](json_section& each) { read_relay(each, pool); });
    in.read_object("exchange", [&](json_section& each) { read_exchange(each, pool.exchange); });
    in.read_object("mras", [&](json_section& each) { read_mras(each, pool); });
    in.read("address_families", out.address_families);
    for (const auto& family : out.address_families)
        if (family != "ipv4" && family != "ipv6") in.fail("address_families", "must name ipv4, ipv6 or both");
    if (in.has("contacts")) pool.contacts.clear();
    in.read_objects("contacts", [&](json_section& each) { read_contact(each, pool.contacts.emplace_back()); });
    in.read_objects("users", [&](json_section& each) { read_account(each, pool.users.emplace_back()); });
    in.read_objects("services", [&](json_section& each) { read_service(each, out); });
}

void read_dns(json_section& in, scenario& out) {
    const std::string& domain = out.pool.sip_domain;
    in.read("empty", out.dns.empty);
    in.read("zone_exists", out.dns.zone_exists);
    in.read_objects("remove", [&](json_section& each) { read_record(each, out.dns.remove, domain, false); });
    in.read_objects("set", [&](json_section& each) { read_record(each, out.dns.set, domain, true); });
    in.read_objects("add", [&](json_section& each) { read_record(each, out.dns.add, domain, true); });
    in.read_objects("faults", [&](json_section& each) { read_fault(each, out.dns.faults, domain); });
    in.read_object("authoritative", [&](json_section& each) { read_authority(each, out.dns.authoritative, domain); });
    read_resolvers(in, out.dns);
}

void read_client(json_section& in, scenario& out) {
    in.read("options", out.client.options);
    in.read("address", out.client.address);
    in.read("login", out.client.login);
    if (in.is_null("password")) out.client.password.reset();
    else in.read("password", out.client.password);
}

void read_expect(json_section& in, scenario& out) {
    expect_section& expect = out.expect;
    in.read("signed_in", expect.signed_in);
    if (in.is_null("stopped_at")) expect.stopped_at = "";
    else in.read("stopped_at", expect.stopped_at);
    if (in.has("exit_code")) {
        expect.exit_code = 0;
        in.read("exit_code", *expect.exit_code, 0, 255);
    }
    in.read("root_causes", expect.root_causes);
    in.read("findings", expect.findings);
    in.read("not_findings", expect.not_findings);
    in.read_objects("evidence", [&](json_section& each) { read_evidence(each, expect); });
    read_credentials(in, expect);
    if (in.has("password_uses")) in.read("password_uses", expect.password_uses.emplace(), 0, 1000);
    in.read_members(
        "branches", [&](const std::string& node, const std::string& branch) { expect.branches[node] = branch; });
}

}  // namespace ucsignin::lab
