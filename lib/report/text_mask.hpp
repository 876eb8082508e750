#pragma once
// One walk through a text, from its beginning to its end: at each place the first thing that fits is taken whole.

#include <string>
#include <string_view>

#include "report/pseudonyms.hpp"

namespace ucsignin::report {

class text_mask {
public:
    text_mask(pseudonyms& known, std::string_view text, int depth = 0)
        : known_(known), names_(known.names_), text_(text), depth_(depth) {}
    [[nodiscard]] std::string run() &&;

private:
    // Each takes what it knows from at_ on, or leaves all as it is and says false.
    bool take_anything();
    bool take_hidden();
    bool take_phrase();
    bool take_path();
    bool take_url();
    bool take_phone_uri();
    bool take_mailbox();
    bool take_login();
    bool take_escaped();
    bool take_shape();
    bool take_word();

    bool take(std::size_t length, std::string_view instead);  // these three say true
    bool keep(std::size_t length) { return take(length, text_.substr(at_, length)); }
    bool hide(std::size_t length);
    bool not_before(std::size_t& place, std::size_t run);  // and this one false
    [[nodiscard]] bool is_plain_word() const;
    [[nodiscard]] std::string authority(std::string_view text);
    [[nodiscard]] std::string host_of_url(std::string_view host);
    [[nodiscard]] std::string word(std::string_view word);
    [[nodiscard]] std::string dotted(std::string_view word);
    [[nodiscard]] bool is_number(std::string_view word) const;
    [[nodiscard]] bool is_known(std::string_view word) const;
    [[nodiscard]] bool parts_are_known(std::string_view word) const;

    pseudonyms& known_;
    stand_ins& names_;
    std::string_view text_;
    int depth_;
    std::string out_;
    std::size_t at_ = 0;
    bool after_host_ = false;  // so that ":50443" is a port
    std::size_t no_url_before_ = 0, no_mailbox_before_ = 0, no_login_before_ = 0, no_escape_before_ = 0;
};

}  // namespace ucsignin::report
