#include "report_file.hpp"

#include "speak.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::cmd {
namespace {

host::file_result<std::string> read_report(const std::string& path) {
    const host::input_limit limit{.bytes = report::most_bytes};
    return path == "-" ? host::read_standard_input(limit)
                       : host::read_file(path, limit, host::clock::now() + host::longest_read);
}

}  // namespace

std::optional<report::report> load_report(const std::string& path) {
    auto text = read_report(path);
    if (!text) {
        complain("{}", text.error().detail);
        return std::nullopt;
    }
    auto read = report::from_json(*text);
    if (read) return std::move(*read);
    complain(
        "{} is not a report of this program: {} {} (offset {})", path, read.error().where, read.error().what,
        read.error().offset);
    return std::nullopt;
}

}  // namespace ucsignin::cmd
