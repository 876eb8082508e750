#include "lab/private_folder.hpp"

#include <filesystem>
#include <fstream>

#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace fs = std::filesystem;

std::expected<private_folder, std::string> private_folder::make() {
    std::error_code failure;
    const fs::path where = fs::temp_directory_path(failure) / ("ucsignin-lab-" + sip::random_hex(8));
    if (failure || !fs::create_directory(where, failure)) return std::unexpected("no temporary folder: " + failure.message());
    private_folder out(where.string());
    fs::permissions(where, fs::perms::owner_all, failure);
    if (failure) return std::unexpected("temporary folder: " + failure.message());
    return out;
}

private_folder::~private_folder() {
    std::error_code ignored;   // a folder that stays behind is no reason to end the program
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

std::expected<std::string, std::string> private_folder::write(const std::string& name, const std::string& content) const {
    const std::string file = path_ + "/" + name;
    std::ofstream out(file, std::ios::binary);
    std::error_code failure;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, failure);
    out << content << std::flush;
    if (!out || failure) return std::unexpected("cannot write " + file);
    return file;
}

}  // namespace ucsignin::lab
