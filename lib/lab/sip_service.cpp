#include "lab/sip_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>

#include "lab/front_end.hpp"
#include "lab/placeholders.hpp"
#include "lab/raw_signature.hpp"
#include "lab/registrar.hpp"
#include "net/deadline.hpp"
#include "net/task_group.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;

constexpr std::size_t largest_message = (std::size_t{1} << 20) + (std::size_t{64} << 10);

net::deadline some_day() { return net::clock::now() + std::chrono::hours(24); }

// One whole message cut off the front of `buffer`, line ends before it skipped; "" when more bytes are due. The raw
// bytes are kept: the second reading of signatures works on them.
std::string cut_message(std::string& buffer) {
    buffer.erase(0, std::min(buffer.find_first_not_of("\r\n"), buffer.size()));
    const auto end = buffer.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    const std::string length_text = raw_header(std::string_view(buffer).substr(0, end + 4), "Content-Length");
    const std::size_t length = sip::to_number<std::size_t>(length_text).value_or(0);
    if (length > largest_message || buffer.size() < end + 4 + length) return {};
    std::string out = buffer.substr(0, end + 4 + length);
    buffer.erase(0, out.size());
    return out;
}

association::fault fault_of(const std::string& text) {
    if (text == "wrong") return association::fault::wrong;
    if (text == "missing") return association::fault::missing;
    if (text == "replay") return association::fault::replay;
    return association::fault::none;
}

sip::message registration_notify(const incoming& in, const sip::message& reply, const sip_rule& rule) {
    sip::message out;
    out.method = "NOTIFY";
    out.request_uri = sip::parse_name_addr(in.request.header("Contact").value_or("")).uri;
    out.add("Via", "SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK" + sip::random_hex(8) + ";branched=FALSE");
    out.add("Max-Forwards", "70");
    out.add("From", reply.header("To").value_or(""));
    out.add("To", in.request.header("From").value_or(""));
    out.add("Call-ID", in.request.header("Call-ID").value_or(""));
    out.add("CSeq", "1 NOTIFY");
    out.add("Content-Type", "text/registration-event");
    out.add("Event", "registration-notify");
    out.add("subscription-state", "terminated;expires=0");
    if (!rule.notify_diagnostics.empty()) out.add("ms-diagnostics-public", rule.notify_diagnostics);
    out.body = rule.notify;
    return out;
}

// A name that is there more than once becomes as many lines.
void change(sip::message& reply, const sip_rule& rule, std::int64_t now) {
    for (const auto& [name, value] : rule.headers)
        while (reply.header(name)) reply.remove(name);
    for (const auto& [name, value] : rule.headers)
        if (!value.empty()) reply.add(name, fill_in(value, now));
    if (!rule.contact.empty()) reply.set("Contact", rule.contact);
    if (rule.body) reply.body = fill_in(*rule.body, now);
}

// What an answer has to repeat, as the client wrote it; several Via lines in one.
placeholder_values echoed(const sip::message& request) {
    std::string via;
    for (const auto& one : request.all("Via")) via += (via.empty() ? "" : ", ") + one;
    const auto first = [&](std::string_view name) { return request.header(name).value_or(""); };
    return {
        {"via", via},
        {"from", first("From")},
        {"to", first("To")},
        {"call_id", first("Call-ID")},
        {"cseq", first("CSeq")}};
}

class session : public std::enable_shared_from_this<session> {
public:
    session(
        std::shared_ptr<pool_state> pool, net::stream_ptr stream, sip_place place, hop at,
        net::asio::any_io_executor executor)
        : pool_(std::move(pool)),
          stream_(std::move(stream)),
          place_(std::move(place)),
          at_(std::move(at)),
          tasks_(executor),
          outbox_(executor),
          registrar_(*pool_, at_),
          front_end_(*pool_, at_) {}

    net::awaitable<void> run();

private:
    struct outgoing {
        std::string wire;
        bool last = false;
    };
    struct departure {
        answered what;
        association::fault fault = association::fault::none;
        std::optional<std::string> raw;  // instead of it
        bool last = false;               // then the connection ends
    };

    static net::awaitable<void> write_outbox(std::shared_ptr<session> self);
    static net::awaitable<void> send_later(std::weak_ptr<session> self, departure what, net::deadline when);
    void take(std::string wire);
    void answer(incoming in, std::string_view step);
    [[nodiscard]] bool fits(const sip_rule& rule, const incoming& in) const;
    [[nodiscard]] departure prepare(const incoming& in, const sip_rule* rule, const std::string& what);
    [[nodiscard]] answered usual_answer(const incoming& in);
    void send(departure what);
    void send_signed(
        sip::message what, const std::shared_ptr<association>& signer, association::fault fault, bool last = false);
    [[nodiscard]] notifier notify_through(const std::shared_ptr<association>& signer);
    void end(bool reset);

    std::shared_ptr<pool_state> pool_;
    net::stream_ptr stream_;
    sip_place place_;
    hop at_;
    net::task_group tasks_;
    net::channel<outgoing> outbox_;
    registrar registrar_;
    front_end front_end_;
    bool ended_ = false;
};

net::awaitable<void> session::run() {
    const auto self = shared_from_this();
    tasks_.start(write_outbox(self));
    std::array<char, 16384> bytes{};
    std::string buffer;
    while (!ended_) {
        const auto got = co_await stream_->read_some(bytes, some_day());
        if (!got) break;
        buffer.append(bytes.data(), *got);
        if (buffer.size() > largest_message) break;
        for (std::string wire = cut_message(buffer); !wire.empty() && !ended_; wire = cut_message(buffer))
            take(std::move(wire));
    }
    pool_->say("SIP: connection of " + at_.peer + " ended");
    registrar_.connection_lost();
    end(false);
}

