#include "settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <sstream>

#include "commands.hpp"
#include "near.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::cmd {
namespace {

constexpr std::string_view prefix = "UCSIGNIN_";
constexpr auto no_password =
    "a password is taken neither from a configuration file nor from the environment; use password-file";

bool is_for_a_password(std::string_view name) { return name == "password" || name == "proxy-password"; }

std::string trimmed(std::string_view text) { return CLI::detail::trim_copy(std::string(text)); }

// One line by CLI11's own reader, which knows no line numbers.
std::vector<CLI::ConfigItem> items_in(const std::string& line) {
    std::istringstream in(line);
    return CLI::ConfigTOML().from_config(in);
}

class config_reader {
public:
    config_reader(std::string command, std::vector<std::string> sections, settings& into)
        : command_(std::move(command)), sections_(std::move(sections)), into_(into) {}

    // Why it is wrong.
    std::string read(const std::string& line, const std::string& where) {
        if (line.empty() || line.front() == '#') return {};
        if (line.front() == '[') return enter(line);
        if (section_.empty()) return "it stands in no section; a line such as [diagnose] goes before it";
        if (line.find('=') == std::string::npos) return "an option is written NAME = VALUE";
        if (opens_an_array(line)) return "a list ends in the line in which it begins";
        const auto items = items_in(line);
        if (items.size() != 1 || items[0].name.empty() || !items[0].parents.empty())
            return "an option is written NAME = VALUE";
        return keep(items[0], where);
    }

private:
    static bool opens_an_array(const std::string& line) {
        const auto value = trimmed(std::string_view(line).substr(line.find('=') + 1));
        return value.starts_with('[') && value.find(']') == std::string::npos;
    }
    std::string enter(const std::string& line) {
        const auto name = line.ends_with(']') ? trimmed(line.substr(1, line.size() - 2)) : "";
        if (std::ranges::find(sections_, name) == sections_.end())
            return fmt::format("there is no section {}. {}", line, did_you_mean(name, sections_));
        section_ = name;
        return {};
    }
    std::string keep(const CLI::ConfigItem& item, const std::string& where) {
        if (is_for_a_password(item.name)) return no_password;
        if (section_ != command_) return {};
        if (into_.contains(item.name)) return fmt::format("{} stands there already", item.name);
        into_[item.name] = {item.inputs, where + ": " + item.name};
        return {};
    }

    std::string command_;
    std::vector<std::string> sections_;
    settings& into_;
    std::string section_;
};

std::vector<std::string> known_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* o : command.get_options())
        if (!o->get_positional() && o->get_configurable() && !o->get_lnames().empty() &&
            o->get_lnames().front() != "help")
            names.push_back(o->get_lnames().front());
    return names;
}

// What the command line rules out, or gives nothing to stand on.
bool has_no_place(const CLI::Option& o) {
    const auto given = [](const CLI::Option* other) { return other->count() > 0; };
    const auto excludes = o.get_excludes();
    const auto needs = o.get_needs();
    return std::ranges::any_of(excludes, given) || !std::ranges::all_of(needs, given);
}

std::string give(CLI::Option& o, const setting& from) {
    const bool is_flag = o.get_items_expected_max() == 0;
    try {
        for (const auto& value : from.values) {
            if (!is_flag) o.add_result(value);
            else if (value == "true") o.add_result("true");
            else if (value != "false") return fmt::format("{}: '{}' is neither true nor false", from.origin, value);
        }
        if (o.count() > 0) o.run_callback();
        return {};
    } catch (const CLI::ParseError& bad) {
        return fmt::format("{}: {}", from.origin, bad.what());
    }
}

std::string variable_of(std::string name) {
    std::ranges::transform(
        name, name.begin(), [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
    return std::string(prefix) + name;
}

std::string from_environment(const CLI::App& command, settings& into) {
    for (const auto* name : {"password", "proxy-password"})
        if (std::getenv(variable_of(name).c_str())) return variable_of(name) + ": " + no_password;
    for (const auto& name : known_names(command)) {
        const char* value = std::getenv(variable_of(name).c_str());
        if (value == nullptr || *value == '\0') continue;
        const auto* option = command.get_option("--" + name);
        const bool is_list = option->get_items_expected_max() > 1;
        into[name] = {is_list ? CLI::detail::split_up(value) : std::vector<std::string>{value}, variable_of(name)};
    }
    return {};
}

settings_fault read_file_of(
    const std::string& typed, CLI::App& command, const std::vector<std::string>& sections, settings& into) {
    const auto file = typed.empty() ? usual_config() : typed;
    if (file.empty()) return {};
    const auto text = host::read_file(file, {.bytes = 64u << 10}, host::clock::now() + host::longest_read);
    const char* const asked_for = std::getenv("UCSIGNIN_CONFIG");
    const bool may_be_absent = typed.empty() && (asked_for == nullptr || *asked_for == '\0');
    if (!text && may_be_absent && (text.error().code == ENOENT || text.error().code == ENOTDIR)) return {};
    if (!text) return {bad_input, "the configuration file " + text.error().detail};
    auto bad = read_config(*text, file, command.get_name(), sections, into);
    return bad.empty() ? settings_fault{} : settings_fault{bad_input, std::move(bad)};
}

}  // namespace

std::string read_config(
    std::string_view text, const std::string& file, const std::string& command,
    const std::vector<std::string>& sections, settings& into) {
    config_reader reader(command, sections, into);
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto where = fmt::format("{}, line {}", file, number);
        if (const auto bad = reader.read(trimmed(line), where); !bad.empty()) return where + ": " + trimmed(bad);
    }
    return {};
}

std::string apply_settings(CLI::App& command, const std::vector<settings>& in_order) {
    const auto known = known_names(command);
    for (const auto& all : in_order)
        for (const auto& [name, what] : all)
            if (std::ranges::find(known, name) == known.end())
                return trimmed(fmt::format("{}: there is no such option. {}", what.origin, did_you_mean(name, known)));
    std::string bad;
    for (const auto& all : in_order)
        for (const auto& [name, what] : all) {
            auto* option = command.get_option("--" + name);
            if (option->count() > 0 || has_no_place(*option)) continue;
            if (bad = give(*option, what); !bad.empty()) return bad;
        }
    return {};
}

std::string usual_config() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
    };
    if (const auto file = variable("UCSIGNIN_CONFIG"); !file.empty()) return file;
    const auto folder = variable("XDG_CONFIG_HOME"), home = variable("HOME");
    if (folder.starts_with('/')) return folder + "/ucsignin/config.toml";  // others don't count, says the specification
    return home.empty() ? "" : home + "/.config/ucsignin/config.toml";
}

void add_config_option(CLI::App& command, std::string& file) {
    command.add_option("--config", file, "options that are not given here: a file with a section for each command")
        ->configurable(false);
}

settings_fault settle(CLI::App& command, const std::string& typed, const std::vector<std::string>& sections) {
    settings environment, file;
    if (auto bad = from_environment(command, environment); !bad.empty()) return {usage_error, std::move(bad)};
    if (auto fault = read_file_of(typed, command, sections, file); fault.code != 0) return fault;
    // Which of them is wrong decides the exit code.
    if (auto bad = apply_settings(command, {environment}); !bad.empty()) return {usage_error, std::move(bad)};
    if (auto bad = apply_settings(command, {file}); !bad.empty()) return {bad_input, std::move(bad)};
    return {};
}

}  // namespace ucsignin::cmd
