#pragma once
// The address book asked as a client asks: with the web ticket that is at hand for its server (protocol 02, section 8.7
// item 5). No password is used for it, and no new ticket asked for: where none is at hand, that is told.

#include <optional>
#include <string>
#include <vector>

#include "signin/base/context.hpp"
#include "signin/base/web_client.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

// What an address of the address book does with those who ask.
struct address_book_seen {
    ev::web_log_in_word what = "open";
    int ticket_status = 0;             // of the answer to the ticket, 0 when there was none
    std::string detail;                // for people, of what is not as it should be
    std::string led_to;                // a log-in page, or the ticket service that is not there
    std::vector<std::string> offered;  // schemes of the last 401

    // Whether the user gets nothing from there.
    [[nodiscard]] bool is_a_loss() const;
};

// A web service describes itself at /mex, to everybody; clients ask there first (section 7.1 of part 01).
[[nodiscard]] bool is_web_service(const net::http::url& address);

// An answer to a GET without credentials, before any ticket; "wants_log_in" is where a ticket is the next step.
// `described`: of a web service, whether its description came. Pure.
[[nodiscard]] address_book_seen judge_anonymous(const net::http::response& answer, std::optional<bool> described);
// An answer to the GET with a ticket; `first` is the one before it. Pure.
[[nodiscard]] address_book_seen judge_with_ticket(const net::http::response& answer, const net::http::response& first);

// `first` answered the GET of `address` without credentials, over TLS that proved the name. `named_by`: the server
// whose provisioning named the address.
[[nodiscard]] net::awaitable<address_book_seen> ask_address_book(
    context& c, net::http::url address, std::string named_by, net::http::response first, net::deadline until);

}  // namespace ucsignin::signin::provisioning
