#include "net/stun.hpp"

#include <algorithm>
#include <openssl/rand.h>
#include <stdexcept>

namespace ucsignin::net::stun {
namespace {

using bytes = std::span<const unsigned char>;

constexpr std::size_t header_size = 20, id_at = 4;
constexpr std::array<unsigned char, 4> standard_cookie{0x21, 0x12, 0xA4, 0x42};  // in the header (RFC 5389 6)
constexpr std::array<unsigned char, 4> microsoft_cookie{
    0x72, 0xC6, 0x4B, 0xC6};  // the first attribute (MS-TURN 2.2.2.1)
constexpr unsigned allocate = 0x0003, class_bits = 0x0110, success_class = 0x0100, error_class = 0x0110;
constexpr unsigned cookie_attribute = 0x000F, ms_version = 0x8008, requested_transport = 0x0019,
                   error_attribute = 0x0009;
constexpr unsigned udp_protocol = 17;
constexpr std::size_t longest_realm = 128;

// Nonce and realm have changed places between the draft and the RFC.
struct numbers {
    unsigned realm, nonce;
};
numbers numbers_of(dialect d) { return d == dialect::standard ? numbers{0x0014, 0x0015} : numbers{0x0015, 0x0014}; }

unsigned number_at(bytes in, std::size_t at) { return static_cast<unsigned>(in[at] << 8 | in[at + 1]); }

void put(std::vector<unsigned char>& into, unsigned value) {
    into.push_back(static_cast<unsigned char>(value >> 8));
    into.push_back(static_cast<unsigned char>(value & 0xff));
}

void put_attribute(std::vector<unsigned char>& into, unsigned type, const std::array<unsigned char, 4>& value) {
    put(into, type);
    put(into, value.size());
    into.insert(into.end(), value.begin(), value.end());
}

// The draft knew no padding, and servers of its time differ.
enum class padding { to_four, none };

std::expected<response, parse_error> read_attributes(bytes in, dialect of, padding by, response out) {
    const auto names = numbers_of(of);
    for (std::size_t at = header_size; at < in.size();) {
        if (in.size() - at < 4) return std::unexpected(parse_error{at, "an attribute is cut off"});
        const unsigned type = number_at(in, at);
        const std::size_t size = number_at(in, at + 2), begin = at + 4;
        const std::size_t taken = by == padding::to_four ? (size + 3) / 4 * 4 : size;
        if (taken > in.size() - begin)
            return std::unexpected(parse_error{at, "an attribute is longer than the message"});
        const auto value = in.subspan(begin, size);
        if (type == error_attribute && size >= 4) out.error_code = (value[2] & 7) * 100 + value[3];
        if (type == names.realm && size <= longest_realm) out.realm.assign(value.begin(), value.end());
        if (type == names.nonce) out.has_nonce = true;
        at = begin + taken;
    }
    return out;
}

}  // namespace

transaction_id random_id() {
    transaction_id id{};
    if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) throw std::runtime_error("no random bytes");
    id[0] &= 0x1f;  // so that no draft's id begins with the RFC's cookie
    return id;
}

std::vector<unsigned char> allocate_request(dialect of, const transaction_id& id) {
    std::vector<unsigned char> attributes, out;
    if (of == dialect::standard) {
        put_attribute(attributes, requested_transport, {udp_protocol, 0, 0, 0});
    } else {
        put_attribute(attributes, cookie_attribute, microsoft_cookie);
        put_attribute(attributes, ms_version, {0, 0, 0, 1});
    }
    put(out, allocate);
    put(out, static_cast<unsigned>(attributes.size()));
    out.insert(out.end(), id.begin(), id.end());
    if (of == dialect::standard) std::ranges::copy(standard_cookie, out.begin() + id_at);
    out.insert(out.end(), attributes.begin(), attributes.end());
    return out;
}

std::expected<response, parse_error> parse(bytes in, dialect of, const transaction_id& id) {
    if (in.size() < header_size) return std::unexpected(parse_error{in.size(), "shorter than a header"});
    const unsigned type = number_at(in, 0), kind = type & class_bits;
    if ((type & 0xC000) != 0) return std::unexpected(parse_error{0, "no STUN"});
    if (kind != success_class && kind != error_class) return std::unexpected(parse_error{0, "no response"});
    if (number_at(in, 2) != in.size() - header_size) return std::unexpected(parse_error{2, "the length is another"});
    auto expected = id;
    if (of == dialect::standard) std::ranges::copy(standard_cookie, expected.begin());
    if (!std::ranges::equal(in.subspan(id_at, expected.size()), expected))
        return std::unexpected(parse_error{id_at, "of another transaction"});
    response out{.dialect = of, .success = kind == success_class};
    auto read = read_attributes(in, of, padding::to_four, out);
    if (read || of == dialect::standard) return read;
    return read_attributes(in, of, padding::none, out);
}

}  // namespace ucsignin::net::stun
