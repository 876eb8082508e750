#pragma once
// The documents that the front end hands out (part 02 sections 2.15, 3.2, 4.1, 5.3, 7.3, 12.4).

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/pool_state.hpp"

namespace ucsignin::lab {

// Every group of MS-SIPREGE 2.2.2.5, or those that the request names.
[[nodiscard]] std::string provisioning_xml(const pool_settings&, const account&, const std::set<std::string>& wanted);
[[nodiscard]] std::set<std::string> provisioning_groups(std::string_view request_xml);

[[nodiscard]] std::string roaming_data_xml(
    const presentity&, const account&, const std::vector<contact_entry>& contacts);
[[nodiscard]] std::string roaming_delta_xml(const presentity&, const std::set<std::string>& touched);
[[nodiscard]] std::string contact_list_xml(const pool_settings&);

// multipart/related about the resources of a batchSub.
inline constexpr std::string_view presence_boundary = "part_7f31c0de_0001";
[[nodiscard]] std::vector<std::string> batch_resources(std::string_view request_xml);  // addresses
enum class asked_of { own_pool, where_they_live };
// As `watcher` may see them: users of the pool who are signed in as they are, all others as the scenario has them.
[[nodiscard]] std::string presence_multipart(
    pool_state&, const std::string& watcher, const std::vector<std::string>& resources, asked_of);
[[nodiscard]] std::string presence_type();

// The answer of the relay service to this request.
[[nodiscard]] std::string media_relay_xml(const pool_state&, std::string_view request_xml);

[[nodiscard]] std::string location_profile_xml(const pool_settings&);
[[nodiscard]] std::string conferencing_xml(const account&, const pool_settings&, const std::string& request_id);

}  // namespace ucsignin::lab
