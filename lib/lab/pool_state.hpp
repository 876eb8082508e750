#pragma once
// Everything that the pool remembers: tickets, certificates, registrations, presence, subscriptions, and which faults
// were played how often. One thread (the lab's). Times are seconds since 1970 by the pool's own clock.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/secret.hpp"
#include "lab/ntlm_acceptor.hpp"
#include "lab/pool_state_settings.hpp"
#include "lab/presence.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {

struct ticket {
    std::string id;        // AssertionID
    std::string user;      // address
    std::string audience;  // URL that it is for
    std::int64_t created = 0, expires = 0;
    auth::secret proof_key;
};

struct registration {
    std::string user, epid, instance, contact, call_id;
    std::string connection;  // the one that it came over last
    std::int64_t expires = 0;
};

// Where later notifications of an accepted subscription go.
struct subscription {
    std::string user, epid, event;
    std::string call_id, client,
        server;          // client and server: From and To values of the dialog, as the client wrote them
    std::string target;  // request URI: the client's Contact
    std::uint32_t sequence = 1;
    std::vector<std::string> about = {};  // of presence: whose
    std::function<void(sip::message)>
        send;  // signs and writes on the client's connection; does nothing once that is gone
};

class pool_state {
public:
    pool_state(pool_settings settings, pool_credentials credentials, std::function<void(std::string)> log);

    [[nodiscard]] const pool_settings& settings() const { return settings_; }
    [[nodiscard]] const pool_credentials& credentials() const { return credentials_; }
    [[nodiscard]] std::int64_t now() const;
    [[nodiscard]] std::int64_t real_now() const { return now() - settings_.clock_offset_s; }
    void say(std::string line) const;  // never a secret

    [[nodiscard]] const account* find_address(std::string_view address) const;  // with or without sip:
    [[nodiscard]] const account* find_login(std::string_view login) const;      // also by DOMAIN\user
    // As NTLM names it: DOMAIN and user, or a UPN as the user of an empty domain, or the UPN's two parts.
    [[nodiscard]] const account* find_windows_account(const std::string& domain, const std::string& user) const;
    [[nodiscard]] password_lookup windows_passwords() const;

    void keep(ticket issued);
    [[nodiscard]] const ticket* find_ticket(const std::string& id) const;
    [[nodiscard]] const auth::secret& ticket_key() const { return ticket_key_; }  // the pool's own, signs assertions

    // User certificates by SHA-256 fingerprint: what was published may sign in, and only as its owner.
    void publish_certificate(const std::string& fingerprint, const std::string& user);
    void revoke_certificate(const std::string& fingerprint);
    [[nodiscard]] std::optional<std::string> certificate_owner(const std::string& fingerprint) const;

    [[nodiscard]] presentity& presence_of(const account& who);
    // True when the binding is new.
    bool enroll(registration entry);
    void withdraw(const std::string& user, const std::string& epid);  // deregistered
    void withdraw_connection(const std::string& connection);          // it was lost: all that came over it
    // Whether the user has an endpoint, here or by the scenario.
    [[nodiscard]] bool is_present(const account& who) const;
    [[nodiscard]] bool was_present(const account& who) const {
        return is_present(who) || presence_.contains(who.address);
    }
    // Is told of each user whose endpoint (epid) went.
    void on_departure(std::function<void(const account&, const std::string&)> then) { departed_ = std::move(then); }
    // Null when there is none, or it has expired.
    [[nodiscard]] const registration* find_registration(const std::string& user, const std::string& epid) const;

    void subscribe(subscription accepted);  // replaces that of the same Call-ID
    bool unsubscribe(const std::string& call_id);
    [[nodiscard]] subscription* find_subscription(const std::string& call_id);
    [[nodiscard]] std::vector<subscription*> subscriptions_of(const std::string& user, std::string_view event);

    [[nodiscard]] std::vector<subscription*> subscriptions_about(const std::string& address);  // of presence

    [[nodiscard]] std::uint32_t next_connection() { return ++connections_ * 0x100; }  // an id for ms-received-cid

    // The fault to play now, if any; each call counts one request. `fits`: what else a rule asks for holds.
    [[nodiscard]] const sip_rule* play_sip(
        std::string_view method, std::string_view step, const std::function<bool(const sip_rule&)>& fits);
    [[nodiscard]] const soap_rule* play_soap(std::string_view service, std::string_view operation);

private:
    pool_settings settings_;
    pool_credentials credentials_;
    std::function<void(std::string)> log_;
    auth::secret ticket_key_;
    std::map<std::string, ticket> tickets_;
    std::map<std::string, std::string> certificates_;
    std::map<std::string, presentity> presence_;
    std::map<std::pair<std::string, std::string>, registration> registrations_;
    std::map<std::string, subscription> subscriptions_;
    std::function<void(const account&, const std::string&)> departed_;
    std::vector<int> sip_seen_, soap_seen_;
    std::uint32_t connections_ = 0;
};

// "sip:Alice@Contoso.example;x=y" -> "alice@contoso.example"
[[nodiscard]] std::string bare_address(std::string_view uri);

}  // namespace ucsignin::lab
