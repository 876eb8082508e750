#include "signin/provisioning/mailbox.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "signin/base/trust_trace.hpp"
#include "signin/provisioning/exchange_ask.hpp"
#include "signin/provisioning/mailbox_search.hpp"
#include "sip/lexical.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using step_word = ev::exchange_step_word;

constexpr std::int64_t day = 86400, slot = 900;

// Who was looked for, and how the address came to us.
struct looked_for {
    std::string sip_address, card_address, missed_since, server;
    [[nodiscard]] bool differ() const { return !card_address.empty() && !sip::same_word(card_address, sip_address); }
};

std::string domain_of(const std::string& address) { return sip::lower(address.substr(address.rfind('@') + 1)); }

// What is below the SIP domain is no other: there the client asks its user nothing.
bool is_in(const std::string& domain, const std::string& whole) {
    return domain == whole || domain.ends_with("." + whole);
}

ev::busy_word busy_of(char digit) {
    switch (digit) {
        case '0': return "free";
        case '1': return "tentative";
        case '2': return "busy";
        case '3': return "out_of_office";
        default: return "no_data";
    }
}

// Nothing that is asked next would fare better.
bool ends_all(ev::exchange_state_word state) {
    static constexpr std::array<std::string_view, 18> lasting{
        "no_mailbox", "dns",         "unreachable", "timed_out",     "tls",        "certificate",
        "proxy",      "wants_login", "forms",       "refused_login", "oauth_only", "withheld",
        "realm",      "page",        "not_found",   "held_back",     "unheard",    "unknown_scheme"};
    return std::ranges::find(lasting, state.word()) != lasting.end();
}

// Another address of the same services may be reached where this one is not, or leads to another server: those inside
// and outside differ. Exchange's own word is the same at all of them.
bool may_be_elsewhere(const exchange_step& step) {
    static constexpr std::array<std::string_view, 13> ways{
        "dns",   "unreachable", "timed_out", "tls",          "certificate", "page", "not_found",
        "forms", "redirect",    "forbidden", "server_error", "unreadable",  "proxy"};
    return step.code.empty() && std::ranges::find(ways, step.state.word()) != ways.end();
}

// A quota of this moment, or an error of it: the next request may find it over.
bool may_be_over(const exchange_step& step) {
    return step.state.word() == "server_error" || step.code.find("ErrorExceeded") != std::string::npos;
}

class inquiry {
public:
    inquiry(context& c, looked_for who)
        : c_(c),
          who_(std::move(who)),
          by_(std::make_shared<exchange_client>(c)),
          until_(c.until.sip()),
          now_(wall_clock(c)) {}

    net::awaitable<void> run() {
        seen.missed_since = who_.missed_since;
        seen.other_domain = who_.differ() && !is_in(domain_of(who_.card_address), c_.who.domain);
        co_await find();
        if (!services_.empty()) co_await ask_all();
        seen.cut_short = net::clock::now() >= until_;
        if (!services_.empty() && !seen.cut_short && !ends_all(seen.steps.back().state)) seen.way = way();
        seen.password_uses = c_.passwords.uses();
        seen.password_refused = c_.passwords.refused();
        seen.password_unjudged = c_.passwords.unjudged();
    }

    mailbox_seen seen;

private:
    // A covered server's word is as good as the server's own name; anybody's domain is DNS's word alone.
    [[nodiscard]] naming domain_named(const std::string& address) const {
        if (domain_of(address) == c_.who.domain) return naming::by_dns("autodiscover." + domain_of(address));
        return {naming_way::autodiscover, who_.server, false, covered_before(c_, who_.server)};
    }

    net::awaitable<void> find() {
        std::vector<std::string> addresses{who_.sip_address};
        if (who_.differ()) addresses.insert(addresses.begin(), who_.card_address);
        for (const auto& address : addresses) {
            mailbox_search search(c_, *by_, seen, until_);
            auto named = domain_named(address);
            services_ = co_await search.find(address, std::move(named));
            const auto* last = seen.step("autodiscover");
            if (!services_.empty() || by_->was_refused() || (last && last->state.word() == "no_mailbox")) break;
        }
        if (services_.empty() && !c_.options.exchange.empty() && !by_->was_refused()) add_typed_service();
    }

