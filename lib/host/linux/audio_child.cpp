// The parent's side of the audio probe: starts the child, listens, and never waits for it longer than it may.
//
//   started ──output ends──> ended ──pidfd readable──> reaped ──> listing, or why there is none
//      └───── deadline, too much output, coroutine destroyed ──> killed ──> reaped

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {   // glibc 2.36 forgot it in this header
#include <sys/pidfd.h>
}

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <memory>
#include <system_error>

#include "host/audio_listing.hpp"
#include "host/linux/owned_fd.hpp"

namespace ucsignin::host {

namespace {

namespace asio = boost::asio;
constexpr int kill_grace = 50;   // milliseconds that a killed child gets to be collected; 0.3 is usual

std::string message_of(int code) { return std::error_code{code, std::generic_category()}.message(); }

class child_process {
public:
    child_process(const asio::any_io_executor& executor, pid_t pid, owned_fd reading, owned_fd handle)
        : output(executor, reading.release()), end(executor, handle.release()), pid_(pid) {}
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process() { kill_and_collect(); }

    void expire() {
        timed_out = true;
        ::kill(pid_, SIGKILL);
        output.cancel();
        end.cancel();
    }

    // Takes the exit status if the child has ended.
    bool collect() {
        if (!collected_) collected_ = ::waitpid(pid_, &status, WNOHANG) == pid_;
        return collected_;
    }

    asio::posix::stream_descriptor output;
    asio::posix::stream_descriptor end;   // a pidfd: readable when the child has ended
    std::string text;
    int status = 0;
    bool timed_out = false;
    bool too_long = false;

private:
    void kill_and_collect() {
        if (collect()) return;
        ::kill(pid_, SIGKILL);
        pollfd ended{.fd = end.native_handle(), .events = POLLIN, .revents = 0};
        ::poll(&ended, 1, kill_grace);
        collect();
    }

    pid_t pid_;
    bool collected_ = false;
};

struct spawn_attributes {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    spawn_attributes() {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&how);
    }
    spawn_attributes(const spawn_attributes&) = delete;
    spawn_attributes& operator=(const spawn_attributes&) = delete;
    ~spawn_attributes() {
        posix_spawnattr_destroy(&how);
        posix_spawn_file_actions_destroy(&files);
    }
};

// Nothing of ours is inherited but the pipe: no sockets, no terminal, no blocked signals. Returns errno.
int spawn(const std::string& executable, int output, pid_t& pid) {
    spawn_attributes a;
    posix_spawn_file_actions_addopen(&a.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&a.files, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&a.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&a.files, STDERR_FILENO + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&a.how, &none);
    posix_spawnattr_setsigdefault(&a.how, &all);
    posix_spawnattr_setflags(&a.how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string program = executable, argument{audio_probe_argument};
    std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    return ::posix_spawn(&pid, executable.c_str(), &a.files, &a.how, arguments.data(), ::environ);
}

using child_ptr = std::shared_ptr<child_process>;

std::expected<child_ptr, std::string> start(const asio::any_io_executor& executor, const std::string& executable) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected("no pipe for the audio probe: " + message_of(errno));
    owned_fd reading{ends[0]}, writing{ends[1]};
    pid_t pid = 0;
    if (const int failed = spawn(executable, writing.get(), pid); failed != 0)
        return std::unexpected("the audio probe can't be started: " + message_of(failed));
    owned_fd handle{::pidfd_open(pid, 0)};
    if (!handle) {
        const int failed = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return std::unexpected("the audio probe can't be watched: " + message_of(failed));
    }
    return std::make_shared<child_process>(executor, pid, std::move(reading), std::move(handle));
}

net::awaitable<void> read_output(child_ptr child) {
    std::array<char, 4096> chunk;
    boost::system::error_code ended;
    while (!ended && !child->timed_out && !child->too_long) {
        const auto into = asio::buffer(chunk);
        const auto count = co_await child->output.async_read_some(into, asio::redirect_error(asio::use_awaitable, ended));
        child->text.append(chunk.data(), count);
        child->too_long = child->text.size() > longest_listing;
    }
}

net::awaitable<void> await_end(child_ptr child) {
    boost::system::error_code ended;
    while (!ended && !child->timed_out && !child->too_long && !child->collect())
        co_await child->end.async_wait(asio::posix::stream_descriptor::wait_read,
                                       asio::redirect_error(asio::use_awaitable, ended));
}

audio unknown(std::string why) {
    audio result;
    result.why_unknown = std::move(why);
    return result;
}

audio conclude(child_process& child) {
    if (child.timed_out) return unknown("the audio system did not answer in time");
    if (child.too_long) return unknown("the audio probe's listing is too long");
    if (!child.collect()) return unknown("the audio probe was interrupted");
    if (WIFSIGNALED(child.status))
        return unknown(std::string{"the audio probe crashed: SIG"} + ::sigabbrev_np(WTERMSIG(child.status)));
    if (WEXITSTATUS(child.status) != 0)
        return unknown("the audio probe failed with exit code " + std::to_string(WEXITSTATUS(child.status)));
    auto listing = parse_audio_listing(child.text);
    if (listing) return *std::move(listing);
    return unknown("the audio probe's listing can't be read: " + listing.error().what + " at byte " +
                   std::to_string(listing.error().offset));
}

}  // namespace

std::string own_executable() { return "/proc/self/exe"; }

net::awaitable<audio> probe_audio(std::string executable, net::deadline until) {
    const auto executor = co_await asio::this_coro::executor;
    auto started = start(executor, executable);
    if (!started) co_return unknown(started.error());
    const child_ptr child = *started;
    asio::steady_timer timer{executor, until};
    // The child is shared, as the handler may run when this coroutine is gone.
    timer.async_wait([child](boost::system::error_code cancelled) {
        if (!cancelled) child->expire();
    });
    co_await read_output(child);
    co_await await_end(child);
    co_return conclude(*child);
}

}  // namespace ucsignin::host
