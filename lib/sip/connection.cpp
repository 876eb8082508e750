// One reader and one writer on a stream.
//
//   request() -> queue -> writer: sign, write        reader: framer -> response -> the request that waits for it
//                  ^                                                 -> request  -> answer into the queue, then the
//                  event

#include "sip/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <algorithm>
#include <array>
#include <deque>
#include <exception>
#include <list>
#include <stdexcept>

#include "net/deadline.hpp"
#include "sip/lexical.hpp"
#include "sip/server_requests.hpp"

namespace ucsignin::sip {
namespace {

using verdict = protector::verdict;

constexpr auto answer_time = std::chrono::seconds(30);  // for our answers to requests of the server
constexpr std::size_t longest_beginning = 64;
// Nothing that a server needs: it would say 100 once, or a few times while it works. Their bodies are not kept.
constexpr int most_provisional = 64;
// Of our answers to a server that doesn't read. Each repeats headers of the request, up to 64 KiB; even one that
// repeats next to nothing takes a kilobyte here.
constexpr std::size_t most_unsent = 2 * 1024 * 1024, least_weight = 1024;
constexpr auto reading_time = std::chrono::hours(24);  // reading waits for the peer: requests have the deadlines

// A bug in a coroutine of ours must not vanish with it.
void rethrow(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

std::string_view describe(verdict of) { return of == verdict::invalid ? "a wrong signature" : "no signature"; }

// What came instead of SIP tells what is there: a web server's "HTTP/1.1 400 Bad Request", a mail server's "220".
std::string first_line(std::string_view bytes) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
    std::string line(bytes.substr(0, std::min<std::size_t>(bytes.find_first_of("\r\n"), 60)));
    std::replace_if(line.begin(), line.end(), [](char c) { return c < ' ' || c == '\x7f'; }, '.');
    return line;
}

what_came kind_of(std::string_view beginning) {
    beginning.remove_prefix(std::min(beginning.find_first_not_of("\r\n"), beginning.size()));
    if (beginning.starts_with("SIP/")) return came_sip;
    return beginning.starts_with("HTTP/") ? came_http : came_other;
}

std::string start_line_of(const message& m) {
    return m.is_request() ? m.method + " " + m.request_uri + " SIP/2.0"
                          : "SIP/2.0 " + std::to_string(m.status) + " " + m.reason;
}

// A request on its way, or a keep-alive (without a key) that waits to be written.
struct waiting {
    explicit waiting(const net::asio::any_io_executor& executor) : ended(executor) {}
    std::string call_id;
    cseq key;
    reply so_far;
    departure sent = departure::never;
    int discarded = 0;
    std::optional<net::result<reply>> outcome;
    net::signal ended;

    void finish(net::result<reply> with) {
        if (outcome) return;
        outcome = std::move(with);
        ended.set();
    }
    [[nodiscard]] std::unexpected<no_answer> fail(net::error why) const {
        return std::unexpected(no_answer{std::move(why), sent, so_far.provisional, discarded});
    }
};
using waiting_ptr = std::shared_ptr<waiting>;

struct outgoing {
    std::optional<message> what;  // none: a keep-alive
    net::deadline until;
    waiting_ptr asker;       // none: an answer
    std::size_t weight = 0;  // of an answer
};

std::size_t weight_of(const message& answer) {
    std::size_t out = least_weight;
    for (const auto& [name, value] : answer.headers) out += name.size() + value.size();
    return out;
}

// Keeps a request listed for as long as somebody waits for it, whatever ends the wait.
class listing {
public:
    listing(std::list<waiting_ptr>& list, waiting_ptr one) : list_(list), one_(std::move(one)) {
        list_.push_back(one_);
    }
    ~listing() { list_.remove(one_); }
    listing(const listing&) = delete;
    listing& operator=(const listing&) = delete;

private:
    std::list<waiting_ptr>& list_;
    waiting_ptr one_;
};

class live_connection final : public connection {
public:
    live_connection(net::stream_ptr stream, net::asio::any_io_executor executor, connection_events events)
        : stream_(std::move(stream)),
          executor_(std::move(executor)),
          events_(std::move(events)),
          local_address_(stream_->local_address()),
          peer_address_(events_.wire ? stream_->peer_address() : std::string()) {}

    void begin() { net::asio::co_spawn(executor_, read(self()), rethrow); }

    net::awaitable<std::expected<reply, no_answer>> request(message wanted, net::deadline until) override {
        const auto keep = self();
        auto asker = std::make_shared<waiting>(executor_);
        const auto key = parse_cseq(wanted.header("CSeq").value_or(""));
        if (!key || !wanted.header("Call-ID")) throw std::invalid_argument("a request without CSeq or Call-ID");
        asker->key = *key;
        asker->call_id = *wanted.header("Call-ID");
        const listing listed(waiting_, asker);
        outgoing item{std::move(wanted), until, asker};
        push(std::move(item));
        co_return co_await outcome_of(asker, until);
    }

