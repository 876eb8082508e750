#include "signin/connection/endings.hpp"

#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/connection/versions.hpp"
#include "host/keylog.hpp"
#include "signin/base/keep_alive.hpp"

#include <filesystem>
#include <fstream>
#include <openssl/ssl.h>
#include <unistd.h>

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::connection;
using net::fault;
using net::handshake_refusal;

namespace {

tls_ending ended(fault what, net::tls_facts facts = {}) {
    const auto ending = how_tls_ended({what, "", 0}, facts);
    tests::reached("connection.tls", ending.branch.name());
    return ending;
}

net::tls_facts alert(int number, bool certificate_wanted = false) {
    net::tls_facts facts;
    facts.alert = number;
    facts.client_certificate_wanted = certificate_wanted;
    return facts;
}

net::tls_facts refused_for(handshake_refusal why) {
    net::tls_facts facts;
    facts.refused_for = why;
    facts.bytes_in = 1000;
    return facts;
}

attempt failed_with(const char* address, fault what) {
    const net::endpoint at{net::asio::ip::make_address(address), 443};
    return {{at, at}, net::error{what, address, 0}, 0, {}};
}

}  // namespace

TEST_CASE("each end of a TCP attempt takes its own branch") {
    const std::pair<fault, std::string_view> all[] = {
        {fault::refused, "refused"},     {fault::unreachable, "unreachable"}, {fault::reset, "reset"},
        {fault::closed, "reset"},        {fault::timed_out, "filtered"},      {fault::proxy, "proxy_refuses"},
        {fault::not_found, "no_address"}};
    for (const auto& [what, branch] : all) {
        CHECK(tcp_branch(what).name() == branch);
        tests::reached("connection.tcp", branch);
    }
}

TEST_CASE("alerts are told apart by what they are about") {
    CHECK(ended(fault::tls_alert, alert(70)).branch.name() == "version");
    CHECK(ended(fault::tls_alert, alert(86)).branch.name() == "version");
    CHECK(ended(fault::tls_alert, alert(71)).branch.name() == "cipher");
    CHECK(ended(fault::tls_alert, alert(116)).branch.name() == "client_certificate");
    CHECK(ended(fault::tls_alert, alert(40)).branch.name() == "alert");
    CHECK(ended(fault::tls_alert, alert(40, true)).branch.name() == "client_certificate");
    CHECK(ended(fault::tls_alert, alert(42, true)).branch.name() == "client_certificate");
    CHECK(ended(fault::tls_alert, alert(80, true)).branch.name() == "alert");
}

TEST_CASE("silence, an end and a reset are told apart, and so is what is not TLS") {
    CHECK(ended(fault::timed_out).branch.name() == "silent");
    CHECK(ended(fault::closed).word.word() == "closed");
    CHECK(ended(fault::reset).word.word() == "reset");
    net::tls_facts banner;
    banner.first_bytes = "SSH-2.0-OpenSSH";
    CHECK(ended(fault::protocol, banner).branch.name() == "not_tls");
}

TEST_CASE("a handshake that this side ends says what was not good enough") {
    CHECK(ended(fault::protocol, refused_for(handshake_refusal::version)).branch.name() == "version");
    CHECK(ended(fault::protocol, refused_for(handshake_refusal::cipher)).branch.name() == "cipher");
    CHECK(ended(fault::protocol, refused_for(handshake_refusal::weak_key)).word.word() == "weak_key");
    CHECK(ended(fault::protocol, refused_for(handshake_refusal::weak_signature)).word.word() == "weak_signature");
    CHECK(ended(fault::protocol, refused_for(handshake_refusal::other)).word.word() == "protocol");
}

TEST_CASE("only an end without any byte may be one that was not about the ClientHello") {
    net::tls_facts nothing, something;
    something.bytes_in = 7;
    CHECK(hung_up_without_a_word({fault::reset, "", 0}, nothing));
    CHECK(hung_up_without_a_word({fault::closed, "", 0}, nothing));
    CHECK_FALSE(hung_up_without_a_word({fault::closed, "", 0}, something));
    CHECK_FALSE(hung_up_without_a_word({fault::timed_out, "", 0}, nothing));
    CHECK_FALSE(hung_up_without_a_word({fault::closed, "", 0}, alert(40)));
}

TEST_CASE("of several addresses that failed, the one that says most about the server is told") {
    CHECK(
        telling_failure({failed_with("2001:db8::1", fault::unreachable), failed_with("192.0.2.1", fault::timed_out)})
            .what == fault::timed_out);
    CHECK(
        telling_failure({failed_with("192.0.2.1", fault::timed_out), failed_with("192.0.2.2", fault::refused)}).what ==
        fault::refused);
    CHECK(
        telling_failure({failed_with("192.0.2.1", fault::refused), failed_with("192.0.2.2", fault::refused)}).detail ==
        "192.0.2.1");
    CHECK(telling_failure({}).what == fault::timed_out);
}

TEST_CASE("the versions that were accepted decide the branch") {
    const auto scan = [](std::string_view old_word, std::string_view new_word) {
        const std::vector<version_tried> all{
            {"TLSv1.1", TLS1_1_VERSION, std::string(old_word)}, {"TLSv1.2", TLS1_2_VERSION, std::string(new_word)}};
        const auto branch = versions_branch(all).name();
        tests::reached("connection.versions", branch);
        return branch;
    };
    CHECK(scan("alert 70", "accepted") == "modern");
    CHECK(scan("accepted", "accepted") == "modern");
    CHECK(scan("accepted", "alert 70") == "old_only");
    CHECK(scan("reset", "silent") == "none");
}

TEST_CASE("the server's idle limit is read when it wants keep-alives at all") {
    CHECK(keep_alive_timeout("UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300") == 300);
    CHECK(keep_alive_timeout("UAS;hop-hop=yes;timeout=60") == 60);
    CHECK_FALSE(keep_alive_timeout("UAS; hop-hop=no; timeout=300"));
    CHECK_FALSE(keep_alive_timeout("UAS; hop-hop=yes; timeout=0"));
    CHECK_FALSE(keep_alive_timeout("UAS; hop-hop=yes; timeout=soon"));
    CHECK_FALSE(keep_alive_timeout("UAS; hop-hop=yes; timeout=99999999999999999999"));
    CHECK_FALSE(keep_alive_timeout(""));
}

TEST_CASE("a key log is for its owner alone, and grows") {
    const auto file = std::filesystem::temp_directory_path() / ("keylog-" + std::to_string(getpid()));
    std::ofstream(file) << "earlier\n";
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    {
        const auto log = host::open_keylog(file.string());
        REQUIRE(log);
        (*log)("CLIENT_RANDOM 01 02");
    }
    std::ifstream in(file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    CHECK(text == "earlier\nCLIENT_RANDOM 01 02\n");
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms(0777)) == std::filesystem::perms(0600));
    std::filesystem::remove(file);
    CHECK_FALSE(host::open_keylog("/nowhere/at/all"));
}
