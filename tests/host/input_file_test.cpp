#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ucsignin/files.hpp"

using namespace ucsignin::host;
using namespace std::chrono_literals;

namespace {

class folder {
public:
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "ucsignin-input-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(file(name)) << text;
        return file(name);
    }

private:
    std::string path_;
};

std::string detail(const file_result<std::string>& from) { return from ? "read: " + *from : from.error().detail; }

}  // namespace

TEST_CASE("a file is read up to its limit") {
    const folder here;
    CHECK(read_file(here.file("a", "text\n"), {}).value() == "text\n");
    const auto exact = here.file("exact", std::string(2048, 'x'));
    CHECK(read_file(exact, {.bytes = 2048}).has_value());
    CHECK(detail(read_file(exact, {.bytes = 2047})).ends_with("exact: longer than 1 KiB"));
}

TEST_CASE("what is no file is refused by its name and kind") {
    const folder here;
    CHECK(detail(read_file(here.file("none"), {})) == here.file("none") + ": No such file or directory");
    CHECK(detail(read_file(here.file(""), {})).ends_with(": Is a directory"));
    CHECK(detail(read_file("/dev/zero", {})) == "/dev/zero: is a device or a socket, not a file");
    CHECK(read_file("/dev/null", {}).value().empty());
}

TEST_CASE("a file of 10 GB is refused before a byte of it is read") {
    const folder here;
    const auto path = here.file("sparse", "");
    REQUIRE(::truncate(path.c_str(), 10LL << 30) == 0);
    CHECK(detail(read_file(path, {})).ends_with("longer than 1 MiB"));
    CHECK(
        detail(read_file(path, {.bytes = 4096, .first_line = true})).ends_with("its first line is longer than 4 KiB"));
}

TEST_CASE("of a first line nothing behind it counts") {
    const folder here;
    CHECK(read_file(here.file("p", "secret\nmore\n"), {.bytes = 10, .first_line = true}).value() == "secret");
    CHECK(read_file(here.file("q", "secret"), {.bytes = 10, .first_line = true}).value() == "secret");
    CHECK_FALSE(read_file(here.file("r", "a longer secret\n"), {.bytes = 10, .first_line = true}).has_value());
}

TEST_CASE("a FIFO is read when somebody writes, and left when nobody does") {
    const folder here;
    const auto path = here.file("fifo");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const auto began = clock::now();
    CHECK(detail(read_file(path, {}, clock::now() + 100ms)) == path + ": it could not be read in the time given");
    CHECK(clock::now() - began < 2s);

    const auto other = here.file("other");  // the first reader still waits at the first
    REQUIRE(::mkfifo(other.c_str(), 0600) == 0);
    std::thread writer([&] { std::ofstream(other) << "from a pipe"; });
    CHECK(detail(read_file(other, {}, clock::now() + 5s)) == "read: from a pipe");
    writer.join();
}
