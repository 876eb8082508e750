#include "password_prompt.hpp"

#include <fmt/format.h>
#include <iostream>
#include <mutex>
#include <optional>
#include <termios.h>
#include <unistd.h>

namespace ucsignin::cmd {
namespace {

std::mutex terminal;
std::optional<termios> as_before;

void make_silent() {
    const std::lock_guard lock(terminal);
    termios before{};
    if (tcgetattr(STDIN_FILENO, &before) != 0) return;
    as_before = before;
    before.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
}

}  // namespace

void restore_terminal() {
    const std::lock_guard lock(terminal);
    if (as_before) tcsetattr(STDIN_FILENO, TCSANOW, &*as_before);
    as_before.reset();
}

auth::secret prompt_for_password(const std::string& who) {
    fmt::print(stderr, "Password for {} (return for none): ", who);
    make_silent();
    std::string typed;
    std::getline(std::cin, typed);
    restore_terminal();
    fmt::print(stderr, "\n");
    return auth::secret(std::move(typed));
}

}  // namespace ucsignin::cmd
