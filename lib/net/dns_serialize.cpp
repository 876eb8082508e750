#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "net/dns.hpp"
#include "net/dns_name.hpp"

namespace ucsignin::net::dns {
namespace {

[[noreturn]] void broken(const std::string& what) { throw std::invalid_argument("dns::serialize: " + what); }

class writer {
public:
    void u8(unsigned value) { out_.push_back(static_cast<unsigned char>(value)); }
    void u16(unsigned value) {
        u8(value >> 8 & 0xff);
        u8(value & 0xff);
    }
    void u32(std::uint32_t value) {
        u16(value >> 16);
        u16(value & 0xffff);
    }
    void name(std::string_view text) {
        auto const wire = wire_name(text);
        if (!wire) broken("'" + std::string(text) + "' is not a domain name");
        raw(*wire);
    }
    void raw(std::span<const unsigned char> all) { out_.insert(out_.end(), all.begin(), all.end()); }
    // The length of what was written since `at`, into the two bytes before it.
    void close_length(std::size_t at) {
        auto const length = out_.size() - at;
        if (length > 0xffff) broken("record data of more than 65535 bytes");
        out_[at - 2] = static_cast<unsigned char>(length >> 8);
        out_[at - 1] = static_cast<unsigned char>(length & 0xff);
    }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    std::vector<unsigned char> take() { return std::move(out_); }

private:
    std::vector<unsigned char> out_;
};

template <class Number>
Number number_from(std::string_view text, int base = 10) {
    Number value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (failure != std::errc{} || end != text.data() + text.size())
        broken("'" + std::string(text) + "' is not a number of its size");
    return value;
}

template <class Address>
void write_address(
    writer& out, const std::string& text, Address (*parse_text)(const std::string&, boost::system::error_code&)) {
    boost::system::error_code failure;
    auto const address = parse_text(text, failure);
    if (failure) broken("'" + text + "' is not an address of its family");
    out.raw(address.to_bytes());
}

void write_soa(writer& out, const std::string& text) {
    std::istringstream words(text);
    std::string primary, mailbox, number;
    words >> primary >> mailbox;
    out.name(primary);
    out.name(mailbox);
    for (int i = 0; i < 5; ++i) {
        words >> number;
        out.u32(number_from<std::uint32_t>(number));
        number.clear();
    }
}

// The strings of a TXT record: "one" "two", or a bare text, which is one string.
void write_txt(writer& out, std::string_view text) {
    std::vector<unsigned char> piece;
    auto const end_piece = [&] {
        if (piece.size() > 255) broken("text of more than 255 bytes");
        out.u8(static_cast<unsigned>(piece.size()));
        out.raw(piece);
        piece.clear();
    };
    if (!text.starts_with('"')) {
        piece.assign(text.begin(), text.end());
        return end_piece();
    }
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            if (inside) end_piece();
            inside = !inside;
        } else if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
            piece.push_back(number_from<unsigned char>(text.substr(i + 1, 3)));
            i += 3;
        } else if (inside) {
            if (text[i] == '\\' && i + 1 < text.size()) ++i;
            piece.push_back(static_cast<unsigned char>(text[i]));
        }
    }
}

// RFC 3597 5: \# length hex
void write_opaque(writer& out, const std::string& text) {
    std::istringstream words(text);
    std::string mark, length, hex;
    words >> mark >> length >> hex;
    if (mark != "\\#" || hex.size() != 2 * number_from<std::size_t>(length))
        broken("'" + text + "' is not the generic form of data");
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out.u8(number_from<unsigned char>(std::string_view(hex).substr(i, 2), 16));
}

void write_data(writer& out, const resource& record) {
    if (record.text.starts_with("\\#")) return write_opaque(out, record.text);
    switch (record.type) {
        case type::a: return write_address(out, record.text, &boost::asio::ip::make_address_v4);
        case type::aaaa: return write_address(out, record.text, &boost::asio::ip::make_address_v6);
        case type::ns:
        case type::cname: return out.name(record.text);
        case type::soa: return write_soa(out, record.text);
        case type::txt: return write_txt(out, record.text);
        case type::srv:
            out.u16(record.service.priority);
            out.u16(record.service.weight);
            out.u16(record.service.port);
            return out.name(record.service.target);
        case type::opt: return;
    }
    write_opaque(out, record.text);
}

void write_extended_errors(writer& out, const std::vector<extended_error>& errors) {
    for (auto const& each : errors) {
        if (each.text.size() > 1000) broken("an extended error of more than 1000 bytes");
        out.u16(15);
        out.u16(static_cast<unsigned>(2 + each.text.size()));
        out.u16(each.code);
        out.raw(std::vector<unsigned char>(each.text.begin(), each.text.end()));
    }
}

void write_resource(writer& out, const resource& record, const message& m) {
    bool const is_opt = record.type == type::opt;
    out.name(record.name);
    out.u16(static_cast<std::uint16_t>(record.type));
    out.u16(is_opt ? number_from<std::uint16_t>(record.text) : class_in);
    out.u32(is_opt ? (record.ttl & 0x00ffffff) | std::uint32_t{m.rcode} >> 4 << 24 : record.ttl);
    out.u16(0);
    auto const data = out.size();
    if (is_opt) write_extended_errors(out, m.extended_errors);
    else write_data(out, record);
    out.close_length(data);
}

unsigned flags_of(const message& m) {
    return (m.response ? 0x8000u : 0) | (m.authoritative ? 0x0400u : 0) | (m.truncated ? 0x0200u : 0) |
           (m.recursion_desired ? 0x0100u : 0) | (m.recursion_available ? 0x0080u : 0) |
           (m.authentic_data ? 0x0020u : 0) | (m.checking_disabled ? 0x0010u : 0) | (m.rcode & 0x000fu);
}

}  // namespace

std::vector<unsigned char> serialize(const message& m) {
    writer out;
    out.u16(m.id);
    out.u16(flags_of(m));
    for (auto const count : {m.questions.size(), m.answers.size(), m.authority.size(), m.additional.size()}) {
        if (count > 0xffff) broken("more than 65535 records in a section");
        out.u16(static_cast<unsigned>(count));
    }
    for (auto const& question : m.questions) {
        out.name(question.name);
        out.u16(static_cast<std::uint16_t>(question.type));
        out.u16(class_in);
    }
    for (auto const* section : {&m.answers, &m.authority, &m.additional})
        for (auto const& record : *section) write_resource(out, record, m);
    return out.take();
}

}  // namespace ucsignin::net::dns
