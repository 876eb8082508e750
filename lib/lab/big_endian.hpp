#pragma once
// A number as its four bytes on the wire, the highest first.

#include <cstdint>
#include <string>

namespace ucsignin::lab {

inline std::string big_endian(std::uint32_t value) {
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xff);
    return out;
}

}  // namespace ucsignin::lab
