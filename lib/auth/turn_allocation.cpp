#include "auth/turn_allocation.hpp"

#include <algorithm>

#include "sip/encoding.hpp"

namespace ucsignin::auth {
namespace {

namespace stun = net::stun;
using allocation_state = turn_allocation::state;

constexpr std::size_t longest_user = 763;  // RFC 5389 15.3: fewer than 513 bytes; as lenient as with realm and nonce

constexpr int try_alternate = 300, unauthorized = 401, mismatched = 437, stale_nonce = 438, quota_reached = 486,
              no_capacity = 508;
// Of the draft: expired credentials, a wrong MESSAGE-INTEGRITY, an unknown or wrong user name.
constexpr int refusals[] = {unauthorized, 430, 431, 436, 441};

allocation_state state_of(int code) {
    using enum allocation_state;
    if (std::ranges::find(refusals, code) != std::end(refusals)) return refused;
    if (code == quota_reached || code == no_capacity) return quota;
    // A relay that spreads its load: said only to those whose credentials were taken (RFC 8656, section 7.2).
    if (code == try_alternate) return not_tried;
    return code == mismatched ? mismatch : failed;
}

// Texts as they are in the standard dialect, the bytes behind them in Microsoft's.
std::optional<secret> in_form_of(stun::dialect of, const secret& came) {
    if (of == stun::dialect::standard) return came;
    auto decoded = sip::from_base64(came.reveal());
    if (!decoded || decoded->empty()) return std::nullopt;
    return secret(std::move(*decoded));
}

}  // namespace

turn_allocation::turn_allocation(std::optional<relay_credentials> of) : of_(std::move(of)) {}

stun::proof turn_allocation::proof() const { return {user_.reveal(), realm_, nonce_, key_.reveal()}; }

std::optional<stun::proof> turn_allocation::proof_if_any() const {
    if (key_.empty()) return std::nullopt;
    return proof();
}

std::vector<turn_allocation::message> turn_allocation::request() const {
    switch (at_) {
        case step::first:
            return {
                stun::allocate_request(stun::dialect::standard, id_),
                stun::allocate_request(stun::dialect::microsoft, other_id_)};
        case step::with_credentials: return {stun::allocate_request(dialect_, id_, proof())};
        case step::release: return {stun::release_request(dialect_, id_, proof_if_any(), sequence_)};
        case step::over: break;
    }
    return {};
}

std::vector<turn_allocation::message> turn_allocation::farewell() const {
    if (at_ != step::with_credentials) return {};
    return {stun::release_request(dialect_, farewell_id_, proof(), std::nullopt)};
}

std::optional<stun::response> turn_allocation::read(std::span<const unsigned char> came) const {
    if (at_ == step::over) return std::nullopt;
    const auto of_dialect = at_ == step::first ? stun::dialect::standard : dialect_;
    auto response = stun::parse(came, of_dialect, id_);
    if (!response && at_ == step::first) response = stun::parse(came, stun::dialect::microsoft, other_id_);
    if (!response) return std::nullopt;
    return std::move(*response);
}

void turn_allocation::take(std::span<const unsigned char> came) {
    const auto response = read(came);
    if (!response) return;
    switch (at_) {
        case step::first: return take_first(*response);
        case step::with_credentials: return take_proven(*response, came);
        case step::release: return take_release(*response);
        case step::over: return;
    }
}

void turn_allocation::take_first(const stun::response& said) {
    so_far_.first = said;
    dialect_ = said.dialect;
    sequence_ = said.sequence;
    if (said.success) {
        so_far_.allocation = state::open;
        return go_on(step::release);
    }
    if (!challenge(said)) return go_on(step::over);
    so_far_.allocation = state::asked;
    go_on(step::with_credentials);
}

bool turn_allocation::challenge(const stun::response& said) {
    const auto lacks = [this](std::string what) {
        so_far_.why_not = std::move(what);
        return false;
    };
    if (said.error_code != unauthorized) return lacks("the relay asks for no credentials");
    if (!of_) return lacks("there are no credentials");
    if (said.realm.empty() || said.nonce.empty()) return lacks("the relay names no realm, or no nonce");
    auto user = in_form_of(dialect_, of_->user), password = in_form_of(dialect_, of_->password);
    if (!user || !password) return lacks("the credentials are no Base64");
    if (user->reveal().size() > longest_user) return lacks("the user name is too long");
    secret key(stun::long_term_key(user->reveal(), said.realm, password->reveal()));
    if (key.empty()) return lacks("this system allows no MD5");
    user_ = std::move(*user);
    key_ = std::move(key);
    realm_ = said.realm;
    nonce_ = said.nonce;
    return true;
}

// A nonce may run out between two requests; a relay that never takes one is no better for being asked for ever.
bool turn_allocation::ask_again(const stun::response& said) {
    if (said.success || said.error_code != stale_nonce || said.nonce.empty() || so_far_.stale_once) return false;
    so_far_.stale_once = true;
    nonce_ = said.nonce;
    go_on(at_);
    return true;
}

void turn_allocation::take_proven(const stun::response& said, std::span<const unsigned char> came) {
    if (ask_again(said)) return;
    if (said.sequence) sequence_ = said.sequence;
    if (said.success) {
        so_far_.allocation = stun::is_proven(came, said, key_.reveal()) ? state::granted : state::unproven;
        return go_on(step::release);
    }
    so_far_.code = said.error_code;
    so_far_.allocation = state_of(said.error_code.value_or(0));
    if (said.error_code == try_alternate)
        so_far_.why_not = "the relay answers the credentials by leading to another one";
    go_on(step::over);
}

void turn_allocation::take_release(const stun::response& said) {
    if (ask_again(said)) return;
    so_far_.released = said.success;
    go_on(step::over);
}

void turn_allocation::go_on(step to) {
    at_ = to;
    id_ = stun::random_id();
}

}  // namespace ucsignin::auth
