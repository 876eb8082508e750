#include "lab/sip_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "lab/front_end.hpp"
#include "lab/raw_signature.hpp"
#include "lab/registrar.hpp"
#include "net/deadline.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;

constexpr std::size_t largest_message = (std::size_t{1} << 20) + (std::size_t{64} << 10);

net::deadline some_day() { return net::clock::now() + std::chrono::hours(24); }

// One whole message cut off the front of `buffer`, line ends before it skipped; "" when more bytes are due. The raw bytes
// are kept: the second reading of signatures works on them.
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

void change(sip::message& reply, const sip_rule& rule) {
    for (const auto& [name, value] : rule.headers) {
        while (reply.header(name)) reply.remove(name);
        if (!value.empty()) reply.add(name, value);
    }
    if (!rule.contact.empty()) reply.set("Contact", rule.contact);
    if (rule.body) reply.body = *rule.body;
}

class session : public std::enable_shared_from_this<session> {
public:
    session(std::shared_ptr<pool_state> pool, net::stream_ptr stream, hop at, net::asio::any_io_executor executor)
        : pool_(std::move(pool)), stream_(std::move(stream)), at_(std::move(at)), executor_(executor), outbox_(executor),
          registrar_(*pool_, at_), front_end_(*pool_, at_) {}

    net::awaitable<void> run();

private:
    struct outgoing { std::string wire; };

    static net::awaitable<void> write_outbox(std::shared_ptr<session> self);
    static net::awaitable<void> send_later(std::weak_ptr<session> self, answered what, association::fault fault, net::deadline when);
    void take(std::string wire);
    void answer(incoming in, std::string_view step);
    [[nodiscard]] answered usual_answer(const incoming& in);
    void send(answered what, association::fault fault);
    void send_signed(sip::message what, const std::shared_ptr<association>& signer, association::fault fault);
    [[nodiscard]] notifier notify_through(const std::shared_ptr<association>& signer);
    void end(bool reset);

    std::shared_ptr<pool_state> pool_;
    net::stream_ptr stream_;
    hop at_;
    net::asio::any_io_executor executor_;
    net::channel<outgoing> outbox_;
    registrar registrar_;
    front_end front_end_;
    bool ended_ = false;
};

net::awaitable<void> session::run() {
    const auto self = shared_from_this();
    asio::co_spawn(executor_, write_outbox(self), asio::detached);
    std::array<char, 16384> bytes{};
    std::string buffer;
    while (!ended_) {
        const auto got = co_await stream_->read_some(bytes, some_day());
        if (!got) break;
        buffer.append(bytes.data(), *got);
        if (buffer.size() > largest_message) break;
        for (std::string wire = cut_message(buffer); !wire.empty() && !ended_; wire = cut_message(buffer)) take(std::move(wire));
    }
    pool_->say("SIP: connection of " + at_.peer + " ended");
    registrar_.connection_lost();
    end(false);
}

net::awaitable<void> session::write_outbox(std::shared_ptr<session> self) {
    while (auto next = co_await self->outbox_.pop(some_day())) {
        const auto written = co_await self->stream_->write(next->wire, some_day());
        if (!written) break;
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
    if (!message->is_request() || message->method == "ACK" || message->method == "CANCEL") return;   // dropped, as MS-SIPAE 3.3.5.1 has it
    incoming in = read_request(std::move(wire), std::move(*message));
    registrar_.authenticate(in);
    const std::string step(in.request.method == "REGISTER" ? registrar_.step_of(in) : front_end::step_of(in.request));
    answer(std::move(in), step);
}

void session::answer(incoming in, std::string_view step) {
    const std::string what = fmt::format("SIP {} {} of {} ({})", in.request.method, step, in.user, in.epid);
    const sip_rule* rule = pool_->play_sip(in.request.method, step);
    if (rule && (rule->drop || rule->close || rule->reset)) {
        pool_->say(what + (rule->drop ? ": no answer" : rule->reset ? ": connection reset" : ": connection closed"));
        if (!rule->drop) end(rule->reset);
        return;
    }
    answered out;
    if (rule && rule->status != 0) out = {make_answer(*pool_, at_, in.request, rule->status, rule->reason), in.is_authentic() ? in.by : nullptr, {}};
    else out = usual_answer(in);
    if (rule) change(out.reply, *rule);
    if (rule && !rule->notify.empty()) out.then.push_back(registration_notify(in, out.reply, *rule));
    pool_->say(fmt::format("{}: signature {}, answered {} {}", what, to_string(in.signature), out.reply.status, out.reply.reason));
    const auto fault = rule ? fault_of(rule->signature) : association::fault::none;
    if (!rule || rule->delay_ms == 0) return send(std::move(out), fault);
    const net::deadline when = net::clock::now() + std::chrono::milliseconds(rule->delay_ms);
    asio::co_spawn(executor_, send_later(weak_from_this(), std::move(out), fault, when), asio::detached);
}

answered session::usual_answer(const incoming& in) {
    if (in.request.method == "REGISTER") return registrar_.answer(in);
    if (in.request.method == "NEGOTIATE") return {make_answer(*pool_, at_, in.request, 405), nullptr, {}};
    if (in.is_authentic()) return front_end_.answer(in, notify_through(in.by));
    sip::message refused = make_answer(*pool_, at_, in.request, 403);
    add_diagnostics(refused, at_, "ms-diagnostics", 1000, "Final handshake failed");
    return {std::move(refused), nullptr, {}};
}

net::awaitable<void> session::send_later(std::weak_ptr<session> self, answered what, association::fault fault, net::deadline when) {
    co_await net::pass_time(when);
    if (const auto alive = self.lock()) alive->send(std::move(what), fault);
}

void session::send(answered what, association::fault fault) {
    send_signed(std::move(what.reply), what.signer, fault);
    for (auto& request : what.then) send_signed(std::move(request), what.signer, fault);
}

void session::send_signed(sip::message what, const std::shared_ptr<association>& signer, association::fault fault) {
    if (ended_) return;
    if (signer) signer->sign(what, fault);
    outbox_.push({what.serialize()});
}

notifier session::notify_through(const std::shared_ptr<association>& signer) {
    return [self = weak_from_this(), signer](sip::message request) {
        if (const auto alive = self.lock()) alive->send_signed(std::move(request), signer, association::fault::none);
    };
}

}  // namespace

net::awaitable<void> serve_sip(std::shared_ptr<pool_state> pool, net::stream_ptr stream, std::string server_name) {
    const auto executor = co_await asio::this_coro::executor;
    hop at{std::move(server_name), stream->peer_address(), fmt::format("{:X}", pool->next_connection())};
    pool->say("SIP: connection from " + at.peer);
    const auto served = std::make_shared<session>(std::move(pool), std::move(stream), std::move(at), executor);
    co_await served->run();
}

}  // namespace ucsignin::lab
