#include "report/text_mask.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "report/shapes.hpp"
#include "report/vocabulary.hpp"

namespace ucsignin::report {
namespace {

constexpr auto hidden = pseudonyms::hidden;

// Kinds of files that tell what was there; none of them is a top-level domain.
constexpr std::array<std::string_view, 20> file_kinds{"json", "pem", "crt",  "cer",  "crl",  "der", "xml",
                                                      "html", "htm", "svc",  "aspx", "asmx", "txt", "log",
                                                      "pac",  "dat", "conf", "exe",  "dll",  "js"};

bool any_of(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

// What may stand in one word with an escape.
bool is_escape_beside(char c) { return is_word(c) || any_of("-.~+", c); }

constexpr int deepest = 3;  // escapes within escapes: "%252565"

std::string_view without_end_of_sentence(std::string_view text) {
    while (!text.empty() && any_of(".:-", text.back())) text.remove_suffix(1);
    return text;
}

std::string_view file_kind(std::string_view name) {
    const auto dot = name.rfind('.');
    const auto kind = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    return std::ranges::find(file_kinds, kind) == file_kinds.end() ? std::string_view() : kind;
}

bool is_stand_in(std::string_view word, std::string_view prefix) {
    return word.size() > prefix.size() && word.starts_with(prefix) &&
           std::ranges::all_of(word.substr(prefix.size()), is_digit);
}

// A folder of people's is none, whatever they are called.
bool is_made_of_our_words(std::string_view path) {
    if (path.front() != '/' || path.starts_with("/home/") || path.starts_with("/Users/")) return false;
    for (std::size_t begin = 1; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        if (end > begin && !is_ours(path.substr(begin, end - begin))) return false;
        begin = end + 1;
    }
    return true;
}

// A code of Windows (HRESULT, NTSTATUS): "0x8009030c".
bool is_error_code(std::string_view word) {
    return word.size() == 10 &&
           (word.starts_with("0x800") || word.starts_with("0xC0000") || word.starts_with("0xc0000")) &&
           word.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

// Most words need no closer look.
bool may_begin_shape(char c) { return std::isalnum(static_cast<unsigned char>(c)) || any_of("+(:", c); }

// The character of one escape, "?" if none can be read.
char unescaped_character(std::string_view escape) {
    const auto hex = escape.starts_with('%') ? 1u : lower(escape.substr(0, 3)) == "&#x" ? 3u : 0u;
    const auto digits = escape.substr(hex > 0 ? hex : 2);
    unsigned code = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), code, hex > 0 ? 16 : 10);
    return code < 0x20 || code > 0xff ? '?' : static_cast<char>(code);
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto escape = escape_at(text, i);
        out += escape > 0 ? unescaped_character(text.substr(i, escape)) : text[i];
        i += std::max<std::size_t>(escape, 1);
    }
    return out;
}

}  // namespace

std::string text_mask::run() && {
    while (at_ < text_.size()) {
        const bool may_be_port = std::exchange(after_host_, false);
        if (text_[at_] == ' ') keep(1);
        else if (is_plain_word()) (void)(take_phrase() || take_word());
        else if (const auto port = may_be_port ? port_at(text_, at_) : 0; port > 0) keep(port);
        else if (!take_anything()) {
            after_host_ = may_be_port && text_[at_] == ']';
            keep(1);
        }
    }
    return std::move(out_);
}

bool text_mask::take_anything() {
    return take_hidden() || take_phrase() || take_path() || take_url() || take_phone_uri() || take_mailbox() ||
           take_login() || take_escaped() || take_shape() || take_word();
}

