// The report of a healthy pool against that of a pool with a fault: the fault's step is named first, also when both are
// masked. usage: compared_faults REPORTS
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "ucsignin/compare.hpp"
#include "ucsignin/files.hpp"

namespace {

using namespace ucsignin;
namespace fs = std::filesystem;

struct fault {
    const char *scenario, *node;
};
constexpr fault faults[] = {
    {"ad-403", "discovery.autodiscover_root"},
    {"ad-502-504", "discovery.autodiscover_root"},
    {"certprov-500", "registration.user_certificate"},
    {"connection-lost-at-publish", "provisioning.presentity"},
    {"dial-plan-without-rules", "provisioning.location_profile"},
    {"dns-srv-target-missing", "discovery.srv_external"},
    {"federation-disabled", "provisioning.contact_presence"},
    {"limited-functionality", "provisioning.subscription"},
    {"net-sip-alg", "registration.first_register"},
    {"net-tcp-filtered", "connection.tcp"},
    {"net-tcp-refused", "connection.tcp"},
    {"prov-error", "provisioning.configuration"},
    {"prov-no-dialplan", "provisioning.location_profile"},
    {"publish-refused", "provisioning.presentity"},
    {"reg-301-loop", "registration.redirect"},
    {"reg-404-not-sip-enabled", "registration.signed_register"},
    {"reg-504-edge-next-hop", "registration.first_register"},
    {"reg-no-common-scheme", "registration.scheme"},
    {"reg-timeout", "registration.first_register"},
    {"reg-wrong-password", "registration.web_ticket"},
    {"roaming-contacts-failed", "provisioning.contacts"},
    {"tls-expired", "connection.certificate"},
    {"tls-http-on-sip-port", "connection.service"},
    {"tls-name-mismatch", "connection.certificate"},
    {"tls-protocol-version", "connection.tls"},
    {"tls-revoked", "connection.revocation"},
    {"tls-self-signed", "connection.certificate"},
    {"wt-account-disabled", "registration.web_ticket"},
};

std::optional<report::report> load(const fs::path& file) {
    const auto text = host::read_file(file, {.bytes = report::most_bytes});
    if (!text) return std::nullopt;
    auto read = report::from_json(*text);
    if (!read) return std::nullopt;
    return std::move(*read);
}

bool names_first(const report::report& before, const report::report& after, const fault& wanted, const char* how) {
    const auto found = compare(before, after);
    const auto first = found.steps.empty() ? std::string("nothing") : found.steps[0].node;
    if (first == wanted.node) return true;
    fmt::print("{}{}: {} comes first, not {}\n", wanted.scenario, how, first, wanted.node);
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    const auto healthy = load(fs::path(argv[1]) / "healthy.json");
    if (!healthy) return 77;
    const auto masked = report::mask(*healthy);
    int wrong = 0;
    for (const auto& wanted : faults) {
        const auto after = load(fs::path(argv[1]) / (std::string(wanted.scenario) + ".json"));
        if (!after) fmt::print("{}: there is no report\n", wanted.scenario);
        if (!after || !names_first(*healthy, *after, wanted, "") ||
            !names_first(masked, report::mask(*after), wanted, ", masked"))
            ++wrong;
    }
    fmt::print("{} faults, {} wrong\n", std::size(faults), wrong);
    return wrong == 0 ? 0 : 1;
}
