#pragma once
// Autodiscover of Exchange in its order: the domain itself, autodiscover. under it, a redirect over plain HTTP, an SRV
// record (protocol 02, section 8.2). What a domain-joined PC asks before, Active Directory, is not asked.

#include <set>
#include <string>
#include <vector>

#include "signin/provisioning/mailbox.hpp"
#include "sip/exchange_autodiscover.hpp"

namespace ucsignin::signin::provisioning {

class mailbox_search {
public:
    struct service {
        net::http::url url;
        naming named;
    };
    mailbox_search(context& c, exchange_client& by, mailbox_seen& seen, net::deadline until)
        : c_(c), by_(by), seen_(seen), until_(until) {}

    // The web services of that mailbox, in the order in which to try them; none when they were not found.
    // `domain_named`: who named the address's domain, where it is not the SIP domain.
    [[nodiscard]] net::awaitable<std::vector<service>> find(std::string address, naming domain_named);

private:
    struct candidate {
        net::http::url url;
        naming named;
        bool only_redirects = false;  // over plain HTTP
        proof by = proof::any;
    };
    enum class ended { found, go_on, for_good };

    [[nodiscard]] net::awaitable<ended> try_in_order(naming domain_named);
    [[nodiscard]] net::awaitable<ended> walk(candidate from);
    [[nodiscard]] net::awaitable<ended> walk_to_srv();
    [[nodiscard]] bool wants_password_at(const candidate&) const;  // as nothing but itself, when it was asked last
    [[nodiscard]] net::awaitable<exchange_answer> ask(const candidate& at);
    [[nodiscard]] std::optional<candidate> follow(const candidate& at, exchange_answer& came, std::string_view to);
    [[nodiscard]] ended read(const candidate& at, exchange_answer& came, std::optional<candidate>& next);
    [[nodiscard]] ended take(
        const candidate& at, exchange_answer& came, const sip::exchange_autodiscover& document,
        std::optional<candidate>& next);
    [[nodiscard]] std::string domain() const;

    context& c_;
    exchange_client& by_;
    mailbox_seen& seen_;
    net::deadline until_;
    std::string address_, next_address_;
    naming next_named_;
    std::set<std::string> visited_;
    std::vector<service> found_;
};

}  // namespace ucsignin::signin::provisioning