    net::awaitable<net::result<void>> keep_alive(net::deadline until) override {
        const auto keep = self();
        auto asker = std::make_shared<waiting>(executor_);
        const listing listed(waiting_, asker);
        outgoing item{std::nullopt, until, asker};
        push(std::move(item));
        auto written = co_await outcome_of(asker, until);
        if (!written) co_return std::unexpected(written.error());
        co_return net::result<void>{};
    }

    void protect(std::shared_ptr<protector> association) override { protector_ = std::move(association); }
    bool is_open() const override { return !ended_; }
    int discarded() const override { return discarded_; }
    net::clock::time_point last_active() const override { return last_active_; }
    std::optional<net::tcp_facts> kernel() const override { return stream_->kernel(); }
    std::string local_address() const override { return local_address_; }
    // The last handle went: whoever listened is going as well, and is not told.
    void abandon() {
        abandoned_ = true;
        close();
    }
    void close() override { end({net::fault::cancelled, "the connection was closed by this side", 0}); }

private:
    std::shared_ptr<live_connection> self() { return std::static_pointer_cast<live_connection>(shared_from_this()); }

    net::awaitable<std::expected<reply, no_answer>> outcome_of(waiting_ptr asker, net::deadline until) {
        (void)co_await asker->ended.wait(until);
        if (asker->outcome && *asker->outcome) co_return std::move(**asker->outcome);
        if (asker->outcome) co_return asker->fail(asker->outcome->error());
        const auto* why = asker->sent == departure::never ? "not sent: the server reads nothing"
                                                          : "no final answer in time";
        co_return asker->fail({net::fault::timed_out, why, 0});
    }

    void push(outgoing item) {
        if (ended_) {
            if (item.asker) item.asker->finish(std::unexpected(*ended_));
            return;
        }
        unsent_ += item.weight;
        if (unsent_ > most_unsent)
            return end(
                {net::fault::protocol, "the server asks one thing after another, but does not take the answers",
                 came_sip});
        queue_.push_back(std::move(item));
        if (std::exchange(writing_, true)) return;
        net::asio::co_spawn(executor_, write(self()), rethrow);
    }

    // Signing here keeps the numbers of signatures in the order of the wire.
    std::expected<std::string, std::string> wire_form(outgoing& item) {
        if (!item.what) return "\r\n\r\n";
        if (protector_)
            if (auto done = protector_->sign(*item.what); !done) return std::unexpected(done.error());
        if (item.asker) item.asker->so_far.protected_at_send = protector_ != nullptr;
        return item.what->serialize();
    }

    static net::awaitable<void> write(std::shared_ptr<live_connection> me) {
        while (!me->queue_.empty() && !me->ended_) {
            auto item = std::move(me->queue_.front());
            me->queue_.pop_front();
            me->unsent_ -= item.weight;
            if (net::clock::now() >= item.until || (item.asker && item.asker->outcome))
                continue;  // nobody waits any more
            const auto wire = me->wire_form(item);
            if (!wire) {
                if (item.asker)
                    item.asker->finish(std::unexpected(
                        net::error{net::fault::other, "the message can't be signed: " + wire.error(), 0}));
                continue;
            }
            me->tell(item.what ? &*item.what : nullptr, net::wire_direction::sent);
            if (item.asker) item.asker->sent = departure::begun;
            const auto written = co_await me->stream_->write(*wire, item.until);
            if (written && item.asker) item.asker->sent = departure::whole;
            if (!written) me->end(written.error());  // part of it may be out: the stream is lost
            else me->last_active_ = net::clock::now();
            if (written && !item.what) item.asker->finish(reply{});
        }
        me->writing_ = false;
    }

    static net::awaitable<void> read(std::shared_ptr<live_connection> me) {
        std::array<char, 16 * 1024> buffer;
        while (!me->ended_) {
            const auto got = co_await me->stream_->read_some(buffer, net::clock::now() + reading_time);
            if (got) {
                me->last_active_ = net::clock::now();
                me->take({buffer.data(), *got});
            } else if (got.error().what != net::fault::timed_out) me->end(got.error());
        }
        me->events_ = {};  // here no event is running: what it holds may be let go
    }

    // None: a keep-alive.
    void tell(const message* what, net::wire_direction which) const {
        if (!events_.wire) return;
        net::wire_message told{.direction = which, .protocol = "SIP", .start_line = "keep-alive"};
        std::string line, call_id;
        if (what) {
            line = start_line_of(*what);
            call_id = what->header("Call-ID").value_or("");
            told.start_line = line;
            told.about = call_id;
            told.headers = what->headers;
            told.body = what->body;
        }
        told.local = local_address_;
        told.peer = peer_address_;
        events_.wire(told);
    }

    void take(std::string_view bytes) {
        if (beginning_.size() < longest_beginning)
            beginning_.append(bytes.substr(0, longest_beginning - beginning_.size()));
        framer_.feed(bytes);
        while (!ended_) {
            auto next = framer_.next();
            if (!next) {
                const auto& error = next.error();
                return end(
                    {net::fault::protocol,
                     error.what + " (byte " + std::to_string(error.offset) + " of the stream, in \"" +
                         first_line(bytes) + "\")",
                     kind_of(beginning_)});
            }
            if (!*next) return;
            tell(&**next, net::wire_direction::received);
            const auto signature = protector_ ? protector_->check(**next) : verdict::missing;
            (*next)->is_request() ? take_request(**next, signature) : take_response(std::move(**next), signature);
        }
    }

