// Exchange: what is asked because of roaming self, what came of it at each node, and what an answer is by itself.

#include <catch2/catch.hpp>

#include "provisioning_told.hpp"
#include "trace/evidence_exchange.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using trace::outcome;
namespace ev = trace::ev;

namespace {

constexpr auto calendar = "provisioning.calendar", card = "provisioning.contact_card",
               missed = "provisioning.missed_conversations", voicemail = "provisioning.voicemail";

exchange_step step(
    ev::exchange_step_word what, ev::exchange_state_word state,
    const std::string& host = "autodiscover.contoso.example") {
    exchange_step one;
    one.what = what;
    one.state = state;
    one.url = "https://" + host + "/autodiscover/autodiscover.xml";
    return one;
}

mailbox_seen found() {
    mailbox_seen seen;
    seen.address = "alice@contoso.example";
    seen.ews_url = "https://mail.contoso.example/EWS/Exchange.asmx";
    seen.steps = {step("autodiscover", "ok"), step("availability", "ok"), step("missed", "ok")};
    seen.calendar.emplace();
    seen.calendar->head.succeeded = true;
    seen.calendar->events = 1;
    seen.now = ev::busy_word("busy");
    seen.missed.emplace();
    seen.missed->head.succeeded = true;
    seen.missed->count = 2;
    seen.voicemail = seen.missed;
    return seen;
}

mailbox_seen lost(std::vector<exchange_step> steps) {
    mailbox_seen seen;
    seen.address = "alice@contoso.example";
    seen.steps = std::move(steps);
    return seen;
}

told with(
    mailbox_seen seen, std::string_view self = no_self, std::string_view configuration = "<provisionGroupList/>") {
    told by;
    by.answered(asked::roaming_self, 200, self).answered(asked::configuration, 200, configuration);
    return by.seen(std::move(seen));
}

std::string category(std::string_view name, int instance, std::string_view value) {
    return "<category name=\"" + std::string(name) + "\" instance=\"" + std::to_string(instance) +
           "\" container=\"1\">" + std::string(value) + "</category>";
}
std::string self_of(std::string_view categories) {
    return "<roamingData><categories>" + std::string(categories) + "</categories></roamingData>";
}

web_answer answered(int status, std::string body, net::http::fields headers = {}) {
    net::http::response r;
    r.status = status;
    r.body = std::move(body);
    r.headers = std::move(headers);
    web_answer a;
    a.response = std::move(r);
    return a;
}

}  // namespace

TEST_CASE("a calendar that was read, and one that a policy or the user keeps out of presence") {
    const auto read = at(calendar, with(found()));
    CHECK(read.branch.name() == "read");
    CHECK(read.how == outcome::ok);
    CHECK(noted<std::int64_t>(read, ev::calendar_events) == numbers{1});
    CHECK(noted<std::string>(read, ev::calendar_now) == texts{"busy"});
    CHECK(read.groups.size() == 3);
    const std::string off =
        "<provisionGroupList><provisionGroup name=\"endpointConfiguration\"><propertyEntryList><property "
        "name=\"DisableCalendarPresence\">true</property></propertyEntryList></provisionGroup></provisionGroupList>";
    const auto by_policy = at(calendar, with(found(), no_self, off));
    CHECK(by_policy.branch.name() == "switched_off");
    CHECK(noted<std::int64_t>(by_policy, ev::calendar_events) == numbers{1});
    const auto self = self_of(category(
        "otherOptions", 0,
        "<otherOptions><permissions><publishCalendarPresence>false</publishCalendarPresence></permissions></"
        "otherOptions>"));
    CHECK(at(calendar, with(found(), self)).branch.name() == "switched_off");
    auto in_part = found();
    in_part.cut_short = true;
    CHECK(at(calendar, with(std::move(in_part))).summary.find("share of time") != std::string::npos);
}

