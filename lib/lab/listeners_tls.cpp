#include <fmt/format.h>

#include <array>

#include "lab/client_hello.hpp"
#include "lab/listeners.hpp"
#include "lab/sip_service.hpp"
#include "net/deadline.hpp"
#include "net/tls.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view banner = "220 mail.contoso.example ESMTP ready\r\n";

// What was read until the first message is whole, the other side stops, or it turns out not to be TLS.
net::awaitable<std::string> read_hello(net::stream& from) {
    std::string out;
    std::array<char, 4096> bytes{};
    while (missing_of_hello(out) > 0) {
        const auto got = co_await from.read_some(bytes, some_day());
        if (!got) break;
        out.append(bytes.data(), *got);
    }
    co_return out;
}

std::string answer_of(const tls_fault& fault) {
    if (fault.act == tls_act::alert)
        return {'\x15', '\x03', '\x03', '\x00', '\x02', '\x02', static_cast<char>(fault.alert)};
    if (fault.act == tls_act::plain_http) return std::string(http_refusal);
    return fault.text.empty() ? std::string(banner) : fault.text;
}

std::string_view word_for(tls_act act) {
    switch (act) {
        case tls_act::alert: return "alert";
        case tls_act::reset: return "reset";
        case tls_act::close: return "closed";
        case tls_act::stall: return "no answer";
        case tls_act::plain_http: return "an HTTP answer without TLS";
        case tls_act::garbage: return "bytes that are not TLS";
        default: return "handshake";
    }
}

net::awaitable<void> act_out(net::stream& stream, const tls_fault& fault) {
    if (fault.act == tls_act::reset || fault.act == tls_act::close) {
        stream.close(fault.act == tls_act::reset);
        co_return;
    }
    if (fault.act != tls_act::stall) {
        const std::string bytes = answer_of(fault);
        const auto written = co_await stream.write(bytes, some_day());
        if (!written) co_return;
    }
    co_await stay_silent(stream);  // whoever asked hangs up; a close here could overtake the bytes
}

// `name`: the server name that the client sent, "" for none.
sip_place place_of(const std::shared_ptr<world>& in, const service* at, const std::string& name) {
    sip_place out;
    out.server_name = at->server;
    out.is_meant = [in, at, name](std::string_view place) { return is_meant(place, *at, name, *in->names); };
    out.received = [to = in->received, by = as_asked(*at, name)](const std::vector<credential>& kinds) {
        to->note(by, kinds);
    };
    return out;
}

net::awaitable<void> serve_inside(
    std::shared_ptr<world> in, const service* at, net::stream_ptr stream, std::string name) {
    if (at->what == speaks::https) {
        co_await serve_http(std::move(in), at, std::move(stream), true, std::move(name));
    } else if (at->what == speaks::sip) {
        auto pool = in->pool;
        auto place = place_of(in, at, name);
        co_await serve_sip(std::move(pool), std::move(stream), std::move(place));
    } else if (at->what == speaks::tls_close) {
        std::array<char, 1> byte{};
        std::ignore = co_await stream->read_some(
            byte, some_day());  // whatever comes, it is not what this server speaks
    } else {
        co_await stay_silent(*stream);
    }
}

}  // namespace

net::awaitable<void> serve_tls(std::shared_ptr<world> in, const service* at, net::stream_ptr stream) {
    const std::string hello = co_await read_hello(*stream);
    if (hello.empty()) co_return;
    const std::string name = server_name_of(hello).value_or("");
    const tls_plan plan = in->faults.tls(*at, name);
    const std::string what = fmt::format("TLS {} for {}", net::to_string(at->meant), name.empty() ? "no name" : name);
    if (plan.what.delay_ms > 0)
        co_await net::pass_time(net::clock::now() + std::chrono::milliseconds(plan.what.delay_ms));
    if (plan.what.act != tls_act::none) {
        in->log->say(fmt::format("{}: {}", what, word_for(plan.what.act)));
        co_await act_out(*stream, plan.what);
        co_return;
    }
    const auto context = in->context_for(*at, plan);
    auto accepted = co_await net::tls_accept(net::with_prefix(std::move(stream), hello), context.get(), some_day());
    if (!accepted.stream) {
        in->log->say(fmt::format("{}: {}", what, accepted.stream.error().detail));
        co_return;
    }
    in->log->say(what + ": agreed");
    auto inside = std::move(*accepted.stream);
    co_await serve_inside(std::move(in), at, std::move(inside), name);
}

}  // namespace ucsignin::lab
