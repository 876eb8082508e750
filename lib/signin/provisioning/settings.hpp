#pragma once
// Settings of in-band provisioning as values, and where they exclude one another: pure functions (protocol 02,
// sections 2.3 to 2.14).

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sip/bodies.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

struct port_range {
    trace::ev::media_kind_word kind;
    int from = 0, to = 0;
};
struct media_ports {
    bool enabled = false;  // false: any port from 1024 on
    std::vector<port_range> ranges;
    std::vector<std::string> contradictions;
};
[[nodiscard]] media_ports read_media_ports(const sip::provisioning&);

// Where a setting is to be found. Without a name: every setting of the group.
struct setting_place {
    std::string_view group, name = {};
};
struct found_setting {
    std::string group, name, value;
};
// Those that came with a value, in the order of the places. Groups and names are compared without case, and a group
// may come in several pieces.
[[nodiscard]] std::vector<found_setting> find_settings(const sip::provisioning&, std::span<const setting_place>);
// "" when it did not come.
[[nodiscard]] std::string setting_of(const sip::provisioning&, setting_place);
[[nodiscard]] bool is_on(const sip::provisioning&, setting_place);

// The same setting with two values that differ in more than case.
[[nodiscard]] std::vector<std::string> told_twice(std::span<const found_setting>);

// The domains of public providers' users, in lower case: those that addresses are rewritten to, and those that are left
// as they are (section 2.12).
[[nodiscard]] std::vector<std::string> public_domains(const sip::provisioning&);

}  // namespace ucsignin::signin::provisioning
