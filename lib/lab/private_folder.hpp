#pragma once
// A temporary folder that only its owner can read, gone with the object.

#include <expected>
#include <string>

namespace ucsignin::lab {

class private_folder {
public:
    [[nodiscard]] static std::expected<private_folder, std::string> make();
    ~private_folder();
    private_folder(private_folder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    private_folder& operator=(private_folder&&) = delete;

    // Gives the path. The file's mode is 0600.
    [[nodiscard]] std::expected<std::string, std::string> write(const std::string& name, const std::string& content) const;

private:
    explicit private_folder(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

}  // namespace ucsignin::lab
