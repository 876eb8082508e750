#include <fmt/format.h>

#include <algorithm>

#include "lab/listeners.hpp"
#include "lab/sip_service_answer.hpp"
#include "lab/web_services.hpp"
#include "net/deadline.hpp"
#include "net/http.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

using net::http::fields;
using net::http::request;
using net::http::response;

std::string header_of(const fields& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return sip::same_word(one.first, name); });
    return found == headers.end() ? std::string() : found->second;
}

std::string host_of(const request& asked) {
    const auto host = net::parse_host_port(header_of(asked.headers, "Host"), 80);
    return host ? host->host : std::string();
}

void remove(fields& headers, std::string_view name) {
    std::erase_if(headers, [&](const auto& one) { return sip::same_word(one.first, name); });
}

// A status of the scenario's own starts from an empty answer, otherwise what the pool says is changed.
void change(response& answer, const http_fault& fault) {
    if (fault.status != 0) answer = {.status = fault.status, .reason = fault.reason};
    if (!fault.reason.empty()) answer.reason = fault.reason;
    for (const auto& [name, value] : fault.headers) remove(answer.headers, name);
    for (const auto& [name, value] : fault.headers)
        if (!value.empty()) answer.headers.emplace_back(name, value);
    if (!fault.body) return;
    answer.body = *fault.body;
    remove(answer.headers, "Content-Length");
    if (header_of(answer.headers, "Content-Type").empty()) answer.headers.emplace_back("Content-Type", "text/html");
}

void add_date(response& answer, const http_fault* fault, std::int64_t now) {
    const bool spoken_of = fault && std::any_of(fault->headers.begin(), fault->headers.end(), [](const auto& one) { return sip::same_word(one.first, "Date"); });
    if (!spoken_of && header_of(answer.headers, "Date").empty()) answer.headers.emplace_back("Date", http_date(now));
}

response answer_to(world& in, web_session& session, const request& asked, const http_fault* fault, bool secure) {
    response answer;
    // A pool that is not asked doesn't change either: an NTLM leg that the scenario answers is not taken by it.
    const auto file = host_of(asked) == "pki." + in.what->pool.sip_domain ? in.certificates.publish(asked.target, asked.body) : std::nullopt;
    if (file && (!fault || fault->status == 0)) answer = {.status = 200, .reason = "OK", .headers = {{"Content-Type", file->content_type}}, .body = file->body};
    else if (!fault || fault->status == 0) answer = answer_web(*in.pool, session, asked, host_of(asked), secure);
    if (fault) change(answer, *fault);
    add_date(answer, fault, in.pool->now());
    if (fault) in.log->say(fmt::format("HTTP {} {}: the scenario answers {}", asked.method, asked.target.substr(0, asked.target.find('?')), answer.status));
    return answer;
}

}  // namespace

net::awaitable<void> serve_http(std::shared_ptr<world> in, const service* at, net::stream_ptr stream, bool secure) {
    net::http::server_connection connection(*stream);
    web_session session;
    for (;;) {
        const auto asked = co_await connection.read(some_day());
        if (!asked && asked.error().what == net::fault::protocol) {
            in->log->say(fmt::format("HTTP at {}: not an HTTP request", net::to_string(at->meant)));
            const auto told = co_await stream->write(http_refusal, some_day());
            if (told) co_await stay_silent(*stream);
        }
        if (!asked) co_return;
        const http_fault* const fault = in->faults.http(*at, host_of(*asked), *asked, secure);
        if (fault && fault->delay_ms > 0) co_await net::pass_time(net::clock::now() + std::chrono::milliseconds(fault->delay_ms));
        if (fault && (fault->drop || fault->reset || fault->stall)) {
            in->log->say(fmt::format("HTTP {} {}: {}", asked->method, asked->target.substr(0, asked->target.find('?')), fault->reset ? "reset" : "no answer"));
            if (fault->stall) co_await stay_silent(*stream);
            stream->close(fault->reset);
            co_return;
        }
        response answer = answer_to(*in, session, *asked, fault, secure);
        const bool last = sip::same_word(header_of(answer.headers, "Connection"), "close") || sip::same_word(header_of(asked->headers, "Connection"), "close");
        const auto written = co_await connection.write(std::move(answer), some_day());
        if (!written || last) co_return;
    }
}

}  // namespace ucsignin::lab
