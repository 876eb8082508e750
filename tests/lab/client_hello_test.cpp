#include <catch2/catch.hpp>

#include <openssl/ssl.h>

#include "lab/client_hello.hpp"

using namespace ucsignin::lab;

namespace {

// What OpenSSL itself sends.
std::string real_hello(const char* name) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(context.get()), SSL_free);
    BIO* const out = BIO_new(BIO_s_mem());
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), out);
    if (name) SSL_set_tlsext_host_name(client.get(), name);
    SSL_connect(client.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("the server name of a real ClientHello is found") {
    CHECK(server_name_of(real_hello("Sip.Contoso.example")).value() == "sip.contoso.example");
    CHECK(server_name_of(real_hello(nullptr)).value().empty());
}

TEST_CASE("a ClientHello is whole when its last byte is there, and not before") {
    const std::string hello = real_hello("sip.contoso.example");
    CHECK(missing_of_hello(hello) == 0);
    for (std::size_t size = 0; size < hello.size(); ++size) {
        CAPTURE(size);
        CHECK(missing_of_hello(hello.substr(0, size)) > 0);
    }
}

TEST_CASE("no cut ClientHello is taken for a whole one") {
    const std::string hello = real_hello("sip.contoso.example");
    for (std::size_t size = 0; size < hello.size(); ++size) {
        const auto name = server_name_of(std::string_view(hello).substr(0, size));
        if (name) CHECK(name->empty());
    }
}

TEST_CASE("a ClientHello spread over several records is put together") {
    const std::string hello = real_hello("sip.contoso.example");
    const std::string message = hello.substr(5);
    std::string spread;
    for (std::size_t at = 0; at < message.size(); at += 40) {
        const std::string part = message.substr(at, 40);
        spread += std::string{'\x16', '\x03', '\x01', '\x00', static_cast<char>(part.size())} + part;
    }
    CHECK(missing_of_hello(spread) == 0);
    CHECK(server_name_of(spread).value() == "sip.contoso.example");
}

TEST_CASE("other protocols are told at once") {
    CHECK(missing_of_hello("GET / HTTP/1.1\r\n") == 0);
    CHECK_FALSE(is_client_hello("GET / HTTP/1.1\r\n"));
    CHECK_FALSE(server_name_of("REGISTER sip:contoso.example SIP/2.0"));
}