    void add_typed_service() {
        net::http::url url{"https", c_.options.exchange, 443, "/EWS/Exchange.asmx"};
        services_.push_back({std::move(url), {naming_way::typed_for_exchange, {}, false, {}}});
    }

    net::awaitable<void> ask_all() {
        std::optional<std::size_t> answered;  // by an address that the next one is no better than
        for (std::size_t i = 0; i < services_.size(); ++i) {
            current_ = i;
            co_await ask_for_calendar();
            const auto& step = seen.steps.back();
            if (!may_be_elsewhere(step)) break;
            if (step.status != 0 || !answered) answered = i;
        }
        if (may_be_elsewhere(seen.steps.back()) && answered && *answered != current_) tell_last(*answered);
        take_calendar();
        co_await ask_the_rest();
        const auto* calendar = seen.step("availability");
        const bool others_came = seen.out_of_office && seen.out_of_office->head.succeeded;
        if (!others_came || !may_be_over(*calendar)) co_return;
        co_await ask_for_calendar();
        take_calendar();
    }

    // What the one that answered said is what came of it.
    void tell_last(std::size_t service) {
        const auto tried = static_cast<std::ptrdiff_t>(current_ - service);
        const auto at = seen.steps.end() - 1 - tried;
        std::rotate(at, at + 1, seen.steps.end());
        current_ = service;
        seen.ews_url = services_[service].url.text();
    }

    net::awaitable<void> ask_for_calendar() {
        seen.ews_url = services_[current_].url.text();
        auto body = sip::ews::availability_request(
            seen.address, trace::iso_time(yesterday()), trace::iso_time(yesterday() + 4 * day - 1));
        seen.calendar = co_await ask("availability", std::move(body), sip::ews::parse_availability);
    }

    void take_calendar() {
        if (!seen.calendar) return;
        const auto at = static_cast<std::size_t>((now_ - yesterday()) / slot);
        if (seen.calendar->head.succeeded && at < seen.calendar->slots.size())
            seen.now = busy_of(seen.calendar->slots[at]);
        learn_version(seen.calendar->head);
    }

    [[nodiscard]] std::int64_t yesterday() const { return now_ / day * day - day; }

    void learn_version(const sip::ews::head& head) {
        if (head.version.empty()) return;
        seen.version = head.version;
        seen.release = head.release();
        major_ = head.major;
    }

    net::awaitable<void> ask_the_rest() {
        constexpr int with_conversations = 15;  // Exchange 2013
        if (ends_all(seen.steps.back().state)) co_return;
        auto body = sip::ews::out_of_office_request(seen.address);
        seen.out_of_office = co_await ask("out_of_office", std::move(body), sip::ews::parse_out_of_office);
        if (ends_all(seen.steps.back().state)) co_return;
        body = sip::ews::unread_voicemail_request();
        seen.voicemail = co_await ask("voicemail", std::move(body), sip::ews::parse_item_count);
        if (major_ != 0 && major_ < with_conversations) co_return add_unsupported();
        body = sip::ews::missed_request(seen.missed_since);
        seen.missed = co_await ask("missed", std::move(body), sip::ews::parse_item_count);
        body = sip::ews::contacts_request();
        seen.contacts = co_await ask("contacts", std::move(body), sip::ews::parse_contacts);
    }

    void add_unsupported() {
        for (const step_word what : {step_word("missed"), step_word("contacts")})
            seen.steps.push_back(not_in_this_version(what, seen.ews_url, seen.release));
    }

    [[nodiscard]] mailbox_way way() const {
        const auto& service = services_[current_];
        return {by_, service.url, service.named, until_};
    }

    template <class Answer>
    net::awaitable<std::optional<Answer>> ask(
        step_word what, std::string body, std::expected<Answer, sip::parse_error> (*parse)(std::string_view)) {
        auto to = way();
        auto came = co_await ask_exchange(std::move(to), what, std::move(body), parse);
        seen.steps.push_back(std::move(came.step));
        co_return std::move(came.answer);
    }