TEST_CASE("no mailbox, no Exchange, and one that does not give the calendar") {
    const auto branch = [](std::vector<exchange_step> steps) {
        return std::string(at(calendar, with(lost(std::move(steps)))).branch.name());
    };
    CHECK(branch({step("autodiscover", "dns"), step("autodiscover", "not_found")}) == "not_found");
    CHECK(branch({}) == "not_found");
    CHECK(branch({step("autodiscover", "page", "contoso.example"), step("autodiscover", "dns")}) == "not_found");
    CHECK(branch({step("autodiscover", "certificate", "contoso.example"), step("autodiscover", "dns")}) == "not_found");
    CHECK(branch({step("autodiscover", "no_mailbox")}) == "no_mailbox");
    CHECK(branch({step("autodiscover", "certificate"), step("autodiscover", "dns")}) == "refused");
    CHECK(branch({step("autodiscover", "refused_login")}) == "refused");
    auto site = step("autodiscover", "refused_login", "contoso.example");
    CHECK(branch({site}) == "refused");
    site.scheme = "Basic";
    CHECK(branch({site, step("autodiscover", "dns")}) == "not_found");
    CHECK(branch({step("autodiscover", "forbidden"), step("autodiscover", "held_back")}) == "refused");
    const auto silent = at(calendar, with(lost({step("autodiscover", "timed_out")})));
    CHECK(silent.branch.name() == "not_found");
    CHECK(silent.how == outcome::warning);
    auto denied = found();
    denied.steps[1].state = "denied";
    denied.calendar->head.succeeded = false;
    CHECK(at(calendar, with(denied)).branch.name() == "refused");
    denied.steps[1].state = "no_mailbox";
    CHECK(at(calendar, with(denied)).branch.name() == "no_mailbox");
}

TEST_CASE("missed conversations and the voicemail folder") {
    const auto counted = at(missed, with(found()));
    CHECK(counted.branch.name() == "count");
    CHECK(noted<std::int64_t>(counted, ev::missed_conversations) == numbers{2});
    auto never = found();
    never.missed->head.succeeded = false;
    never.steps[2].state = "not_found";
    CHECK(at(missed, with(never)).branch.name() == "count");
    never.steps[2].state = "unsupported";
    CHECK(at(missed, with(never)).how == outcome::expected);
    never.steps[2].state = "server_error";
    CHECK(at(missed, with(never)).how == outcome::warning);
    CHECK(at(missed, with(lost({}))).branch.name() == "refused");
    CHECK(noted<std::int64_t>(at(voicemail, with(found())), ev::voicemail_folder) == numbers{2});
}

TEST_CASE("the contact card: absent, as it should be, or with parts that a client would publish") {
    CHECK(at(card, with(found())).branch.name() == "absent");
    const auto identity = category(
        "contactCard", 0,
        "<contactCard><identity><name><displayName>Alice</displayName></name><email>alice@contoso.example</email>"
        "</identity></contactCard>");
    const auto voice = category(
        "userProperties", 0,
        "<userProperties><telephonyMode>Uc</telephonyMode><exumEnabled>1</exumEnabled></userProperties>");
    const std::string named =
        "<provisionGroupList><provisionGroup name=\"ServerConfiguration\"><voiceMailUri>sip:alice@contoso.example;"
        "opaque=app:voicemail</voiceMailUri></provisionGroup></provisionGroupList>";
    CHECK(at(card, with(found(), self_of(identity), named)).branch.name() == "unchanged");
    const auto lacking = at(card, with(found(), self_of(identity + voice), named));
    CHECK(lacking.branch.name() == "would_be_updated");
    CHECK(noted<std::string>(lacking, ev::contact_card_part).size() == 2);
    const auto full = identity + voice + category("contactCard", 5, "<contactCard isUCEnabled=\"true\"/>") +
                      category(
                          "contactCard", 4,
                          "<contactCard><url>sip:alice@contoso.example;opaque=app:voicemail</url></contactCard>");
    CHECK(at(card, with(found(), self_of(full), named)).branch.name() == "unchanged");
}

