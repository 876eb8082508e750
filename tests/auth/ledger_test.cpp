#include "auth/ledger.hpp"

#include <catch2/catch.hpp>

using ucsignin::auth::ledger;
using protocol = ledger::protocol;

TEST_CASE("nothing is counted and everything allowed at first") {
    const ledger fresh;
    CHECK(fresh.uses() == 0);
    CHECK(fresh.refusals() == 0);
    CHECK(fresh.may_use(protocol::web_ticket));
}

TEST_CASE("uses that nobody refuses never run out") {
    ledger book;
    for (int i = 0; i < 20; ++i) book.used(protocol::web_ticket);
    book.used(protocol::exchange);
    CHECK(book.uses() == 21);
    CHECK(book.may_use(protocol::web_ticket));
    CHECK(book.may_use(protocol::sip));
}

TEST_CASE("after a refusal one more use is allowed, on another protocol") {
    ledger book;
    book.used(protocol::web_ticket);
    book.refused(protocol::web_ticket);
    CHECK_FALSE(book.may_use(protocol::web_ticket));
    CHECK(book.may_use(protocol::sip));
    book.used(protocol::sip);
    CHECK_FALSE(book.may_use(protocol::sip));
    CHECK_FALSE(book.may_use(protocol::kerberos));
    CHECK_FALSE(book.may_use(protocol::exchange));
}

TEST_CASE("after two refusals the password is not used again") {
    ledger book;
    book.used(protocol::web_ticket);
    book.used(protocol::sip);
    book.refused(protocol::web_ticket);
    book.refused(protocol::sip);
    CHECK(book.refusals() == 2);
    for (auto with : {protocol::web_ticket, protocol::sip, protocol::kerberos, protocol::exchange, protocol::proxy})
        CHECK_FALSE(book.may_use(with));
}
