#include "lab/pool_state.hpp"

#include <algorithm>
#include <chrono>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

// Counts this request for every rule that speaks of it; gives the first that is due.
template <class Rule, class Match>
const Rule* play(const std::vector<Rule>& rules, std::vector<int>& seen, const Match& matches) {
    const Rule* due = nullptr;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!matches(rules[i])) continue;
        const int number = ++seen[i];
        const bool in_time = number >= rules[i].nth && (rules[i].times == 0 || number < rules[i].nth + rules[i].times);
        if (in_time && !due) due = &rules[i];
    }
    return due;
}

bool same_login(std::string_view known, std::string_view given) {
    if (sip::same_word(known, given)) return true;
    const auto separator = given.find_first_of("\\/");
    const auto known_separator = known.find('\\');
    return separator != std::string_view::npos && known_separator != std::string_view::npos &&
           sip::same_word(known.substr(0, known_separator), given.substr(0, separator)) &&
           sip::same_word(known.substr(known_separator + 1), given.substr(separator + 1));
}

}  // namespace

std::string bare_address(std::string_view uri) {
    if (sip::same_word(uri.substr(0, 4), "sip:")) uri.remove_prefix(4);
    return sip::lower(sip::trim(uri.substr(0, uri.find(';'))));
}

pool_state::pool_state(pool_settings settings, pool_credentials credentials, std::function<void(std::string)> log)
    : settings_(std::move(settings)),
      credentials_(std::move(credentials)),
      log_(std::move(log)),
      ticket_key_(sip::random_hex(32)),
      sip_seen_(settings_.sip.size()),
      soap_seen_(settings_.soap.size()) {}

std::int64_t pool_state::now() const {
    const auto real = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(real).count() + settings_.clock_offset_s;
}

void pool_state::say(std::string line) const {
    if (log_) log_(std::move(line));
}

const account* pool_state::find_address(std::string_view address) const {
    const std::string wanted = bare_address(address);
    const auto found = std::find_if(settings_.users.begin(), settings_.users.end(), [&](const account& one) {
        return sip::same_word(one.address, wanted);
    });
    return found == settings_.users.end() ? nullptr : &*found;
}

const account* pool_state::find_login(std::string_view login) const {
    for (const auto& one : settings_.users)
        for (const auto& known : one.logins)
            if (same_login(known, login)) return &one;
    return find_address(login);
}

const account* pool_state::find_windows_account(const std::string& domain, const std::string& user) const {
    const account* who = find_login(domain.empty() ? user : domain + "\\" + user);
    return who || domain.empty() ? who : find_login(user + "@" + domain);
}

password_lookup pool_state::windows_passwords() const {
    return [this](const std::string& domain, const std::string& user) {
        const account* who = find_windows_account(domain, user);
        return who ? std::optional(who->password) : std::nullopt;
    };
}

void pool_state::keep(ticket issued) { tickets_.insert_or_assign(issued.id, issued); }

const ticket* pool_state::find_ticket(const std::string& id) const {
    const auto found = tickets_.find(id);
    return found == tickets_.end() ? nullptr : &found->second;
}

void pool_state::publish_certificate(const std::string& fingerprint, const std::string& user) {
    certificates_.insert_or_assign(fingerprint, bare_address(user));
}

void pool_state::revoke_certificate(const std::string& fingerprint) { certificates_.erase(fingerprint); }

std::optional<std::string> pool_state::certificate_owner(const std::string& fingerprint) const {
    const auto found = certificates_.find(fingerprint);
    return found == certificates_.end() ? std::nullopt : std::optional(found->second);
}

presentity& pool_state::presence_of(const account& who) {
    const auto known = presence_.find(who.address);
    if (known != presence_.end()) return known->second;
    presentity& made = presence_.emplace(who.address, presentity(who, now())).first->second;
    if (who.user_state > 0) made.set_user_state(who.user_state, now());
    return made;
}

bool pool_state::enroll(registration entry) {
    return registrations_.insert_or_assign(std::pair(entry.user, entry.epid), entry).second;
}

void pool_state::withdraw(const std::string& user, const std::string& epid) {
    if (registrations_.erase({user, epid}) == 0) return;
    std::erase_if(subscriptions_, [&](const auto& one) { return one.second.user == user && one.second.epid == epid; });
    const account* who = find_address(user);
    if (!who) return;
    presence_of(*who).drop_endpoint(epid, !is_present(*who), now());
    if (departed_) departed_(*who, epid);
}

bool pool_state::is_present(const account& who) const {
    return !who.endpoints.empty() || std::any_of(registrations_.begin(), registrations_.end(), [&](const auto& one) {
        return one.first.first == who.address;
    });
}

void pool_state::withdraw_connection(const std::string& connection) {
    std::vector<std::pair<std::string, std::string>> lost;
    for (const auto& [who, entry] : registrations_)
        if (entry.connection == connection) lost.push_back(who);
    for (const auto& [user, epid] : lost) withdraw(user, epid);
}

const registration* pool_state::find_registration(const std::string& user, const std::string& epid) const {
    const auto found = registrations_.find({user, epid});
    return found == registrations_.end() || found->second.expires <= now() ? nullptr : &found->second;
}

void pool_state::subscribe(subscription accepted) {
    const std::string id = accepted.call_id;
    subscriptions_.insert_or_assign(id, std::move(accepted));
}

bool pool_state::unsubscribe(const std::string& call_id) { return subscriptions_.erase(call_id) > 0; }

subscription* pool_state::find_subscription(const std::string& call_id) {
    const auto found = subscriptions_.find(call_id);
    return found == subscriptions_.end() ? nullptr : &found->second;
}

std::vector<subscription*> pool_state::subscriptions_of(const std::string& user, std::string_view event) {
    std::vector<subscription*> out;
    for (auto& [id, one] : subscriptions_)
        if (one.user == user && one.event == event) out.push_back(&one);
    return out;
}

std::vector<subscription*> pool_state::subscriptions_about(const std::string& address) {
    std::vector<subscription*> out;
    for (auto& [id, one] : subscriptions_)
        if (std::any_of(
                one.about.begin(), one.about.end(), [&](const auto& who) { return sip::same_word(who, address); }))
            out.push_back(&one);
    return out;
}

const sip_rule* pool_state::play_sip(
    std::string_view method, std::string_view step, const std::function<bool(const sip_rule&)>& fits) {
    return play(settings_.sip, sip_seen_, [&](const sip_rule& rule) {
        return sip::same_word(rule.method, method) && (rule.step.empty() || sip::same_word(rule.step, step)) &&
               fits(rule);
    });
}

const soap_rule* pool_state::play_soap(std::string_view service, std::string_view operation) {
    return play(settings_.soap, soap_seen_, [&](const soap_rule& rule) {
        return rule.service == service && (rule.operation.empty() || sip::same_word(rule.operation, operation));
    });
}

}  // namespace ucsignin::lab
