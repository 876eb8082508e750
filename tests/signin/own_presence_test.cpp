// What roaming self says of the user's own presence beside this endpoint's, and of who may see it. Bodies after
// protocol 02, sections 3.2 to 3.6.

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "provisioning_told.hpp"
#include "signin/provisioning/own_presence.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
namespace ev = trace::ev;

namespace {

constexpr std::uint32_t own_machine = 0x3c8ca638;

std::string state_of(std::uint32_t instance, const std::string& type, int availability, const std::string& more = {}) {
    return fmt::format(
        R"(<category name="state" instance="{}" container="2" version="1"{}><state type="{}"><availability>{}</availability></state></category>)",
        instance, more, type, availability);
}
std::string states(int seen, const std::string& others) {
    return "<roamingData><categories>" + others + state_of(1, "aggregateState", seen) +
           state_of(own_machine, "machineState", 3500) + "</categories></roamingData>";
}

// Kind and availability of each other state, an asterisk at the one that others see.
texts others_in(const decided& found) {
    texts all;
    for (const auto& group : found.groups) {
        std::string one;
        for (const auto& fact : group) {
            if (fact.name->name == ev::presence_state.name) one += std::get<std::string>(fact.value);
            if (fact.name->name == ev::presence_state_availability.name)
                one += fmt::format(" {}", std::get<std::int64_t>(fact.value));
            if (fact.name->name == ev::presence_state_outweighs.name && std::get<bool>(fact.value)) one += " *";
        }
        all.push_back(std::move(one));
    }
    return all;
}

decided available_with(int seen, const std::string& others, const std::string& earlier = {}) {
    told by;
    by.all.own_machine_state = own_machine;
    if (!earlier.empty()) by.answered(asked::roaming_self, 200, states(18500, earlier));
    return at("provisioning.available", by.answered(asked::publication, 200, states(seen, others)));
}

}  // namespace

TEST_CASE("available: which state outweighs this endpoint's, and of whom it is") {
    const std::string at_home =
        R"( endpointId="0c15b8bf-2406-50de-af34-d0f7365190ee" publishTime="2026-03-02T07:59:59.010")";
    const auto busy = available_with(
        9500, state_of(0x20000000, "userState", 9500, at_home) + state_of(0x3fffffff, "machineState", 15500));
    CHECK(others_in(busy) == texts{"user 9500 *", "machine 15500"});
    CHECK(
        busy.summary ==
        "others see 9500 (do not disturb): the state that the user chose by hand, of endpoint "
        "0c15b8bf-2406-50de-af34-d0f7365190ee, since 2026-03-02T07:59:59.010 outweighs this endpoint's 3500");
    const auto calling = available_with(
        6500, state_of(0x80000001, "phoneState", 6500) + state_of(0x40000001, "x:calendarState", 7000));
    CHECK(others_in(calling) == texts{"phone 6500 *", "calendar 7000"});
    CHECK(
        calling.summary.find("the state of a call, of an endpoint that the server does not name") != std::string::npos);
    // By the user's own word before anything else of the same number.
    CHECK(
        others_in(
            available_with(6500, state_of(0x80000001, "phoneState", 6500) + state_of(0x20000000, "userState", 6500))) ==
        texts{"phone 6500", "user 6500 *"});
    // Nothing that is known has this number.
    const auto unknown = available_with(12000, state_of(0x3fffffff, "machineState", 15500));
    CHECK(others_in(unknown) == texts{"machine 15500"});
    CHECK(unknown.summary.find("another state of the user") != std::string::npos);
}

TEST_CASE("available: nothing outweighs where this endpoint's state is what others see") {
    const auto found = available_with(3500, state_of(0x3fffffff, "machineState", 15500));
    CHECK(found.branch.name() == "confirmed");
    CHECK(others_in(found) == texts{"machine 15500"});
    CHECK(others_in(available_with(3500, state_of(0x20000000, "userState", 3500))) == texts{"user 3500"});
}

TEST_CASE("available: a publication's answer that has no other states leaves what roaming self had") {
    const auto found = available_with(9500, {}, state_of(0x20000000, "userState", 9500));
    CHECK(others_in(found) == texts{"user 9500 *"});
}

TEST_CASE("who is blocked, and who may see more than others") {
    const auto found = at(
        "provisioning.subscription",
        told().answered(
            asked::roaming_self, 200,
            R"(<roamingData><categories/><containers><container id="100"><member type="federated"/></container>)"
            R"(<container id="32000" version="2"><member type="user" value="sip:mallory@fabrikam.example"/><member type="domain" value="spam.example"/></container>)"
            R"(<container id="400"><member type="user" value="bob@contoso.example"/></container></containers></roamingData>)"));
    CHECK(noted<std::int64_t>(found, ev::access_blocked) == numbers{2});
    CHECK(found.summary.find("2 blocked by the user") != std::string::npos);
    texts all;
    for (const auto& group : found.groups)
        all.push_back(std::get<std::string>(group.at(0).value) + " " + std::get<std::string>(group.at(1).value));
    CHECK(
        all == texts{
                   "external federated", "blocked mallory@fabrikam.example", "blocked spam.example",
                   "personal bob@contoso.example"});
    const auto nobody = at("provisioning.subscription", told().answered(asked::roaming_self, 200, no_self));
    CHECK(noted<std::int64_t>(nobody, ev::access_blocked) == numbers{0});
    CHECK(nobody.summary.find("blocked") == std::string::npos);
}

TEST_CASE("availabilities in words, at the edges of their ranges") {
    CHECK(words_of_availability(2999) == "unknown");
    CHECK(words_of_availability(3000) == "available");
    CHECK(words_of_availability(4500) == "available, idle");
    CHECK(words_of_availability(6000) == "busy");
    CHECK(words_of_availability(7500) == "busy, idle");
    CHECK(words_of_availability(9000) == "do not disturb");
    CHECK(words_of_availability(12000) == "be right back");
    CHECK(words_of_availability(15000) == "away");
    CHECK(words_of_availability(18000) == "offline");
}
