#include "net/stun.hpp"

#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace ucsignin::net::stun {
namespace {

using bytes = std::span<const unsigned char>;

constexpr std::size_t header_size = 20, id_at = 4, attribute_header = 4;
constexpr std::array<unsigned char, 4> standard_cookie{0x21, 0x12, 0xA4, 0x42};  // in the header (RFC 8489 5)
constexpr std::array<unsigned char, 4> microsoft_cookie{
    0x72, 0xC6, 0x4B, 0xC6};  // the first attribute (MS-TURN 2.2.2.1)
constexpr unsigned allocate = 0x0003, refresh = 0x0004;
constexpr unsigned class_bits = 0x0110, success_class = 0x0100, error_class = 0x0110;
constexpr unsigned user_attribute = 0x0006, integrity_attribute = 0x0008, error_attribute = 0x0009,
                   lifetime_attribute = 0x000D, cookie_attribute = 0x000F, requested_transport = 0x0019,
                   ms_version = 0x8008, ms_sequence = 0x8050;
constexpr unsigned udp_protocol = 17;
constexpr std::size_t digest_size = std::tuple_size_v<digest>, sequence_size = 24, hmac_block = 64;
constexpr std::size_t longest_text = 763;  // of realm and nonce (RFC 5389 15.7, 15.8)

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

// The draft knew no padding, the RFC fills up to four bytes.
void put_attribute(std::vector<unsigned char>& into, dialect of, unsigned type, std::string_view value) {
    put(into, type);
    put(into, static_cast<unsigned>(value.size()));
    into.insert(into.end(), value.begin(), value.end());
    while (of == dialect::standard && into.size() % 4 != 0) into.push_back(0);
}

template <std::size_t Size>
std::string_view text_of(const std::array<unsigned char, Size>& value) {
    return {reinterpret_cast<const char*>(value.data()), value.size()};
}

// A header for what is to come, and the attributes that each request of ours begins with.
std::vector<unsigned char> begin_request(unsigned method, dialect of, const transaction_id& id) {
    std::vector<unsigned char> out;
    put(out, method);
    put(out, 0);
    out.insert(out.end(), id.begin(), id.end());
    if (of == dialect::standard) {
        std::ranges::copy(standard_cookie, out.begin() + id_at);
        constexpr std::array<unsigned char, 4> over_udp{udp_protocol, 0, 0, 0};
        if (method == allocate) put_attribute(out, of, requested_transport, text_of(over_udp));
    } else {
        constexpr std::array<unsigned char, 4> ice{0, 0, 0, 1};
        put_attribute(out, of, cookie_attribute, text_of(microsoft_cookie));
        put_attribute(out, of, ms_version, text_of(ice));
    }
    return out;
}

void put_length(std::vector<unsigned char>& message) {
    const auto size = message.size() - header_size;
    message[2] = static_cast<unsigned char>(size >> 8);
    message[3] = static_cast<unsigned char>(size & 0xff);
}

void prove(std::vector<unsigned char>& message, dialect of, const proof& by) {
    const auto names = numbers_of(of);
    put_attribute(message, of, user_attribute, by.user);
    put_attribute(message, of, names.realm, by.realm);
    put_attribute(message, of, names.nonce, by.nonce);
    const auto mac = integrity_of(of, message, by.key);
    put_attribute(message, of, integrity_attribute, text_of(mac));
}

sequence read_sequence(bytes value) {
    sequence out;
    std::ranges::copy(value.first(out.connection.size()), out.connection.begin());
    for (const auto byte : value.last(4)) out.number = out.number << 8 | byte;
    return out;
}

void put_next_of(std::vector<unsigned char>& into, dialect of, const sequence& before) {
    std::string value(text_of(before.connection));
    for (const int shift : {24, 16, 8, 0}) value += static_cast<char>((before.number + 1) >> shift & 0xff);
    put_attribute(into, of, ms_sequence, value);
}

// Servers of the draft's time differ.
enum class padding { to_four, none };

void take_attribute(response& into, unsigned type, bytes value, std::size_t at) {
    const auto names = numbers_of(into.dialect);
    const bool short_enough = value.size() <= longest_text;
    if (type == error_attribute && value.size() >= 4) into.error_code = (value[2] & 7) * 100 + value[3];
    if (type == names.realm && short_enough) into.realm.assign(value.begin(), value.end());
    if (type == names.nonce && short_enough) into.nonce.assign(value.begin(), value.end());
    if (type == names.nonce) into.has_nonce = true;
    if (type == ms_sequence && value.size() == sequence_size) into.sequence = read_sequence(value);
    if (type == integrity_attribute && value.size() == digest_size) into.integrity_at = at;
}

std::expected<response, parse_error> read_attributes(bytes in, padding by, response out) {
    for (std::size_t at = header_size; at < in.size();) {
        if (in.size() - at < attribute_header) return std::unexpected(parse_error{at, "an attribute is cut off"});
        const unsigned type = number_at(in, at);
        const std::size_t size = number_at(in, at + 2), begin = at + attribute_header;
        const std::size_t taken = by == padding::to_four ? (size + 3) / 4 * 4 : size;
        if (taken > in.size() - begin)
            return std::unexpected(parse_error{at, "an attribute is longer than the message"});
        // What stands behind it is proven by nobody.
        if (!out.integrity_at) take_attribute(out, type, in.subspan(begin, size), at);
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

std::string long_term_key(std::string_view user, std::string_view realm, std::string_view password) {
    std::string text;
    text.reserve(user.size() + realm.size() + password.size() + 2);  // one buffer, which is wiped
    text.append(user).append(":").append(realm).append(":").append(password);
    std::string key(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    const int done = EVP_Digest(
        text.data(), text.size(), reinterpret_cast<unsigned char*>(key.data()), &size, EVP_md5(), nullptr);
    OPENSSL_cleanse(text.data(), text.size());
    key.resize(done == 1 ? size : 0);
    return key;
}

digest integrity_of(dialect of, bytes before, std::string_view key) {
    std::vector<unsigned char> covered(before.begin(), before.end());
    covered.resize(std::max(covered.size(), header_size));
    const auto size = covered.size() - header_size + attribute_header + digest_size;
    covered[2] = static_cast<unsigned char>(size >> 8);
    covered[3] = static_cast<unsigned char>(size & 0xff);
    if (of == dialect::microsoft) covered.resize((covered.size() + hmac_block - 1) / hmac_block * hmac_block);
    digest out{};
    unsigned written = 0;
    const auto* made = HMAC(
        EVP_sha1(), key.data(), static_cast<int>(key.size()), covered.data(), covered.size(), out.data(), &written);
    if (!made || written != out.size()) throw std::runtime_error("no HMAC-SHA1");
    return out;
}

std::vector<unsigned char> allocate_request(dialect of, const transaction_id& id) {
    auto out = begin_request(allocate, of, id);
    put_length(out);
    return out;
}

std::vector<unsigned char> allocate_request(dialect of, const transaction_id& id, const proof& by) {
    auto out = begin_request(allocate, of, id);
    prove(out, of, by);
    put_length(out);
    return out;
}

std::vector<unsigned char> release_request(
    dialect of, const transaction_id& id, const std::optional<proof>& by, const std::optional<sequence>& before) {
    constexpr std::array<unsigned char, 4> no_time{};
    auto out = begin_request(of == dialect::standard ? refresh : allocate, of, id);
    put_attribute(out, of, lifetime_attribute, text_of(no_time));
    if (before) put_next_of(out, of, *before);
    if (by) prove(out, of, *by);
    put_length(out);
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
    auto read = read_attributes(in, padding::to_four, out);
    if (read || of == dialect::standard) return read;
    return read_attributes(in, padding::none, out);
}

bool is_proven(bytes datagram, const response& read, std::string_view key) {
    if (!read.integrity_at || datagram.size() < *read.integrity_at + attribute_header + digest_size) return false;
    const auto wanted = integrity_of(read.dialect, datagram.first(*read.integrity_at), key);
    const auto came = datagram.subspan(*read.integrity_at + attribute_header, digest_size);
    return CRYPTO_memcmp(wanted.data(), came.data(), digest_size) == 0;
}

}  // namespace ucsignin::net::stun
