#pragma once
// The catalogue of findings as constant data, and the way in which code names one of them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

#include "diagnosis/catalogue_autodiscover.hpp"
#include "diagnosis/catalogue_dns.hpp"
#include "diagnosis/catalogue_exchange.hpp"
#include "diagnosis/catalogue_local.hpp"
#include "diagnosis/catalogue_network.hpp"
#include "diagnosis/catalogue_provisioning.hpp"
#include "diagnosis/catalogue_registration.hpp"
#include "diagnosis/catalogue_tls.hpp"
#include "diagnosis/catalogue_web_services.hpp"

namespace ucsignin::diagnosis {
namespace parts {

template <std::size_t... sizes>
consteval auto joined(const entry (&... part)[sizes]) {
    std::array<entry, (sizes + ...)> all{};
    std::size_t at = 0;
    const auto append = [&](const auto& entries) {
        for (const auto& e : entries) all[at++] = e;
    };
    (append(part), ...);
    return all;
}

}  // namespace parts

inline constexpr auto all_entries = parts::joined(
    parts::local, parts::dns, parts::autodiscover, parts::network, parts::tls, parts::web_services, parts::registration,
    parts::provisioning, parts::exchange);

[[nodiscard]] constexpr int place_of(std::string_view id) {  // in the catalogue, -1 when it has no such entry
    for (std::size_t i = 0; i < all_entries.size(); ++i) {
        const std::string_view known = all_entries[i].id;  // a copy, as in chart::position()
        if (known == id) return static_cast<int>(i);
    }
    return -1;
}

// A finding named in code. A misspelt id does not compile.
class finding_ref {
public:
    consteval finding_ref(const char* id) : place_(known(place_of(id))) {}
    [[nodiscard]] const catalogue_entry& operator*() const;
    [[nodiscard]] const catalogue_entry* operator->() const { return &**this; }
    [[nodiscard]] friend constexpr bool operator==(finding_ref, finding_ref) = default;

private:
    static consteval std::uint16_t known(int place) {
        if (place < 0) throw std::logic_error("no such finding in the catalogue");
        return static_cast<std::uint16_t>(place);
    }
    std::uint16_t place_;  // not a pointer: sources that name a finding hold no copy of the tables
};

inline namespace literals {
// Where the type alone does not ask for a finding: `cut ? "net-rst-mid-handshake"_finding : ...`.
[[nodiscard]] consteval finding_ref operator""_finding(const char* id, std::size_t) { return id; }
}  // namespace literals

[[nodiscard]] constexpr bool one_of(finding_ref id, std::initializer_list<finding_ref> several) {
    return std::ranges::find(several, id) != several.end();
}

// What a rule found, or a report that was read names: its id need not be in this catalogue.
[[nodiscard]] inline bool is(const finding& f, finding_ref id) { return f.id == id->id; }

}  // namespace ucsignin::diagnosis
