// The web addresses of in-band provisioning: which are asked, what comes of it, and what their node makes of it.

#include <catch2/catch.hpp>

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "signin/provisioning/web_urls.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using signin::testing::context_fixture;
using trace::outcome;

namespace {

constexpr auto node_id = "provisioning.server_configuration.photo_url";

std::string configuration_with(const std::string& elements) {
    return R"(<provisionGroupList><provisionGroup name="ServerConfiguration">)" + elements +
           "</provisionGroup></provisionGroupList>";
}

// Protocol 02, 2.15.
const std::string usual = configuration_with(
    "<absInternalServerUrl>https://pool01.contoso.example:443/abs/handler</absInternalServerUrl>"
    "<absExternalServerUrl>https://web.contoso.example:443/abs/handler</absExternalServerUrl>"
    "<dlxInternalUrl>https://pool01.contoso.example:443/groupexpansion/service.svc</dlxInternalUrl>"
    "<dlxExternalUrl>https://WEB.contoso.example/groupexpansion/service.svc</dlxExternalUrl>");

std::vector<web_url_seen> urls(const std::string& body, bool remote) {
    return web_urls_of(sip::parse_provisioning(body).value(), remote);
}

std::vector<web_url_seen> look(context_fixture& f, const std::string& body) {
    endpoint me;
    me.remote = true;
    const auto wanted = std::get<look_for>(look_at_web_urls(me, sip::parse_provisioning(body).value()));
    const auto got = net::test::run(f.io, wanted.look(f.c));
    return std::any_cast<web_urls_seen>(got.get())->all;
}

decided told_of(ev::web_url_word state, const std::string& error) {
    told by;
    by.answered(asked::configuration, 200, usual);
    web_url_seen one{"absExternalServerUrl", "https://web.contoso.example/abs/handler", state, 0, error};
    by.all.at(asked::web_urls).now = answer::state::complete;
    by.all.at(asked::web_urls).body = std::make_shared<const std::any>(web_urls_seen{{one}});
    return at(node_id, by);
}

}  // namespace

TEST_CASE("addresses of this side are asked, each once", "[signin][web_urls]") {
    const auto outside = urls(usual, true), inside = urls(usual, false);
    REQUIRE(outside.size() == 2);
    CHECK(outside[0].setting == "absExternalServerUrl");
    CHECK(outside[1].setting == "dlxExternalUrl");
    REQUIRE(inside.size() == 2);
    CHECK(inside[0].url == "https://pool01.contoso.example:443/abs/handler");
    const auto one = urls(
        configuration_with("<dlxExternalUrl>https://a.example:443/x</dlxExternalUrl>"
                           "<abwqExternalUrl>https://A.example/x</abwqExternalUrl>"),
        true);
    REQUIRE(one.size() == 1);
    CHECK(one[0].setting == "abwqExternalUrl");
    const auto two = urls(
        configuration_with("<dlxExternalUrl>https://a.example/x</dlxExternalUrl>"
                           "<abwqExternalUrl>https://b.example/x</abwqExternalUrl>"),
        true);
    CHECK(two.size() == 2);
    CHECK(urls(configuration_with("<absExternalServerUrl/>"), true).empty());
    CHECK(std::holds_alternative<not_sent>(look_at_web_urls({}, sip::provisioning{})));
}

TEST_CASE("a server that is not there has its reason; what is no address is not asked", "[signin][web_urls]") {
    context_fixture f;
    f.names->addresses = {{"web.contoso.example", "192.0.2.20"}};
    const auto refused = look(f, usual);
    REQUIRE(refused.size() == 2);
    CHECK(refused[0].state.word() == "refused");
    // At the same server, and so not asked.
    CHECK(refused[1].state.word() == "not_tried");
    CHECK_FALSE(refused[0].error.empty());
    CHECK(f.dialer->dialled == std::vector<std::string>{"192.0.2.20:443"});
    for (const auto* body : {"http://web.contoso.example/abs", "sip:web@contoso.example", "/abs"}) {
        const auto seen = look(
            f, configuration_with("<absExternalServerUrl>" + std::string(body) + "</absExternalServerUrl>"));
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].state.word() == "malformed");
    }
    const auto lost = look(
        f, configuration_with("<absExternalServerUrl>https://old.contoso.example/</absExternalServerUrl>"));
    CHECK(lost[0].state.word() == "dns");
}

TEST_CASE("the node warns of a server that does not answer, and of no other", "[signin][web_urls]") {
    const auto well = told_of("answers", ""), gone = told_of("refused", "web.contoso.example refuses");
    CHECK(well.how == outcome::ok);
    CHECK(gone.how == outcome::warning);
    CHECK(gone.branch.name() == "present");
    CHECK(gone.summary.find("absExternalServerUrl: web.contoso.example refuses") != std::string::npos);
    CHECK(told_of("not_tried", "").how == outcome::ok);
}
