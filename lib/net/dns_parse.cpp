#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "net/dns.hpp"
#include "net/dns_name.hpp"

namespace ucsignin::net::dns {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t smallest_question = 5, smallest_resource = 11;  // a root name and the fixed part

using bytes = std::span<const unsigned char>;

// Both are called where the length has been checked.
std::uint16_t u16(bytes wire, std::size_t at) { return static_cast<std::uint16_t>(wire[at] << 8 | wire[at + 1]); }
std::uint32_t u32(bytes wire, std::size_t at) { return std::uint32_t{u16(wire, at)} << 16 | u16(wire, at + 2); }

std::string opaque(bytes data) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto text = "\\# " + std::to_string(data.size());
    if (!data.empty()) text += ' ';
    for (auto const byte : data) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string quoted(bytes data) {
    std::string text = "\"";
    for (auto const byte : data) {
        if (byte == '"' || byte == '\\') text += '\\';
        if (byte >= ' ' && byte < 0x7f) text += static_cast<char>(byte);
        else
            text += {
                '\\', static_cast<char>('0' + byte / 100), static_cast<char>('0' + byte / 10 % 10),
                static_cast<char>('0' + byte % 10)};
    }
    return text + '"';
}

// The data of one record: where it stands in the message, which names in it may point into.
struct rdata {
    bytes wire;
    std::size_t at, end;
    [[nodiscard]] bytes raw() const { return wire.subspan(at, end - at); }
};

using text_result = std::expected<std::string, parse_error>;

template <class Address>
text_result address_text(const rdata& data) {
    typename Address::bytes_type raw;
    if (data.raw().size() != raw.size()) return bad(data.at, "address of a wrong length");
    std::ranges::copy(data.raw(), raw.begin());
    return Address(raw).to_string();
}

// A name that must end with the data.
std::expected<read_name, parse_error> name_in(const rdata& data, std::size_t at) {
    auto name = read_name_at(data.wire.first(data.end), at);
    if (!name) return name;
    if (name->end > data.end) return bad(at, "name runs past its record");
    return name;
}

text_result only_name(const rdata& data) {
    auto name = name_in(data, data.at);
    if (!name) return std::unexpected(name.error());
    if (name->end != data.end) return bad(name->end, "more than a name in the record");
    return std::move(name->text);
}

text_result soa_text(const rdata& data) {
    auto const primary = name_in(data, data.at);
    if (!primary) return std::unexpected(primary.error());
    auto const mailbox = name_in(data, primary->end);
    if (!mailbox) return std::unexpected(mailbox.error());
    if (data.end - mailbox->end != 20) return bad(mailbox->end, "SOA of a wrong length");
    auto const shown = [](const std::string& name) { return name.empty() ? std::string(".") : name; };
    auto text = shown(primary->text) + ' ' + shown(mailbox->text);
    for (std::size_t i = 0; i < 5; ++i) text += ' ' + std::to_string(u32(data.wire, mailbox->end + 4 * i));
    return text;
}

text_result txt_text(const rdata& data) {
    std::string text;
    for (auto at = data.at; at < data.end;) {
        std::size_t const length = data.wire[at];
        if (length >= data.end - at) return bad(at, "text runs past its record");
        if (!text.empty()) text += ' ';
        text += quoted(data.wire.subspan(at + 1, length));
        at += length + 1;
    }
    return text;
}

text_result srv_text(const rdata& data, srv& service) {
    if (data.end - data.at < 7) return bad(data.at, "SRV is too short");
    auto const target = name_in(data, data.at + 6);
    if (!target) return std::unexpected(target.error());
    if (target->end != data.end) return bad(target->end, "more than an SRV in the record");
    service = {u16(data.wire, data.at), u16(data.wire, data.at + 2), u16(data.wire, data.at + 4), target->text};
    return std::to_string(service.priority) + ' ' + std::to_string(service.weight) + ' ' +
           std::to_string(service.port) + ' ' + (service.target.empty() ? "." : service.target);
}

text_result record_text(const rdata& data, type of, std::uint16_t in_class, srv& service) {
    if (of == type::opt) return std::to_string(in_class);  // RFC 6891 6.1.2: the class is the payload size
    if (in_class != class_in) return opaque(data.raw());
    switch (of) {
        case type::a: return address_text<boost::asio::ip::address_v4>(data);
        case type::aaaa: return address_text<boost::asio::ip::address_v6>(data);
        case type::ns:
        case type::cname: return only_name(data);
        case type::soa: return soa_text(data);
        case type::txt: return txt_text(data);
        case type::srv: return srv_text(data, service);
        case type::opt: break;
    }
    return opaque(data.raw());
}

// RFC 8914 2. Options are advice: a broken one is passed over with all that follow, the message stands.
std::vector<extended_error> extended_errors_in(bytes options) {
    constexpr std::uint16_t extended_error_option = 15;
    std::vector<extended_error> found;
    while (options.size() >= 4) {
        std::size_t const length = u16(options, 2);
        if (length > options.size() - 4) break;
        auto const value = options.subspan(4, length);
        if (u16(options, 0) == extended_error_option && length >= 2) {
            extended_error one{u16(value, 0), {}};
            for (auto const byte : value.subspan(2, std::min<std::size_t>(length - 2, 200)))
                one.text += byte >= ' ' && byte < 0x7f ? static_cast<char>(byte) : '?';
            found.push_back(std::move(one));
        }
        options = options.subspan(4 + length);
    }
    return found;
}

std::expected<resource, parse_error> read_resource(bytes wire, std::size_t& at, std::vector<extended_error>& errors) {
    auto name = read_name_at(wire, at);
    if (!name) return std::unexpected(name.error());
    auto const fixed = name->end;
    if (wire.size() - fixed < 10) return bad(fixed, "record is cut");
    resource record;
    record.name = std::move(name->text);
    record.type = static_cast<type>(u16(wire, fixed));
    record.ttl = u32(wire, fixed + 4);
    std::size_t const length = u16(wire, fixed + 8);
    if (wire.size() - fixed - 10 < length) return bad(fixed + 8, "record data runs past the end");
    at = fixed + 10 + length;
    auto text = record_text({wire, fixed + 10, at}, record.type, u16(wire, fixed + 2), record.service);
    if (!text) return std::unexpected(text.error());
    record.text = std::move(*text);
    if (record.type == type::opt) errors = extended_errors_in(wire.subspan(fixed + 10, length));
    return record;
}

std::expected<question, parse_error> read_question(bytes wire, std::size_t& at) {
    auto name = read_name_at(wire, at);
    if (!name) return std::unexpected(name.error());
    if (wire.size() - name->end < 4) return bad(name->end, "question is cut");
    at = name->end + 4;
    return question{std::move(name->text), static_cast<type>(u16(wire, name->end))};
}

// `count` comes from the wire: no memory is set aside for it beyond what the bytes can hold.
template <class T, class Read>
std::expected<std::vector<T>, parse_error> read_section(
    bytes wire, std::size_t& at, std::size_t count, std::size_t smallest, Read read) {
    std::vector<T> section;
    section.reserve(std::min(count, (wire.size() - at) / smallest));
    for (; count > 0; --count) {
        auto entry = read(wire, at);
        if (!entry) return std::unexpected(entry.error());
        section.push_back(std::move(*entry));
    }
    return section;
}

message read_header(bytes wire) {
    message out;
    auto const flags = u16(wire, 2);
    out.id = u16(wire, 0);
    out.response = flags & 0x8000;
    out.authoritative = flags & 0x0400;
    out.truncated = flags & 0x0200;
    out.recursion_desired = flags & 0x0100;
    out.recursion_available = flags & 0x0080;
    out.authentic_data = flags & 0x0020;
    out.checking_disabled = flags & 0x0010;
    out.rcode = flags & 0x000f;
    return out;
}

}  // namespace

std::expected<message, parse_error> parse(bytes wire) {
    if (wire.size() < header_size) return bad(wire.size(), "shorter than a header");
    auto out = read_header(wire);
    std::size_t at = header_size;
    auto questions = read_section<question>(wire, at, u16(wire, 4), smallest_question, read_question);
    if (!questions) return std::unexpected(questions.error());
    out.questions = std::move(*questions);
    std::vector<resource>* const sections[] = {&out.answers, &out.authority, &out.additional};
    for (std::size_t i = 0; i < 3; ++i) {
        // A truncated message may end between records or within one; what is whole is kept (RFC 2181 9).
        auto const read = [&](bytes all, std::size_t& from) { return read_resource(all, from, out.extended_errors); };
        auto records = read_section<resource>(wire, at, u16(wire, 6 + 2 * i), smallest_resource, read);
        if (!records && out.truncated) return out;
        if (!records) return std::unexpected(records.error());
        *sections[i] = std::move(*records);
    }
    for (auto const& record : out.additional)
        if (record.type == type::opt) out.rcode = static_cast<std::uint16_t>(out.rcode | (record.ttl >> 24) << 4);
    return out;
}

}  // namespace ucsignin::net::dns
