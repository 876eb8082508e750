#include "sip_test_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <chrono>

#include "auth/web_ticket.hpp"
#include "lab/authority.hpp"
#include "lab/web_services.hpp"
#include "lab/web_services_certificate.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/encoding.hpp"
#include "sip/identity.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab::test {
namespace {

template <class T>
T finish(boost::asio::io_context& io, net::awaitable<T> work) {
    std::optional<T> out;
    if (io.stopped()) io.restart();  // the pool's side had ended
    boost::asio::co_spawn(io, std::move(work), [&out](std::exception_ptr error, T value) {
        if (error) std::rethrow_exception(error);
        out.emplace(std::move(value));
    });
    while (!out) REQUIRE(io.run_one() > 0);
    return std::move(*out);
}

net::deadline soon(int milliseconds = 10'000) { return net::clock::now() + std::chrono::milliseconds(milliseconds); }

std::int64_t real_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

pool_settings usual_settings() {
    pool_settings out;
    account alice, bob;
    alice.address = "alice@contoso.example";
    alice.logins = {"CONTOSO\\alice"};
    alice.password = "correct horse";
    alice.display_name = "Alice Example";
    bob.address = "bob@contoso.example";
    bob.password = "battery staple";
    out.users = {alice, bob};
    contact_entry first, second;
    first.address = "bob@contoso.example";
    first.availability = 6500;
    second.address = "carol@fabrikam.example";
    second.name = "Carol";
    second.state = "resubscribe";
    out.contacts = {first, second};
    return out;
}

const pool_credentials& usual_credentials() {
    static const pool_credentials made = authority(real_now()).make_pool_credentials("fe01.contoso.example");
    return made;
}

const auth::key_ptr& a_key(int which) {
    static const std::array<auth::key_ptr, 2> made = {*auth::generate_key(), *auth::generate_key()};
    return made.at(static_cast<std::size_t>(which));
}

test_pool::test_pool(pool_settings settings)
    : pool(std::make_shared<pool_state>(
          std::move(settings), usual_credentials(), [this](std::string line) { log.push_back(std::move(line)); })) {}

auth::user_certificate test_pool::certificate_of(const std::string& user, bool published) {
    const std::string url = "https://webext.contoso.example/CertProv/CertProvisioningService.svc/WebTicket_Bearer";
    const issued_ticket issued = issue_ticket(*pool, user, url, std::string(32, 'e'), pool->now(), pool->now() + 3600);
    auth::web_ticket by;
    by.assertion = auth::secret(issued.assertion);
    by.assertion_id = issued.record.id;
    by.lifetime_inner = "<wsu:Created>" + trace::iso_time(issued.record.created) + "</wsu:Created><wsu:Expires>" +
                        trace::iso_time(issued.record.expires) + "</wsu:Expires>";
    by.proof_key = issued.record.proof_key;
    const auth::key_ptr& key = a_key();
    const auth::certificate_order order{
        url, "34d859db-6585-5f91-a3b4-de853c15347d", user, *auth::certificate_request(key, user), "1", true};
    const auto answer = get_and_publish_certificate(*pool, auth::certificate_order_xml(order, by).reveal(), url, true);
    const auto der = auth::parse_certificate_response(answer.body);
    REQUIRE(der);
    auto taken = auth::accept_certificate(*der, key, user, pool->now());
    REQUIRE(taken);
    if (!published) pool->revoke_certificate(taken->facts.sha256);
    return *taken;
}

client::client(test_pool& pool, std::string user, std::string epid, sip_place place)
    : pool_(pool), user_(std::move(user)), epid_(std::move(epid)), call_id_(sip::random_hex(16)) {
    auto [ours, theirs] = net::make_memory_pair(pool.io.get_executor());
    stream_ = std::move(ours);
    boost::asio::co_spawn(pool.io, serve_sip(pool.pool, std::move(theirs), std::move(place)), boost::asio::detached);
}

sip::message client::request(std::string method, std::string uri) {
    sip::message out;
    out.method = std::move(method);
    out.request_uri = uri.empty() ? "sip:" + user_ : std::move(uri);
    const bool registers = out.method == "REGISTER";
    out.add("Via", "SIP/2.0/TLS 192.0.2.10:50123");
    out.add("Max-Forwards", "70");
    out.add("From", "<sip:" + user_ + ">;tag=9d3a1c77e2" + (epid_.empty() ? "" : ";epid=" + epid_));
    out.add("To", "<sip:" + user_ + ">");
    out.add("Call-ID", registers ? call_id_ : sip::random_hex(16));
    out.add("CSeq", std::to_string(++sequence_) + " " + out.method);
    out.add("Contact", "<sip:192.0.2.10:50123;transport=tls;ms-opaque=fad3dfab32>");
    return out;
}

sip::message client::registration() {
    sip::message out = request("REGISTER", "sip:contoso.example");
    out.set(
        "Contact",
        R"(<sip:192.0.2.10:50123;transport=tls;ms-opaque=fad3dfab32>;methods="INVITE, NOTIFY, BENOTIFY";proxy=replace)" +
            (epid_.empty() ? std::string()
                           : R"(;+sip.instance="<urn:uuid:)" + sip::instance_from_epid(epid_) + R"(>")"));
    out.add("Supported", "gruu-10, adhoclist, msrtc-event-categories");
    out.add("ms-keep-alive", "UAC;hop-hop=yes");
    out.add("Event", "registration");
    return out;
}

void client::send(const sip::message& what) { REQUIRE(finish(pool_.io, stream_->write(what.serialize(), soon()))); }

std::optional<sip::message> client::receive() {
    std::array<char, 16384> bytes{};
    for (;;) {
        auto next = framer_.next();
        REQUIRE(next);
        if (*next) return std::move(**next);
        const auto got = finish(pool_.io, stream_->read_some(bytes, soon()));
        if (!got) return std::nullopt;
        framer_.feed({bytes.data(), *got});
    }
}

bool client::hears_nothing() {
    std::array<char, 1> byte{};
    const auto got = finish(pool_.io, stream_->read_some(byte, soon(100)));
    return !got && got.error().what == net::fault::timed_out;
}

sip::message client::ask(const sip::message& what) {
    send(what);
    auto answer = receive();
    REQUIRE(answer);
    return std::move(*answer);
}

sip::message client::ask_signed(sip::message what) {
    REQUIRE(association);
    association->sign(what);
    return ask(what);
}

sip::message client::shake_hands(const auth::user_certificate& credential) {
    auth::dsk_client machine(credential);
    std::string token, opaque_parameter;
    sip::message answer;
    for (int leg = 0; leg < 3; ++leg) {
        const auto step = machine.step(token);
        REQUIRE(step);
        if (step->complete) {
            auto keys = machine.keys();
            REQUIRE(keys);
            association = auth::make_dsk_protector(
                std::move(*keys), "SIP Communications Service", "fe01.contoso.example", opaque);
            return answer;
        }
        sip::message leg_request = registration();
        leg_request.add(
            "Authorization",
            R"(TLS-DSK qop="auth", )" + opaque_parameter +
                R"(realm="SIP Communications Service", targetname="fe01.contoso.example", gssapi-data=")" +
                sip::base64(step->token) + R"(", version=4)");
        answer = ask(leg_request);
        const auto challenge = sip::parse_auth_header(answer.header("WWW-Authenticate").value_or(""));
        if (answer.status != 401 || !challenge.has("gssapi-data")) return answer;
        opaque = challenge.parameter("opaque");
        opaque_parameter = "opaque=\"" + opaque + "\", ";
        token = sip::from_base64(challenge.parameter("gssapi-data")).value_or("");
    }
    return answer;
}

sip::message client::sign_in(const auth::user_certificate& credential) {
    REQUIRE(ask(registration()).status == 401);
    shake_hands(credential);
    return ask_signed(registration());
}

}  // namespace ucsignin::lab::test
