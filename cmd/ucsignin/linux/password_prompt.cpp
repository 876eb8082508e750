#include "password_prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "speak.hpp"

namespace ucsignin::cmd {
namespace {

// Written before `hidden` is set, and read only while it is: by a handler or another thread.
termios as_found;
std::atomic<bool> hidden = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void hide_typing(int how) noexcept {
    auto silent = as_found;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, how, &silent);
}

// Ctrl-Z: the shell gets its terminal as it was.
void stop_and_go_on(int) noexcept {
    const int before = errno;
    if (hidden) ::tcsetattr(STDIN_FILENO, TCSANOW, &as_found);
    ::kill(::getpid(), SIGSTOP);
    if (hidden) hide_typing(TCSANOW);
    errno = before;
}

// For as long as it lives, typing isn't shown.
class hidden_typing {
public:
    hidden_typing() {
        if (::tcgetattr(STDIN_FILENO, &as_found) != 0) return;
        struct sigaction on_stop{};
        on_stop.sa_handler = stop_and_go_on;
        on_stop.sa_flags = SA_RESTART;
        ::sigaction(SIGTSTP, &on_stop, &before_);
        hidden = true;
        hide_typing(TCSAFLUSH);
        is_on_ = true;
    }
    ~hidden_typing() {
        if (!is_on_) return;
        restore_terminal();
        ::sigaction(SIGTSTP, &before_, nullptr);
    }
    hidden_typing(const hidden_typing&) = delete;
    hidden_typing& operator=(const hidden_typing&) = delete;

private:
    struct sigaction before_{};
    bool is_on_ = false;
};

std::string line_from_terminal() {
    constexpr std::size_t longest = 4096;  // a terminal's own limit of a line
    std::string line;
    for (std::array<char, 256> piece{}; line.size() < longest;) {
        const auto got = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        line.append(piece.data(), static_cast<std::size_t>(got));
        if (const auto end = line.find('\n'); end != std::string::npos) {
            line.resize(end);
            break;
        }
    }
    return line;
}

}  // namespace

void restore_terminal() noexcept {
    if (hidden.exchange(false)) ::tcsetattr(STDIN_FILENO, TCSANOW, &as_found);
}

bool can_prompt() { return ::isatty(STDIN_FILENO) == 1; }

auth::secret prompt_for_password(const std::string& who) {
    err().print("Password for {} (return for none): ", who);
    (void)err().flush(host::output::clock::now() + std::chrono::seconds(1));
    auth::secret typed;
    {
        const hidden_typing quiet;
        typed = auth::secret(line_from_terminal());
    }
    err().write("\n");
    return typed;
}

}  // namespace ucsignin::cmd
