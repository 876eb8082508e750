// The order is the desktop client's, also where it is odd: a diagnosis has to end where the client would. Servers named
// twice count where they stand first; the list is bounded.
#include "signin/discovery/candidates.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/limits.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::signin {

trace::ev::origin_word word_of(origin o) {
    static constexpr trace::ev::origin_word names[] = {"cache", "manual",     "autodiscover",
                                                       "srv",   "a_fallback", "redirect"};
    return names[static_cast<std::size_t>(o)];
}

}  // namespace ucsignin::signin

namespace ucsignin::signin::discovery {
namespace {

class list_builder {
public:
    void add(net::host_port server, origin from, naming named, std::string why) {
        const auto name = net::to_string(server);
        const auto known = std::ranges::find(out_.candidates, server, &candidate::server);
        if (known != out_.candidates.end()) {
            known->found_again = true;
            known->named.push_back(std::move(named));
            out_.decision.considered.push_back({name, trace::verdict::passed_over, why + ": in the list already"});
            return;
        }
        if (out_.candidates.size() == limits::candidates) {
            ++out_.left_out;
            return;
        }
        out_.candidates.push_back({server, from, why, {std::move(named)}});
        out_.decision.considered.push_back({name, trace::verdict::chosen, std::move(why)});
    }
    void pass_over(std::string option, std::string why) {
        out_.decision.considered.push_back({std::move(option), trace::verdict::passed_over, std::move(why)});
    }
    ordered finish() {
        out_.decision.question = "In what order would the client try?";
        if (out_.left_out > 0)
            pass_over(
                fmt::format("{} more", out_.left_out),
                fmt::format("the list ends after {} servers", limits::candidates));
        for (const auto& c : out_.candidates)
            out_.decision.chosen += (out_.decision.chosen.empty() ? "" : ", ") + c.name();
        return std::move(out_);
    }

private:
    ordered out_;
};

void add_manual(list_builder& list, const net::host_port& server) {
    if (server.port != 0) return list.add(server, origin::manual, naming::by_user(), "given by hand");
    // Without a port the client knows two: internal TLS and external TLS (protocol section 1.6).
    list.add({server.host, 5061}, origin::manual, naming::by_user(), "given by hand, internal TLS port");
    list.add({server.host, 443}, origin::manual, naming::by_user(), "given by hand, external TLS port");
}

// Protocol section 2.6: by AccessLocation; without it internal first.
void add_autodiscover(list_builder& list, const found& f) {
    const auto location = trace::lower(f.access_location);
    for (const auto& server : f.autodiscover_internal) {
        if (location == "external")
            list.pass_over(net::to_string(server), "internal address, and the server sees us outside");
        else list.add(server, origin::autodiscover, f.autodiscover_named, "Autodiscover, SipClientInternalAccess");
    }
    for (const auto& server : f.autodiscover_external) {
        if (location == "internal")
            list.pass_over(net::to_string(server), "external address, and the server sees us inside");
        else list.add(server, origin::autodiscover, f.autodiscover_named, "Autodiscover, SipClientExternalAccess");
    }
}

void add_srv(list_builder& list, const std::vector<net::dns::srv>& records, const std::string& record) {
    for (const auto& r : records) {
        if (r.target.empty()) list.pass_over(record, "its target is '.', which means that there is no such service");
        else
            list.add(
                {r.target, r.port}, origin::srv, naming::by_dns(record),
                fmt::format("SRV {}, priority {} weight {}", record, r.priority, r.weight));
    }
}

}  // namespace

ordered order_candidates(const found& f) {
    list_builder list;
    if (f.manual) {
        add_manual(list, *f.manual);
        return list.finish();
    }
    if (f.cached)
        list.add(*f.cached, origin::cache, {naming_way::cached, {}, false, {}}, "the server of the last sign-in");
    add_autodiscover(list, f);
    add_srv(list, f.srv_internal, "_sipinternaltls._tcp." + f.sip_domain);
    add_srv(list, f.srv_external, "_sip._tls." + f.sip_domain);
    if (f.sipinternal)
        list.add(
            {"sipinternal." + f.sip_domain, 5061}, origin::a_fallback, naming::by_dns("sipinternal." + f.sip_domain),
            "A record of sipinternal");
    if (f.sip) {
        // Inside, sip. is a front end on 5061; outside it is the Access Edge on 443, where 5061 is for other servers.
        const auto outer = [&] {
            if (f.vantage != vantage::inside)
                list.add(
                    {"sip." + f.sip_domain, 443}, origin::a_fallback, naming::by_dns("sip." + f.sip_domain),
                    "A record of sip, port outside");
        };
        if (f.guess == vantage::outside) outer();
        if (f.vantage != vantage::outside)
            list.add(
                {"sip." + f.sip_domain, 5061}, origin::a_fallback, naming::by_dns("sip." + f.sip_domain),
                "A record of sip, port inside");
        if (f.guess != vantage::outside) outer();
    }
    if (f.sipexternal)
        list.add(
            {"sipexternal." + f.sip_domain, 443}, origin::a_fallback, naming::by_dns("sipexternal." + f.sip_domain),
            "A record of sipexternal");
    return list.finish();
}

trace::decision decide_manual(const std::optional<net::host_port>& by_hand) {
    if (!by_hand) return {};
    return decided(
        "Where do the servers come from?",
        {{by_hand->port == 0 ? by_hand->host : net::to_string(*by_hand), trace::verdict::chosen, "given by hand"},
         {"discovery", trace::verdict::not_tried, "nothing is discovered when a server is given"}});
}

}  // namespace ucsignin::signin::discovery
