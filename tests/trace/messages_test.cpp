#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "ucsignin/trace.hpp"

using namespace ucsignin::trace;

namespace {

struct run {
    explicit run(message_detail keeps)
        : trace("0af7651916cd43dd8448eb211c80319c", "2026-03-01T09:30:00Z", [this] { return now; }, keeps) {}
    double now = 0;
    recorder trace;

    [[nodiscard]] const record& kept() const { return trace.so_far(); }
};

message request() {
    message m;
    m.from = {"client", "", "10.0.0.1:50123"};
    m.to = {"web_service", "webext.contoso.example", "10.0.0.2:443"};
    m.protocol = "HTTP";
    m.start_line = "POST /WebTicket/WebTicketService.svc HTTP/1.1";
    m.headers = {{"Host", "webext.contoso.example"}, {"Authorization", "NTLM TlRMTVNTUAABAAAA"}};
    m.body = {"text/xml", 41, {}};
    return m;
}

std::size_t bytes_of(const record& r) {
    std::size_t out = 0;
    for (const auto& m : r.messages) {
        out += m.start_line.size() + (m.body.text ? m.body.text->size() : 0);
        for (const auto& h : m.headers) out += h.name.size() + h.value.size();
    }
    return out;
}

}  // namespace

TEST_CASE("each level keeps what it says, and none nothing at all") {
    for (const auto level :
         {message_detail::none, message_detail::summary, message_detail::headers, message_detail::bodies}) {
        run r(level);
        r.now = 5;
        r.trace.message(request(), "<Code>500</Code>");
        REQUIRE(r.kept().messages.size() == (level == message_detail::none ? 0 : 1));
        CHECK(r.kept().messages_left_out == 0);
        if (level == message_detail::none) continue;
        const auto& m = r.kept().messages[0];
        CHECK(m.time_ms == 5);
        CHECK(m.start_line == "POST /WebTicket/WebTicketService.svc HTTP/1.1");
        CHECK(m.body.bytes == 41);
        CHECK(m.headers.size() == (level == message_detail::summary ? 0 : 2));
        if (level != message_detail::summary) CHECK(m.headers[1].value == "NTLM <NTLM negotiate token, 12 bytes>");
        CHECK(
            m.body.text ==
            (level == message_detail::bodies ? std::optional<std::string>("<Code>500</Code>") : std::nullopt));
    }
}

TEST_CASE("what is hidden is hidden in every text of a message") {
    run r(message_detail::bodies);
    r.trace.hide("Correct-horse-7");
    auto m = request();
    m.start_line = "GET /Correct-horse-7 HTTP/1.1";
    m.headers = {{"Correct-horse-7", "x"}, {"Server", "Correct-horse-7"}, {"Location", "/Q29ycmVjdC1ob3JzZS03"}};
    m.body.type = "Correct-horse-7";
    m.to.host = "Correct-horse-7";
    r.trace.message(m, "");
    m.body.type = "text/html";
    r.trace.message(
        m, "<p>you sent C&#0;orrect and Correct-horse-7</p>" + std::string(
                                                                   "C\0o\0r\0r\0e\0c\0t\0-\0h\0o\0r\0s\0e\0-\0"
                                                                   "7\0",
                                                                   30));
    for (const auto& one : r.kept().messages) {
        std::string all = one.start_line + one.to.host + one.body.type + one.body.text.value_or("");
        for (const auto& h : one.headers) all += h.name + h.value;
        CHECK(all.find("horse") == std::string::npos);
        CHECK(all.find("cnJlY3Qt") == std::string::npos);
        CHECK(all.find("ycmVjdC1o") == std::string::npos);
        CHECK(std::ranges::count(all, '\0') == 0);
    }
}

TEST_CASE("a secret that a cut would divide leaves no part of itself") {
    const std::string secret = "Correct-horse-7-battery-staple";
    for (const std::size_t before : {1020u, 16370u, 16384u, 65520u, 98290u, 98300u}) {
        run r(message_detail::bodies);
        r.trace.hide(secret);
        auto m = request();
        m.body.type = "text/plain";
        m.headers = {{"Server", std::string(before, ' ') + secret}};
        r.trace.message(m, std::string(before, ' ') + secret + std::string(100000, ' '));
        const auto& kept = r.kept().messages.at(0);
        CHECK(kept.headers[0].value.find("Correct") == std::string::npos);
        CHECK(kept.body.text.value_or("").find("Correct") == std::string::npos);
    }
}