    context& c_;
    looked_for who_;
    std::shared_ptr<exchange_client> by_;
    net::deadline until_;
    std::int64_t now_;
    std::vector<mailbox_search::service> services_;
    std::size_t current_ = 0;
    int major_ = 0;
};

net::awaitable<std::shared_ptr<const std::any>> look(context& c, looked_for who) {
    inquiry into(c, std::move(who));
    co_await into.run();
    co_return std::make_shared<const std::any>(std::move(into.seen));
}

}  // namespace

const exchange_step* mailbox_seen::step(step_word what) const {
    const auto at = std::find_if(
        steps.rbegin(), steps.rend(), [&](const exchange_step& one) { return one.what == what; });
    return at == steps.rend() ? nullptr : &*at;
}

// What a server said, or did to a connection, says more than a name that does not exist, and a web site least of all:
// the domain itself is often one, so that only what Exchange alone would say counts there.
const exchange_step* mailbox_seen::telling_step() const {
    static constexpr std::array<std::string_view, 19> order{
        "no_mailbox", "refused_login",  "realm",       "oauth_only",  "error",    "withheld", "wants_login",
        "unheard",    "unknown_scheme", "certificate", "tls",         "proxy",    "forms",    "unreadable",
        "forbidden",  "server_error",   "timed_out",   "unreachable", "held_back"};
    constexpr auto said_by_exchange = 5;
    const auto at_the_domain = "//" + domain_of(address) + "/";
    const auto rank = [&](const exchange_step& one) {
        const auto place = std::ranges::find(order, one.state.word()) - order.begin();
        const bool may_be_a_site = (place >= said_by_exchange || one.scheme == "Basic") &&
                                   one.url.find(at_the_domain) != std::string::npos;
        return may_be_a_site ? std::ssize(order) : place;
    };
    const exchange_step* best = nullptr;
    for (const auto& one : steps)
        if (one.what.word() == "autodiscover" && (!best || rank(one) <= rank(*best))) best = &one;
    return best;
}

ev::exchange_state_word state_of_code(std::string_view code) {
    struct row {
        std::string_view code;
        ev::exchange_state_word means;
    };
    static constexpr row rows[] = {
        {"ErrorNonExistentMailbox", "no_mailbox"},
        {"ErrorMailRecipientNotFound", "no_mailbox"},
        {"ErrorMissingEmailAddress", "no_mailbox"},
        {"ErrorNoFreeBusyAccess", "denied"},
        {"ErrorMailboxLogonFailed", "denied"},
        {"ErrorAccessDenied", "denied"},
        {"ErrorFolderNotFound", "not_found"},
        {"ErrorItemNotFound", "not_found"},
        {"ErrorInvalidServerVersion", "unsupported"},
        {"ErrorIncorrectSchemaVersion", "unsupported"},
        {"ErrorSchemaValidation", "unsupported"},
        {"ErrorServerBusy", "server_error"},
        {"ErrorMailboxStoreUnavailable", "server_error"},
        {"ErrorInternalServerError", "server_error"},
        {"ErrorInternalServerTransientError", "server_error"},
        {"ErrorExceededConnectionCount", "server_error"},
        {"ErrorExceededFindCountLimit", "server_error"},
        {"ErrorConnectionFailed", "server_error"}};
    const auto named = code.substr(code.rfind(':') == std::string_view::npos ? 0 : code.rfind(':') + 1);
    for (const auto& one : rows)
        if (sip::same_word(one.code, named)) return one.means;
    return "error";
}

wish look_for_mailbox(const endpoint& me, const sip::roaming_self& self) {
    looked_for who{sip::without_scheme(me.sip_uri), {}, {}, me.server};
    if (self.card && self.card->email.find('@') != std::string::npos) who.card_address = self.card->email;
    if (trace::parse_iso_time(self.options.missed_seen)) who.missed_since = self.options.missed_seen;
    return look_for{[who](context& c) { return look(c, who); }};
}

}  // namespace ucsignin::signin::provisioning
