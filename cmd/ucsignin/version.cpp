#include "version.hpp"

#include <nlohmann/json.hpp>

#include "build_facts.hpp"

namespace ucsignin::cmd {

std::string version_as_json() {
    using json = nlohmann::ordered_json;
    auto built_with = json::object();
    for (const auto& [name, version] : libraries) built_with[std::string(name)] = version;
    const json out{
        {"name", "ucsignin"},
        {"version", UCSIGNIN_VERSION},
        {"commit", UCSIGNIN_COMMIT},
        {"platform", UCSIGNIN_PLATFORM},
        {"compiler", compiler},
        {"build_type", build_type},
        {"libraries", std::move(built_with)},
        {"features", {{"pac_scripts", has_pac_scripts}, {"report_format", "ucsignin-report/1"}}}};
    return out.dump(2) + "\n";
}

}  // namespace ucsignin::cmd
