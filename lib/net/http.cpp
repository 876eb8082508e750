#include "net/http.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <type_traits>
#include <utility>

#include "net/tcp.hpp"
#include "trace/ascii.hpp"

// Beast parses; the bytes are carried by net::stream, and written by hand: a few lines of text need no serializer.
namespace ucsignin::net::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using response_parser = beast::response_parser<beast::string_body>;
using request_parser = beast::request_parser<beast::string_body>;

constexpr std::size_t longest_body = 4 * 1024 * 1024;
// Of a head, and of whatever else Beast wants whole before it reads it: the line that begins a chunk, with its
// extensions, and the fields behind the last one.
constexpr std::uint32_t longest_header = 64 * 1024;
constexpr std::size_t most_fields = 256;
constexpr std::size_t longest_wire = 2 * longest_body;  // with what stands around the chunks
// A server says "wait" once or twice. Without a bound, one that says nothing else has us read until the deadline.
constexpr int most_interim_answers = 16;

bool has(const fields& headers, std::string_view name) {
    return std::ranges::any_of(headers, [&](auto const& each) { return trace::same_word(each.first, name); });
}

bool breaks_lines(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

// What was given by a caller must not become another line of the message.
bool is_writable(const fields& headers) {
    return std::ranges::none_of(headers, [](auto const& each) {
        return each.first.empty() || breaks_lines(each.first) ||
               each.first.find_first_of(": \t") != std::string::npos || breaks_lines(each.second);
    });
}

std::string header_lines(const fields& headers) {
    std::string out;
    for (auto const& [name, value] : headers) out += name + ": " + value + "\r\n";
    return out;
}

template <class Fields>
fields copy_fields(const Fields& from) {
    fields out;
    for (auto const& each : from) out.emplace_back(each.name_string(), each.value());
    return out;
}

error unparsable(const std::string& what, const error_code& failure) {
    return {fault::protocol, what + ": " + failure.message(), 0};
}

// Told early: Beast waits for twelve bytes before it looks, and a TLS alert has seven.
template <class Parser>
bool may_become(const Parser&, std::string_view start) {
    constexpr std::string_view mark = "HTTP/";
    if constexpr (std::is_same_v<Parser, response_parser>) return start.starts_with(mark) || mark.starts_with(start);
    else return true;
}

error too_large(const std::string& what, std::string_view why) {
    return {fault::protocol, what + ": " + std::string(why), 0};
}

// An answer's head goes to the parser in one piece, put right where it is sloppy. False: it isn't whole yet.
template <class Parser>
bool head_is_ready(const Parser& parser, std::string& ahead, lax_notes& notes) {
    if constexpr (std::is_same_v<Parser, response_parser>) {
        if (parser.got_some()) return true;
        auto const end = end_of_head(ahead);
        if (end == std::string::npos) return false;
        auto const tidy = tidy_head(std::string_view(ahead).substr(0, end), notes);
        ahead.replace(0, end, tidy);
    }
    return true;
}

// The body of an answer that has neither a length nor an end, on a connection that stays open, is what came before the
// server fell silent.
constexpr auto silence_that_ends_a_body = std::chrono::seconds(2);

template <class Parser>
bool has_no_end(const Parser& parser) {
    if constexpr (std::is_same_v<Parser, response_parser>) {
        if (!parser.is_header_done() || !parser.need_eof()) return false;
        auto const& head = parser.get();
        return head.version() == 11 && !boost::beast::http::token_list(head["Connection"]).exists("close");
    } else return false;
}

template <class Parser>
bool ends_with_the_connection(const Parser& parser) {
    if constexpr (std::is_same_v<Parser, response_parser>)
        return parser.is_header_done() && parser.need_eof() && !parser.get().body().empty();
    else return false;
}

enum class fed { more, enough };

// Reads on from the stream, behind what is `ahead`. Enough: no more will come, and the message needs none.
template <class Parser, class Enough>
awaitable<result<fed>> read_on(
    stream& from, std::string& ahead, Parser& parser, Enough enough, const std::string& what, deadline until,
    lax_notes& notes) {
    std::array<char, 16384> buffer;
    error_code failure;
    auto const room = std::min(buffer.size(), longest_header - std::min<std::size_t>(ahead.size(), longest_header));
    if (room == 0) co_return std::unexpected(too_large(what, "more than 64 KiB in one line, or of fields"));
    bool const endless = has_no_end(parser);
    auto const wait_until = endless ? std::min(until, clock::now() + silence_that_ends_a_body) : until;
    auto const count = co_await from.read_some(std::span(buffer).first(room), wait_until);
    if (count) {
        ahead.append(buffer.data(), *count);
        co_return fed::more;
    }
    // A body up to the end of a connection that nobody ends: what is here by the deadline is all there will be.
    bool const silent = count.error().what == fault::timed_out;
    if (silent && (endless || ends_with_the_connection(parser))) {
        notes.emplace_back("no_length");
        parser.put_eof(failure);
        if (!failure && enough(parser)) co_return fed::enough;
    }
    if (count.error().what != fault::closed || !(parser.got_some() || !ahead.empty()))
        co_return std::unexpected(count.error());
    if (parser.got_some()) parser.put_eof(failure);
    if (parser.got_some() && !failure && enough(parser)) co_return fed::enough;
    co_return std::unexpected(error{fault::closed, what + ": the connection ended within it", 0});
}

// Feeds a parser from the stream until `enough`. What lies behind the message stays in `ahead`, which never holds more
// than the longest header.
template <class Parser, class Enough>
awaitable<result<void>> parse_from(
    stream& from, std::string& ahead, Parser& parser, Enough enough, std::string what, deadline until,
    lax_notes& notes) {
    bool starved = ahead.empty(), fresh = !parser.got_some();
    std::size_t taken = 0;
    while (!enough(parser)) {
        error_code failure;
        if (starved) {
            auto const read = co_await read_on(from, ahead, parser, enough, what, until, notes);
            if (!read) co_return std::unexpected(read.error());
            if (*read == fed::enough) break;
        }
        if (fresh && !may_become(parser, ahead))
            co_return std::unexpected(error{fault::protocol, what + ": not HTTP", 0});
        starved = !head_is_ready(parser, ahead, notes);
        if (starved) continue;
        auto const used = parser.put(boost::asio::buffer(ahead), failure);
        ahead.erase(0, used);
        taken += used;
        fresh = fresh && used == 0;
        if (failure && failure != beast::error::need_more) co_return std::unexpected(unparsable(what, failure));
        if (taken > longest_wire) co_return std::unexpected(too_large(what, "much more of chunks than of content"));
        starved = ahead.empty() || failure == beast::error::need_more;
    }
    co_return result<void>{};
}

template <class Parser>
bool is_whole(const Parser& parser) {
    return parser.is_done();
}
template <class Parser>
bool has_header(const Parser& parser) {
    return parser.is_header_done();
}

response to_response(response_parser& parser) {
    auto& message = parser.get();
    return {
        static_cast<int>(message.result_int()), std::string(message.reason()), copy_fields(message),
        std::move(message.body())};
}

// One exchange as the tap hears of it.
class told_exchange {
public:
    told_exchange(const wire_tap& tap, const stream& over, std::string_view about)
        : tap_(tap), over_(over), about_(about) {}
    void sent(const std::string& start_line, const fields& headers, std::string_view body) const {
        if (tap_) tell(wire_direction::sent, start_line, headers, body);
    }
    void received(unsigned version, const response& answer) const {
        if (!tap_) return;
        auto const line = "HTTP/" + std::to_string(version / 10) + "." + std::to_string(version % 10) + " " +
                          std::to_string(answer.status) + " " + answer.reason;
        tell(wire_direction::received, line, answer.headers, answer.body);
    }

private:
    void tell(wire_direction which, const std::string& line, const fields& headers, std::string_view body) const {
        tap_({which, "HTTP", about_, line, headers, {}, body, 0, over_.local_address(), over_.peer_address()});
    }
    const wire_tap& tap_;
    const stream& over_;
    std::string_view about_;
};

template <class Parser>
void set_limits(Parser& parser) {
    parser.header_limit(longest_header);
    parser.body_limit(longest_body);
}

// We ask for no encoding; who sends one all the same is understood.
result<void> unpacked(response& answer) {
    auto const named = answer.header("Content-Encoding");
    auto const how = packing_of(named);
    if (how == packing::none || answer.body.empty()) return {};
    answer.lax.emplace_back("encoded");
    if (how == packing::unknown || unpack(how, answer.body, longest_body)) return {};
    return std::unexpected(
        error{fault::protocol, "HTTP answer: its body is said to be " + named + ", and can't be unpacked", 0});
}

// One final answer: some 1xx are passed over (RFC 9110 15.2). `bodiless`: an answer to HEAD.
awaitable<result<response>> read_response(
    stream& from, std::string& ahead, bool bodiless, bool& keeps, const told_exchange& told, deadline until) {
    for (int interim = 0; interim <= most_interim_answers; ++interim) {
        response_parser parser;
        set_limits(parser);
        parser.eager(true);
        parser.skip(bodiless);
        lax_notes notes;
        auto const done = co_await parse_from(
            from, ahead, parser, is_whole<response_parser>, "HTTP answer", until, notes);
        if (!done) co_return std::unexpected(done.error());
        keeps = parser.keep_alive();
        auto answer = to_response(parser);
        answer.lax = std::move(notes);
        told.received(parser.get().version(), answer);
        if (answer.headers.size() > most_fields)
            co_return std::unexpected(too_large("HTTP answer", "more than 256 header fields"));
        if (auto const packed = unpacked(answer); !packed) co_return std::unexpected(packed.error());
        if (answer.status < 100 || answer.status > 199 || answer.status == 101) co_return answer;
    }
    co_return std::unexpected(
        error{fault::protocol, "HTTP answer: one interim answer after another, and no final one", 0});
}

bool carries_body(const request& wanted) {
    return !wanted.body.empty() || wanted.method == "POST" || wanted.method == "PUT" || wanted.method == "PATCH";
}

// With those that are added.
fields all_headers(const request& wanted, const std::string& host_header) {
    fields out;
    if (!has(wanted.headers, "Host")) out.emplace_back("Host", host_header);
    out.insert(out.end(), wanted.headers.begin(), wanted.headers.end());
    if (!has(wanted.headers, "Content-Length") && carries_body(wanted))
        out.emplace_back("Content-Length", std::to_string(wanted.body.size()));
    if (!has(wanted.headers, "Connection")) out.emplace_back("Connection", "keep-alive");
    return out;
}

bool is_token(std::string_view text) {
    return !text.empty() &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

bool is_writable(const request& wanted) {
    return is_token(wanted.method) && is_token(wanted.target) && is_writable(wanted.headers);
}

}  // namespace

std::string response::header(std::string_view name) const {
    auto const found = std::ranges::find_if(
        headers, [&](auto const& each) { return trace::same_word(each.first, name); });
    return found == headers.end() ? std::string() : found->second;
}

std::vector<std::string> response::all(std::string_view name) const {
    std::vector<std::string> values;
    for (auto const& [each, value] : headers)
        if (trace::same_word(each, name)) values.push_back(value);
    return values;
}

struct connection::state {
    stream_ptr under;
    std::string host_header;
    wire_tap tap;
    std::string ahead;
    bool usable = true;
};

connection::connection(stream_ptr stream, std::string host_header, wire_tap tap)
    : state_(std::make_unique<state>(std::move(stream), std::move(host_header), std::move(tap))) {}
connection::~connection() = default;

bool connection::usable() const { return state_->usable; }
stream& connection::raw() { return *state_->under; }

awaitable<result<response>> connection::exchange(request wanted, deadline until) {
    if (!is_writable(wanted))
        co_return std::unexpected(error{fault::protocol, "HTTP request: a line break or blank where none may be", 0});
    if (!std::exchange(state_->usable, false))
        co_return std::unexpected(error{fault::closed, "HTTP request: the connection has ended", 0});
    auto const line = wanted.method + " " + wanted.target + " HTTP/1.1";
    auto const headers = all_headers(wanted, state_->host_header);
    auto const text = line + "\r\n" + header_lines(headers) + "\r\n" + wanted.body;
    told_exchange const told(state_->tap, *state_->under, wanted.target);
    told.sent(line, headers, wanted.body);
    auto const sent = co_await state_->under->write(text, until);
    if (!sent) co_return std::unexpected(sent.error());
    bool keeps = false;
    auto answer = co_await read_response(*state_->under, state_->ahead, wanted.method == "HEAD", keeps, told, until);
    state_->usable = answer && keeps;
    co_return answer;
}

struct server_connection::state {
    stream& under;
    std::string ahead;
};

server_connection::server_connection(stream& stream) : state_(std::make_unique<state>(stream)) {}
server_connection::~server_connection() = default;

awaitable<result<request>> server_connection::read(deadline until) {
    request_parser parser;
    set_limits(parser);
    parser.eager(true);
    lax_notes none;
    auto const done = co_await parse_from(
        state_->under, state_->ahead, parser, is_whole<request_parser>, "HTTP request", until, none);
    if (!done) co_return std::unexpected(done.error());
    auto& message = parser.get();
    co_return request{
        std::string(message.method_string()), std::string(message.target()), copy_fields(message),
        std::move(message.body())};
}

awaitable<result<void>> server_connection::write(response answer, deadline until) {
    if (!is_writable(answer.headers) || breaks_lines(answer.reason))
        co_return std::unexpected(error{fault::protocol, "HTTP answer: a line break or blank where none may be", 0});
    auto text = "HTTP/1.1 " + std::to_string(answer.status) + " " + answer.reason + "\r\n" +
                header_lines(answer.headers);
    if (has(answer.headers, "Content-Length") || has(answer.headers, "Transfer-Encoding")) text += "\r\n";
    else text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
    text += answer.body;
    co_return co_await state_->under.write(text, until);
}

// The page that comes with a refusal is welcome; the status is told also without it.
static awaitable<tunnel> read_refusal(
    stream_ptr proxy, std::string ahead, response_parser& parser, lax_notes notes, deadline until,
    told_exchange const& told) {
    int const status = static_cast<int>(parser.get().result_int());
    auto const version = parser.get().version();
    parser.eager(true);
    auto const whole = co_await parse_from(
        *proxy, ahead, parser, is_whole<response_parser>, "proxy's answer", until, notes);
    bool const listens = whole && parser.keep_alive() && !parser.need_eof();
    auto answer = to_response(parser);
    answer.lax = std::move(notes);
    told.received(version, answer);
    auto const detail = "proxy: " + std::to_string(status) + " " + answer.reason;
    tunnel refused{std::unexpected(error{fault::proxy, detail, status}), std::move(answer)};
    if (listens) refused.proxy = with_prefix(std::move(proxy), std::move(ahead));
    co_return refused;
}

awaitable<tunnel> connect_tunnel(
    stream_ptr proxy, std::string host, std::uint16_t port, fields headers, deadline until, wire_tap tap) {
    if (!is_token(host) || !is_writable(headers))
        co_return tunnel{
            std::unexpected(error{fault::protocol, "CONNECT: a line break or blank where none may be", 0}), {}};
    auto const at = to_string(host_port{host, port});
    auto const line = "CONNECT " + at + " HTTP/1.1";
    headers.insert(headers.begin(), {"Host", at});
    auto const text = line + "\r\n" + header_lines(headers) + "\r\n";
    told_exchange const told(tap, *proxy, at);
    told.sent(line, headers, {});
    auto const sent = co_await proxy->write(text, until);
    if (!sent) co_return tunnel{std::unexpected(sent.error()), {}};

    std::string ahead;
    response_parser parser;
    set_limits(parser);
    lax_notes notes;
    auto const opened = co_await parse_from(
        *proxy, ahead, parser, has_header<response_parser>, "proxy's answer", until, notes);
    if (!opened) co_return tunnel{std::unexpected(opened.error()), {}};
    if (parser.get().result_int() / 100 != 2)
        co_return co_await read_refusal(std::move(proxy), std::move(ahead), parser, std::move(notes), until, told);
    auto agreed = to_response(parser);
    told.received(parser.get().version(), agreed);
    co_return tunnel{with_prefix(std::move(proxy), std::move(ahead)), std::move(agreed)};
}

}  // namespace ucsignin::net::http
