#include "signin/provisioning/address_book.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "auth/ticket_cache.hpp"
#include "net/challenges.hpp"
#include "signin/base/reading.hpp"
#include "signin/base/service_page.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/provisioning/exchange_web.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::provisioning {
namespace {

constexpr int unauthorized = 401, forbidden = 403, not_found = 404, not_allowed = 405, gone = 410;

std::vector<std::string> schemes_offered(const net::http::response& r) {
    std::vector<std::string> names;
    const auto lines = r.all("WWW-Authenticate");
    for (const auto& one : net::read_challenges(lines)) names.emplace_back(one.scheme);
    return names;
}

bool has_windows_scheme(const net::http::response& r) {
    return std::ranges::any_of(schemes_offered(r), [](const std::string& one) {
        return sip::same_word(one, "Negotiate") || sip::same_word(one, "NTLM");
    });
}

bool wants_ticket(const net::http::response& r) { return !r.header("X-MS-WebTicketURL").empty(); }

address_book_seen seen_as(ev::web_log_in_word what, std::string detail = {}) {
    address_book_seen out;
    out.what = what;
    out.detail = std::move(detail);
    return out;
}

// What stands before the address book, or in its place, is the same with and without a ticket.
std::optional<address_book_seen> something_else(const net::http::response& r) {
    const auto where = r.header("Location");
    if (r.status >= 300 && r.status < 400) {
        const bool log_in = is_log_in_page(where);
        auto out = log_in ? seen_as("login_page", "it leads to a page to log in at") : seen_as("redirected");
        out.led_to = where;
        return out;
    }
    if (r.status == 200 && is_log_in_page(r.body)) return seen_as("login_page", "a page to log in at came");
    if (r.status >= 500) return seen_as("server_error", fmt::format("it answers HTTP {}", r.status));
    return std::nullopt;
}

bool is_success(int status) { return status >= 200 && status < 300; }

net::http::request get() { return {}; }

// The ticket service that a 401 names is looked for, without credentials: whether tickets can be had there at all.
net::awaitable<address_book_seen> without_a_ticket(
    context& c, net::http::url address, naming named, net::http::response first, net::deadline until) {
    auto out = seen_as("not_asked");
    out.offered = schemes_offered(first);
    const auto service = net::http::parse_url(first.header("X-MS-WebTicketURL"));
    if (!service || !service->secure()) co_return out;
    const auto trust = decide_trust(c, address.host, named);
    naming says{naming_way::web_ticket_url, address.host, false, {}};
    if (trust) says.voucher = *trust;
    auto description = *service;
    description.target += "/mex";
    const std::string no_candidate;
    const auto page = co_await fetch_page(c, std::move(description), std::move(says), no_candidate, until);
    const auto metadata = co_await metadata_on(c, page);
    if (metadata) co_return out;
    out.what = "no_ticket_service";
    out.led_to = service->text();
    out.detail = fmt::format("it wants a ticket of {}, which can't be had: {}", out.led_to, metadata.error().what);
    co_return out;
}

}  // namespace

bool address_book_seen::is_a_loss() const {
    static constexpr std::array<std::string_view, 10> losses{
        "refused",   "windows_only", "no_ticket_service", "empty",        "not_found",
        "forbidden", "login_page",   "wants_log_in",      "server_error", "no_answer"};
    return std::ranges::find(losses, what.word()) != losses.end();
}

bool is_web_service(const net::http::url& address) {
    const auto path = sip::lower(address.target.substr(0, address.target.find('?')));
    return path.ends_with(".svc");
}

address_book_seen judge_anonymous(const net::http::response& answer, std::optional<bool> described) {
    if (auto other = something_else(answer)) return *other;
    if (answer.status == not_found || answer.status == gone)
        return seen_as("not_found", fmt::format("nothing is there: HTTP {}", answer.status));
    if (answer.status == forbidden) return seen_as("forbidden", "it refuses everybody who comes without a log-in: 403");
    if (answer.status == unauthorized) {
        auto out = seen_as("wants_log_in");
        if (described) out.detail = "its description, which is for everybody, wants a log-in";
        out.offered = schemes_offered(answer);
        return out;
    }
    if (!is_success(answer.status)) return seen_as("unclear");
    if (!described) return seen_as("open");
    return seen_as(*described ? ev::web_log_in_word("described") : ev::web_log_in_word("page"));
}

address_book_seen judge_with_ticket(const net::http::response& answer, const net::http::response& first) {
    constexpr std::string_view wrong_audience = "28077";  // part 01, section 7.10
    auto out = [&] {
        if (auto other = something_else(answer)) return *other;
        if (answer.status == not_found || answer.status == gone)
            return seen_as(
                "empty", fmt::format("nothing is there for who comes with the ticket: HTTP {}", answer.status));
        // Who is let in is judged before what is asked for: a GET, where a service may want POST.
        if (is_success(answer.status) || answer.status == not_allowed) return seen_as("accepted");
        if (answer.status != unauthorized && answer.status != forbidden) return seen_as("unclear");
        if (answer.header("X-MS-diagnostics").starts_with(wrong_audience)) return seen_as("other_audience");
        const bool takes_tickets = wants_ticket(answer) || wants_ticket(first);
        if (answer.status == unauthorized && !takes_tickets && has_windows_scheme(answer))
            return seen_as("windows_only", "it takes no ticket, only Windows log-in: HTTP 401");
        return seen_as("refused", fmt::format("it refuses the ticket: HTTP {}", answer.status));
    }();
    out.ticket_status = answer.status;
    if (answer.status == unauthorized) out.offered = schemes_offered(answer);
    return out;
}

net::awaitable<address_book_seen> ask_address_book(
    context& c, net::http::url address, std::string named_by, net::http::response first, net::deadline until) {
    std::optional<bool> described;
    if (is_web_service(address)) {
        const auto read = co_await read_beside(auth::parse_metadata, first.body, until);
        described = first.status == 200 && read;
    }
    auto seen = judge_anonymous(first, described);
    if (seen.what.word() != "wants_log_in" || described) co_return seen;
    naming named{naming_way::provisioning, named_by, false, covered_before(c, named_by)};
    const auto* ticket = c.tickets.find_for_host(address.host, wall_clock(c));
    if (!ticket) co_return co_await without_a_ticket(c, address, named, first, until);
    const auto trust = decide_trust(c, address.host, named);
    if (!trust) {
        note_withheld(c, trust.error(), "ticket");
        co_return seen_as("withheld");
    }
    credentials proof;
    proof.headers.emplace_back("X-MS-WebTicket", ticket->header_value());
    const auto came = co_await c.web.send(c, *trust, address, get(), std::move(proof), until);
    if (came.response) co_return judge_with_ticket(*came.response, first);
    co_return seen_as("no_answer", "no answer came to the request with a ticket: " + came.response.error().detail);
}

}  // namespace ucsignin::signin::provisioning
