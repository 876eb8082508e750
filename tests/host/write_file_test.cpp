#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "ucsignin/files.hpp"

namespace fs = std::filesystem;
using ucsignin::host::write_file;

namespace {

struct folder {
    fs::path path = fs::temp_directory_path() / ("ucsignin-write-" + std::to_string(std::random_device{}()));
    folder() { fs::create_directory(path); }
    ~folder() { fs::remove_all(path); }
    std::string file(std::string_view name) const { return (path / name).string(); }
    std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
    }
};

std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

}  // namespace

TEST_CASE("a file is written whole and nothing else is left behind") {
    const folder f;
    REQUIRE(write_file(f.file("report.json"), "one"));
    REQUIRE(write_file(f.file("report.json"), "two"));
    CHECK(content(f.file("report.json")) == "two");
    CHECK(f.entries() == 1);
}

TEST_CASE("an error names the file and the reason") {
    const folder f;
    const auto missing = write_file(f.file("no/such/report.json"), "x");
    REQUIRE_FALSE(missing);
    CHECK(missing.error() == f.file("no/such/report.json") + ": No such file or directory");
    const auto directory = write_file(f.path.string(), "x");
    REQUIRE_FALSE(directory);
    CHECK(directory.error() == f.path.string() + ": Is a directory");
}

TEST_CASE("what a killed run left behind is no obstacle") {
    const folder f;
    std::ofstream(f.file("report.json.partial")) << "half";
    CHECK(write_file(f.file("report.json"), "whole"));
    CHECK(f.entries() == 1);
}

TEST_CASE("a link is followed, not replaced") {
    const folder f;
    REQUIRE(write_file(f.file("real.json"), "old"));
    fs::create_symlink(f.file("real.json"), f.file("link.json"));
    REQUIRE(write_file(f.file("link.json"), "new"));
    CHECK(fs::is_symlink(f.file("link.json")));
    CHECK(content(f.file("real.json")) == "new");
}

TEST_CASE("a device is written to, never replaced") {
    REQUIRE(write_file("/dev/null", "x"));
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a full disk is reported") {
    if (!fs::exists("/dev/full")) return;
    const auto written = write_file("/dev/full", "x");
    REQUIRE_FALSE(written);
    CHECK(written.error() == "/dev/full: No space left on device");
}

TEST_CASE("a link that leads to nothing yet is written through, and stays a link") {
    const folder f;
    fs::create_symlink("target.json", f.file("link.json"));
    fs::create_symlink("link.json", f.file("link-to-a-link.json"));
    REQUIRE(write_file(f.file("link-to-a-link.json"), "one"));
    CHECK(fs::is_symlink(f.file("link.json")));
    CHECK(content(f.file("target.json")) == "one");

    fs::create_symlink("round.json", f.file("round.json"));
    const auto round = write_file(f.file("round.json"), "x");
    REQUIRE_FALSE(round);
    CHECK(round.error() == f.file("round.json") + ": Too many levels of symbolic links");
}
