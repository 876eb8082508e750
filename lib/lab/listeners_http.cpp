#include <fmt/format.h>

#include <algorithm>

#include "lab/exchange.hpp"
#include "lab/listeners.hpp"
#include "lab/placeholders.hpp"
#include "lab/sip_service_answer.hpp"
#include "lab/web_services.hpp"
#include "lab/web_services_issue.hpp"
#include "lab/web_services_soap.hpp"
#include "net/deadline.hpp"
#include "net/http.hpp"
#include "sip/lexical.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

using net::http::fields;
using net::http::request;
using net::http::response;

std::string host_of(const request& asked) {
    const auto host = net::parse_host_port(header_of(asked.headers, "Host"), 80);
    return host ? host->host : std::string();
}

void remove(fields& headers, std::string_view name) {
    std::erase_if(headers, [&](const auto& one) { return sip::same_word(one.first, name); });
}

// How a client asked: by which name, and whether over TLS.
struct asked_by {
    std::string host;         // Host header, without the port
    std::string server_name;  // of TLS
    bool secure = false;
};

void note_credentials(world& in, const service& at, const asked_by& by, const request& asked) {
    in.received->note(as_asked(at, by.host.empty() ? by.server_name : by.host), credentials_in(asked));
}

// A status of the scenario's own starts from an empty answer, otherwise what the pool says is changed.
void change(response& answer, const http_fault& fault, std::int64_t now, const placeholder_values& values) {
    if (fault.status != 0) answer = {.status = fault.status, .reason = fault.reason};
    if (!fault.reason.empty()) answer.reason = fault.reason;
    for (const auto& [name, value] : fault.headers) remove(answer.headers, name);
    for (const auto& [name, value] : fault.headers)
        if (!value.empty()) answer.headers.emplace_back(name, fill_in(value, now, values));
    if (!fault.body) return;
    answer.body = fill_in(*fault.body, now);
    remove(answer.headers, "Content-Length");
    if (header_of(answer.headers, "Content-Type").empty()) answer.headers.emplace_back("Content-Type", "text/html");
}

void add_date(response& answer, const http_fault* fault, std::int64_t now) {
    const bool spoken_of = fault && std::any_of(fault->headers.begin(), fault->headers.end(), [](const auto& one) {
                               return sip::same_word(one.first, "Date");
                           });
    if (!spoken_of && header_of(answer.headers, "Date").empty())
        answer.headers.emplace_back("Date", trace::http_date(now));
}

// What the texts of a rule hold besides times. Asking for it makes the connection expect the answer to the challenge.
placeholder_values values_for(
    world& in, web_session& session, const request& asked, const asked_by& by, const http_fault& fault) {
    if (!fault.ntlm_challenge) return {};
    return {{"ntlm_challenge", challenge_by_ntlm(*in.pool, session, asked, by.host)}};
}

std::string shown_target(const request& asked) {
    return fmt::format("HTTP {} {}", asked.method, asked.target.substr(0, asked.target.find('?')));
}

response answer_to(world& in, web_session& session, const request& asked, const http_fault* fault, const asked_by& by) {
    response answer;
    // A pool that is not asked doesn't change either: an NTLM leg that the scenario answers is not taken by it.
    const auto file = by.host == "pki." + in.what->pool.sip_domain ? in.certificates->publish(asked.target, asked.body)
                                                                   : std::nullopt;
    if (file && (!fault || fault->status == 0))
        answer = {.status = 200, .reason = "OK", .headers = {{"Content-Type", file->content_type}}, .body = file->body};
    else if (!fault || fault->status == 0)
        answer = is_for_exchange(*in.pool, by.host, asked.target)
                     ? answer_exchange(*in.pool, session, asked, by.host, by.secure)
                     : answer_web(*in.pool, session, asked, by.host, by.secure);
    if (fault) change(answer, *fault, in.pool->real_now(), values_for(in, session, asked, by, *fault));
    add_date(answer, fault, in.pool->now());
    if (fault) in.log->say(fmt::format("{}: the scenario answers {}", shown_target(asked), answer.status));
    return answer;
}

// True when the connection goes on.
net::awaitable<bool> write_raw(
    world& in, net::stream& stream, web_session& session, const request& asked, const http_fault& fault,
    const asked_by& by) {
    std::string bytes = fault.raw->bytes;
    if (fault.raw->is_text) bytes = fill_in(bytes, in.pool->real_now(), values_for(in, session, asked, by, fault));
    in.log->say(shown_target(asked) + ": the scenario's own bytes");
    if (bytes.empty()) co_return !fault.close;
    const auto written = co_await stream.write(bytes, some_day());
    co_return written && !fault.close;
}

net::awaitable<void> break_off(world& in, net::stream& stream, const request& asked, const http_fault& fault) {
    in.log->say(fmt::format("{}: {}", shown_target(asked), fault.reset ? "reset" : "no answer"));
    if (fault.stall) co_await stay_silent(stream);
    stream.close(fault.reset);
}

bool says_close(const fields& headers) { return sip::same_word(header_of(headers, "Connection"), "close"); }

}  // namespace

net::awaitable<void> serve_http(
    std::shared_ptr<world> in, const service* at, net::stream_ptr stream, bool secure, std::string server_name) {
    net::http::server_connection connection(*stream);
    web_session session;
    asked_by by{{}, std::move(server_name), secure};
    for (;;) {
        const auto asked = co_await connection.read(some_day());
        if (!asked && asked.error().what == net::fault::protocol) {
            in->log->say(fmt::format("HTTP at {}: not an HTTP request", net::to_string(at->meant)));
            const auto told = co_await stream->write(http_refusal, some_day());
            if (told) co_await stay_silent(*stream);
        }
        if (!asked) co_return;
        by.host = host_of(*asked);
        note_credentials(*in, *at, by, *asked);
        const http_fault* const fault = in->faults.http(*at, by.host, *asked, secure);
        if (fault && fault->delay_ms > 0)
            co_await net::pass_time(net::clock::now() + std::chrono::milliseconds(fault->delay_ms));
        if (fault && (fault->drop || fault->reset || fault->stall)) {
            co_await break_off(*in, *stream, *asked, *fault);
            co_return;
        }
        if (fault && fault->raw) {
            const bool goes_on = co_await write_raw(*in, *stream, session, *asked, *fault, by);
            if (!goes_on) co_return;
            continue;
        }
        response answer = answer_to(*in, session, *asked, fault, by);
        const bool last = says_close(answer.headers) || says_close(asked->headers) || (fault && fault->close);
        const auto written = co_await connection.write(std::move(answer), some_day());
        if (!written || last) co_return;
    }
}

}  // namespace ucsignin::lab
