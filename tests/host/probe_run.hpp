#pragma once
// Runs an audio probe to its end, as a stage does.

#include <sys/wait.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <exception>
#include <string>

#include "host/host.hpp"

namespace ucsignin::host::test {

struct probe_run {
    audio result;
    std::chrono::milliseconds took{};
};

inline probe_run run_probe(const std::string& executable, std::chrono::milliseconds time) {
    boost::asio::io_context io;
    probe_run run;
    const auto begun = ucsignin::host::clock::now();
    boost::asio::co_spawn(io, probe_audio(executable, begun + time), [&](std::exception_ptr problem, audio a) {
        if (problem) std::rethrow_exception(problem);
        run.result = std::move(a);
        run.took = std::chrono::duration_cast<std::chrono::milliseconds>(ucsignin::host::clock::now() - begun);
    });
    io.run();
    return run;
}

inline bool no_child_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace ucsignin::host::test
