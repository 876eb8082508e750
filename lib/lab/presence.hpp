#pragma once
// One user's published categories with their versions, and the aggregate state that others see (MS-PRES; Enhanced
// Presence schemas). No I/O. Times are seconds since 1970.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lab/pool_state_settings.hpp"

namespace ucsignin::lab {

struct publication {
    std::string category;
    std::uint32_t instance = 0, container = 0;
    std::uint32_t version = 0;           // in a request: the version that the client last saw, 0 for none
    std::string expire_type = "static";  // static, endpoint, user, time
    std::int64_t expires = 0;            // when it goes, 0 for never
    bool remove = false;                 // in a request: expires="0" without a value
    std::string endpoint;                // epid of who published it
    std::int64_t published = 0;
    std::string xml;         // the value element
    std::string state_type;  // xsi:type of a state, "" else
    int availability = -1;
    std::string activity;  // its token
    // The states that a busier one of phone or calendar applies to (part 02 section 3.5).
    std::optional<int> least, most;
};

// Body of a publish SERVICE. Nothing when it isn't one.
struct publish_request {
    std::string user;  // publications@uri, as written
    std::vector<publication> publications;
};
[[nodiscard]] std::optional<publish_request> parse_publish(std::string_view xml, std::int64_t now);

// index counts the publications of the request from 1.
struct publish_conflict {
    std::size_t index = 0;
    std::uint32_t sent = 0, current = 0;
};
struct publish_outcome {
    bool read_only = false;                   // a category of the server's own was named
    std::vector<publish_conflict> conflicts;  // nothing was stored when there are any
    std::set<std::string> touched;            // category names whose sets changed
};

class presentity {
public:
    // Starts with what the directory and the server publish for a user.
    presentity(const account& who, std::int64_t now);

    [[nodiscard]] publish_outcome publish(
        const std::vector<publication>& wanted, const std::string& endpoint, std::int64_t now);
    // The endpoint's registration ended: its publications go, and those of the user with the last endpoint.
    void drop_endpoint(const std::string& endpoint, bool last, std::int64_t now);
    // What the user has set by hand before anybody signed in (a userState in containers 2 and 3).
    void set_user_state(int availability, std::int64_t now);
    // Another endpoint, with what it has published.
    void add_endpoint(const endpoint_states& of, std::int64_t now);

    // <categories>...</categories>: everything, or complete sets of the named ones (a client forgets the instances of a
    // category that a notification leaves out).
    [[nodiscard]] std::string categories_xml() const;
    [[nodiscard]] std::string categories_xml(const std::set<std::string>& names) const;
    [[nodiscard]] int aggregate() const;  // of container 2; 18500 when nobody is there
    // What those in a container see: the aggregate state, and the activity that goes with it.
    [[nodiscard]] int availability_in(std::uint32_t container) const;
    [[nodiscard]] std::string activity_in(std::uint32_t container) const;

private:
    using key = std::tuple<std::string, std::uint32_t, std::uint32_t>;  // category, instance, container
    void store_card(const account& who, std::int64_t now);
    void store(publication wanted);
    void store_state(const publication& of);
    void publish_aggregate(std::int64_t now);
    struct aggregate_state {
        int availability = 0;
        std::string activity;
        bool operator==(const aggregate_state&) const = default;
    };
    [[nodiscard]] aggregate_state computed_aggregate(std::int64_t now) const;
    [[nodiscard]] const publication* aggregate_in(std::uint32_t container) const;

    std::string address_;
    std::map<key, publication> stored_;
};

// The container in which a user has somebody: as they are named, or else by their domain (part 02 section 3.3).
[[nodiscard]] std::uint32_t container_of(const account& of, std::string_view watcher);

// <Fault> of a 409 (application/msrtc-fault+xml).
[[nodiscard]] std::string publish_fault_xml(const std::vector<publish_conflict>&);
[[nodiscard]] std::string publish_time(std::int64_t seconds);  // "2026-03-02T08:00:01.000"

}  // namespace ucsignin::lab
