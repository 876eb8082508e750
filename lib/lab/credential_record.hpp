#pragma once
// Who got which kind of credential how often. Written by the lab's thread, read by others.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lab/credential.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::lab {

// A server as a client saw it.
struct asked_server {
    std::string host;  // the name by which it was asked
    std::uint16_t port = 0;
    std::string protocol;  // http, https, sip
    auto operator<=>(const asked_server&) const = default;
};

class credential_record {
public:
    void note(const asked_server& by, credential kind) {
        if (!is_recorded(kind)) return;
        const std::lock_guard lock(mutex_);
        ++counts_[{by, std::string(to_string(kind))}];
    }
    void note(const asked_server& by, const std::vector<credential>& kinds) {
        for (const auto kind : kinds) note(by, kind);
    }
    [[nodiscard]] std::vector<received_credential> all() const {
        const std::lock_guard lock(mutex_);
        std::vector<received_credential> out;
        for (const auto& [what, count] : counts_) {
            const auto& [by, kind] = what;
            out.push_back({by.host, by.port, by.protocol, kind, count});
        }
        return out;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::pair<asked_server, std::string>, int> counts_;
};

}  // namespace ucsignin::lab