// Most of a text: letters that a blank or a closing mark follows are nothing but a word. Two of them may be a byte.
bool text_mask::is_plain_word() const {
    const auto letters = run_of(text_, at_, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
    return letters > 2 && (at_ + letters == text_.size() || any_of(" );\"", text_[at_ + letters]));
}

bool text_mask::take(std::size_t length, std::string_view instead) {
    out_ += instead;
    at_ += length;
    return true;
}

// Several hidden words in a row tell no more than one.
bool text_mask::hide(std::size_t length) {
    const std::string_view before = out_;
    if (before.ends_with(' ') && before.substr(0, before.size() - 1).ends_with(hidden)) out_.pop_back();
    else if (!before.ends_with(hidden)) out_ += hidden;
    return take(length, "");
}

bool text_mask::take_hidden() { return text_.substr(at_).starts_with(hidden) && hide(hidden.size()); }

bool text_mask::take_phrase() {
    const auto found = names_.phrases().longest_at(text_, at_);
    return found.length > 0 && take(found.length, found.stand_in);
}

// What a run of characters would have to end with does not come; that holds for each place within the run, and so it is
// not looked through again from there.
bool text_mask::not_before(std::size_t& place, std::size_t run) {
    place = at_ + run;
    return false;
}

// A path goes but for the kind of file. One that our own texts name stays, and so does what is made of words of ours:
// an option of a command ("/resync"), a part of a URL ("/CertProv").
bool text_mask::take_path() {
    const auto length = path_at(text_, at_);
    const auto path = text_.substr(at_, length);
    if (length == 0) return false;
    if (is_ours(path) || is_made_of_our_words(path)) return keep(length);
    const auto name = path.substr(path.find_last_of("/\\") + 1);
    hide(length);
    if (is_ours(name) && !file_kind(name).empty()) out_ += "/" + std::string(name);
    else if (!file_kind(name).empty()) out_ += "." + std::string(file_kind(name));
    return true;
}

bool text_mask::take_url() {
    if (at_ < no_url_before_ || !is_word(text_[at_])) return false;
    const auto scheme = run_of(text_, at_, [](char c) { return (is_word(c) && c != '_') || any_of("+.-", c); });
    if (!text_.substr(at_ + scheme).starts_with("://")) return not_before(no_url_before_, scheme);
    const auto name = text_.substr(at_, scheme);
    const auto plus = name.find('+');  // "pac+http"
    const bool known = is_ours(name.substr(0, plus)) &&
                       (plus == std::string_view::npos || is_ours(name.substr(plus + 1)));
    take(scheme, known ? std::string(name) : "uri");
    keep(3);
    const auto length = run_of(text_, at_, [](char c) { return !any_of("/?# \t\r\n\"'<>()\\,;|", c); });
    const auto host = without_end_of_sentence(text_.substr(at_, length));
    take(host.size(), authority(host));
    if (host.empty() && name.ends_with("file") && path_at(text_.substr(at_), 0) > 0)
        hide(path_at(text_.substr(at_), 0));
    return true;
}

std::string text_mask::authority(std::string_view text) {
    const auto at = text.rfind('@');
    if (at != std::string_view::npos) {
        const auto user = text.substr(0, std::min(text.find(':'), at));
        return names_.user(user) + (user.size() < at ? ":" + std::string(hidden) : "") + "@" +
               authority(text.substr(at + 1));
    }
    const auto colon = text.rfind(':');
    const bool is_last = colon != std::string_view::npos && port_at(text, colon) == text.size() - colon;
    const bool has_port = is_last && !text.substr(0, colon).ends_with(':');
    const auto host = has_port ? text.substr(0, colon) : text;
    return host_of_url(host) + std::string(text.substr(host.size()));
}

std::string text_mask::host_of_url(std::string_view host) {
    if (host.empty()) return {};
    if (ipv4_at(host, 0) == host.size()) return names_.ipv4(host);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed && ipv6_at(host, 1) == host.size() - 2)
        return "[" + names_.ipv6(host.substr(1, host.size() - 2)) + "]";
    if (host == "localhost" || host == hidden || (is_host_name(host) && is_ours(host))) return std::string(host);
    if (word_at(host, 0) != host.size()) return std::string(hidden);
    return is_host_name(host) ? names_.host_name(host) : names_.host_label(host);
}

// "tel:+49305550100;ext=1001"
bool text_mask::take_phone_uri() {
    const auto start = lower(text_.substr(at_, 7));
    const auto scheme = start.starts_with("tel:") ? 4u : start == "callto:" ? 7u : 0u;
    if (scheme == 0 || at_ + scheme == text_.size()) return false;
    const auto run = run_of(text_, at_ + scheme, [](char c) { return is_word(c) || any_of("+().-;=%*#", c); });
    const auto number = std::max(run, phone_at(text_, at_ + scheme));  // with blanks, as people write it
    const auto whole = without_end_of_sentence(text_.substr(at_ + scheme, number));
    if (whole.empty() || text_.substr(at_ + scheme + number).starts_with('@')) return false;
    keep(scheme);
    return whole == hidden || take(whole.size(), names_.phone(whole.substr(0, whole.find(';'))));
}

// A mailbox or the user part of a SIP address. A pool's own address has its name on both sides.
bool text_mask::take_mailbox() {
    if (at_ < no_mailbox_before_ || !(is_word(text_[at_]) || any_of("+%", text_[at_]))) return false;
    const auto length = run_of(text_, at_, [](char c) { return is_word(c) || any_of(".-+%'", c); });
    const auto after = text_.substr(at_ + length);
    const bool has_domain = after.size() > 1 && after[0] == '@' && (is_word(after[1]) || after[1] == '[');
    if (!has_domain) return not_before(no_mailbox_before_, length);
    const auto local = text_.substr(at_, length);
    const auto domain = without_end_of_sentence(
        after.substr(1, run_of(after, 1, [](char c) { return is_word(c) || any_of(".-", c); })));
    const bool is_host = is_host_name(local) && registered_domain(lower(local)) == registered_domain(lower(domain));
    take(length, is_host ? names_.host_name(local) : names_.user(local));
    keep(1);
    if (!domain.empty() && ipv4_at(text_, at_) == 0) take(domain.size(), host_of_url(domain));
    after_host_ = !domain.empty();
    return true;
}

