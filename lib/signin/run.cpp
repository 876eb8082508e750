// One run from start to end: the clocks, the environment, interrupts, sign-out, and the trace that is left.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "signin/base/clock_watch.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/notes.hpp"
#include "signin/real_environment.hpp"
#include "signin/registration/registration.hpp"
#include "signin/run.hpp"
#include "signin/second_round.hpp"
#include "signin/sign_in.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/web_client.hpp"
#include "signin/base/wire.hpp"
#include "sip/encoding.hpp"
#include "trace/dates.hpp"
#include "ucsignin/watch.hpp"

namespace ucsignin::signin {
namespace {

constexpr auto user_agent_default =
    "UCCAPI/16.0.4591.1000 OC/16.0.4600.1000 (Skype for Business) ucsignin/" UCSIGNIN_VERSION;
constexpr auto let_go = std::chrono::milliseconds(100);  // for what is over, or was cancelled, to unwind
// A busy PC is no bug: a loop that still turns is given longer to end than the time it should need.
constexpr auto stuck_after = std::chrono::milliseconds(200), longest_unwinding = std::chrono::milliseconds(5000);

trace::recorder::clock milliseconds_since_now() {
    return [began = net::clock::now()] {
        return std::chrono::duration<double, std::milli>(net::clock::now() - began).count();
    };
}

std::string began_at(const pc_clock& by) { return trace::iso_time(static_cast<std::int64_t>(by.seconds())); }

identity identity_of(const options& o) {
    const auto parts = split_address(o.address);
    if (!parts) throw std::logic_error("the address was not checked: " + o.address);
    const auto address = parts->user + "@" + parts->domain;
    return {parts->user, parts->domain, address, "sip:" + address, o.login.empty() ? address : o.login};
}

options with_defaults(options o) {
    if (o.user_agent.empty()) o.user_agent = user_agent_default;
    return o;
}

}  // namespace

// Everything that lives as long as the run.
class run_state {
public:
    run_state(const surroundings& around, const options& wanted, listeners heard, control& by)
        : control_(by),
          heard_(std::move(heard)),
          options_(with_defaults(wanted)),
          trace_(sip::random_hex(16), began_at(*around.clock), milliseconds_since_now(), options_.messages),
          until_(std::chrono::duration<double>(options_.timeout_s)),
          beside_(loop_.get_executor()),
          passwords_(loop_.get_executor()),
          proxy_passwords_(loop_.get_executor(), auth::ledger::of::proxy),
          trusted_names_(identity_of(options_).domain, options_.trust_domains),
          environment_(around.make(loop_.get_executor(), options_, tap_resolver(trace_))),
          pc_(loop_.get_executor(), environment_.host->read_hosts(), environment_.proxy, options_.resolvers.empty(),
              {environment_.cache_folder, environment_.files}),
          context_{
              options_,
              identity_of(options_),
              loop_.get_executor(),
              trace_,
              until_,
              beside_,
              passwords_,
              proxy_passwords_,
              trusted_names_,
              trust_so_far_,
              tickets_,
              environment_,
              web_,
              clock_,
              pc_} {
        if (options_.password) trace_.hide(options_.password->reveal());
        if (options_.proxy_password) trace_.hide(options_.proxy_password->reveal());
        trace_.listen([this](const trace::span& ended) {
            tell_messages();
            if (heard_.ended) heard_.ended(ended);
        });
    }

    run_result run() {
        net::asio::co_spawn(loop_, whole_run(), [this](const std::exception_ptr& thrown) {
            loop_.stop();
            net::rethrow_bug(thrown);
        });
        known_run known(*this);
        // Whatever a handler or a task throws comes out here; the run is then ended in order, on the same loop.
        while (!guarded([this] { run_and_tell(); })) {}
        guarded([this] { tell_messages(); });
        trace_.listen(nullptr);
        guarded([this] { net::rethrow_bug(trace_.bug()); });
        return known.ended();
    }

    // The rest of the public part: from any thread.
    void interrupt() {
        interrupted_ = true;
        net::asio::post(loop_, [this] { cut_short(); });
    }
    [[nodiscard]] run_result so_far() const { return result_of(trace_.snapshot()); }
    [[nodiscard]] bool is_overdue() {
        const auto now = net::clock::now();
        if (now < until_.total()) return false;
        // From when it is seen: a process that was stopped (Ctrl-Z) and goes on is late, and no fault of its own.
        if (seen_over_ == net::clock::time_point{}) turned_ = seen_over_ = now;
        net::asio::post(loop_, [this] { turned_ = net::clock::now(); });
        return now > until_.due() && (now > turned_.load() + stuck_after || now > seen_over_ + longest_unwinding);
    }

private:
    [[nodiscard]] run_result result_of(trace::record all) const {
        return {std::move(all), interrupted_, decided_, fault()};
    }

    // While it lives the control knows the run.
    class known_run {
    public:
        explicit known_run(run_state& run) : run_(run) {
            const std::lock_guard lock(run_.control_.mutex_);
            run_.control_.running_ = &run_;
            if (run_.control_.interrupted_) run_.interrupt();
        }
        ~known_run() {
            const std::lock_guard lock(run_.control_.mutex_);
            run_.control_.running_ = nullptr;
        }
        known_run(const known_run&) = delete;
        known_run& operator=(const known_run&) = delete;

        // The control has what there is to the end: the run, then its result.
        run_result ended() {
            const std::lock_guard lock(run_.control_.mutex_);
            run_.control_.running_ = nullptr;
            return run_.control_.ended_.emplace(run_.result_of(run_.trace_.finish()));
        }

    private:
        run_state& run_;
    };

