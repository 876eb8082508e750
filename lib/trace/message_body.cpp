#include "trace/message_body.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "trace/ascii.hpp"
#include "trace/withheld.hpp"

namespace ucsignin::trace {
namespace {

// No key, hash or token is shorter that has to be kept secret, and few names are as long.
constexpr std::size_t longest_run = 24;
constexpr std::size_t longest_body_name = 64;

// Web services: what of them says how it went, and where things are. [MS-OCAUTHWS], [MS-OCDISCWS], WS-Trust, SOAP
// faults.
// clang-format off
constexpr std::array kept_elements{
    std::string_view{"Action"}, std::string_view{"Address"}, std::string_view{"Code"}, std::string_view{"Created"},
    std::string_view{"Domain"}, std::string_view{"ErrorCode"}, std::string_view{"ErrorId"}, std::string_view{"Expires"},
    std::string_view{"KeySize"}, std::string_view{"KeyType"}, std::string_view{"Reason"}, std::string_view{"RequestType"},
    std::string_view{"Subcode"}, std::string_view{"Text"}, std::string_view{"To"}, std::string_view{"TokenType"},
    std::string_view{"Value"}, std::string_view{"faultcode"}, std::string_view{"faultstring"}};
constexpr std::array kept_attributes{
    std::string_view{"AccessLocation"}, std::string_view{"entity"}, std::string_view{"fqdn"}, std::string_view{"href"},
    std::string_view{"location"}, std::string_view{"mustUnderstand"}, std::string_view{"name"}, std::string_view{"port"},
    std::string_view{"transport"}};
// Parts of names, in small letters, of what holds secrets.
constexpr std::array telling_parts{
    std::string_view{"assertion"}, std::string_view{"certificate"}, std::string_view{"cipher"}, std::string_view{"cookie"},
    std::string_view{"credential"}, std::string_view{"digest"}, std::string_view{"hash"}, std::string_view{"key"},
    std::string_view{"nonce"}, std::string_view{"passw"}, std::string_view{"passphrase"}, std::string_view{"pwd"},
    std::string_view{"secret"}, std::string_view{"session"}, std::string_view{"signature"}, std::string_view{"ticket"},
    std::string_view{"token"}};
// clang-format on

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view local_part(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_body_name && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) || c == ':' || c == '-' || c == '_' || c == '.';
    });
}

bool is_one_of(std::string_view name, auto const& list) { return std::ranges::find(list, name) != list.end(); }

bool tells_of_secrets(std::string_view name) {
    const auto small = lower(name);
    return small == "pin" || std::ranges::any_of(telling_parts, [&](std::string_view part) {
               return small.find(part) != std::string::npos;
           });
}

bool is_password(std::string_view name) {
    const auto small = lower(name);
    return small.find("passw") != std::string::npos || small.find("pwd") != std::string::npos;
}

std::string characters(std::size_t count) { return "[" + std::to_string(count) + " characters]"; }

enum class policy { listed, unless_secret };

// Markup from its beginning to its end. It is not checked: of what is broken less is kept.
class markup {
public:
    markup(std::string_view text, policy by) : text_(text), by_(by) {}
    std::string kept() && {
        while (at_ < text_.size()) text_[at_] == '<' ? take_tag() : take_text();
        return std::move(out_);
    }

private:
    void take_text() {
        const auto end = std::min(text_.find('<', at_), text_.size());
        const auto text = text_.substr(at_, end - at_);
        at_ = end;
        const bool is_blank = std::ranges::all_of(text, is_space);
        if (is_blank) return;
        if (may_stand()) out_ += without_encoded_runs(text, longest_run);
        else out_ += is_password(element_) ? "[password]" : characters(text.size());
    }

    [[nodiscard]] bool may_stand() const {
        return by_ == policy::listed ? is_one_of(element_, kept_elements) : secret_depth_ == 0;
    }

    // Comments and the like may hold anything: they go.
    bool skip(std::string_view begin, std::string_view end) {
        if (!text_.substr(at_).starts_with(begin)) return false;
        const auto found = text_.find(end, at_ + begin.size());
        const auto after = found == std::string_view::npos ? text_.size() : found + end.size();
        if (begin == "<![CDATA[") out_ += characters(after - at_);
        at_ = after;
        return true;
    }

