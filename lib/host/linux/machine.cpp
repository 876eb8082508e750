// Clock, environment and identity of this machine.

#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <boost/asio/ip/host_name.hpp>
#include <chrono>

#include <fmt/format.h>

#include "host/host.hpp"
#include "trace/dates.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::host {

namespace {

std::string with_milliseconds(std::chrono::system_clock::time_point now) {
    const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return fmt::format("{}.{:03}Z", trace::iso_time_without_zone(since_epoch / 1000), since_epoch % 1000);
}

}  // namespace

clock_facts read_clock() {
    clock_facts result{.utc_rfc3339 = with_milliseconds(std::chrono::system_clock::now())};
    timex state = {};  // modes 0: read only. A sandbox may forbid even that
    if (::adjtimex(&state) < 0) return result;
    result.synchronized_known = true;
    result.synchronized = (state.status & STA_UNSYNC) == 0;
    return result;
}

variables read_environment() {
    variables result;
    for (char** at = ::environ; at != nullptr && *at != nullptr; ++at) {
        const std::string_view entry{*at};
        const auto equals = entry.find('=');
        if (equals != std::string_view::npos) result.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return result;
}

std::string hostname() {
    boost::system::error_code unnamed;
    const auto name = boost::asio::ip::host_name(unnamed);
    return unnamed ? std::string{} : name;
}

std::string machine_id() {
    for (const char* path : {"/etc/machine-id", "/var/lib/dbus/machine-id"}) {
        const auto id = read_file(path, {.bytes = 256, .first_line = true}).value_or("");
        // "uninitialized" stands there during the first start of an image.
        if (id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos) return id;
    }
    return hostname();
}

}  // namespace ucsignin::host
