#pragma once
// Everything that the connections of one lab share. Used by the lab's thread alone, but for journal, record and
// visitors.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lab/authority.hpp"
#include "lab/credential_record.hpp"
#include "lab/fault_book.hpp"
#include "lab/journal.hpp"
#include "lab/pool_state.hpp"
#include "lab/relay.hpp"
#include "lab/scenario.hpp"
#include "lab/services.hpp"
#include "lab/visitors.hpp"
#include "lab/zone.hpp"
#include "net/task_group.hpp"

namespace ucsignin::lab {

// Who issues the certificates of a pool: takes longer to make than the rest of it, and several worlds may share one.
struct issuers {
    explicit issuers(const scenario&);
    std::shared_ptr<const authority> certificates;
    pool_credentials of_pool;
};

struct world {
    world(
        std::shared_ptr<const scenario> told, const lab_hosts& hosts, net::asio::any_io_executor executor,
        const issuers& by);

    std::shared_ptr<const scenario> what;
    std::shared_ptr<journal> log;
    std::shared_ptr<credential_record> received;
    std::shared_ptr<visitors> present;
    std::shared_ptr<const zone> names;
    std::vector<service> services;
    std::vector<relay_place> relays;  // over UDP
    std::shared_ptr<const authority> certificates;
    std::shared_ptr<pool_state> pool;
    fault_book faults;
    net::task_group tasks;  // every connection and what watches it

    // Certificates and contexts are made when they are first wanted. Client certificates go to the record.
    [[nodiscard]] std::shared_ptr<SSL_CTX> context_for(const service&, const tls_plan&);

private:
    std::map<std::string, std::shared_ptr<SSL_CTX>> contexts_;
};

// `name`: by which the client asked, "" when it named none.
[[nodiscard]] asked_server as_asked(const service&, const std::string& name);

}  // namespace ucsignin::lab