TEST_CASE("there is room for 2000 messages and 256 kB, and the rest is counted") {
    run r(message_detail::headers);
    auto m = request();
    m.headers.clear();
    for (int i = 0; i < 2500; ++i) r.trace.message(m, "");
    CHECK(r.kept().messages.size() + static_cast<std::size_t>(r.kept().messages_left_out) == 2500);
    CHECK(r.kept().messages.size() <= most_messages);
    CHECK(r.kept().messages.size() > 1000);

    run small(message_detail::headers);
    message least;
    least.protocol = "SIP";
    for (int i = 0; i < 2500; ++i) small.trace.message(least, "");
    CHECK(small.kept().messages.size() == most_messages);
    CHECK(small.kept().messages_left_out == 500);
    CHECK(small.trace.snapshot().messages_left_out == 500);
}

TEST_CASE("neither long nor many headers, nor empty ones, take more than their room") {
    run r(message_detail::headers);
    auto m = request();
    m.headers.assign(500, {"Server", std::string(60000, 'x')});
    for (int i = 0; i < 100; ++i) r.trace.message(m, "");
    CHECK(bytes_of(r.kept()) <= most_message_bytes);
    CHECK(r.kept().messages.size() == 3);
    CHECK(r.kept().messages_left_out == 97);
    CHECK(r.kept().messages[0].headers.size() == 65);
    CHECK(r.kept().messages[0].headers.back().value == "[436 more headers]");
    CHECK(r.kept().messages[0].headers[0].value.ends_with("x [58976 more bytes]"));

    run empty(message_detail::headers);
    m.headers.assign(60, {"", ""});
    for (int i = 0; i < 2000; ++i) empty.trace.message(m, "");
    std::size_t headers = 0;
    for (const auto& one : empty.kept().messages) headers += one.headers.size();
    CHECK(headers < 20000);
}

TEST_CASE("bodies take half of the room, so that later messages have some") {
    run r(message_detail::bodies);
    auto m = request();
    m.body.type = "text/plain";
    for (int i = 0; i < 100; ++i) r.trace.message(m, std::string(20000, ' '));
    CHECK(r.kept().messages.size() == 100);
    CHECK(r.kept().messages[0].body.text->ends_with("[3616 more bytes]"));
    CHECK_FALSE(r.kept().messages.back().body.text);
    CHECK(bytes_of(r.kept()) <= most_message_bytes);
}

TEST_CASE("a copy of the messages may be taken by another thread while they are written") {
    run r(message_detail::headers);
    std::atomic<bool> done = false;
    bool grows = true;
    std::thread other([&] {
        for (std::size_t before = 0; !done;) {
            const auto now = r.trace.snapshot().messages.size();
            grows = grows && now >= before;
            before = now;
        }
    });
    for (int i = 0; i < 300; ++i) r.trace.message(request(), "");
    done = true;
    other.join();
    CHECK(grows);
    CHECK(r.trace.snapshot().messages.size() == 300);
}

TEST_CASE("a message belongs to the step whose subject it is about, if there is one alone") {
    run r(message_detail::headers);
    auto tcp = r.trace.open<"connection.tcp">("sip.contoso.example:443");
    auto user = r.trace.open<"discovery.autodiscover_user">(
        "https://webext.contoso.example/Autodiscover/x.svc/root/user");
    auto ticket = r.trace.open<"registration.web_ticket">(
        "https://webext.contoso.example/WebTicket/WebTicketService.svc");
    CHECK(r.trace.open_about("sip.contoso.example:443") == tcp.span_id());
    CHECK(r.trace.open_about("sip.contoso.example") == tcp.span_id());
    CHECK(r.trace.open_about("https://webext.contoso.example/WebTicket/WebTicketService.svc") == ticket.span_id());
    CHECK(r.trace.open_about("https://webext.contoso.example/WebTicket/WebTicketService.svc/mex") == ticket.span_id());
    CHECK(r.trace.open_about("webext.contoso.example") == "");  // two of them
    CHECK(r.trace.open_about("contoso.example") == "");
    CHECK(r.trace.open_about("") == "");
    auto again = r.trace.open<"registration.first_register">("sip.contoso.example:443");
    CHECK(r.trace.open_about("sip.contoso.example:443") == "");
    tcp.finish("connected", outcome::ok, "connected");
    CHECK(r.trace.open_about("sip.contoso.example:443") == again.span_id());
}