namespace {

const std::string identity_card = category(
    "contactCard", 0, "<contactCard><identity><name><displayName>Alice</displayName></name></identity></contactCard>");
const std::string pointer_card = category(
    "contactCard", 6,
    "<contactCard><photo "
    "type=\"enterprise\"><uri>&lt;ewsUrl&gt;https://mail.contoso.example/EWS/Exchange.asmx/WSSecurity"
    "&lt;/ewsUrl&gt;&lt;primarySMTP&gt;a.lice@contoso.example&lt;/primarySMTP&gt;</uri><hash>4Zt9</hash></photo>"
    "</contactCard>");

photo_seen photo(ev::exchange_state_word state, std::int64_t bytes = 0) {
    photo_seen seen;
    seen.step = step("photo", state, "mail.contoso.example");
    seen.bytes = bytes;
    if (bytes > 0) seen.type = "image/jpeg";
    return seen;
}

decided card_with(photo_seen seen, const std::string& cards = identity_card) {
    auto by = with(found(), self_of(cards));
    return at(card, by.seen(std::move(seen)));
}

std::string client_policy(std::string_view name, std::string_view value) {
    return "<provisionGroupList><provisionGroup name=\"endpointConfiguration\"><propertyEntryList><property name=\"" +
           std::string(name) + "\">" + std::string(value) +
           "</property></propertyEntryList></provisionGroup></provisionGroupList>";
}

}  // namespace

TEST_CASE("the photo stands with the contact card; one that nobody has is nothing, one that is refused a warning") {
    const auto there = card_with(photo("ok", 2345));
    CHECK(there.branch.name() == "unchanged");
    CHECK(there.how == outcome::ok);
    CHECK(noted<std::int64_t>(there, ev::photo_bytes) == numbers{2345});
    CHECK(noted<std::string>(there, ev::photo_type) == texts{"image/jpeg"});
    REQUIRE(there.groups.size() == 1);
    CHECK(there.summary.ends_with("photo in Exchange: 2345 bytes, image/jpeg"));
    for (const auto& none : {photo("not_found"), photo("ok")}) {
        const auto nobody = card_with(none);
        CHECK(nobody.how == outcome::ok);
        CHECK(nobody.summary.ends_with("no photo in Exchange"));
        CHECK(noted<std::int64_t>(nobody, ev::photo_bytes).empty());
    }
    const auto old = card_with(photo("unsupported"));
    CHECK(old.how == outcome::ok);
    CHECK(old.summary.ends_with("not in this version"));
    for (const auto state : {"wants_login", "server_error", "denied", "unreadable", "timed_out"}) {
        const auto refused = card_with(photo(*ev::exchange_state_word::from(state)));
        CHECK(refused.branch.name() == "unchanged");
        CHECK(refused.how == outcome::warning);
        CHECK(refused.summary.find("the photo is not given") != std::string::npos);
    }
    photo_seen unasked;
    unasked.why_not = "it rains";
    CHECK(card_with(unasked).how == outcome::ok);
    CHECK(card_with(unasked).summary.ends_with("is not asked for: it rains"));
    unasked.switched_off = true;
    CHECK(noted<bool>(card_with(unasked), ev::photo_switched_off) == std::vector<bool>{true});
}

TEST_CASE("where the card says that the photo is: a web address, or Exchange and for whom") {
    const auto pointed = card_with(photo("ok", 1), identity_card + pointer_card);
    CHECK(
        noted<std::string>(pointed, ev::card_photo_ews_url) == texts{"https://mail.contoso.example/EWS/Exchange.asmx"});
    CHECK(noted<std::string>(pointed, ev::card_photo_address) == texts{"a.lice@contoso.example"});
    CHECK(noted<std::string>(pointed, ev::card_photo_hash) == texts{"4Zt9"});
    CHECK(noted<std::string>(pointed, ev::card_photo_type) == texts{"enterprise"});
    CHECK(noted<std::string>(pointed, ev::card_photo_url).empty());
    const auto by_address = card_with(
        photo("ok", 1),
        identity_card + category(
                            "contactCard", 6,
                            "<contactCard><photo type=\"default\"><uri>https://www.fabrikam.example/a.jpg"
                            "</uri></photo></contactCard>"));
    CHECK(noted<std::string>(by_address, ev::card_photo_url) == texts{"https://www.fabrikam.example/a.jpg"});
    CHECK(noted<std::string>(by_address, ev::card_photo_ews_url).empty());
}

