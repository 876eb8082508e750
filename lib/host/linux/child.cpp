// Helpers that may hang or crash run in a child process: this program, run again with one hidden argument. The parent
// never waits for it longer than it may.
//
//   started ──output ends──> ended ──pidfd readable──> reaped ──> its output, or why there is none
//      └───── deadline, too much output, coroutine destroyed ──> killed ──> reaped

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot it in this header
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

#include "host/child.hpp"
#include "host/linux/owned_fd.hpp"
#include "host/linux/system_message.hpp"

namespace ucsignin::host {

namespace {

namespace asio = boost::asio;
constexpr int kill_grace = 50;  // milliseconds that a killed child gets to be collected; 0.3 is usual

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
    asio::posix::stream_descriptor end;  // a pidfd: readable when the child has ended
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

// Nothing of ours is inherited but input and output: no sockets, no terminal, no blocked signals. Returns errno.
int spawn(const child_call& call, int input, int output, pid_t& pid) {
    spawn_attributes a;
    posix_spawn_file_actions_adddup2(&a.files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&a.files, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&a.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&a.files, STDERR_FILENO + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&a.how, &none);
    posix_spawnattr_setsigdefault(&a.how, &all);
    posix_spawnattr_setflags(&a.how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string program = call.executable, argument{call.argument};
    std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    return ::posix_spawn(&pid, program.c_str(), &a.files, &a.how, arguments.data(), ::environ);
}

using child_ptr = std::shared_ptr<child_process>;

// The child's standard input, read from memory: no pipe that it could leave full.
owned_fd input_of(const std::string& text) {
    owned_fd file{::memfd_create("input", MFD_CLOEXEC)};
    if (file && ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) return owned_fd{};
    if (file) ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::expected<child_ptr, std::string> start(const asio::any_io_executor& executor, const child_call& call) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return std::unexpected("no pipe for the " + call.name + ": " + message_of(errno));
    owned_fd reading{ends[0]}, writing{ends[1]};
    const auto input = input_of(call.input);
    if (!input) return std::unexpected("no input for the " + call.name + ": " + message_of(errno));
    pid_t pid = 0;
    if (const int failed = spawn(call, input.get(), writing.get(), pid); failed != 0)
        return std::unexpected("the " + call.name + " can't be started: " + message_of(failed));
    owned_fd handle{::pidfd_open(pid, 0)};
    if (!handle) {
        const int failed = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return std::unexpected("the " + call.name + " can't be watched: " + message_of(failed));
    }
    return std::make_shared<child_process>(executor, pid, std::move(reading), std::move(handle));
}

awaitable<void> read_output(child_ptr child, std::size_t most) {
    std::array<char, 4096> chunk;
    boost::system::error_code ended;
    while (!ended && !child->timed_out && !child->too_long) {
        const auto into = asio::buffer(chunk);
        const auto count = co_await child->output.async_read_some(
            into, asio::redirect_error(asio::use_awaitable, ended));
        child->text.append(chunk.data(), count);
        child->too_long = child->text.size() > most;
    }
}

awaitable<void> await_end(child_ptr child) {
    boost::system::error_code ended;
    while (!ended && !child->timed_out && !child->too_long && !child->collect())
        co_await child->end.async_wait(
            asio::posix::stream_descriptor::wait_read, asio::redirect_error(asio::use_awaitable, ended));
}

std::expected<std::string, std::string> conclude(child_process& child, const child_call& call) {
    const auto because = [](std::string why) { return std::unexpected(std::move(why)); };
    if (child.timed_out) return because(call.when_late);
    if (child.too_long) return because("the " + call.name + "'s answer is too long");
    if (!child.collect()) return because("the " + call.name + " was interrupted");
    if (WIFSIGNALED(child.status))
        return because("the " + call.name + " crashed: SIG" + ::sigabbrev_np(WTERMSIG(child.status)));
    if (WEXITSTATUS(child.status) != 0)
        return because("the " + call.name + " failed with exit code " + std::to_string(WEXITSTATUS(child.status)));
    return std::move(child.text);
}

}  // namespace

std::string own_executable() { return "/proc/self/exe"; }

awaitable<std::expected<std::string, std::string>> run_child(child_call call, deadline until) {
    const auto executor = co_await asio::this_coro::executor;
    auto started = start(executor, call);
    if (!started) co_return std::unexpected(started.error());
    const child_ptr child = *started;
    asio::steady_timer timer{executor, until};
    // The child is shared, as the handler may run when this coroutine is gone.
    timer.async_wait([child](boost::system::error_code cancelled) {
        if (!cancelled) child->expire();
    });
    co_await read_output(child, call.longest_output);
    co_await await_end(child);
    co_return conclude(*child, call);
}

}  // namespace ucsignin::host
