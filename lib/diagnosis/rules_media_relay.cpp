// The media relay: no credentials for it, credentials and no answer from here, or credentials that it does not take.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// -- no credentials --

constexpr std::string_view sfb_admin = "SfB admin", network_admin = "network admin";

// What reasonPhrase says (MS-AVEDGEA), and whether it leaves no other cause.
struct reason_row {
    std::string_view phrase, meaning, who, remedy;
    bool decides;
};
constexpr reason_row reasons[] = {
    {"Forbidden", "the relay service does not give this user, or this front end, credentials", sfb_admin,
     "Check that the pool is associated with this Edge (Get-CsService -EdgeServer) and that the A/V authentication "
     "certificate is the one published; allow the user external access.",
     true},
    {"Server Busy", "the relay service is overloaded", sfb_admin,
     "Sign in again later; check the load of the Edge and its A/V authentication service (RTCMRAUTH).", true},
    {"Version Mismatch", "the relay service takes another version of the request", sfb_admin,
     "Bring Edge and front ends to the same update.", true},
    {"Time Out", "the relay service did not get to an answer in time", sfb_admin,
     "Check the A/V authentication service (RTCMRAUTH) of the Edge and its load.", false},
    {"Internal Server Error", "the relay service failed", sfb_admin,
     "Read the event log of the Edge (LS MRAS Service); restart the A/V authentication service.", false},
};

const reason_row* row_of(const std::string& phrase) {
    const auto* at = std::ranges::find_if(
        reasons, [&](const reason_row& one) { return lower(one.phrase) == lower(phrase); });
    return at == std::end(reasons) ? nullptr : at;
}

draft about_credentials(const case_view& view, const span& s) {
    draft found(view, "mras-failed");
    found.seen(s).about(view.user).as(certainty::likely).not_because("prov-no-mras", "a relay service is named");
    return found.not_because("relay-unreachable", "there were no credentials to go on with");
}

maybe by_its_reason(const case_view& view, const span& s, const std::string& phrase) {
    const auto* known = row_of(phrase);
    auto found = about_credentials(view, s);
    found.title(fmt::format("The media relay service gives no credentials: {}", phrase));
    found.known_by(fmt::format(
        "It answered, with the reason '{}'{}{}.", phrase, known ? ": " : "",
        known ? known->meaning : std::string_view{}));
    if (known) found.remedy(std::string(known->who), std::string(known->remedy));
    if (known && known->decides) found.as(certainty::certain);
    return found.not_because("server-clock-skew", "the request was taken and judged").done();
}

bool not_routable(std::int64_t status, const std::vector<server_number>& numbers) {
    return status == 404 || status == 480 || find_number(numbers, {1003, 1005, 1007});
}
bool out_of_reach(std::int64_t status) { return status == 408 || status == 503 || status == 504; }

std::string in_words(const span& s, std::int64_t status, const std::vector<server_number>& numbers) {
    const auto reason = s.text(ev::sip_reason);
    auto words = status == 0 ? std::string("no answer")
                             : fmt::format("{}{}{}", status, reason.empty() ? "" : " ", reason);
    for (const auto& n : numbers) words += ", " + describe_number(n.header, n.id, n.reason);
    return words;
}

maybe by_the_way_there(const case_view& view, const span& s, std::int64_t status) {
    const auto numbers = server_numbers(s);
    const auto said = in_words(s, status, numbers);
    auto found = about_credentials(view, s);
    if (not_routable(status, numbers)) {
        found.title(fmt::format("The pool does not know the way to the media relay service: {}", said));
        found.known_by(
            "The address that provisioning names could not be routed: an Edge that is not in the topology, or "
            "not published, or no next hop to it.");
        found.remedy(
            std::string(sfb_admin),
            "Get-CsTopology: is the Edge there, and associated with the pool? Publish it, and wait for replication.");
    } else if (status == 0 || out_of_reach(status)) {
        found.title(fmt::format("The front end does not get the media relay service to answer: {}", said));
        found.known_by(
            "That is how it looks when the front end cannot reach port 5062 of the Edge's inner side, or does "
            "not take its certificate.");
    } else {
        found.title(fmt::format("The request for relay credentials is refused: {}", said));
        found.known_by(fmt::format("The request was answered with {}.", said));
        if (status == 403) found.remedy(std::string(sfb_admin), "Allow the user external access; follow the number.");
    }
    return found.done();
}

