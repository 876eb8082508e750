#include "lab/registrar_association.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/raw_signature.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::uint32_t window = 256;

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return text;
}

}  // namespace

std::string_view to_string(association::verdict verdict) {
    switch (verdict) {
        case association::verdict::valid: return "valid";
        case association::verdict::missing: return "missing";
        case association::verdict::wrong: return "wrong";
        case association::verdict::replayed: return "replayed";
    }
    return "";
}

association::association(
    std::string opaque, std::string user, std::string epid, std::string server_name,
    std::unique_ptr<endpoint_proof> proof)
    : opaque_(std::move(opaque)),
      user_(std::move(user)),
      epid_(std::move(epid)),
      server_name_(std::move(server_name)),
      proof_(std::move(proof)) {}

association::verdict association::verify(std::string_view wire) {
    std::string value = raw_header(wire, "Authorization");
    if (value.empty()) value = raw_header(wire, "Proxy-Authorization");
    const auto number = sip::to_number<std::uint32_t>(raw_auth_parameter(value, "cnum"));
    const auto said = raw_auth_parameter(value, "response");
    if (!proof_->established() || !number || said.empty()) return verdict::missing;
    if (!proof_->is_client_signature(raw_signed_text(wire, value), said)) return verdict::wrong;
    const std::uint32_t highest = used_.empty() ? 0 : *used_.rbegin();
    if (*number + window <= highest || !used_.insert(*number).second) return verdict::replayed;
    while (*used_.begin() + window <= *used_.rbegin()) used_.erase(used_.begin());
    return verdict::valid;
}

void association::sign(sip::message& outgoing, fault play) {
    if (!proof_->established() || play == fault::missing) return;
    const bool again = play == fault::replay && next_number_ > 1;
    if (!again) last_salt_ = upper(sip::random_hex(4));
    const std::uint32_t number = again ? next_number_ - 1 : next_number_++;
    const auto value = [&](const std::string& mac) {
        return fmt::format(
            R"({} qop="auth", opaque="{}", srand="{}", snum="{}", rspauth="{}", targetname="{}", realm="{}", version=4)",
            proof_->scheme(), opaque_, last_salt_, number, mac, server_name_, "SIP Communications Service");
    };
    std::string mac = proof_->server_signature(raw_signed_text(outgoing.serialize(), value("")));
    if (play == fault::wrong) mac.back() = mac.back() == '0' ? '1' : '0';
    outgoing.add("Authentication-Info", value(mac));
}

}  // namespace ucsignin::lab
