#pragma once
// The server's side of NTLM for a scripted server: one exchange for each connection, as NTLM is bound to it.

#include <map>

#include "auth/http_acceptor.hpp"
#include "scripted_http.hpp"

namespace ucsignin::signin::testing {

class scripted_ntlm {
public:
    // `status`: 401 of a server, 407 of a proxy.
    scripted_ntlm(std::string host, int status) : host_(std::move(host)), status_(status) {}

    bool closes_between_legs = false, takes_it = true;
    http_reply accepted = reply_with(200);

    http_reply answer(const std::string& head, int connection) {
        const auto said = header_in(head, status_ == 401 ? "Authorization" : "Proxy-Authorization");
        const auto blank = said.find(' ');
        if (said.empty() || (!exchanges_.contains(connection) && !begin(connection))) return refusal({});
        const auto scheme = said.substr(0, blank);
        const auto step = exchanges_[connection]->step(said.substr(blank + 1));
        if (step && step->complete && takes_it) return accepted;
        if (!step || step->complete) return refusal(scheme);
        return reply_with(status_, challenge_header() + scheme + " " + step->token, closes_between_legs);
    }

private:
    [[nodiscard]] std::string challenge_header() const {
        return status_ == 401 ? "WWW-Authenticate: " : "Proxy-Authenticate: ";
    }
    [[nodiscard]] http_reply refusal(const std::string& scheme) const {
        return reply_with(status_, challenge_header() + (scheme.empty() ? "NTLM" : scheme));
    }
    bool begin(int connection) {
        auto made = auth::http_acceptor::make({{"alice@contoso.example", auth::secret("Pa$$word1")}}, "CONTOSO", host_);
        if (made) exchanges_[connection] = std::move(*made);
        return made.has_value();
    }
    std::string host_;
    int status_;
    std::map<int, std::unique_ptr<auth::http_acceptor>> exchanges_;
};

}  // namespace ucsignin::signin::testing
