#pragma once
// Media relays over a scripted network: what they answer, and a look at them.

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "signin/provisioning/driver.hpp"

namespace ucsignin::signin::provisioning::tests_of {

using signin::testing::context_fixture;

inline auth::relay_grant relays_named(std::vector<sip::media_relay> relays) {
    auth::relay_grant answer;
    answer.reason = "OK";
    answer.has_credentials = true;
    answer.relays = std::move(relays);
    return answer;
}

// In Base64: "user" and "password".
inline auth::relay_credentials known() { return {auth::secret("dXNlcg=="), auth::secret("cGFzc3dvcmQ=")}; }

inline std::vector<relay_seen> look(
    context_fixture& f, std::vector<sip::media_relay> relays,
    const std::optional<auth::relay_credentials>& by = known()) {
    auto granted_ones = relays_named(std::move(relays));
    granted_ones.credentials = by;
    const auto wanted = std::get<look_for>(look_at(granted_ones));
    const auto got = net::test::run(f.io, wanted.look(f.c));
    return std::any_cast<relays_seen>(got.get())->all;
}

struct network : context_fixture {
    network() : context_fixture(5) {
        names->addresses = {{"av.contoso.example", "192.0.2.30"}};
        dialer->answer = [this](const net::endpoint&) -> net::result<net::stream_ptr> {
            auto [mine, other] = net::make_memory_pair(io.get_executor());
            far.push_back(std::move(other));
            return std::move(mine);
        };
    }
    std::vector<net::stream_ptr> far;
};

inline net::datagram attribute(unsigned type, const std::string& value) {
    net::datagram out{
        static_cast<unsigned char>(type >> 8), static_cast<unsigned char>(type & 0xff), 0,
        static_cast<unsigned char>(value.size())};
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

// To a request in Microsoft's dialect; with the code 0 a success, which holds nothing.
inline net::datagram edge_answer(const net::datagram& request, int code, const std::string& nonce = "0a1b2c3d") {
    net::datagram out(request.begin(), request.begin() + 20);
    out[0] = 0x01;
    out[1] = static_cast<unsigned char>(request[1] | (code == 0 ? 0x00 : 0x10));
    const auto put = [&](const net::datagram& one) { out.insert(out.end(), one.begin(), one.end()); };
    put(attribute(0x000F, "\x72\xC6\x4B\xC6"));
    if (code > 0) put(attribute(0x0009, {0, 0, static_cast<char>(code / 100), static_cast<char>(code % 100)}));
    put(attribute(0x0015, "rtcmedia"));
    put(attribute(0x0014, nonce));
    out[3] = static_cast<unsigned char>(out.size() - 20);
    return out;
}

// An Edge that answers with these codes, one after the other, and then no more.
inline auto edge_that_says(std::vector<int> codes, std::vector<net::datagram>* came = nullptr) {
    return [codes, came](const net::endpoint&, net::datagram_question what) {
        net::datagram_outcome out;
        out.answered_ms = 12;
        for (const int code : codes) {
            if (came) came->push_back(what.forms.back());
            const auto answer = edge_answer(what.forms.back(), code, code == 438 ? "another" : "0a1b2c3d");
            if (!what.is_answer(answer)) break;
            out.answer = answer;
            what.forms = what.next(answer).forms;
            if (what.forms.empty()) return out;
        }
        if (came) came->push_back(what.forms.back());
        out.failed = net::error{net::fault::timed_out, "192.0.2.30:3478 is silent", 0};
        return out;
    };
}

// Alive, and takes whatever is shown.
inline net::datagram_outcome as_an_edge(const net::endpoint& to, const net::datagram_question& what) {
    return edge_that_says({401, 0, 0})(to, what);
}

inline relay_seen one_that_says(const std::vector<int>& codes) {
    network f;
    f.dialer->over_udp = edge_that_says(codes);
    return look(f, {{"internet", "av.contoso.example"}})[0];
}

}  // namespace ucsignin::signin::provisioning::tests_of