    void take_tag() {
        if (skip("<!--", "-->") || skip("<![CDATA[", "]]>") || skip("<?", "?>") || skip("<!", ">")) return;
        const auto end = end_of_tag();
        auto tag = text_.substr(at_ + 1, end - at_ - 1);
        at_ = std::min(end + 1, text_.size());
        const bool closes = tag.starts_with('/'), is_empty = tag.ends_with('/');
        if (closes) tag.remove_prefix(1);
        if (is_empty) tag.remove_suffix(1);
        const auto name = tag.substr(0, std::min(tag.find_first_of(" \t\r\n/"), tag.size()));
        out_ += closes ? "</" : "<";
        out_ += is_name(name) ? name : "?";
        if (closes) close();
        else open(name, tag.substr(name.size()), is_empty);
        out_ += is_empty && !closes ? "/>" : ">";
    }

    void close() {
        element_ = {};
        if (secret_depth_ > 0) --secret_depth_;
    }

    void open(std::string_view name, std::string_view attributes, bool is_empty) {
        const auto local = local_part(name);
        const bool is_secret = secret_depth_ > 0 || tells_of_secrets(local);
        add_attributes(local, attributes, is_secret);
        if (is_empty) return;
        element_ = local;
        if (is_secret) ++secret_depth_;
    }

    [[nodiscard]] std::size_t end_of_tag() const {
        char quote = 0;
        for (auto i = at_; i < text_.size(); ++i) {
            if (quote != 0) quote = text_[i] == quote ? '\0' : quote;
            else if (text_[i] == '"' || text_[i] == '\'') quote = text_[i];
            else if (text_[i] == '>') return i;
        }
        return text_.size();
    }

    void add_attributes(std::string_view local, std::string_view text, bool is_secret) {
        while (!text.empty()) {
            const auto equals = text.find('=');
            if (equals == std::string_view::npos) return;
            auto name = text.substr(0, equals);
            while (!name.empty() && is_space(name.front())) name.remove_prefix(1);
            while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
            text.remove_prefix(equals + 1);
            while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
            if (text.empty() || (text.front() != '"' && text.front() != '\'')) return;
            const auto end = std::min(text.find(text.front(), 1), text.size());
            // Autodiscover's <Link token="External/Autodiscover"> names a service.
            if (local == "Link" && name == "token") add_kept_attribute(name, text.substr(1, end - 1));
            else add_attribute(name, text.substr(1, end - 1), is_secret);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    void add_kept_attribute(std::string_view name, std::string_view value) {
        out_ += " " + std::string(name) + "=\"" + without_encoded_runs(value, longest_run) + "\"";
    }

    void add_attribute(std::string_view name, std::string_view value, bool is_secret) {
        if (!is_name(name) || name == "xmlns" || name.starts_with("xmlns:")) return;
        const auto local = local_part(name);
        const bool stands = by_ == policy::listed ? is_one_of(local, kept_attributes)
                                                  : !is_secret && !tells_of_secrets(local);
        if (stands) add_kept_attribute(name, value);
        else out_ += " " + std::string(name) + "=\"" + characters(value.size()) + "\"";
    }

    std::string_view text_;
    policy by_;
    std::string out_;
    std::string_view element_;  // that was opened last, until something closes
    std::size_t at_ = 0, secret_depth_ = 0;
};

bool is_markup(std::string_view type, std::string_view body) {
    if (type.ends_with("xml") || type.find("rlmi") != std::string_view::npos) return true;
    const auto begin = std::ranges::find_if_not(body, is_space);
    return begin != body.end() && *begin == '<';
}

}  // namespace

bool is_page(std::string_view content_type) {
    const auto type = trim(content_type.substr(0, content_type.find(';')));
    return same_word(type, "text/html") || same_word(type, "application/xhtml+xml");
}

std::optional<std::string> body_to_keep(std::string_view protocol, std::string_view type, std::string_view body) {
    const auto small = lower(type);
    if (small.starts_with("multipart/") && protocol == "SIP") return markup(body, policy::unless_secret).kept();
    if (is_page(small)) return without_encoded_runs(body, longest_run);
    if (is_markup(small, body)) return markup(body, protocol == "SIP" ? policy::unless_secret : policy::listed).kept();
    if (small.starts_with("text/")) return without_encoded_runs(body, longest_run);
    return std::nullopt;
}

}  // namespace ucsignin::trace
