#pragma once
// The rules. Each is a pure function over evidence that names one fault, or nothing. Two kinds: those that look at the
// whole case, and those that explain why one span failed (a table per node; the first that speaks is the cause).

#include <span>

#include "diagnosis/draft.hpp"

namespace ucsignin::diagnosis {

using case_rule = maybe (*)(const case_view&);
using span_rule = maybe (*)(const case_view&, const trace::span&);

// Whole-case rules of each subject, each speaking for itself.
[[nodiscard]] std::span<const case_rule> device_rules();  // adapters and routes
[[nodiscard]] std::span<const case_rule> name_rules();    // resolvers, hosts file, the system's own look-up
[[nodiscard]] std::span<const case_rule> proxy_rules();
[[nodiscard]] std::span<const case_rule> profile_rules();  // what was kept from an earlier sign-in
[[nodiscard]] std::span<const case_rule> clock_rules();
[[nodiscard]] std::span<const case_rule> dns_rules();         // what was not answered, or with "no"
[[nodiscard]] std::span<const case_rule> dns_record_rules();  // what the records say
[[nodiscard]] std::span<const case_rule> autodiscover_rules();
[[nodiscard]] std::span<const case_rule> kept_rules();     // how a registration ended or is limited
[[nodiscard]] std::span<const case_rule> warning_rules();  // what will matter later, or to another client

// Causes of a failed span, the most particular rule first.
[[nodiscard]] std::span<const span_rule> autodiscover_causes();
[[nodiscard]] std::span<const span_rule> tcp_causes();
[[nodiscard]] std::span<const span_rule> tls_causes();
[[nodiscard]] std::span<const span_rule> certificate_causes();
[[nodiscard]] std::span<const span_rule> revocation_causes();
[[nodiscard]] std::span<const span_rule> service_causes();
[[nodiscard]] std::span<const span_rule> web_service_causes();  // web_ticket and user_certificate
[[nodiscard]] std::span<const span_rule> registration_causes();
[[nodiscard]] std::span<const span_rule> provisioning_causes();

// Reservations about spans that went well; every rule is asked.
[[nodiscard]] std::span<const span_rule> connection_notes();
[[nodiscard]] std::span<const span_rule> path_notes();  // how good the way to the servers is
[[nodiscard]] std::span<const span_rule> registration_notes();
[[nodiscard]] std::span<const span_rule> provisioning_notes();
[[nodiscard]] std::span<const span_rule> address_book_notes();
[[nodiscard]] std::span<const span_rule> presence_notes();
[[nodiscard]] std::span<const span_rule> media_relay_notes();
[[nodiscard]] std::span<const span_rule> warning_notes();
[[nodiscard]] std::span<const span_rule> exchange_notes(const trace::span&);  // those that are about its node

// The contact list of who has it in Exchange: whether it was read there.
struct exchange_list {
    // not_shown: this program was not let in, or not now; of other clients that says nothing
    enum class state { not_asked, not_found, not_shown, failed, read };
    const trace::span* seen = nullptr;
    state now = state::not_asked;
    std::string why = {};
    bool was_asked = false;  // for the list itself, and answered
};
[[nodiscard]] exchange_list list_in_exchange(const case_view&);

// By its first name: one certificate for all services of the Edge has that of the access service there.
[[nodiscard]] bool names_other_edge_service(const trace::span* certificate);

// What a refusing SIP answer means, by its ms-diagnostics numbers and its status. Nothing for an answer that is no
// refusal. A log-in that our own caution kept from a server, at the step that wanted it.
[[nodiscard]] maybe withheld(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_refusal(const case_view&, const trace::span&);
// What the parameters beside the number of a refused log-in say, in a sentence; "" without any.
[[nodiscard]] std::string said_beside_number(const trace::span&);
// The code with which Windows ended a log-in, among those parameters: of an account's state, the clocks, the way to a
// domain controller; and that of session security.
[[nodiscard]] maybe explain_windows_code(const case_view&, const trace::span&);
[[nodiscard]] bool names_session_security(const trace::span&);
// What the registrar says to another log-in, where the way to a certificate is closed.
[[nodiscard]] maybe refused_all_the_same(const case_view&);
// The answer shows that the message was changed on its way.
[[nodiscard]] maybe explain_altered_message(const case_view&, const trace::span&);
// What on this PC itself kept a connection, or TLS, from coming up; asked before the network or the server is blamed.
[[nodiscard]] maybe explain_local_tcp(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_local_tls(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_missing_mechanism(const case_view&, const trace::span&);
// That it was not this PC, whose own versions are known, over which a handshake ended.
void offered_modern_versions(draft&, const case_view&);
// A server that a record or Autodiscover names, whose own name does not exist: a resolver that answers for such names
// hides that.
[[nodiscard]] maybe explain_made_up_address(const case_view&, const trace::span&);
// A connection by IPv4 while every IPv6 address of the host failed, on a PC that has IPv6.
[[nodiscard]] maybe explain_broken_ipv6(const case_view&, const trace::span&);
// The cause of a certificate that was refused, as far as x509_error and the names tell; for SIP and web servers.
[[nodiscard]] maybe explain_certificate(const case_view&, const trace::span&);
// Autodiscover leads to a host of another domain, by redirects or links.
[[nodiscard]] maybe explain_foreign_redirect(const case_view&, const trace::span&);
// Who else answered for Autodiscover over plain HTTP: a network's portal, the proxy of this PC. And a request that the
// server took, and did not answer to the end.
[[nodiscard]] maybe explain_answer_on_the_way(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_unanswered_request(const case_view&, const trace::span&);
// Such an answer may be anybody's on the way, unless the same host answers over TLS.
void tell_of_plain_http(const case_view&, const trace::span&, draft&);
// Names that look missing: what answers says that a filter keeps them back; lyncdiscover is an alias for one that is
// gone.
[[nodiscard]] maybe explain_kept_back_names(const case_view&);
[[nodiscard]] maybe explain_dead_alias(const case_view&);
// Autodiscover's links, spoilt on their way: what a failed span shows, and a link to plain HTTP.
[[nodiscard]] maybe explain_link(const case_view&, const trace::span&);
[[nodiscard]] maybe plain_http_link(const case_view&);
inline constexpr std::string_view let_redirects_name_what_clients_use =
    "Let redirects name what clients use: https and its port, or a path alone (X-Forwarded-Proto and -Port; with nginx "
    "absolute_redirect off).";
// An address of the inside that a web service, or a redirect before it, led to.
[[nodiscard]] maybe explain_inside_address(const case_view&, const trace::span&);
// "The certificate is ..., issued by ..."; "" where none was seen.
[[nodiscard]] std::string issued_by(const trace::span&);
// What is wrong with that certificate beside the first cause, each of it enough to refuse it.
[[nodiscard]] std::vector<finding> further_certificate_causes(
    const case_view&, const trace::span&, const finding& first);
// What a refusal of the web services says by its number (X-MS-diagnostics, a fault's ErrorId) or its text.
[[nodiscard]] maybe explain_web_number(const case_view&, const trace::span&);
// Whether a page comes from what stands before the pool, by who says that it speaks: a gateway's Server, words, reason
// phrase or Via. A page of IIS may be the pool's own.
[[nodiscard]] bool is_foreign_page(const trace::span&);
// The part of a sentence that says by what such a page is known; "" for all others.
[[nodiscard]] std::string foreign_voice(const trace::span&);
// Names what wrote such a page, and sends its admin there; leaves a finding about another answer as it is.
void blame_gateway(draft&, const trace::span&, std::string_view host, std::string_view paths);
// Who passed a request on, where an answer that is the pool's own says so: "nginx/1.22", or a Via; "" when nobody did.
[[nodiscard]] std::string gateway_on_the_way(const trace::span&);
[[nodiscard]] std::string gateway_on_the_way(const trace::values& of_a_step);
[[nodiscard]] bool looks_like_log_in(std::string_view url);
// A gate of the network, before web requests, that wants a log-on in the browser: by its status, or its page's name.
[[nodiscard]] maybe explain_network_gate(const case_view&, const trace::span&);
// A proxy that would connect and could not (5xx to CONNECT) is alive, and may be as innocent as it is not.
void tell_failed_connect(draft&, std::int64_t status, std::string_view target);
// What ended the TLS handshake with a web host; nothing where the handshake did not fail.
[[nodiscard]] maybe explain_web_tls(const case_view&, const trace::span&);
// TLS was up, and the request went unanswered, or its answer did not come to an end; the sentence that says so.
[[nodiscard]] bool tls_came_up(const trace::span&);
[[nodiscard]] std::string unfinished_answer(std::string_view host, bool silent);
inline constexpr const char* who_mends_unfinished = "reverse-proxy admin, SfB admin";
inline constexpr const char* mends_unfinished =
    "Ask the web services of a front end directly (port 4443). If they answer: see the reverse proxy's way to them and "
    "its time limits. If they do not: see their application pools and the event log.";
// A network that wants a log-on in the browser first: it answers plain HTTP in the place of others.
[[nodiscard]] maybe explain_captive_portal(const case_view&, const trace::span&);
// Servers at different addresses show one certificate that is issued for none of them.
[[nodiscard]] bool one_certificate_for_all(const case_view&);
// The name leads to an address that no server has: the answer of a DNS filter, whatever the connection ended in.
[[nodiscard]] maybe explain_filtered_name(const case_view&, const trace::span&);
// The cause of a failed span: the first rule of its table that speaks.
[[nodiscard]] maybe cause_of(const case_view&, const trace::span&);

}  // namespace ucsignin::diagnosis
