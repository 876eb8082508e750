// The password prompt in a program of its own, which ends as `ucsignin` does when a signal comes: by
// restore_terminal().
#include <unistd.h>

#include <csignal>

#include "password_prompt.hpp"
#include "speak.hpp"

using namespace ucsignin;

int main() {
    for (const int one : {SIGINT, SIGTERM, SIGHUP})
        ::signal(one, [](int) {
            cmd::restore_terminal();
            ::_exit(130);
        });
    const auto typed = cmd::prompt_for_password("alice\x1b[2J");
    cmd::out().print("got {}\n", typed.reveal());
    return cmd::out().flush() ? 0 : cmd::out().is_terminal();
}
