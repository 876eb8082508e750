// A cached server is tried first but proves nothing: it is called stale only when it can't be used and nothing names
// it.
#include "signin/discovery/cached_server.hpp"

#include "signin/base/this_pc.hpp"
#include "signin/base/notes.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin::discovery {

using trace::outcome;

std::optional<net::host_port> use_cached_server(context& c) {
    auto span = c.trace.open<"discovery.cached_server">();
    if (!c.pc.cache.on()) {
        span.finish(
            "none", outcome::ok,
            c.options.cache ? "there is no place for a cache: neither XDG_CACHE_HOME nor HOME is set"
                            : "no cache is used");
        return std::nullopt;
    }
    const auto writable = c.pc.cache.try_to_write();
    if (!writable) {
        span.note(ev::cache_fault, writable.error().word).note(ev::cache_file, c.pc.cache.folder());
        span.finish("none", outcome::warning, "the cache can't be written: " + writable.error().detail);
        return std::nullopt;
    }
    span.note(ev::cache_file, c.pc.cache.server_file());
    const auto kept = c.pc.cache.server();
    if (!kept) {
        span.finish("none", outcome::ok, "no server was kept");
        return std::nullopt;
    }
    if (!*kept) {
        span.note(ev::cache_fault, kept->error().word)
            .finish("none", outcome::warning, c.pc.cache.server_file() + ": " + kept->error().detail);
        return std::nullopt;
    }
    const candidate first{(*kept)->server, origin::cache, {}};
    span.note(ev::candidate, first.name()).note(ev::cache_written_at, (*kept)->written_at);
    span.finish("used", outcome::ok, first.name() + ", kept at " + (*kept)->written_at + ", is tried first");
    return (*kept)->server;
}

bool is_stale(const candidate& first, bool usable) {
    return first.origin == origin::cache && !first.found_again && !usable;
}

void note_stale(context& c, const candidate& gone) {
    auto span = c.trace.open<"discovery.cached_server">();
    span.note(ev::candidate, gone.name()).note(ev::cache_fault, "stale").note(ev::cache_file, c.pc.cache.server_file());
    if (const auto kept = c.pc.cache.server(); kept && *kept) span.note(ev::cache_written_at, (*kept)->written_at);
    span.finish(
        "stale", outcome::warning, gone.name() + " was kept, but nothing names it any more and it can't be used");
}

void keep_server(context& c, const net::host_port& server) {
    if (!c.pc.cache.on()) return;
    const kept_server last{server, trace::iso_time(wall_clock(c))};
    if (const auto written = c.pc.cache.keep_server(last); !written) {
        auto span = c.trace.open<"discovery.cached_server">();
        span.note(ev::cache_fault, written.error().word).note(ev::cache_file, c.pc.cache.folder());
        span.finish("none", outcome::warning, "the server could not be kept: " + written.error().detail);
    }
}

}  // namespace ucsignin::signin::discovery