bool text_mask::take_login() {
    if (at_ < no_login_before_ || !is_word(text_[at_])) return false;
    const auto part = [this](std::size_t at) {
        return run_of(text_, at, [](char c) { return is_word(c) || any_of(".-$", c); });
    };
    const auto domain = part(at_);
    const auto slash = at_ + domain;
    if (slash == text_.size() || text_[slash] != '\\') return not_before(no_login_before_, domain);
    const auto user = without_end_of_sentence(text_.substr(slash + 1, part(slash + 1)));
    const auto end = slash + 1 + user.size();
    const auto whole = text_.substr(at_, end - at_);
    const bool is_path = user.empty() || (end < text_.size() && text_[end] == '\\');
    if (is_path) return hide(run_of(text_, at_, [](char c) { return is_word(c) || any_of(".-$\\", c); }));
    return take(whole.size(), is_ours(whole) ? std::string(whole) : known_.login(whole));
}

// Letters that are written as numbers would be small numbers, which stay.
bool text_mask::take_escaped() {
    if (at_ < no_escape_before_) return false;
    const auto length = escaped_at(text_, at_);
    if (length == 0) return not_before(no_escape_before_, run_of(text_, at_, is_escape_beside));
    const auto plain = unescaped(text_.substr(at_, length));
    if (plain.size() == length || depth_ == deepest) return hide(length);
    const auto masked = text_mask(known_, plain, depth_ + 1).run();
    return take(length, masked == plain ? std::string(text_.substr(at_, length)) : masked);
}

bool text_mask::take_shape() {
    if (!may_begin_shape(text_[at_])) return false;
    if (const auto length = guid_at(text_, at_)) return take(length, names_.guid(text_.substr(at_, length)));
    if (const auto length = timestamp_at(text_, at_)) return keep(length);
    if (const auto length = hex_groups_at(text_, at_)) return hide(length);
    if (const auto length = ipv6_at(text_, at_)) {
        take(length, names_.ipv6(text_.substr(at_, length)));
        if (text_.substr(at_).starts_with('%')) keep(1);  // a zone, no escape: "%adapter1"
    } else if (const auto shorter = ipv4_at(text_, at_)) take(shorter, names_.ipv4(text_.substr(at_, shorter)));
    else {
        const auto phone = phone_at(text_, at_);
        const auto number = text_.substr(at_, phone);
        if (phone == 0 || (number.front() == '+' && is_number(number.substr(1)))) return false;
        return take(phone, names_.phone(number));
    }
    after_host_ = true;
    return true;
}

bool text_mask::take_word() {
    const bool wild = text_.substr(at_).starts_with("*.");  // "*.contoso.example"
    const auto length = word_at(text_, at_ + (wild ? 2 : 0)) + (wild ? 2 : 0);
    if (length == (wild ? 2u : 0u)) return false;
    const auto whole = text_.substr(at_, length);
    const auto owner = whole.ends_with("'s") ? std::string_view("'s") : std::string_view();
    if (is_ours(whole) || is_quantity_at(text_, at_)) {
        after_host_ = whole == "localhost";
        return keep(length);
    }
    const auto name = whole.substr(0, length - owner.size());
    const auto masked = word(name);
    if (masked == hidden) return hide(length);
    after_host_ = !is_known(name) && !parts_are_known(name);
    return take(length, masked + std::string(owner));
}

std::string text_mask::word(std::string_view word) {
    if (is_known(word)) return std::string(word);
    if (const auto* known = names_.of_word(word); known && !is_ours(lower(word))) return *known;
    if (is_stand_in(word, "guid")) return names_.guid(word);
    if (is_stand_in(word, "phone")) return names_.phone(word);
    if (word.find('.') != std::string_view::npos) return dotted(word);
    return std::string(parts_are_known(word) ? word : hidden);
}

// A file, a host, or a sentence that begins without a blank. What has dots is known as a whole or not at all.
std::string text_mask::dotted(std::string_view word) {
    if (parts_are_known(word)) return std::string(word);  // "TLSv1-TLSv1.3"
    const auto kind = file_kind(word);
    if (!kind.empty()) {
        const auto stem = word.substr(0, word.size() - kind.size() - 1);
        return stem == "*" || parts_are_known(stem) ? std::string(word) : std::string(hidden) + "." + std::string(kind);
    }
    return is_host_name(word) ? names_.host_name(word) : std::string(hidden);
}

bool text_mask::is_number(std::string_view word) const {
    const bool digits = std::ranges::all_of(word, is_digit);
    return digits ? word.size() < 5 || known_.numbers_.contains(word) : is_version(word);
}

bool text_mask::is_known(std::string_view word) const {
    return is_ours(word) || is_number(word) || is_error_code(word);
}

// Words of ours with small numbers between them ("ECDHE-RSA-AES256"); numbers alone would be one large number.
bool text_mask::parts_are_known(std::string_view word) const {
    std::size_t digits = 0;
    for (std::size_t begin = 0; begin <= word.size();) {
        const auto end = std::min(word.find_first_of("-_'", begin), word.size());
        const auto part = word.substr(begin, end - begin);
        if (!part.empty() && !is_known(part)) return false;
        if (!part.empty() && !is_ours(part)) digits += static_cast<std::size_t>(std::ranges::count_if(part, is_digit));
        begin = end + 1;
    }
    return digits < 7;
}

}  // namespace ucsignin::report