    void take_request(const message& request, verdict signature) {
        if (protector_ && signature != verdict::valid)
            return discard(request, "a request with " + std::string(describe(signature)));
        if (auto answer = answer_to(request)) {
            const auto weight = weight_of(*answer);
            outgoing item{std::move(*answer), net::clock::now() + answer_time, nullptr, weight};
            push(std::move(item));
        }
        if (events_.request) events_.request(request, signature);
    }

    void take_response(message response, verdict signature) {
        const auto asker = asker_of(response);
        if (const auto only = asker ? nullptr : asker_misnamed_by(response))
            return only->finish(std::unexpected(net::error{
                net::fault::protocol,
                "an answer that does not name its request (Call-ID, CSeq): " + start_line_of(response), came_sip}));
        if (!asker) return discard(response, "no request waits for this answer");
        if (response.status < 200) {  // 1xx may be unsigned
            if (signature == verdict::invalid) return discard(response, "a provisional answer with a wrong signature");
            if (++asker->so_far.provisional > most_provisional)
                asker->finish(std::unexpected(net::error{
                    net::fault::protocol, "one provisional answer after another, and no final one", came_sip}));
            return;
        }
        if (protector_ && !deliverable(response, signature)) {
            ++asker->discarded;
            return discard(response, "an answer with " + std::string(describe(signature)));
        }
        asker->so_far.answer = std::move(response);
        asker->so_far.signature = signature;
        asker->finish(std::move(asker->so_far));
    }

    // Whoever registers must be able to report what is wrong with the answer, so those are handed on with the verdict.
    // A challenge comes from a server that no longer knows the association: it cannot be signed.
    bool deliverable(const message& response, verdict signature) const {
        if (signature == verdict::valid) return true;
        const auto key = parse_cseq(response.header("CSeq").value_or(""));
        return key->method == "REGISTER" || (response.status == 401 && signature == verdict::missing);
    }

    waiting_ptr asker_of(const message& response) const {
        const auto key = parse_cseq(response.header("CSeq").value_or(""));
        const auto call_id = response.header("Call-ID");
        if (!key || !call_id) return nullptr;
        for (const auto& one : waiting_)
            if (!one->outcome && one->key.number == key->number && one->key.method == key->method &&
                one->call_id == *call_id)
                return one;
        return nullptr;
    }

    // The only request that waits, a REGISTER, and an answer that is nobody's by its form alone: without Call-ID or
    // CSeq, or with the method in other letters. It is no silence. Once answers are signed, one like that may come from
    // anybody.
    waiting_ptr asker_misnamed_by(const message& response) const {
        const auto key = parse_cseq(response.header("CSeq").value_or(""));
        const auto call_id = response.header("Call-ID");
        if (protector_ || response.status < 200) return nullptr;
        waiting_ptr only;
        for (const auto& one : waiting_) {
            if (one->outcome) continue;
            if (only) return nullptr;
            only = one;
        }
        if (!only || only->key.method != "REGISTER") return nullptr;
        if (!key || !call_id) return only;
        const bool other_letters = key->number == only->key.number && *call_id == only->call_id &&
                                   same_word(key->method, only->key.method);
        return other_letters ? only : nullptr;
    }

    void discard(const message& what, std::string why) {
        ++discarded_;
        if (events_.discarded) events_.discarded(what, std::move(why));
    }

    void end(net::error why) {
        if (ended_) return;
        ended_ = std::move(why);
        stream_->close();
        queue_.clear();
        for (const auto& one : waiting_) one->finish(std::unexpected(*ended_));
        if (events_.closed && !abandoned_) events_.closed(*ended_);
    }

    net::stream_ptr stream_;
    net::asio::any_io_executor executor_;
    connection_events events_;
    std::string local_address_, peer_address_;
    std::shared_ptr<protector> protector_;
    framer framer_;
    std::string beginning_;  // of all that came
    std::deque<outgoing> queue_;
    std::list<waiting_ptr> waiting_;
    std::optional<net::error> ended_;
    bool writing_ = false, abandoned_ = false;
    int discarded_ = 0;
    std::size_t unsent_ = 0;  // what the answers in the queue weigh
    net::clock::time_point last_active_ = net::clock::now();
};

}  // namespace

std::shared_ptr<connection> connection::start(
    net::stream_ptr stream, net::asio::any_io_executor executor, connection_events events) {
    auto live = std::make_shared<live_connection>(std::move(stream), std::move(executor), std::move(events));
    live->begin();
    // The reader keeps the connection alive, so that the last handle outside has to end it.
    return {live.get(), [live](connection*) { live->abandon(); }};
}

}  // namespace ucsignin::sip