TEST_CASE("a photo is asked for where policy shows photos, at a release that knows it, when the mailbox is reached") {
    const endpoint me{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812"};
    const auto wanted = [&](mailbox_seen seen, std::string_view configuration = "<provisionGroupList/>") {
        return builders::photo(me, with(std::move(seen), no_self, configuration).all);
    };
    const auto unasked = [](const wish& made) {
        REQUIRE(std::holds_alternative<known>(made));
        return *std::any_cast<photo_seen>(std::get<known>(made).what.get());
    };
    auto reached = found();
    reached.way = mailbox_way{};
    CHECK(std::holds_alternative<look_for>(wanted(reached)));
    CHECK(std::holds_alternative<look_for>(wanted(reached, client_policy("PhotoUsage", "AllPhotos"))));
    CHECK(std::holds_alternative<look_for>(wanted(reached, client_policy("MaxPhotoSizeKB", " 30 "))));
    CHECK(unasked(wanted(reached, client_policy("PhotoUsage", "nophoto"))).switched_off);
    CHECK(unasked(wanted(reached, client_policy("MaxPhotoSizeKB", "0"))).switched_off);
    reached.calendar->head.major = 14;
    reached.release = "Exchange 2010";
    const auto old = unasked(wanted(reached));
    REQUIRE(old.step);
    CHECK(old.step->state.word() == "unsupported");
    CHECK(old.step->error.find("Exchange 2010") != std::string::npos);
    CHECK(std::holds_alternative<not_sent>(wanted(found())));
    told nobody;
    nobody.seen(reached);
    CHECK(std::holds_alternative<not_sent>(builders::photo(me, nobody.all)));
}

TEST_CASE("the list in Exchange is that of the contact nodes, and is waited for only where the pool names it") {
    const auto moved = [] { return told().answered(asked::contacts, 488); };
    const auto here = told().answered(asked::contacts, 200, "<contactList/>");
    const auto sources = requests[asked::list].sources;
    REQUIRE(sources);
    const auto waits_for = [&](const told& by) {
        const auto rows = sources(by.all);
        return std::vector<std::size_t>(rows.begin(), rows.end());
    };
    CHECK(waits_for(here) == std::vector<std::size_t>{asked::contacts});
    CHECK(waits_for(moved()) == std::vector<std::size_t>{asked::contacts, asked::mailbox});
    auto with_list = found();
    with_list.contacts.emplace();
    with_list.contacts->head.succeeded = true;
    with_list.contacts->list.groups = {{1, "Team"}};
    with_list.contacts->list.contacts = {{"bob@contoso.example", "Bob", {1}, false}, {"carol@fabrikam.example"}};
    const auto read = moved().seen(with_list).follow().answered(asked::configuration, 200, "<provisionGroupList/>");
    CHECK(at("provisioning.contacts", read).summary == "in Exchange: 2 contacts in 1 groups");
    CHECK(noted<std::int64_t>(at("provisioning.contacts", read), ev::contacts) == numbers{2});
    CHECK(at("provisioning.contact_groups", read).branch.name() == "yes");
    CHECK(at("provisioning.contact_kinds", read).branch.name() == "federated");
    const endpoint me{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812"};
    const auto watch = std::get<request_text>(builders::presence(me, read.all));
    CHECK(watch.body.find("sip:carol@fabrikam.example") != std::string::npos);
}

TEST_CASE("where the list in Exchange can't be read, the contact nodes say why") {
    const auto why = [](told by) { return *by.follow().all.at(asked::list).unsent; };
    const auto moved = [] { return told().answered(asked::contacts, 200, "<contactList ucsmode=\"Migrated\"/>"); };
    auto unasked = moved();
    unasked.all.at(asked::mailbox).unsent = not_sent{trace::not_run_reason::switched_off, "--no-exchange"};
    CHECK(why(unasked).reason == trace::not_run_reason::switched_off);
    CHECK(why(unasked).why == "the list is in Exchange, which is not asked: --no-exchange");
    CHECK(why(moved().seen(found())).reason == trace::not_run_reason::not_reached);
    CHECK(at("provisioning.contacts", moved().seen(found()).follow()).branch.name() == "exchange");
    CHECK(why(told().answered(asked::contacts, 200, "?")).reason == trace::not_run_reason::not_reached);
    CHECK(why(told().answered(asked::contacts, 500)).why == "the contacts can't be read: 500 Refused");
}

TEST_CASE("what an answer of Exchange is") {
    const auto state = [](int status, std::string body, net::http::fields headers = {}) {
        return std::string(state_of(answered(status, std::move(body), std::move(headers))).word());
    };
    CHECK(state(200, "<?xml version=\"1.0\"?><Autodiscover/>") == "ok");
    CHECK(state(500, "<s:Envelope/>") == "ok");
    CHECK(state(500, "oops") == "server_error");
    CHECK(state(503, "<s:Envelope/>") == "server_error");
    CHECK(state(200, "<html>Welcome</html>") == "page");
    CHECK(state(200, "<html>Autodiscover our town</html>") == "page");
    CHECK(state(200, "<html><input type=\"password\"></html>") == "forms");
    CHECK(state(302, "", {{"Location", "/owa/auth/logon.aspx"}}) == "forms");
    CHECK(state(302, "", {{"Location", "https://other/autodiscover/autodiscover.xml"}}) == "redirect");
    CHECK(state(404, "") == "not_found");
    CHECK(state(403, "") == "forbidden");
    CHECK(state(401, "") == "wants_login");
    CHECK(state(401, "", {{"x-ms-diagnostics", "2000004;reason=\"no\""}}) == "realm");
    CHECK(state(401, "", {{"WWW-Authenticate", "Bearer"}, {"x-ms-diagnostics", "2000004;reason=\"no\""}}) == "realm");
    // It is about tokens alone, and says nothing where another log-in is offered.
    CHECK(
        state(401, "", {{"WWW-Authenticate", "NTLM"}, {"x-ms-diagnostics", "2000003;reason=\"no\""}}) == "wants_login");
    CHECK(
        state(401, "", {{"WWW-Authenticate", "Bearer"}, {"x-ms-diagnostics", "4000000;reason=\"\""}}) == "wants_login");
    CHECK(state(429, "") == "server_error");
    CHECK(state(302, "", {{"Location", "/vpn/index.html"}}) == "forms");
    CHECK(state(302, "", {{"Location", "/owa/auth/errorFE.aspx?httpCode=500"}}) == "server_error");
    CHECK(state_of_code("ErrorExceededConnectionCount").word() == "server_error");
    CHECK(state_of_code("ErrorNoFreeBusyAccess").word() == "denied");
    CHECK(state_of_code("a:ErrorServerBusy").word() == "server_error");
    CHECK(state_of_code("ErrorUnheardOf").word() == "error");
}

TEST_CASE("a proxy that finds no way there refuses nothing") {
    const auto state = [](int status) { return std::string(state_of(web_error{"proxy", "no", status}).word()); };
    CHECK(state(403) == "proxy");
    CHECK(state(407) == "proxy");
    for (const int status : {500, 502, 503, 504}) CHECK(state(status) == "unreachable");
}

TEST_CASE("--no-exchange asks nobody") {
    endpoint me{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812"};
    const answers nothing(std::size(requests));
    CHECK(std::holds_alternative<look_for>(builders::mailbox(me, nothing)));
    me.asks_exchange = false;
    const auto unasked = builders::mailbox(me, nothing);
    REQUIRE(std::holds_alternative<not_sent>(unasked));
    CHECK(std::get<not_sent>(unasked).reason == trace::not_run_reason::switched_off);
}
