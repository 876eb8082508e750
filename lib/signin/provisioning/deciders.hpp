#pragma once
// What the answers mean at the nodes that only read what others asked for: pure functions, in nodes.cpp's table.

#include "signin/provisioning/requests.hpp"

namespace ucsignin::signin::provisioning {

// Of in-band provisioning (nodes_configuration.cpp).
[[nodiscard]] decided_at<"provisioning.media_ports"> decide_media_ports(const answers&);
[[nodiscard]] decided_at<"provisioning.federation"> decide_federation(const answers&);
[[nodiscard]] decided_at<"provisioning.dial_plan"> decide_dial_plan(const answers&);
// The thirteen of server_configuration, which are alike: where their settings are, and what may not stand together.
[[nodiscard]] std::span<const node_row> policy_nodes();

// Of roaming self and the contact list (nodes_account.cpp).
[[nodiscard]] decided_at<"provisioning.delegates"> decide_delegates(const answers&);
[[nodiscard]] decided_at<"provisioning.notes"> decide_notes(const answers&);
[[nodiscard]] decided_at<"provisioning.voicemail"> decide_voicemail(const answers&);
[[nodiscard]] decided_at<"provisioning.line"> decide_line(const answers&);
[[nodiscard]] decided_at<"provisioning.contact_groups"> decide_contact_groups(const answers&);
[[nodiscard]] decided_at<"provisioning.contact_kinds"> decide_contact_kinds(const answers&);

}  // namespace ucsignin::signin::provisioning