    // False when it threw: a bug, the first of which is kept, and which ends the sign-in.
    bool guarded(const std::function<void()>& work) {
        try {
            work();
            return true;
        } catch (const std::exception& e) {
            keep_fault(e.what());
        } catch (...) {
            keep_fault("an exception that is not of the C++ library");
        }
        // Not here: outside the loop co_spawn's handler posts the signal by a pointer that a task's end makes dangle
        // (Boost 1.81).
        net::asio::post(loop_, [this] { cut_short(); });
        return false;
    }

    // On the loop, as the trace is written there.
    void tell_messages() {
        if (!heard_.on_the_wire) return;
        const auto& all = trace_.so_far().messages;
        while (told_ < all.size()) heard_.on_the_wire(all[told_++]);
    }
    // A message is told as soon as the handler returns that put it into the trace.
    void run_and_tell() {
        while (loop_.run_one() > 0) tell_messages();
    }

    void keep_fault(std::string what) {
        const std::lock_guard lock(fault_mutex_);
        if (fault_.empty()) fault_ = std::move(what);
    }
    [[nodiscard]] std::string fault() const {
        const std::lock_guard lock(fault_mutex_);
        return fault_;
    }

    net::awaitable<void> guarded_step(net::awaitable<void> step) {
        std::exception_ptr thrown;
        try {
            co_await std::move(step);
        } catch (...) {
            thrown = std::current_exception();
        }
        guarded([&] { net::rethrow_bug(thrown); });
    }

    // On the loop. Whatever is under way ends, but for signing out, which is given its last 800 ms.
    void cut_short() {
        if (!signing_out_) {
            stop_.emit(net::asio::cancellation_type::all);
            return beside_.cancel();
        }
        hurry_.expires_at(deadlines::hurried_sign_out());
        hurry_.async_wait([this](const boost::system::error_code& e) {
            if (!e && progress_->current) progress_->current->sip->close();
        });
    }

    net::awaitable<void> whole_run() {
        net::signal ended(loop_.get_executor());
        net::asio::co_spawn(
            loop_, sign_in(context_, progress_),
            net::asio::bind_cancellation_slot(stop_.slot(), [&ended](const std::exception_ptr& thrown) {
                ended.set();
                net::rethrow_bug(thrown);
            }));
        while (!ended.is_set()) co_await ended.wait(net::clock::now() + std::chrono::hours(24));
        decided_ = !is_ended_early();
        if (!is_ended_early()) co_await beside_.join(until_.total() + let_go);
        if (!is_ended_early()) co_await second_round();
        guarded([this] { decide_at_the_end(); });
        signing_out_ = true;
        co_await guarded_step(registration::sign_out(
            context_, progress_->current, is_ended_early() ? deadlines::hurried_sign_out() : until_.sign_out()));
        hurry_.cancel();
        if (progress_->current) progress_->current->sip->close();
        beside_.cancel();
        co_await beside_.join(net::clock::now() + let_go);
    }

    net::awaitable<void> second_round() {
        std::vector<second_look> open;
        if (options_.left_open) guarded([&] { open = options_.left_open(trace_.so_far()); });
        if (!is_ended_early() && !open.empty()) co_await guarded_step(look_again(context_, std::move(open)));
    }

    [[nodiscard]] bool is_ended_early() const { return interrupted_ || !fault().empty(); }

    void decide_at_the_end() {
        context_.clock.decide(trace_, environment_.clock->seconds());
        if (progress_->current) registration::trace_kept(context_, *progress_->current);
    }

    control& control_;
    listeners heard_;
    std::size_t told_ = 0;  // of the messages
    options options_;
    trace::recorder trace_;  // before the loop: coroutines that the loop still holds at its end close their spans there
    net::asio::io_context loop_{1};
    deadlines until_;
    net::task_group beside_;
    auth::ledger passwords_, proxy_passwords_;
    trust_rule trusted_names_;
    trust_memory trust_so_far_;
    auth::ticket_cache tickets_;
    environment environment_;
    web_client web_;
    clock_watch clock_;
    this_pc pc_;
    context context_;
    std::shared_ptr<progress> progress_ = std::make_shared<progress>();
    net::asio::steady_timer hurry_{loop_};
    net::asio::cancellation_signal stop_;
    mutable std::mutex fault_mutex_;
    std::string fault_;
    bool signing_out_ = false;
    std::atomic<net::clock::time_point> turned_{};  // the loop, since the total is over
    net::clock::time_point seen_over_{};            // by the thread that asks
    std::atomic<bool> interrupted_ = false, decided_ = false;
};

void control::interrupt() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(interrupted_, true)) return;
    if (running_) running_->interrupt();
}

run_result control::so_far() const {
    const std::lock_guard lock(mutex_);
    if (running_) return running_->so_far();
    if (ended_) return *ended_;
    trace::recorder nothing(sip::random_hex(16), began_at(*real_surroundings().clock), [] { return 0.0; });
    return {nothing.finish(), interrupted_, false, {}};
}

bool control::is_overdue() {
    const std::lock_guard lock(mutex_);
    return running_ && running_->is_overdue();
}

run_result run_in(const surroundings& around, const options& wanted, trace::recorder::listener heard, control* by) {
    control nobody;
    return run_state(around, wanted, {std::move(heard), nullptr}, by ? *by : nobody).run();
}

run_result run_watched(const options& wanted, listeners heard, control* by) {
    control nobody;
    return run_state(real_surroundings(), wanted, std::move(heard), by ? *by : nobody).run();
}

run_result run(const options& wanted, trace::recorder::listener heard, control* by) {
    return run_in(real_surroundings(), wanted, std::move(heard), by);
}

}  // namespace ucsignin::signin
