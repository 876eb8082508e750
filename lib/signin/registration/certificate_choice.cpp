// Pure, with the reasons in words: why a cached certificate was used or not, and why one port of the service was taken.
#include "signin/registration/certificate_choice.hpp"

#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::verdict;
using ticket = auth::service_port::ticket;

constexpr auto question = "The certificate of the last sign-in, or a new one?";
constexpr auto kept_one = "the kept certificate", new_one = "a new certificate";

std::string why_not(const auth::service_port& port, const auth::service_port* taken) {
    if (port.wants == ticket::none) return "it accepts no web ticket";
    if (taken && taken->wants == ticket::proof && port.wants == ticket::bearer)
        return "a ticket with proof of possession comes first";
    return "another one comes first";
}

}  // namespace

trace::decision decide_certificate(const kept_certificate& kept) {
    if (!kept) return {};
    if (!*kept)
        return decided(
            question, {{kept_one, verdict::failed, kept->error().detail},
                       {new_one, verdict::chosen, "the kept one can't be used"}});
    const auto until = trace::iso_time((*kept)->facts.not_after).substr(0, 10);
    return decided(
        question, {{kept_one, verdict::chosen, "it is this user's and good until " + until},
                   {new_one, verdict::not_tried, "the kept one is still good"}});
}

trace::decision decide_after_refusal(const std::string& why, bool connection_open) {
    return decided(
        question, {{kept_one, verdict::failed, "the server does not accept it: " + why},
                   {new_one, connection_open ? verdict::chosen : verdict::not_tried,
                    connection_open ? "the kept one was refused"
                                    : "the server closed the connection: it is left to the next sign-in"}});
}

const auth::service_port* choose_port(const auth::service_metadata& metadata) {
    if (const auto* port = metadata.find("CertProvisioningServiceWebTicketProof_SHA1")) return port;
    for (const auto wanted : {ticket::proof, ticket::bearer})
        for (const auto& port : metadata.ports)
            if (port.wants == wanted) return &port;
    return nullptr;
}

trace::decision decide_port(const auth::service_metadata& metadata, const auth::service_port* taken) {
    std::vector<trace::considered> options;
    for (const auto& port : metadata.ports) {
        if (&port != taken) options.push_back({port.name, verdict::passed_over, why_not(port, taken)});
        else
            options.push_back(
                {port.name, verdict::chosen,
                 port.wants == ticket::bearer ? "it accepts a ticket as it is, and none requires proof of possession"
                                              : "it accepts a ticket with proof of possession, as the client prefers"});
    }
    return decided("At which endpoint is the certificate requested?", std::move(options));
}

}  // namespace ucsignin::signin::registration
