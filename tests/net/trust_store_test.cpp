#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "net/tls.hpp"
#include "test_certificates.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

class temporary_file {
public:
    explicit temporary_file(const std::string& content)
        : path_(
              std::filesystem::temp_directory_path() /
              ("ucsignin-trust-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
        std::ofstream(path_, std::ios::binary) << content;
    }
    ~temporary_file() { std::filesystem::remove(path_); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

identity root(const std::string& name) { return issue({.common_name = name, .is_ca = true}); }

}  // namespace

TEST_CASE("roots come from files in PEM or DER and from memory, and are counted", "[net][trust_store]") {
    auto const one = root("one"), two = root("two"), three = root("three"), four = root("four");
    temporary_file const bundle("a comment\n" + one.pem() + two.pem()), single(three.der());
    auto const loaded = trust_store::load(false, {bundle.path(), single.path()}, four.pem());
    REQUIRE(loaded);
    CHECK((*loaded)->count() == 4);
    CHECK((*loaded)->native() != nullptr);
}

TEST_CASE("the system's roots are counted", "[net][trust_store]") {
    auto const loaded = trust_store::load(true, {});
    REQUIRE(loaded);
    CHECK((*loaded)->count() >= 0);
    auto const more = trust_store::load(true, {}, root("extra").pem());
    REQUIRE(more);
    CHECK((*more)->count() == (*loaded)->count() + 1);
}

TEST_CASE("an error names the file", "[net][trust_store]") {
    temporary_file const empty(""), text("no certificate here\n"), cut(root("x").pem().substr(0, 100));
    for (auto const& path :
         {std::string("/nonexistent/ca.pem"), empty.path(), text.path(), cut.path(), std::string("/")}) {
        auto const loaded = trust_store::load(false, {path});
        INFO(path);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().detail.starts_with(path + ": "));
    }
}

TEST_CASE("extra certificates that cannot be read are an error", "[net][trust_store]") {
    auto const loaded = trust_store::load(false, {}, "junk");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail == "extra certificates: no certificate in it");
}