net::awaitable<void> session::write_outbox(std::shared_ptr<session> self) {
    while (auto next = co_await self->outbox_.pop(some_day())) {
        if (!next->wire.empty()) {
            const auto written = co_await self->stream_->write(next->wire, some_day());
            if (!written) break;
        }
        if (next->last) self->end(false);
    }
}

void session::end(bool reset) {
    if (!ended_) stream_->close(reset);
    ended_ = true;
    outbox_.close();
}

void session::take(std::string wire) {
    auto message = sip::parse(wire);
    if (!message) {
        pool_->say(fmt::format("SIP: unreadable at byte {}: {}", message.error().offset, message.error().what));
        return end(false);
    }
    if (!message->is_request() || message->method == "ACK" || message->method == "CANCEL")
        return;  // dropped, as MS-SIPAE 3.3.5.1 has it
    place_.received(credentials_in(*message));
    incoming in = read_request(std::move(wire), std::move(*message));
    registrar_.authenticate(in);
    const std::string step(in.request.method == "REGISTER" ? registrar_.step_of(in) : front_end::step_of(in.request));
    answer(std::move(in), step);
}

bool session::fits(const sip_rule& rule, const incoming& in) const {
    return place_.is_meant(rule.at) && (rule.scheme.empty() || sip::same_word(rule.scheme, in.credentials.scheme)) &&
           hold(rule.conditions, in.request);
}

void session::answer(incoming in, std::string_view step) {
    const std::string what = fmt::format("SIP {} {} of {} ({})", in.request.method, step, in.user, in.epid);
    const sip_rule* rule = pool_->play_sip(in.request.method, step, [&](const sip_rule& one) { return fits(one, in); });
    const bool closes = rule && rule->close && !rule->raw && rule->status == 0;
    if (rule && (rule->drop || closes || rule->reset)) {
        pool_->say(what + (rule->drop ? ": no answer" : rule->reset ? ": connection reset" : ": connection closed"));
        if (!rule->drop) end(rule->reset);
        return;
    }
    departure out = prepare(in, rule, what);
    if (!rule || rule->delay_ms == 0) return send(std::move(out));
    const net::deadline when = net::clock::now() + std::chrono::milliseconds(rule->delay_ms);
    tasks_.start(send_later(weak_from_this(), std::move(out), when));
}

// A pool that is not asked doesn't change.
session::departure session::prepare(const incoming& in, const sip_rule* rule, const std::string& what) {
    departure out;
    if (rule && rule->raw) {
        const bool is_text = rule->raw->is_text;
        pool_->say(what + ": the scenario's own bytes");
        out.raw = is_text ? fill_in(rule->raw->bytes, pool_->real_now(), echoed(in.request)) : rule->raw->bytes;
        out.last = rule->close;
        return out;
    }
    if (rule && rule->status != 0)
        out.what = {
            make_answer(*pool_, at_, in.request, rule->status, rule->reason), in.is_authentic() ? in.by : nullptr, {}};
    else out.what = usual_answer(in);
    sip::message& reply = out.what.reply;
    if (rule) change(reply, *rule, pool_->real_now());
    if (rule && !rule->notify.empty()) out.what.then.push_back(registration_notify(in, reply, *rule));
    pool_->say(
        fmt::format("{}: signature {}, answered {} {}", what, to_string(in.signature), reply.status, reply.reason));
    if (rule) out.fault = fault_of(rule->signature);
    out.last = rule && rule->close;
    return out;
}

answered session::usual_answer(const incoming& in) {
    if (in.request.method == "REGISTER") return registrar_.answer(in);
    if (in.request.method == "NEGOTIATE") return {make_answer(*pool_, at_, in.request, 405), nullptr, {}};
    if (in.is_authentic()) return front_end_.answer(in, notify_through(in.by));
    sip::message refused = make_answer(*pool_, at_, in.request, 403);
    add_diagnostics(refused, at_, "ms-diagnostics", 1000, "Final handshake failed");
    return {std::move(refused), nullptr, {}};
}

net::awaitable<void> session::send_later(std::weak_ptr<session> self, departure what, net::deadline when) {
    co_await net::pass_time(when);
    if (const auto alive = self.lock()) alive->send(std::move(what));
}

void session::send(departure what) {
    if (ended_) return;
    if (what.raw) return outbox_.push({std::move(*what.raw), what.last});
    send_signed(std::move(what.what.reply), what.what.signer, what.fault, what.last);
    for (auto& request : what.what.then) send_signed(std::move(request), what.what.signer, what.fault);
}

void session::send_signed(
    sip::message what, const std::shared_ptr<association>& signer, association::fault fault, bool last) {
    if (ended_) return;
    if (signer) signer->sign(what, fault);
    outbox_.push({what.serialize(), last});
}

notifier session::notify_through(const std::shared_ptr<association>& signer) {
    return [self = weak_from_this(), signer](sip::message request) {
        if (const auto alive = self.lock()) alive->send_signed(std::move(request), signer, association::fault::none);
    };
}

}  // namespace

net::awaitable<void> serve_sip(std::shared_ptr<pool_state> pool, net::stream_ptr stream, sip_place place) {
    const auto executor = co_await asio::this_coro::executor;
    hop at{place.server_name, stream->peer_address(), fmt::format("{:X}", pool->next_connection())};
    pool->say("SIP: connection from " + at.peer);
    const auto served = std::make_shared<session>(
        std::move(pool), std::move(stream), std::move(place), std::move(at), executor);
    co_await served->run();
}

}  // namespace ucsignin::lab
