// Answers as old gateways write them, put right before they are parsed; and packed bodies.
#include "net/http_lax.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

#include "net/http.hpp"
#include "net/memory_stream.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using test::in_ms;
using namespace ucsignin::net::http;

namespace {

// `window` as zlib has it: 31 for gzip, 15 for zlib's own wrapper, -15 for none.
std::string packed(const std::string& text, int window) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string input = text, out(text.size() + 100, '\0');
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(out.size() - z.avail_out);
    deflateEnd(&z);
    return out;
}

struct tidied {
    std::string head;
    lax_notes notes;
};

tidied tidy(std::string_view head) {
    tidied out;
    out.head = tidy_head(head, out.notes);
    return out;
}

// The server keeps the connection open.
result<response> answered_by(const std::string& bytes) {
    asio::io_context io;
    auto [near, far] = make_memory_pair(io.get_executor());
    connection http(std::move(near), "a.contoso.example");
    auto const talk = [&]() -> awaitable<result<response>> {
        (void)co_await far->write(bytes, in_ms(20000));
        request wanted;
        co_return co_await http.exchange(std::move(wanted), in_ms(20000));
    };
    return test::run(io, talk());
}

}  // namespace

TEST_CASE("a head that is sound stays as it is", "[net][lax]") {
    const std::string sound = "HTTP/1.1 200 OK\r\nA: 1\r\nB:2\r\n  folded\r\n\r\n";
    CHECK(tidy(sound).head == sound);
    CHECK(tidy(sound).notes.empty());
    CHECK(tidy("HTTP/1.1 200 \r\n\r\n").notes.empty());
}

TEST_CASE("what is sloppy is put right and told", "[net][lax]") {
    CHECK(tidy("HTTP/1.1 200\r\n\r\n").head == "HTTP/1.1 200 \r\n\r\n");
    CHECK(tidy("HTTP/1.1 200\r\n\r\n").notes == lax_notes{"status_line"});
    CHECK(tidy("HTTP/1.1 200 OK\nA: 1\n\n").head == "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
    CHECK(tidy("HTTP/1.1 200 OK\nA: 1\n\n").notes == lax_notes{"bare_lf"});
    CHECK(tidy("HTTP/1.1 200 OK\r\nA \t: 1\r\n\r\n").head == "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
    CHECK(tidy("HTTP/1.1 200 OK\r\nA \t: 1\r\n\r\n").notes == lax_notes{"blank_before_colon"});
    CHECK(tidy("HTTP/1.1 200 OK\r\nno colon\r\n more\r\nA: 1\r\n\r\n").head == "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
    CHECK(tidy("HTTP/1.1 200 OK\r\nno colon\r\nA: 1\r\n\r\n").notes == lax_notes{"no_colon"});
    CHECK(tidy("HTTP/1.1 200 OK\r\nb@d: 1\r\nA: 1\r\n\r\n").notes == lax_notes{"field_name"});
}

TEST_CASE("the end of a head is found in both kinds of lines", "[net][lax]") {
    CHECK(end_of_head("H\r\nA: 1\r\n\r\nbody") == 11);
    CHECK(end_of_head("H\nA: 1\n\nbody") == 8);
    CHECK(end_of_head("H\nA: 1\n\r\nbody") == 9);
    CHECK(end_of_head("H\r\nA: 1\r\n\r") == std::string_view::npos);
    CHECK(end_of_head("") == std::string_view::npos);
}

TEST_CASE("packed bodies are unpacked, within bounds", "[net][lax]") {
    const std::string text(100000, 'x');
    for (const auto& [window, how] : {std::pair{31, packing::gzip}, {15, packing::deflate}, {-15, packing::deflate}}) {
        auto body = packed(text, window);
        CHECK(unpack(how, body, 200000));
        CHECK(body == text);
        auto bomb = packed(text, window);
        CHECK_FALSE(unpack(how, bomb, 50000));
    }
    std::string not_packed = "<xml/>";
    CHECK_FALSE(unpack(packing::gzip, not_packed, 1000));
    auto cut = packed(text, 31);
    cut.resize(cut.size() / 2);
    CHECK_FALSE(unpack(packing::gzip, cut, 200000));
    CHECK(packing_of("GZip") == packing::gzip);
    CHECK(packing_of("br") == packing::unknown);
}

TEST_CASE("an exchange reads sloppy and packed answers", "[net][lax]") {
    const auto lax = answered_by("HTTP/1.1 200\nContent-Type : text/xml\nContent-Length: 4\n\nbody");
    if (!lax) FAIL(lax.error().detail);
    CHECK(lax->body == "body");
    CHECK(lax->header("content-type") == "text/xml");
    CHECK(lax->lax == lax_notes{"bare_lf", "status_line", "blank_before_colon"});

    const auto zipped = packed("<doc/>", 31);
    const auto unzipped = answered_by(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(zipped.size()) + "\r\n\r\n" +
        zipped);
    REQUIRE(unzipped);
    CHECK(unzipped->body == "<doc/>");
    CHECK(unzipped->lax == lax_notes{"encoded"});

    const auto lying = answered_by("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n<doc/>");
    REQUIRE_FALSE(lying);
    CHECK(lying.error().detail.find("gzip") != std::string::npos);
}

TEST_CASE("a body without a length ends where the server falls silent", "[net][lax]") {
    const auto read = answered_by("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<doc/>");
    REQUIRE(read);
    CHECK(read->body == "<doc/>");
    CHECK(read->lax == lax_notes{"no_length"});
}
