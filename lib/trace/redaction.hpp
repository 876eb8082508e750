#pragma once
// Keeps secrets out of texts: a server may send back what it was sent. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ucsignin::trace {

class redaction {
public:
    // A password or the like: every spelling in which a text may hold it is looked for: as it is, in UTF-16,
    // hexadecimal, Base64 (wherever it stands in what was encoded), percent-encoded, escaped for XML and JSON. One of
    // fewer than six bytes counts only where it stands by itself, or it would tear every text apart.
    void hide(std::string_view secret);
    // A ticket or the like, of which a part is too much: 24 characters of what is Base64 or hexadecimal in it are
    // replaced. The rest of it are names and addresses, which the server says elsewhere as well.
    void hide_parts(std::string_view secret);

    [[nodiscard]] std::string apply(std::string text) const;

private:
    [[nodiscard]] std::string without_parts(std::string text) const;
    std::vector<std::string> spellings_;
    std::unordered_set<std::string> parts_;
};

}  // namespace ucsignin::trace
