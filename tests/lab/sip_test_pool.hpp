#pragma once
// A pool for tests: its credentials, users with certificates, and a client that speaks to it over a stream in memory.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/certificate.hpp"
#include "auth/tls_dsk.hpp"
#include "lab/pool_state.hpp"
#include "lab/sip_service.hpp"
#include "net/memory_stream.hpp"
#include "sip/connection.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab::test {

[[nodiscard]] pool_settings usual_settings();               // alice and bob, two contacts, an edge
[[nodiscard]] const pool_credentials& usual_credentials();  // made once: keys take their time
[[nodiscard]] const auth::key_ptr& a_key(int which = 0);

struct test_pool {
    explicit test_pool(pool_settings settings = usual_settings());
    // What the certificate provisioning service gives that user, published.
    [[nodiscard]] auth::user_certificate certificate_of(const std::string& user, bool published = true);

    boost::asio::io_context io;
    std::vector<std::string> log;
    std::shared_ptr<pool_state> pool;
};

// One connection. Everything that it does runs the pool's loop until it is done.
class client {
public:
    client(
        test_pool& pool, std::string user, std::string epid = "c8ca638a15", sip_place place = {"fe01.contoso.example"});

    [[nodiscard]] sip::message request(
        std::string method, std::string uri = {});  // with From, To, Call-ID, CSeq, Via, Contact
    [[nodiscard]] sip::message registration();      // REGISTER as a desktop client writes it
    void send(const sip::message& what);
    [[nodiscard]] std::optional<sip::message> receive();  // nothing: the connection ended
    [[nodiscard]] bool hears_nothing();                   // within 100 ms
    [[nodiscard]] sip::message ask(const sip::message& what);
    [[nodiscard]] sip::message ask_signed(sip::message what);

    // Hello and finish; the answer to the last one sent. After success `association` signs.
    sip::message shake_hands(const auth::user_certificate& credential);
    sip::message sign_in(const auth::user_certificate& credential);  // and the signed REGISTER

    std::shared_ptr<sip::protector> association;
    std::string opaque;

private:
    test_pool& pool_;
    net::stream_ptr stream_;
    sip::framer framer_;
    std::string user_, epid_, call_id_;
    int sequence_ = 0;
};

}  // namespace ucsignin::lab::test
