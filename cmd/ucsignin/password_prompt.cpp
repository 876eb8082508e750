#include "password_prompt.hpp"

#include <fmt/format.h>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace ucsignin::cmd {

auth::secret prompt_for_password(const std::string& who) {
    fmt::print(stderr, "Password for {} (return for none): ", who);
    termios before{};
    const bool quieted = tcgetattr(STDIN_FILENO, &before) == 0;
    if (quieted) {
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    std::string typed;
    std::getline(std::cin, typed);
    if (quieted) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fmt::print(stderr, "\n");
    return auth::secret(std::move(typed));
}

}  // namespace ucsignin::cmd
