// The order of strength of the ways, as data, and the reasons why each was passed over. The password itself is sent
// only where nothing stronger is offered, and only to names of the SIP domain.
#include "signin/base/ticket_way.hpp"

#include <array>
#include <string_view>

#include "signin/base/decision.hpp"

namespace ucsignin::signin {
namespace {

using trace::verdict;

struct known_port {
    std::string_view name, words;
    ticket_way::kind how;
};
// In the order in which they are taken.
constexpr std::array<known_port, 3> known{
    {{"WebTicketServiceWinNegotiate", "Windows log-in (Negotiate)", ticket_way::kind::windows},
     {"WebTicketServiceWinNtlm", "Windows log-in (NTLM)", ticket_way::kind::windows},
     {"WebTicketServiceAuth", "user name and password", ticket_way::kind::username}}};

const known_port* find(std::string_view name) {
    for (const auto& one : known)
        if (one.name == name) return &one;
    return nullptr;
}

std::optional<ticket_way> way_by(const auth::service_port* port) {
    if (!port) return std::nullopt;
    auto url = net::http::parse_url(port->location);
    if (!url || !url->secure()) return std::nullopt;
    return ticket_way{find(port->name)->how, port->name, std::move(*url)};
}

std::string option_of(const auth::service_port& port) {
    const auto* one = find(port.name);
    return one ? std::string(one->words) : port.name;
}

trace::considered passed_over(const auth::service_port& port, const std::optional<ticket_way>& taken) {
    const auto* one = find(port.name);
    const auto url = net::http::parse_url(port.location);
    std::string why;
    if (!one) why = "not a way that ucsignin supports";
    else if (!url || !url->secure()) why = "its address is not an https URL";
    else if (taken && taken->how == ticket_way::kind::windows && one->how == ticket_way::kind::username)
        why = "the password itself goes only where no stronger way is offered";
    else if (taken) why = std::string(find(taken->port)->words) + " comes before it";
    else why = "one that comes before it can't be used";
    return {option_of(port), verdict::passed_over, std::move(why)};
}

std::string why_taken(const ticket_way& taken) {
    return taken.how == ticket_way::kind::windows ? "the strongest way offered that does not send the password itself"
                                                  : "no stronger way is offered";
}

}  // namespace

std::optional<ticket_way> choose_ticket_way(const auth::service_metadata& metadata) {
    const auto* negotiate = metadata.find("WebTicketServiceWinNegotiate");
    auto windows = way_by(negotiate ? negotiate : metadata.find("WebTicketServiceWinNtlm"));
    return windows ? windows : way_by(metadata.find("WebTicketServiceAuth"));
}

std::optional<ticket_way> next_windows_way(const auth::service_metadata& metadata, const ticket_way& refused) {
    if (refused.port != known[0].name) return std::nullopt;
    auto next = way_by(metadata.find(known[1].name));
    return next && next->url.host == refused.url.host ? next : std::nullopt;
}

std::optional<withheld_way> withheld_from(
    const ticket_way& way, const trust_decision& trust, const std::string& sip_domain) {
    const bool password = way.how == ticket_way::kind::username;
    if (trust && (!password || trust->may_have_password())) return std::nullopt;
    using word = trace::ev::withheld_word;
    const auto what = password ? word("password") : word("ntlm");
    if (!trust) return withheld_way{what, trust.error()};
    return withheld_way{
        what,
        {way.url.host,
         {},
         "the service accepts only the password itself, which is sent only to names of " + sip_domain + " alone",
         way.url.host}};
}

trace::decision decide_ticket_way(
    const auth::service_metadata& metadata, const std::optional<ticket_way>& taken,
    const std::optional<withheld_way>& withheld) {
    std::vector<trace::considered> options;
    for (const auto& port : metadata.ports) {
        if (!taken || &port != metadata.find(taken->port)) options.push_back(passed_over(port, taken));
        else if (withheld)
            options.push_back(
                {option_of(port), verdict::passed_over,
                 "no credentials go to " + withheld->from.host + ": " + withheld->from.why});
        else options.push_back({option_of(port), verdict::chosen, why_taken(*taken)});
    }
    return decided("How is the ticket requested?", std::move(options));
}

trace::decision decide_next_windows_way(const std::string& refused) {
    return decided(
        "By which Windows log-in is the ticket requested?",
        {{std::string(known[0].words), verdict::failed, refused + ", before the password was asked for"},
         {std::string(known[1].words), verdict::chosen, "it comes next, and the password has not been judged"}});
}

trace::decision decide_kept_ticket(const std::string& kept_until) {
    return decided(
        "The earlier ticket, or a new one?",
        {{"the earlier ticket", verdict::chosen, "it is for the same service and good until " + kept_until},
         {"a new ticket", verdict::not_tried, "the earlier one is still good"}});
}

trace::decision decide_token_form(const std::string& refused) {
    return decided(
        "In which form does the token carry the password?",
        {{"Base64", verdict::failed, refused}, {"clear text", verdict::chosen, "Base64 was refused"}});
}

}  // namespace ucsignin::signin