maybe no_credentials(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.media_relay") || s.branch != "refused") return {};
    const auto phrase = s.text(ev::mras_reason), unreadable = s.text(ev::body_error);
    const auto status = s.number(ev::sip_status).value_or(0);
    if (!phrase.empty() && lower(phrase) != "ok") return by_its_reason(view, s, phrase);
    const auto error = s.word(ev::sip_error);
    // A connection that ended, or a bug of the protocol, is told elsewhere.
    if (!error.empty() && !(error == "timed_out")) return {};
    if (!error.empty() || status >= 300) return by_the_way_there(view, s, status);
    auto found = about_credentials(view, s);
    found.known_by(unreadable.empty() ? s.summary + "." : fmt::format("The answer can't be read: {}.", unreadable));
    if (s.number(ev::relays) == 0 && !phrase.empty()) {
        found.title("The media relay service gives credentials, and names no relay");
        found.remedy(
            std::string(sfb_admin),
            "Check the external and internal A/V names of the Edge in the topology; publish it.");
    }
    return found.done();
}

// -- credentials, and no answer --

struct state_words {
    std::string_view state, words;
};
constexpr state_words dead_states[] = {{"silent", "no answer"},      {"timed_out", "no answer"},
                                       {"refused", "refused"},       {"unreachable", "unreachable"},
                                       {"reset", "reset"},           {"proxy", "not through the proxy"},
                                       {"no_address", "no address"}, {"not_tried", "not tried"}};

std::string_view words_for(std::string_view state) {
    const auto* at = std::ranges::find(dead_states, state, &state_words::state);
    return at == std::end(dead_states) ? state : at->words;
}

struct relay_state {
    std::string host, location, udp, tcp, dialect, allocation;
    std::int64_t udp_port = 0, tcp_port = 0, code = 0;

    [[nodiscard]] bool answers() const { return udp == "answers"; }
    [[nodiscard]] bool connects() const { return tcp == "connects"; }
    [[nodiscard]] bool falls_silent() const { return answers() && allocation == "silent"; }
    [[nodiscard]] bool grants_nothing() const {
        return allocation == "refused" || allocation == "quota" || allocation == "error";
    }
    [[nodiscard]] bool was_tried() const { return udp != "not_tried" || tcp != "not_tried"; }
    [[nodiscard]] std::string failures() const {
        if (udp == "no_address" || tcp == "no_address")
            if (!answers() && !connects()) return host + ": no address is found for the name";
        std::string words;
        if (!answers()) words = fmt::format("UDP {}: {}", udp_port, words_for(udp));
        if (falls_silent()) words = fmt::format("UDP {}: no answer once the credentials are shown", udp_port);
        if (!connects()) words += fmt::format("{}TCP {}: {}", words.empty() ? "" : ", ", tcp_port, words_for(tcp));
        return host + ": " + words;
    }
};

std::vector<relay_state> relays_of(const span& s) {
    std::vector<relay_state> all;
    for (const auto& one : s.together(ev::relay_host))
        all.push_back(
            {one.text(ev::relay_host), one.text(ev::relay_location), one.word(ev::relay_udp).str(),
             one.word(ev::relay_tcp).str(), one.word(ev::relay_dialect).str(), one.word(ev::relay_allocation).str(),
             one.number(ev::relay_udp_port).value_or(0), one.number(ev::relay_tcp_port).value_or(0),
             one.number(ev::relay_allocation_code).value_or(0)});
    return all;
}

