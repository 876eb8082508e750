#pragma once
// The user document (with a web ticket when one is wanted) and the domain document of Autodiscover.

#include "signin/discovery/autodiscover_fetch.hpp"

namespace ucsignin::signin::discovery {

// Where a root leads, and who said so.
struct root_found {
    std::string access_location;
    std::string user, domain;  // complete URLs, "" when the root names none
    naming says;
    trace::decision why;  // that this root was taken
};

struct servers_found {
    autodiscover_document document;
    naming says;  // what its servers' names rest on
};

// Why the domain document is read: there was no user document to read, none came of it, or it takes long.
[[nodiscard]] trace::decision decide_document(const root_found&, bool user_ended);

// The user document, which a web ticket may hold up; the domain document beside it when the other takes long, so that
// stage 2 ends in its share of the time. Without a user document the domain's servers still tell where the client could
// go.
[[nodiscard]] net::awaitable<std::optional<servers_found>> read_documents(
    context& c, root_found root, net::deadline until);

}  // namespace ucsignin::signin::discovery
