#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "host/linux/owned_fd.hpp"
#include "ucsignin/terminal.hpp"

using namespace ucsignin::host;
using namespace std::chrono_literals;

namespace {

struct a_pipe {
    a_pipe() {
        std::array<int, 2> both{};
        REQUIRE(::pipe2(both.data(), O_CLOEXEC) == 0);
        reading = owned_fd(both[0]);
        writing = both[1];
    }
    // What has come by now.
    std::string taken() {
        ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);
        std::string all;
        std::array<char, 65536> piece{};
        for (ssize_t got = 0; (got = ::read(reading.get(), piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(got));
        return all;
    }
    owned_fd reading;
    int writing = -1;  // stays open: a thread that hangs in a write may outlive the test, and the number is reused
};

auto soon() { return output::clock::now() + 5s; }

}  // namespace

TEST_CASE("text comes out in the order in which it was written, and visible") {
    a_pipe to;
    output out(to.writing);
    out.write("one\n");
    out.print("{} is {}\n", std::string("t\x1b[2Jw\no"), 2);
    REQUIRE(out.flush(soon()));
    CHECK(to.taken() == "one\nt\\x1b[2Jw\\x0ao is 2\n");
}

TEST_CASE("a reader that stands still holds nobody up, and is given up at the time given") {
    a_pipe to;
    output out(to.writing);
    const auto began = output::clock::now();
    for (int i = 0; i < 100; ++i) out.write(std::string(10000, 'x') + "\n");
    CHECK(output::clock::now() - began < 1s);
    CHECK_FALSE(out.flush(output::clock::now() + 100ms));
    const auto given_up = output::clock::now();
    CHECK_FALSE(out.flush());
    CHECK_FALSE(out.flush(soon()));
    CHECK(output::clock::now() - given_up < 1s);
}

TEST_CASE("progress that nobody takes is left out and counted; what was written is not") {
    a_pipe to;
    output out(to.writing);
    const std::string line(1000, 'p');
    for (int i = 0; i < 1000; ++i) out.offer(line);
    out.write("the end\n");
    std::string all;
    while (!all.ends_with("the end\n")) all += to.taken();
    CHECK(out.flush(soon()));
    CHECK(all.size() < 300000);
    const auto note = all.find("... ");
    REQUIRE(note != std::string::npos);
    CHECK(all.substr(note).find(" lines left out: nobody read them in time\nthe end\n") != std::string::npos);
}

TEST_CASE("a reader that is gone is told of, and no signal ends the program") {
    a_pipe to;
    output out(to.writing);
    to.reading = owned_fd();
    out.write("nobody hears\n");
    CHECK_FALSE(out.flush(soon()));
}

TEST_CASE("a stream that takes no bytes at all has failed, one that others made non-blocking has not") {
    const owned_fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    output nowhere(full.get());
    nowhere.write("x");
    CHECK_FALSE(nowhere.flush(soon()));

    a_pipe to;
    ::fcntl(to.writing, F_SETFL, O_NONBLOCK);
    output out(to.writing);
    const std::string much(300000, 'x');
    out.write(much);
    std::string all;
    while (all.size() < much.size()) all += to.taken();
    CHECK(out.flush(soon()));
    CHECK(all == much);
}

TEST_CASE("what is shown for now is shown on a terminal only, and wiped before the next text") {
    a_pipe to;
    output out(to.writing);
    out.show_for_now({"waiting"});
    out.write("text\n");
    REQUIRE(out.flush(soon()));
    CHECK(to.taken() == "text\n");

    ::setenv("TERM", "xterm", 1);
    int there = -1, here = -1;
    winsize size{24, 47, 0, 0};
    REQUIRE(::openpty(&there, &here, nullptr, nullptr, &size) == 0);
    const owned_fd master(there), slave(here);
    output terminal(slave.get());
    CHECK(terminal.is_terminal());
    CHECK(terminal.redraws());
    CHECK(terminal.columns() == 47);
    CHECK(terminal.rows() == 24);
    terminal.show_for_now({"waiting"});
    REQUIRE(terminal.flush(soon()));
    terminal.show_for_now({"one", std::string(40, 'x')});
    REQUIRE(terminal.flush(soon()));
    size.ws_col = 20;  // the second line is broken by it now
    REQUIRE(::ioctl(slave.get(), TIOCSWINSZ, &size) == 0);
    terminal.write("text\n");
    REQUIRE(terminal.flush(soon()));
    // A terminal hands its bytes over in its own time, and not always all at once.
    const auto expected = "waiting\r\x1b[Jone\r\n" + std::string(40, 'x') + "\r\x1b[2A\x1b[Jtext\r\n";
    std::string shown;
    pollfd ready{master.get(), POLLIN, 0};
    while (shown.size() < expected.size() && ::poll(&ready, 1, 20000) == 1) {
        std::array<char, 256> part{};
        const auto length = ::read(master.get(), part.data(), part.size());
        REQUIRE(length > 0);
        shown.append(part.data(), static_cast<std::size_t>(length));
    }
    CHECK(shown == expected);
}

TEST_CASE("a dumb terminal is shown nothing for now") {
    ::setenv("TERM", "dumb", 1);
    int there = -1, here = -1;
    REQUIRE(::openpty(&there, &here, nullptr, nullptr, nullptr) == 0);
    const owned_fd master(there), slave(here);
    output terminal(slave.get());
    CHECK(terminal.is_terminal());
    CHECK_FALSE(terminal.redraws());
}