maybe unreachable(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.media_relay") || (s.branch != "credentials_only" && s.branch != "answers")) return {};
    const auto relays = relays_of(s);
    std::vector<std::string> failures;
    std::string about;
    for (const auto& one : relays) {
        if (!one.was_tried() || (one.answers() && one.connects() && !one.falls_silent())) continue;
        if (about.empty()) about = one.host;
        failures.push_back(one.failures());
    }
    if (failures.empty()) return {};
    const bool none = s.branch == "credentials_only";
    draft found(view, "relay-unreachable");
    found.seen(s).about(about).with("host", about).as(none ? certainty::likely : certainty::possible);
    if (!none) {
        found.weigh(severity::info).title(fmt::format("The media relay {} answers in part only", about));
        found.remedy(
            std::string(network_admin),
            "Allow both from here: UDP is what calls sound best over, TCP 443 is what is left where UDP is closed.");
    }
    auto known = fmt::format("{}.", fmt::join(failures, "; "));
    const auto asked = s.word(ev::mras_asked_for).str(), told = lower(relays.front().location);
    if (!asked.empty() && !told.empty() && told != asked)
        known += fmt::format(" It is meant for {}, and was asked for {}.", told, asked);
    return found.known_by(std::move(known)).not_because("mras-failed", "credentials came").done();
}

// -- credentials, and a relay that does not take them --

std::string refusal_in_words(const relay_state& one) {
    const auto code = one.code > 0 ? fmt::format(" ({})", one.code) : std::string{};
    if (one.allocation == "refused") return fmt::format("{} does not accept them{}", one.host, code);
    if (one.allocation == "quota") return fmt::format("{} has no allocation left{}", one.host, code);
    return fmt::format("{} grants no allocation{}", one.host, code);
}

struct way_out {
    std::string_view who, remedy;
};

// By what the relay says: of the credentials' keys, of its room, or of neither (RFC 8656, section 18).
way_out way_out_of(const relay_state& one) {
    if (one.allocation == "quota")
        return {sfb_admin, "Check the quota of the relay: allocations that nobody gave back fill it."};
    if (one.allocation == "refused")
        return {
            sfb_admin,
            "Check that all servers of the Edge pool have the same A/V authentication certificate and the right time, "
            "and that this relay belongs to the service that gave the credentials."};
    if (one.code == 403) return {sfb_admin, "The relay's own rules forbid it: read its log for this address and user."};
    if (one.code == 440 || one.code == 442 || one.code == 443)
        return {sfb_admin, "The relay has no addresses of this kind for UDP: nothing is to be done where calls work."};
    return {sfb_admin, "Sign in again later; if it stays so, read the relay's own log for this error."};
}

std::string_view title_of(const relay_state& one) {
    if (one.allocation == "refused") return "The media relay {} does not take the credentials that came for it";
    return "The media relay {} grants no allocation, with credentials that came for it";
}

// Never certain: other keys at the relay, a clock that is wrong there, and, in Microsoft's dialect, an error of this
// program end in the same answer.
maybe not_taken(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.media_relay") || s.branch != "answers") return {};
    std::vector<relay_state> refusing;
    for (auto& one : relays_of(s))
        if (one.grants_nothing()) refusing.push_back(std::move(one));
    if (refusing.empty()) return {};
    std::string words;
    for (const auto& one : refusing) words += (words.empty() ? "" : "; ") + refusal_in_words(one);
    const auto& first = refusing.front();
    draft found(view, "mras-failed");
    found.seen(s).about(first.host).weigh(severity::warning);
    // Another error says nothing of the credentials, and a relay that answers may still carry calls over TCP.
    const bool clear = first.dialect == "standard" && first.allocation != "error";
    found.as(clear ? certainty::likely : certainty::possible);
    found.title(fmt::format(fmt::runtime(title_of(first)), first.host));
    found.known_by(fmt::format("Credentials came, and an allocation was asked for with them: {}.", words));
    const auto [who, remedy] = way_out_of(first);
    found.remedy(std::string(who), std::string(remedy));
    found.not_because("prov-no-mras", "a relay service is named, and gave credentials");
    return found.not_because("relay-unreachable", "the relay answers").done();
}

constexpr auto media_relay_note_table = std::to_array<span_rule>({no_credentials, unreachable, not_taken});

}  // namespace

std::span<const span_rule> media_relay_notes() { return media_relay_note_table; }

}  // namespace ucsignin::diagnosis
