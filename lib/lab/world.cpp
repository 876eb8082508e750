#include "lab/world.hpp"

#include <chrono>

#include "lab/front_end_news.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

// The pool's clock: certificates are good or expired by it.
std::int64_t now_of(const scenario& what) {
    const auto real = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(real).count() + what.pool.clock_offset_s;
}

std::int64_t after_days(std::int64_t now, double days) { return now + static_cast<std::int64_t>(days * 24 * 60 * 60); }

int version_number(const std::string& text) {
    if (text == "1.0") return TLS1_VERSION;
    if (text == "1.1") return TLS1_1_VERSION;
    if (text == "1.2") return TLS1_2_VERSION;
    return text == "1.3" ? TLS1_3_VERSION : 0;
}

certificate_order order_for(const service& at, const tls_fault& what, std::int64_t now) {
    certificate_order out{.names = at.names};
    if (!what.certificate) return out;
    const auto& wish = *what.certificate;
    out.profile = wish.profile;
    out.key = wish.key;
    out.common_name = wish.common_name;
    if (!wish.names.empty()) out.names = wish.names;
    if (wish.valid_from_days) out.not_before = after_days(now, *wish.valid_from_days);
    if (wish.valid_to_days) out.not_after = after_days(now, *wish.valid_to_days);
    return out;
}

std::vector<net::ip_address> addresses_of(const std::vector<service>& all) {
    std::vector<net::ip_address> out;
    for (const auto& one : all) out.push_back(one.meant.address);
    return out;
}

std::string_view protocol_of(const service& at) {
    return at.what == speaks::http ? "http" : at.what == speaks::https ? "https" : "sip";
}

}  // namespace

asked_server as_asked(const service& at, const std::string& name) {
    return {name.empty() ? own_name(at) : sip::lower(name), at.meant.port, std::string(protocol_of(at))};
}

issuers::issuers(const scenario& what)
    : certificates(std::make_shared<authority>(now_of(what), what.pool.sip_domain)),
      of_pool(certificates->make_pool_credentials("fe01." + what.pool.sip_domain)) {}

world::world(
    std::shared_ptr<const scenario> told, const lab_hosts& hosts, net::asio::any_io_executor executor,
    const issuers& by)
    : what(std::move(told)),
      log(std::make_shared<journal>()),
      received(std::make_shared<credential_record>()),
      present(std::make_shared<visitors>()),
      names(std::make_shared<zone>(*what, hosts)),
      services(list_services(*what, *names, hosts)),
      relays(list_relays(*what, hosts, addresses_of(services))),
      certificates(by.certificates),
      faults(what, names),
      tasks(std::move(executor)) {
    auto say = [to = log](std::string line) { to->say(std::move(line)); };
    pool = std::make_shared<pool_state>(what->pool, by.of_pool, std::move(say));
    pool->on_departure([of = pool.get()](const account& who, const std::string& epid) {
        tell_of_presence(*of, who, epid, {"state"});
    });
}

std::shared_ptr<SSL_CTX> world::context_for(const service& at, const tls_plan& plan) {
    auto& known = contexts_[net::to_string(at.meant) + " " + plan.key];
    if (known) return known;
    const context_options options{
        .min_version = version_number(plan.what.min_version),
        .max_version = version_number(plan.what.max_version),
        .ciphers = plan.what.ciphers,
        .small_dh_group = plan.what.small_dh_group,
        .request_client_certificate = plan.what.request_client_certificate,
        .require_client_certificate = plan.what.require_client_certificate,
        .acceptable_issuers = plan.what.acceptable_issuers,
        .client_certificate_came = [to = received, &at](const std::string& name) {
            to->note(as_asked(at, name), credential::certificate);
        }};
    known = make_context(certificates->issue(order_for(at, plan.what, pool->now())), options);
    return known;
}

}  // namespace ucsignin::lab
