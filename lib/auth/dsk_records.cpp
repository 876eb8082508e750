#include "auth/dsk_records.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace ucsignin::auth {
namespace {

constexpr std::size_t header_size = 5, largest_payload = 1U << 14U;
constexpr char handshake = 22;

struct record {
    std::string_view type_and_version, payload;
};

std::optional<std::vector<record>> read_records(std::string_view flight) {
    std::vector<record> records;
    while (!flight.empty()) {
        if (flight.size() < header_size) return std::nullopt;
        const std::size_t size = static_cast<unsigned char>(flight[3]) * 256U + static_cast<unsigned char>(flight[4]);
        if (flight.size() - header_size < size) return std::nullopt;
        records.push_back({flight.substr(0, 3), flight.substr(header_size, size)});
        flight.remove_prefix(header_size + size);
    }
    return records;
}

void write_record(std::string& out, std::string_view type_and_version, std::string_view payload) {
    out.append(type_and_version);
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xffU);
    out.append(payload);
}

}  // namespace

std::string merge_handshake_records(std::string_view flight) {
    const auto records = read_records(flight);
    if (!records) return std::string(flight);
    std::string out, payload;
    std::string_view kind;
    for (const auto& one : *records) {
        const bool joins = one.type_and_version == kind && kind.front() == handshake &&
                           payload.size() + one.payload.size() <= largest_payload;
        if (!joins) {
            if (!kind.empty()) write_record(out, kind, payload);
            payload.clear();
            kind = one.type_and_version;
        }
        payload.append(one.payload);
    }
    if (!kind.empty()) write_record(out, kind, payload);
    return out;
}

}  // namespace ucsignin::auth
