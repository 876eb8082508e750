#pragma once
// The evidence registry: every fact that a trace may hold (those of stage 5 in evidence_provisioning.hpp). Names, kinds
// and units are a public interface.
// There is no name for a password, key, ticket, token or signature: what has no name cannot be noted.

#include "ucsignin/trace.hpp"

namespace ucsignin::trace::ev {

using enum value_kind;
using enum provenance;
using text_name = evidence_name<std::string>;
using whole_number = evidence_name<std::int64_t>;
using fraction = evidence_name<double>;
using flag = evidence_name<bool>;
// Words of our own: of each such name there are these and no others.
inline constexpr std::string_view fault_words[] = {"timed_out", "refused",   "unreachable", "reset",
                                                   "closed",    "cancelled", "protocol",    "tls_alert",
                                                   "not_found", "proxy",     "other"};
inline constexpr std::string_view http_faults[] = {"dns", "refused",     "timed_out", "unreachable", "reset",
                                                   "tls", "certificate", "proxy",     "protocol",    "closed"};
inline constexpr std::string_view proxy_faults[] = {"not_found", "refused", "timed_out", "unreachable", "reset"};
inline constexpr std::string_view pac_faults[] = {"not_found", "timed_out", "refused", "unreadable", "not_evaluated"};
inline constexpr std::string_view tls_faults[] = {"alert",    "reset",          "silent",  "closed",
                                                  "not_tls",  "version",        "cipher",  "client_certificate",
                                                  "weak_key", "weak_signature", "protocol"};
inline constexpr std::string_view kerberos_faults[] = {"no_ticket", "unknown_service", "clock_skew", "unreachable",
                                                       "expired",   "refused",         "timed_out"};
inline constexpr std::string_view cache_faults[] = {"unreadable", "corrupt",    "wrong_key",
                                                    "expired",    "unwritable", "stale"};
inline constexpr std::string_view steps[] = {"client_hello",    "finish", "challenge", "login",
                                             "ticket_metadata", "ticket", "metadata",  "issue"};
inline constexpr std::string_view origins[] = {"cache", "manual", "autodiscover", "srv", "a_fallback", "redirect"};
inline constexpr std::string_view namings[] = {"typed",        "typed_for_exchange", "dns",     "cached",
                                               "autodiscover", "web_ticket_url",     "sts_uri", "metadata",
                                               "redirect",     "provisioning"};
inline constexpr std::string_view covers[] = {"nothing", "log_in", "password"};
inline constexpr std::string_view withheld_words[] = {"certificate", "ntlm",   "kerberos",
                                                      "log_in",      "ticket", "password"};
inline constexpr std::string_view ticket_ways[] = {"ntlm", "negotiate", "username"};
inline constexpr std::string_view token_forms[] = {"base64", "clear"};
inline constexpr std::string_view password_sources[] = {"prompt", "file", "stdin", "lab", "none"};
inline constexpr std::string_view guid_forms[] = {"plain", "braces"};
inline constexpr std::string_view services[] = {"sfb", "sip", "http", "other"};
inline constexpr std::string_view route_families[] = {"ipv4", "ipv6"};
inline constexpr std::string_view revocation_ways[] = {"crl", "ocsp"};
inline constexpr std::string_view revocation_states[] = {"good", "revoked", "unreachable", "unreadable", "expired"};
inline constexpr std::string_view signature_words[] = {"valid", "invalid", "missing"};
inline constexpr std::string_view user_cert_words[] = {
    "unreadable", "wrong_key", "wrong_subject", "not_yet_valid", "expired"};
inline constexpr std::string_view adapter_kinds[] = {"ethernet", "wifi", "tunnel", "virtual", "loopback", "other"};
inline constexpr std::string_view link_words[] = {"up", "no_link", "down"};
inline constexpr std::string_view dns_states[] = {"records", "NODATA",     "NXDOMAIN",  "SERVFAIL",
                                                  "REFUSED", "timeout",    "malformed", "unreachable",
                                                  "other",   "cname_loop", "no_answer"};
inline constexpr std::string_view vantages[] = {"inside", "outside", "unsure"};
inline constexpr std::string_view address_marks[] = {"link_local", "host", "temporary", "deprecated", "tentative"};
using fault_word = code_word<fault_words>;
using http_fault_word = code_word<http_faults>;
using proxy_fault_word = code_word<proxy_faults>;
using pac_fault_word = code_word<pac_faults>;
using tls_fault_word = code_word<tls_faults>;
using kerberos_fault_word = code_word<kerberos_faults>;
using cache_fault_word = code_word<cache_faults>;
using step_word = code_word<steps>;
using origin_word = code_word<origins>;
using naming_word = code_word<namings>;
using cover_word = code_word<covers>;
using withheld_word = code_word<withheld_words>;
using token_form_word = code_word<token_forms>;
using ticket_way_word = code_word<ticket_ways>;
using service_word = code_word<services>;
using route_family_word = code_word<route_families>;
using revocation_way_word = code_word<revocation_ways>;
using revocation_state_word = code_word<revocation_states>;
using adapter_kind_word = code_word<adapter_kinds>;
using link_word = code_word<link_words>;
using dns_state_word = code_word<dns_states>;
using vantage_word = code_word<vantages>;

// clang-format off
// -- the candidate that a span belongs to; on every span of stages 3 to 5 ------------------------------------------
inline constexpr text_name candidate{{"ucsignin.candidate", host, ours, "", "the server this step belongs to, host:port"}};
inline constexpr whole_number candidate_rank{{"ucsignin.candidate.rank", number, ours, "", "its place in the client's order, 1 is first"}};
inline constexpr evidence_name<code_word<origins>> candidate_origin{{"ucsignin.candidate.origin", code, ours, "", "autodiscover, srv, a_fallback, manual, redirect, cache"}};
inline constexpr whole_number candidates_left_out{{"ucsignin.candidates.left_out", number, ours, "", "servers that were named as well and are not tried"}};
inline constexpr flag candidate_trusted{{"ucsignin.candidate.trusted", code, ours, "", "whether the trust rule covers the name, so that credentials may go there"}};

// -- stage 1 --------------------------------------------------------------------------------------------------------
inline constexpr text_name adapter_name{{"host.adapter.name", text, system, "", "network adapter; in a group with what is known of it"}};
inline constexpr evidence_name<code_word<link_words>> adapter_link{{"host.adapter.link", code, system, "", "up, no_link (no cable, no Wi-Fi) or down (switched off)"}};
inline constexpr evidence_name<code_word<adapter_kinds>> adapter_kind{{"host.adapter.kind", code, system, "", "ethernet, wifi, tunnel, virtual, loopback, other"}};
inline constexpr text_name adapter_ip{{"host.adapter.ip", address, system, "", "an address of the adapter; in a group with its name"}};
inline constexpr whole_number adapter_ip_prefix{{"host.adapter.ip.prefix", number, system, "bits", "how much of it is the network's"}};
inline constexpr evidence_name<code_word<address_marks>> adapter_ip_mark{{"host.adapter.ip.mark", code, system, "", "link_local, host (for this PC alone), temporary, deprecated, tentative"}};
inline constexpr whole_number adapter_mtu{{"host.adapter.mtu", number, system, "bytes", "largest packet"}};
inline constexpr flag adapter_default_route{{"host.adapter.default_route", code, system, "", "whether the default route leaves here"}};
inline constexpr text_name adapter_unusable{{"host.adapter.unusable", text, ours, "", "why the adapter can't be used"}};
inline constexpr whole_number adapter_metric{{"host.adapter.default_route.metric", number, system, "", "of its default route; in a group with its name and network.type"}};
inline constexpr flag adapter_tunnel{{"host.adapter.tunnel", code, system, "", "whether a tunnel carries the connection"}};
inline constexpr text_name leased_sip_server{{"dhcp.lease.sip_server", host, server, "", "a SIP server that a DHCP lease names (option 120, RFC 3361); in a group with the file"}};
inline constexpr text_name lease_file{{"dhcp.lease.file", text, system, "", "where the lease stands"}};
inline constexpr text_name source_address{{"source.address", address, system, "", "the address that packets to the server leave from"}};
inline constexpr evidence_name<code_word<route_families>> route_family{{"network.type", code, ours, "", "ipv4 or ipv6"}};
inline constexpr text_name route_target{{"host.route.target", address, ours, "", "an address to which a route was sought; in a group with what was found"}};
inline constexpr text_name route_error{{"host.route.error.text", text, system, "", "why there is no route"}};
inline constexpr text_name route_errno{{"host.route.errno", code, system, "", "the system's error code for it: ENETUNREACH, EPERM, EACCES, ..."}};
inline constexpr text_name audio_device{{"host.audio.device", text, system, "", "an audio device"}};
inline constexpr text_name audio_default{{"host.audio.default", text, system, "", "the default device"}};
inline constexpr whole_number audio_volume{{"host.audio.volume", number, system, "%", "volume of the default device"}};
inline constexpr flag audio_muted{{"host.audio.muted", code, system, "", "whether the default device is muted"}};
inline constexpr text_name camera{{"host.camera", text, system, "", "a camera"}};
inline constexpr fraction clock_skew{{"host.clock.skew", number, ours, "s", "server's Date minus this PC's clock"}};
inline constexpr fraction clock_error{{"host.clock.skew_error", number, ours, "s", "how far off that figure may be"}};
inline constexpr text_name clock_source{{"host.clock.source", host, ours, "", "whose Date header"}};
inline constexpr flag clock_kept{{"host.clock.source_kept", code, ours, "", "the answer with that Date may come out of a cache: the clock shows this time or a later one"}};
inline constexpr text_name clock_utc{{"host.clock.utc", time, system, "", "this PC's clock when the run began"}};
inline constexpr evidence_name<code_word<guid_forms>> machine_guid{{"host.machine_guid.form", code, system, "", "plain or braces: how Windows' MachineGuid is written"}};
inline constexpr text_name resolver{{"dns.resolver", address, system, "", "a configured resolver"}};
inline constexpr flag resolver_answered{{"dns.resolver.answered", code, ours, "", "whether that resolver answered; in a group with its address"}};
inline constexpr evidence_name<code_word<dns_states>> resolver_state{{"dns.resolver.state", code, ours, "", "state of its answer"}};
inline constexpr fraction resolver_ms{{"dns.resolver.time", number, ours, "ms", "question to answer"}};
inline constexpr text_name search_suffix{{"dns.search_suffix", host, system, "", "a suffix that the system appends to names"}};
inline constexpr text_name nat64_prefix{{"dns.nat64", address, server, "", "an IPv6 address that the resolver makes up for ipv4only.arpa (RFC 7050): NAT64 is there"}};
inline constexpr text_name nss_name{{"host.nss.name", host, ours, "", "a name that the system's own look-up (getaddrinfo) was asked for; in a group with an address"}};
inline constexpr text_name nss_answer{{"host.nss.answer", address, system, "", "an address that it gave"}};
inline constexpr whole_number hosts_line{{"host.hosts.line", number, system, "", "number of a line of the hosts file that touches the sign-in; in a group with what it says"}};
inline constexpr text_name hosts_address{{"host.hosts.address", address, system, "", "the address that the line gives"}};
inline constexpr text_name hosts_name{{"host.hosts.name", host, system, "", "to this name"}};
inline constexpr flag hosts_differs{{"host.hosts.differs", code, ours, "", "whether DNS says other than the line"}};
inline constexpr text_name hosts_dns{{"host.hosts.dns", address, server, "", "what DNS says, where it differs; none when it has no address for the name"}};
inline constexpr text_name proxy{{"proxy.url", url, system, "", "the proxy, without credentials"}};
inline constexpr text_name proxy_source{{"proxy.source", text, system, "", "who said so"}};
inline constexpr evidence_name<code_word<proxy_faults>> proxy_fault{{"proxy.error", code, ours, "", "not_found, refused, timed_out, unreachable, reset"}};
inline constexpr text_name pac_url{{"proxy.pac.url", url, system, "", "where the PAC script lies"}};
inline constexpr text_name pac_host{{"proxy.pac.host", host, ours, "", "a name that the PAC script was asked for; in a group with its answer"}};
inline constexpr text_name pac_answer{{"proxy.pac.answer", text, ours, "", "PROXY host:port, DIRECT, ..."}};
inline constexpr evidence_name<code_word<pac_faults>> pac_fault{{"proxy.pac.error", code, ours, "", "not_found, timed_out, refused, unreadable, not_evaluated"}};
inline constexpr fraction pac_ms{{"proxy.pac.time", number, ours, "ms", "time until the script had been fetched and evaluated"}};
inline constexpr text_name wpad{{"proxy.wpad", host, system, "", "the name by which WPAD was found"}};
inline constexpr whole_number trust_roots{{"tls.trust.roots", number, system, "", "root certificates loaded"}};
inline constexpr text_name trust_file{{"tls.trust.file", text, user, "", "a file of further roots"}};
inline constexpr text_name trust_error{{"tls.trust.error", text, ours, "", "why roots could not be read"}};
inline constexpr text_name tls_local_lowest{{"tls.local.lowest", code, system, "", "lowest TLS version that this PC's TLS library is allowed to use"}};
inline constexpr text_name tls_local_highest{{"tls.local.highest", code, system, "", "highest"}};
inline constexpr text_name cache_file{{"ucsignin.cache.file", text, user, "", "a file of the cache"}};
inline constexpr evidence_name<code_word<cache_faults>> cache_fault{{"ucsignin.cache.error", code, ours, "", "unreadable, corrupt, wrong_key, expired, unwritable, stale"}};
inline constexpr text_name cache_written_at{{"ucsignin.cache.written_at", time, ours, "", "when the cache was written"}};
inline constexpr evidence_name<code_word<password_sources>> password_source{{"ucsignin.credentials.source", code, user, "", "prompt, file, stdin, lab or none"}};

// -- a second look, by another way, at what stayed open (stages 2 to 4) ----------------------------------------------
inline constexpr text_name probe_kind{{"ucsignin.probe", code, ours, "", "the other way of asking: checking_disabled, authoritative, no_sni, tls_1_2, ..."}};
inline constexpr text_name probe_of{{"ucsignin.probe.of", host, ours, "", "the name, record or server that it looks at"}};
inline constexpr text_name probe_result{{"ucsignin.probe.result", code, ours, "", "what came of it; the words depend on the probe"}};
inline constexpr text_name probe_dns_name{{"ucsignin.probe.dns.name", host, ours, "", "a name that the look asked for; in a group with the answer, and with who answered where several were asked"}};
inline constexpr text_name probe_dns_type{{"ucsignin.probe.dns.type", code, ours, "", "A, AAAA, SRV"}};
inline constexpr evidence_name<code_word<dns_states>> probe_dns_state{{"ucsignin.probe.dns.state", code, ours, "", "as dns.response.state; of several questions the state that tells most, or cname_loop"}};
inline constexpr text_name probe_dns_data{{"ucsignin.probe.dns.data", text, server, "", "what a record says"}};
inline constexpr text_name probe_dns_alias{{"ucsignin.probe.dns.alias", host, server, "", "where the name leads, alias by alias"}};
inline constexpr text_name probe_dns_server{{"ucsignin.probe.dns.server", host, server, "", "one of the zone's own name servers; in a group with its address and what it said"}};
inline constexpr text_name probe_dns_server_address{{"ucsignin.probe.dns.server.address", address, ours, "", "where it was asked"}};
inline constexpr text_name probe_try{{"ucsignin.probe.try", code, ours, "", "what came of one try of several; in a group with the port, source address or URL that was tried"}};

// -- stage 2 --------------------------------------------------------------------------------------------------------
inline constexpr text_name sip_domain{{"sip.domain", host, ours, "", "the part of the address after @"}};
inline constexpr text_name dns_name{{"dns.question.name", host, ours, "", "the name that was asked for"}};
inline constexpr text_name dns_type{{"dns.question.type", code, ours, "", "A, AAAA, SRV, ..."}};
inline constexpr evidence_name<code_word<dns_states>> dns_answer_state{{"dns.response.state", code, ours, "", "records, NODATA, NXDOMAIN, SERVFAIL, REFUSED, timeout, malformed, unreachable; in a group with the type"}};
inline constexpr text_name dns_answer_rcode{{"dns.response.rcode", code, server, "", "as IANA spells it; in a group with the type"}};
inline constexpr text_name dns_record_type{{"dns.answer.type", code, server, "", "a record's; in a group with life and data"}};
inline constexpr whole_number dns_record_ttl{{"dns.answer.ttl", number, server, "s", "how long it may be kept"}};
inline constexpr text_name dns_record_data{{"dns.answer.data", text, server, "", "what it says"}};
inline constexpr text_name dns_server{{"dns.answer.srv.target", host, server, "", "a server that an SRV record names; in a group with its address's state"}};
inline constexpr evidence_name<code_word<dns_states>> dns_server_state{{"dns.answer.srv.target.state", code, ours, "", "state of the answer for that address"}};
inline constexpr whole_number dns_srv_priority{{"dns.answer.srv.priority", number, server, "", "in a group with host:port of the SRV record"}};
inline constexpr whole_number dns_srv_weight{{"dns.answer.srv.weight", number, server, "", "in a group with host:port of the SRV record"}};
inline constexpr whole_number dns_records_left_out{{"ucsignin.dns.records.left_out", number, ours, "", "records of one answer that were not looked at; in a group with the type"}};
inline constexpr whole_number dns_records_in_all{{"ucsignin.dns.records", number, ours, "", "how many it had"}};
inline constexpr whole_number dns_ede_code{{"dns.extended_error.code", number, server, "", "info code (RFC 8914); in a group with the type"}};
inline constexpr text_name dns_ede_text{{"dns.extended_error.text", text, server, "", "its text"}};
inline constexpr text_name dns_address{{"dns.answer.address", address, server, "", "an address that the name leads to"}};
inline constexpr text_name dns_cname{{"dns.answer.cname", host, server, "", "a CNAME on the way"}};
inline constexpr text_name dns_target{{"dns.answer.srv", host, server, "", "host:port of an SRV record"}};
inline constexpr text_name dns_resolver{{"dns.answer.resolver", address, ours, "", "who answered"}};
inline constexpr fraction dns_latency{{"dns.latency", number, ours, "ms", "question to answer; in a group with the type"}};
inline constexpr text_name dns_zone{{"dns.zone", host, server, "", "the zone that a negative answer named"}};
inline constexpr flag dns_truncated{{"dns.truncated", code, server, "", "the UDP answer was truncated, and the question was asked again over TCP"}};
inline constexpr whole_number dns_retransmissions{{"dns.retransmissions", number, ours, "", "how often the question was sent again"}};
inline constexpr flag dns_cname_loop{{"dns.answer.cname_loop", code, ours, "", "the CNAME chain goes in a circle, or does not end"}};
inline constexpr whole_number dns_negative_ttl{{"dns.negative_ttl", number, server, "s", "how long the resolver keeps the negative answer (RFC 2308)"}};
inline constexpr text_name http_url{{"url.full", url, ours, "", "what was asked for"}};
inline constexpr whole_number http_status{{"http.response.status_code", number, server, "", "HTTP status (RFC 9110 15)"}};
inline constexpr text_name http_type{{"http.response.header.content-type", text, server, "", "media type of the answer"}};
inline constexpr text_name http_server{{"http.response.header.server", text, server, "", "what the web server calls itself"}};
inline constexpr text_name http_authenticate{{"http.response.header.www-authenticate", text, server, "", "a scheme that was offered"}};
inline constexpr text_name http_date{{"http.response.header.date", time, server, "", "the server's clock"}};
inline constexpr text_name http_error{{"http.error", text, ours, "", "why there was no answer"}};
inline constexpr evidence_name<code_word<http_faults>> http_fault{{"http.error.kind", code, ours, "", "dns, refused, timed_out, unreachable, reset, tls, certificate, proxy, protocol, closed"}};
inline constexpr text_name http_location{{"http.response.header.location", url, server, "", "where an HTTP redirect leads"}};
inline constexpr text_name http_reason{{"http.response.reason", text, server, "", "the reason phrase of a refusal"}};
inline constexpr text_name http_correlation{{"http.response.header.x-ms-correlation-id", text, server, "", "identifies this request in the server's own log"}};
inline constexpr text_name http_server_name{{"http.response.header.x-ms-server-fqdn", host, server, "", "the server of the pool that answered"}};
inline constexpr text_name http_lax{{"http.lax", code, ours, "", "a rule of HTTP that the answer broke; it was read all the same: status_line, bare_lf, blank_before_colon, no_colon, field_name, no_length, encoded"}};
inline constexpr text_name http_redirect{{"http.redirect", url, server, "", "an address to which the request was redirected"}};
inline constexpr text_name named_by{{"ucsignin.named_by", text, ours, "", "who handed out the address that was asked"}};
inline constexpr text_name ticket_endpoint{{"web_ticket.endpoint", url, server, "", "where the service's metadata says that tickets are issued"}};
inline constexpr text_name http_via{{"http.response.header.via", text, server, "", "a gateway on the way"}};
inline constexpr text_name http_gateway{{"http.response.body.gateway", code, server, "", "words of an error page that show that a proxy or a balancer wrote it"}};
inline constexpr text_name http_encoding{{"http.response.header.content-encoding", text, server, "", "compression of the answer, although none was asked for"}};
inline constexpr text_name http_body{{"http.response.body.start", text, server, "", "the first characters of a body other than what was asked for"}};
inline constexpr text_name http_hop{{"autodiscover.hop", url, server, "", "a redirect on the way"}};
inline constexpr text_name access_location{{"autodiscover.access_location", code, server, "", "Internal or External, as the server sees us"}};
inline constexpr text_name link_purpose{{"autodiscover.link.purpose", code, server, "", "what a link of a document is for; in a group with its address"}};
inline constexpr text_name link_href{{"autodiscover.link.href", url, server, "", "where it leads"}};
inline constexpr text_name sip_access_side{{"autodiscover.sip_access.side", code, server, "", "internal or external; in a group with the server"}};
inline constexpr text_name sip_access_server{{"autodiscover.sip_access.server", host, server, "", "host:port for SIP clients on that side"}};
inline constexpr evidence_name<code_word<vantages>> vantage{{"ucsignin.vantage", code, ours, "", "inside, outside or unsure"}};
inline constexpr evidence_name<code_word<vantages>> client_side{{"ucsignin.vantage.client_side", code, ours, "", "what the desktop client would conclude"}};
inline constexpr text_name trust_named_by{{"ucsignin.trust.named_by", host, ours, "", "the server or record that named it"}};
inline constexpr evidence_name<code_word<namings>> trust_named_how{{"ucsignin.trust.named_how", code, ours, "", "typed, typed_for_exchange, dns, cached, autodiscover, web_ticket_url, sts_uri, metadata, redirect, provisioning"}};
inline constexpr flag trust_own_name{{"ucsignin.trust.own_name", code, ours, "", "the name needs nobody's word: it is of the SIP domain, of --trust-domain, or a hoster's that the desktop client knows"}};
inline constexpr flag trust_in_clear{{"ucsignin.trust.in_clear", code, ours, "", "it was named over plain HTTP"}};
inline constexpr evidence_name<code_word<covers>> trust_covers{{"ucsignin.trust.covers", code, ours, "", "nothing, log_in (signatures, tickets, certificates, NTLM, Kerberos) or password (that itself as well)"}};
inline constexpr text_name trust_would_allow{{"ucsignin.trust.would_allow", host, ours, "", "what --trust-domain would have to name"}};
inline constexpr evidence_name<code_word<withheld_words>> credentials_withheld{{"ucsignin.credentials.withheld", code, ours, "", "what was kept from this name: certificate, ntlm, kerberos, log_in (of either kind), ticket or password"}};
inline constexpr flag under_domain{{"ucsignin.under_sip_domain", code, ours, "", "whether the name is the SIP domain or below it"}};

// -- stage 3 --------------------------------------------------------------------------------------------------------
inline constexpr text_name server_address{{"server.address", host, ours, "", "the name that was connected to"}};
inline constexpr whole_number server_port{{"server.port", number, ours, "", "the port that was connected to"}};
inline constexpr text_name peer{{"network.peer.address", address, ours, "", "the address that was connected to"}};
inline constexpr text_name moved{{"ucsignin.connect_to", address, user, "", "where --connect-to (or the lab) led instead"}};
inline constexpr whole_number dial_left_out{{"ucsignin.dial.left_out", number, ours, "", "addresses of the server that are not tried"}};
inline constexpr evidence_name<code_word<fault_words>> connect_fault{{"network.connect.error", code, ours, "", "why an address was not reached; in a group with the address"}};
inline constexpr text_name connect_errno{{"network.connect.errno", code, system, "", "ECONNREFUSED, EHOSTUNREACH, EPERM, ...; in a group with the address"}};
inline constexpr fraction tcp_ms{{"network.connect_time", number, ours, "ms", "SYN to established"}};
inline constexpr fraction tcp_rtt{{"network.tcp.rtt", number, system, "ms", "smoothed round-trip time (TCP_INFO)"}};
inline constexpr whole_number tcp_retransmits{{"network.tcp.retransmissions", number, system, "", "segments sent again (TCP_INFO)"}};
inline constexpr whole_number tcp_mss{{"network.tcp.mss", number, system, "bytes", "largest segment that the peer takes (TCP_INFO)"}};
inline constexpr whole_number tcp_path_mtu{{"network.tcp.path_mtu", number, system, "bytes", "path MTU as known to the kernel (TCP_INFO)"}};
inline constexpr whole_number tcp_out_of_order{{"network.tcp.out_of_order", number, system, "", "segments that came out of order (TCP_INFO)"}};
inline constexpr whole_number tcp_bytes_in{{"network.tcp.bytes_received", number, system, "bytes", "what came in (TCP_INFO)"}};
inline constexpr whole_number tcp_unacked{{"network.tcp.unacked", number, system, "", "segments that were not acknowledged at the end (TCP_INFO)"}};
inline constexpr whole_number proxy_status{{"proxy.response.status_code", number, server, "", "the proxy's answer to CONNECT"}};
inline constexpr text_name proxy_authenticate{{"proxy.authenticate", text, server, "", "a scheme that the proxy offered"}};
inline constexpr text_name tls_version{{"tls.protocol.version", code, server, "", "TLS version agreed"}};
inline constexpr text_name tls_cipher{{"tls.cipher", code, server, "", "cipher suite agreed"}};
inline constexpr fraction tls_ms{{"tls.handshake_time", number, ours, "ms", "ClientHello to Finished"}};
inline constexpr evidence_name<code_word<tls_faults>> tls_fault{{"tls.error", code, ours, "", "how the handshake ended: alert, reset, silent, closed, not_tls, version, cipher, client_certificate, weak_key, weak_signature, protocol"}};
inline constexpr text_name tls_alert{{"tls.alert", code, server, "", "fatal alert received (RFC 8446 6)"}};
inline constexpr text_name tls_alert_text{{"tls.alert.description", text, server, "", "that alert's name"}};
inline constexpr text_name tls_first_bytes{{"tls.first_bytes", text, server, "", "what came instead of TLS"}};
inline constexpr flag tls_client_auth{{"tls.client_certificate_wanted", code, server, "", "the server asked for a client certificate"}};
inline constexpr whole_number tls_ca_names{{"tls.acceptable_issuers", number, server, "", "certificate authorities that the server named for client certificates"}};
inline constexpr whole_number tls_ca_bytes{{"tls.acceptable_issuers.bytes", number, server, "bytes", "size of that list"}};
inline constexpr text_name tls_tried{{"tls.tried", code, ours, "", "a TLS version, no_sni, resumption or usual_segments; in a group with what came of it"}};
inline constexpr text_name tls_tried_result{{"tls.tried.result", code, server, "", "accepted, alert n, reset, ..."}};
inline constexpr flag tls_keylog{{"tls.keylog", code, user, "", "TLS secrets of this connection were written to a file"}};
inline constexpr whole_number tls_bytes_in{{"tls.bytes_received", number, ours, "bytes", "what came in during the handshake"}};
inline constexpr text_name x509_subject{{"tls.server.subject", dn, server, "", "subject of the server's certificate"}};
inline constexpr text_name x509_issuer{{"tls.server.issuer", dn, server, "", "issuer of the server's certificate"}};
inline constexpr text_name x509_name{{"tls.server.san", host, server, "", "a name that the certificate covers"}};
inline constexpr text_name x509_not_before{{"tls.server.not_before", time, server, "", "start of validity"}};
inline constexpr text_name x509_not_after{{"tls.server.not_after", time, server, "", "end of validity"}};
inline constexpr text_name x509_key_type{{"tls.server.key.type", code, server, "", "RSA, EC, ...; in a group with the size"}};
inline constexpr whole_number x509_key_bits{{"tls.server.key.bits", number, server, "", "size of the server's key"}};
inline constexpr text_name x509_signature{{"tls.server.signature_algorithm", text, server, "", "how the certificate was signed"}};
inline constexpr text_name x509_fingerprint{{"tls.server.hash.sha256", text, server, "", "SHA-256 of the certificate"}};
inline constexpr text_name x509_eku{{"tls.server.extended_key_usage", code, server, "", "an extended key usage of the server's certificate"}};
inline constexpr text_name x509_aia{{"tls.server.ca_issuers", url, server, "", "where the issuer's certificate can be had (AIA)"}};
inline constexpr text_name x509_crl{{"tls.server.crl", url, server, "", "where the revocation list can be had"}};
inline constexpr text_name x509_ocsp{{"tls.server.ocsp", url, server, "", "OCSP responder"}};
inline constexpr evidence_name<code_word<revocation_ways>> x509_revocation_way{{"tls.verify.revocation.way", code, ours, "", "crl or ocsp; in a group with the state"}};
inline constexpr evidence_name<code_word<revocation_states>> x509_revocation_state{{"tls.verify.revocation.state", code, ours, "", "good, revoked, unreachable, unreadable, expired"}};
inline constexpr whole_number x509_chain_depth{{"tls.server.chain.depth", number, server, "", "place of a certificate sent, 0 is the server's; in a group with subject and issuer"}};
inline constexpr text_name x509_chain_subject{{"tls.server.chain.subject", dn, server, "", "its subject"}};
inline constexpr text_name x509_chain_issuer{{"tls.server.chain.issuer", dn, server, "", "its issuer"}};
inline constexpr whole_number x509_error_code{{"tls.verify.error.code", number, ours, "", "X509_V_ERR code; in a group with depth and text"}};
inline constexpr whole_number x509_error_depth{{"tls.verify.error.depth", number, ours, "", "place of that certificate in the chain"}};
inline constexpr text_name x509_error_text{{"tls.verify.error.text", text, ours, "", "what is wrong with it"}};
inline constexpr flag x509_name_matches{{"tls.verify.name_matches", code, ours, "", "whether the certificate covers the name connected to"}};
inline constexpr flag x509_covers_domain{{"tls.verify.covers_sip_domain", code, ours, "", "whether it covers sip.<SIP domain>"}};
inline constexpr whole_number x509_expired_days{{"tls.verify.expired_days", number, ours, "d", "days since the end of validity, negative while valid"}};
inline constexpr evidence_name<code_word<services>> service{{"server.service", code, ours, "", "sfb, sip, http, other"}};

// -- stage 4 --------------------------------------------------------------------------------------------------------
inline constexpr whole_number sip_status{{"sip.response.status_code", number, server, "", "SIP status (RFC 3261 21)"}};
inline constexpr text_name sip_reason{{"sip.response.reason_phrase", text, server, "", "its reason phrase"}};
inline constexpr text_name sip_method{{"sip.request.method", code, ours, "", "the request that was answered"}};
inline constexpr text_name sip_server{{"sip.response.header.server", text, server, "", "what the server calls itself"}};
inline constexpr text_name sip_user_agent{{"sip.request.header.user-agent", text, ours, "", "what we called ourselves"}};
inline constexpr text_name sip_date{{"sip.response.header.date", time, server, "", "the server's clock"}};
inline constexpr text_name sip_warning{{"sip.response.header.warning", text, server, "", "Warning header"}};
inline constexpr evidence_name<code_word<fault_words>> sip_error{{"sip.error", code, ours, "", "why there was no answer: timed_out, closed, reset, protocol, ..."}};
inline constexpr text_name sip_via_changed{{"sip.response.via_changed", text, server, "", "our own Via as the answer returned it, where it differs from what was sent (RFC 3261 18.1.2)"}};
inline constexpr whole_number sip_retry_after{{"sip.response.header.retry-after", number, server, "s", "when to try again"}};
inline constexpr text_name sip_contact{{"sip.response.header.contact", sip_uri, server, "", "where a redirect leads"}};
inline constexpr text_name sip_call_id{{"sip.call_id", text, ours, "", "Call-ID of the registration"}};
inline constexpr whole_number sip_discarded{{"sip.discarded", number, ours, "", "answers that were dropped, since their signature was wrong or missing"}};
inline constexpr text_name remote_user{{"sip.response.header.ms-user-logon-data", code, server, "", "RemoteUser: signed in through the Edge"}};
inline constexpr whole_number diagnostics_id{{"ms_diagnostics.id", number, server, "", "number of an ms-diagnostics header"}};
inline constexpr text_name diagnostics_header{{"ms_diagnostics.header", code, server, "", "which header: ids differ by header"}};
inline constexpr text_name diagnostics_reason{{"ms_diagnostics.reason", text, server, "", "its reason text"}};
inline constexpr text_name diagnostics_parameter{{"ms_diagnostics.parameter", code, server, "", "name of a parameter other than number, reason and source, in lower case; in a group with its value"}};
inline constexpr text_name diagnostics_value{{"ms_diagnostics.parameter.value", text, server, "", "what that parameter says"}};
inline constexpr text_name diagnostics_source{{"ms_diagnostics.source", host, server, "", "who complains"}};
inline constexpr text_name auth_scheme_offered{{"sip.auth.offered", code, server, "", "a scheme of the challenge"}};
inline constexpr text_name auth_realm{{"sip.auth.realm", text, server, "", "realm of the challenge"}};
inline constexpr text_name auth_target{{"sip.auth.targetname", host, server, "", "the server that authenticates"}};
inline constexpr whole_number auth_version{{"sip.auth.version", number, server, "", "protocol version of the challenge"}};
inline constexpr text_name auth_sts{{"sip.auth.sts_uri", url, server, "", "certificate provisioning service"}};
inline constexpr text_name auth_scheme{{"sip.auth.scheme", code, ours, "", "the scheme taken"}};
inline constexpr evidence_name<code_word<steps>> step{{"ucsignin.step", code, ours, "", "where in the exchange it ended: client_hello, finish, challenge, login, ticket_metadata, ticket, metadata, issue"}};
inline constexpr text_name soap_code{{"soap.fault.code", code, server, "", "faultcode"}};
inline constexpr text_name soap_text{{"soap.fault.string", text, server, "", "faultstring"}};
inline constexpr evidence_name<code_word<ticket_ways>> ticket_way{{"web_ticket.way", code, ours, "", "ntlm, negotiate, username"}};
inline constexpr evidence_name<code_word<token_forms>> ticket_token_form{{"web_ticket.username_form", code, ours, "", "how the UsernameToken was written: base64 (of UTF-8) or clear"}};
inline constexpr text_name ticket_refused_ways{{"web_ticket.ways_offered", code, server, "", "a port of the web ticket service"}};
inline constexpr text_name ticket_created{{"web_ticket.created", time, server, "", "start of the ticket's life"}};
inline constexpr text_name ticket_expires{{"web_ticket.expires", time, server, "", "end of the ticket's life"}};
inline constexpr text_name ticket_audience{{"web_ticket.applies_to", url, ours, "", "what the ticket is for"}};
inline constexpr text_name user_cert_subject{{"user_certificate.subject", dn, server, "", "subject of the issued certificate"}};
inline constexpr text_name user_cert_issuer{{"user_certificate.issuer", dn, server, "", "who issued it"}};
inline constexpr text_name user_cert_not_after{{"user_certificate.not_after", time, server, "", "end of its validity"}};
inline constexpr whole_number user_cert_early{{"user_certificate.not_before_in", number, ours, "s", "how long after the time of this PC its validity begins"}};
inline constexpr evidence_name<code_word<user_cert_words>> user_cert_fault{{"user_certificate.error", code, ours, "", "unreadable, wrong_key, wrong_subject, not_yet_valid, expired"}};
inline constexpr evidence_name<code_word<kerberos_faults>> kerberos_fault{{"kerberos.error", code, ours, "", "no_ticket, unknown_service, clock_skew, unreachable, expired, refused, timed_out"}};
inline constexpr text_name dsk_version{{"tls_dsk.version", code, server, "", "TLS version inside the handshake"}};
inline constexpr text_name dsk_cipher{{"tls_dsk.cipher", code, server, "", "cipher suite inside the handshake"}};
inline constexpr text_name dsk_server{{"tls_dsk.server.subject", dn, server, "", "the registrar's certificate inside the handshake"}};
inline constexpr text_name dsk_alert{{"tls_dsk.alert", code, server, "", "fatal alert inside the handshake"}};
inline constexpr evidence_name<code_word<signature_words>> signature{{"sip.signature", code, ours, "", "valid, invalid or missing"}};
inline constexpr text_name sip_odd_line{{"sip.odd_line", text, server, "", "a line among the headers that is not a header, and was skipped"}};
inline constexpr whole_number sip_provisional{{"sip.provisional", number, server, "", "provisional answers (1xx) that came before there was no final one"}};
inline constexpr text_name home_server{{"sip.home_server", host, server, "", "the pool or front end that holds the user"}};
inline constexpr text_name edge_server{{"sip.edge_server", host, server, "", "the Edge through which the sign-in went"}};
inline constexpr whole_number registration_expires{{"sip.registration.expires", number, server, "s", "life of the registration"}};
inline constexpr whole_number keep_alive{{"sip.keep_alive.timeout", number, server, "s", "the server's idle limit (ms-keep-alive)"}};
inline constexpr whole_number keep_alives_sent{{"sip.keep_alive.sent", number, ours, "", "keep-alives sent while signed in"}};
inline constexpr fraction connection_age{{"network.connection.age", number, ours, "s", "age of the SIP connection when it ended"}};
inline constexpr fraction connection_idle{{"network.connection.idle", number, ours, "s", "silence before the connection ended"}};
inline constexpr text_name gruu{{"sip.gruu", sip_uri, server, "", "address of this endpoint"}};
inline constexpr text_name register_action{{"sip.registration.action", code, server, "", "presence-state register-action"}};
inline constexpr text_name primary{{"sip.registration.primary", code, server, "", "is-connected-to-primary"}};
inline constexpr text_name deregistered{{"sip.registration.ended", code, server, "", "event of a registration-notify"}};
inline constexpr whole_number password_uses{{"ucsignin.password.uses", number, ours, "", "how often the password was sent to a server that could refuse it"}};
inline constexpr whole_number password_refused{{"ucsignin.password.refused", number, ours, "", "how often one did"}};
inline constexpr whole_number password_unjudged{{"ucsignin.password.unjudged", number, ours, "", "how often its use ended without a verdict (403, 404, 5xx, closed, silent)"}};
inline constexpr text_name sip_event{{"sip.event", code, ours, "", "event package"}};
inline constexpr text_name body_error{{"sip.body.error", text, ours, "", "why a body could not be read, with the offset"}};
// clang-format on

}  // namespace ucsignin::trace::ev
