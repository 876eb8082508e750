#pragma once
// The nodes of the chart, in its order. `leads_to` of a branch is empty where the sign-in can not go on by it.
// What a node is to the whole (`role`) stands behind its branches.

#include "ucsignin/chart_parts.hpp"

namespace ucsignin::chart {

// clang-format off
inline constexpr node all_nodes[] = {
    // -- stage 1: devices --
    {"devices.camera", 1, "hardware", "Camera", "Is there a camera?", true, {{
        {"found", "a camera is there", "devices.default_video"},
        {"none", "no camera: calls go without video", "devices.default_video"},
        {"hidden", "the system hides it from programs", "devices.default_video"},
        {"unknown", "the system did not say in time", "devices.default_video"},
    }}},
    {"devices.default_video", 1, "hardware", "Default video device", "Which camera is the default?", true, {{
        {"set", "the default is known", "devices.adapters"},
        {"nothing_to_set", "there is no camera to choose", "devices.adapters"},
    }}},
    {"devices.adapters", 1, "hardware", "Network adapters", "Which adapters can carry the sign-in?", true, {{
        {"usable", "at least one adapter is usable", "devices.route"},
        {"none_usable", "every adapter was rejected: there is no network", ""},
    }}, {.main_fact = 2}},
    {"devices.route", 1, "hardware", "Route", "Which adapter and source address lead there, per address family?", true, {{
        {"chosen", "one adapter leads there", "devices.speaker"},
        {"two_compete", "two adapters lead there equally well", "devices.speaker"},
        {"tunnel_wins", "a VPN tunnel takes the traffic", "devices.speaker"},
        {"no_route", "the system has no route there", "devices.speaker"},
    }}, {.main_fact = 1}},
    {"devices.speaker", 1, "hardware", "Speaker", "Is there a playback device?", true, {{
        {"found", "a playback device is there", "devices.speaker_volume"},
        {"none", "no playback device", "devices.microphone"},
        {"disabled", "there is one, but it is switched off", "devices.microphone"},
        {"unknown", "the audio system did not say in time", "devices.microphone"},
    }}},
    {"devices.speaker_volume", 1, "hardware", "Speaker volume", "Which is the default, and how loud?", true, {{
        {"audible", "the default can be heard", "devices.microphone"},
        {"muted", "it is muted", "devices.microphone"},
        {"at_zero", "its volume is zero", "devices.microphone"},
        {"unknown", "the system did not say", "devices.microphone"},
    }}},
    {"devices.microphone", 1, "hardware", "Microphone", "Is there a capture device?", true, {{
        {"found", "a capture device is there", "devices.microphone_volume"},
        {"none", "no capture device", "devices.audio_defaults"},
        {"denied", "privacy settings deny it", "devices.audio_defaults"},
        {"unknown", "the audio system did not say in time", "devices.audio_defaults"},
    }}},
    {"devices.microphone_volume", 1, "hardware", "Microphone volume", "Which is the default, and at what level?", true, {{
        {"audible", "the default records", "devices.audio_defaults"},
        {"muted", "it is muted", "devices.audio_defaults"},
        {"at_zero", "its level is zero", "devices.audio_defaults"},
        {"unknown", "the system did not say", "devices.audio_defaults"},
    }}},
    {"devices.audio_defaults", 1, "hardware", "Audio defaults", "Do speaker and microphone belong together?", true, {{
        {"set", "both defaults are set", "devices.clock"},
        {"partly", "only one of the two is there", "devices.clock"},
        {"none", "neither is there", "devices.clock"},
    }}},
    {"devices.clock", 1, "hardware+", "Clock", "Is this PC's clock right?", true, {{
        {"right", "servers agree with it within 60 s", "devices.resolvers"},
        {"drifting", "it is off by 60 to 300 s: still works", "devices.resolvers"},
        {"wrong_here", "every server disagrees with it by more than 300 s", "devices.resolvers"},
        {"wrong_at_server", "one server disagrees with it and with the others", "devices.resolvers"},
        {"unknown", "no server sent its time", "devices.resolvers"},
    }}},
    {"devices.resolvers", 1, "hardware+", "Resolvers", "Which resolvers answer, and how fast?", true, {{
        {"all", "every configured resolver answered", "devices.hosts"},
        {"some", "one of them is silent", "devices.hosts"},
        {"none", "no resolver answers", "devices.hosts"},
    }}},
    {"devices.hosts", 1, "hardware+", "Hosts file", "Does the hosts file touch a name of the sign-in?", true, {{
        {"no", "no name of the sign-in is in it", "devices.proxy"},
        {"yes_same", "it says the same as DNS", "devices.proxy"},
        {"yes_different", "it overrides DNS", "devices.proxy"},
    }}},
    {"devices.proxy", 1, "hardware+", "Proxy", "Direct or by proxy, and who says so?", true, {{
        {"direct", "no proxy is set", "devices.trust_store"},
        {"fixed", "a fixed proxy is set", "devices.trust_store"},
        {"pac", "a PAC script decides", "devices.trust_store"},
        {"wpad", "WPAD names a PAC script", "devices.trust_store"},
        {"dead", "the proxy that is set does not answer", "devices.trust_store"},
    }}},
    {"devices.trust_store", 1, "hardware+", "Trust store", "Which roots are trusted?", true, {{
        {"loaded", "roots were loaded", "discovery.sip_domain"},
        {"empty", "there is no root: every certificate will fail", "discovery.sip_domain"},
        {"unreadable", "it could not be read", "discovery.sip_domain"},
    }}},
    // -- stage 2: discovery --
    {"discovery.sip_domain", 2, "discovery", "SIP domain", "Which domain?", true, {{
        {"as_in_address", "the part after @", "discovery.cached_server"},
        {"malformed", "the address has no usable domain", ""},
    }}},
    {"discovery.cached_server", 2, "discovery+", "Cached server", "Does a cached server apply?", true, {{
        {"none", "no cache is used", "discovery.manual_server"},
        {"used", "the server of last time is tried first", "discovery.manual_server"},
        {"stale", "the cached server is gone", "discovery.manual_server"},
    }}},
    {"discovery.manual_server", 2, "discovery+", "Manual server", "Was a server given by hand?", true, {{
        {"no", "servers are discovered", "discovery.autodiscover_internal"},
        {"yes", "only that server is tried", "discovery.autodiscover_internal"},
    }}},
    {"discovery.autodiscover_internal", 2, "discovery", "lyncdiscoverinternal", "Does lyncdiscoverinternal resolve?", true, {{
        {"address", "it resolves, inside, as it should", "discovery.autodiscover_external"},
        {"not_there", "it is missing where it should be", "discovery.autodiscover_external"},
        {"expected_not_there", "it does not resolve outside, as it should be", "discovery.autodiscover_external"},
        {"unexpected_there", "it resolves outside, which misleads the client", "discovery.autodiscover_external"},
        {"error", "the question was not answered", "discovery.autodiscover_external"},
    }}},
    {"discovery.autodiscover_external", 2, "discovery", "lyncdiscover", "Does lyncdiscover resolve?", true, {{
        {"address", "it resolves", "discovery.srv_internal"},
        {"not_there", "it does not exist", "discovery.srv_internal"},
        {"error", "the question was not answered", "discovery.srv_internal"},
    }}},
    {"discovery.srv_internal", 2, "discovery", "_sipinternaltls._tcp", "Are there _sipinternaltls._tcp records?", true, {{
        {"records", "there are records", "discovery.srv_external"},
        {"not_there", "it does not exist", "discovery.srv_external"},
        {"bad_records", "there are records, but none can be used", "discovery.srv_external"},
        {"error", "the question was not answered", "discovery.srv_external"},
    }}},
    {"discovery.srv_external", 2, "discovery", "_sip._tls", "Are there _sip._tls records?", true, {{
        {"records", "there are records", "discovery.host_internal"},
        {"not_there", "it does not exist", "discovery.host_internal"},
        {"bad_records", "there are records, but none can be used", "discovery.host_internal"},
        {"error", "the question was not answered", "discovery.host_internal"},
    }}},
    {"discovery.host_internal", 2, "discovery", "sipinternal", "Does sipinternal resolve?", true, {{
        {"address", "it resolves", "discovery.host_sip"},
        {"not_there", "it does not exist", "discovery.host_sip"},
        {"error", "the question was not answered", "discovery.host_sip"},
    }}},
    {"discovery.host_sip", 2, "discovery", "sip", "Does sip resolve?", true, {{
        {"address", "it resolves", "discovery.host_external"},
        {"not_there", "it does not exist", "discovery.host_external"},
        {"error", "the question was not answered", "discovery.host_external"},
    }}},
    {"discovery.host_external", 2, "discovery", "sipexternal", "Does sipexternal resolve?", true, {{
        {"address", "it resolves", "discovery.wildcard"},
        {"not_there", "it does not exist", "discovery.wildcard"},
        {"error", "the question was not answered", "discovery.wildcard"},
    }}},
    {"discovery.wildcard", 2, "discovery+", "Wildcard", "Does a made-up name resolve as well?", true, {{
        {"no", "only names that exist answer", "discovery.vantage"},
        {"yes", "a wildcard answers for every name", "discovery.vantage"},
    }}},
    {"discovery.vantage", 2, "discovery+", "Vantage", "Inside or outside, and what would the client conclude?", true, {{
        {"inside_agrees", "inside, and the client would think so too", "discovery.autodiscover_root"},
        {"inside_disagrees", "inside, but the client would think outside", "discovery.autodiscover_root"},
        {"outside_agrees", "outside, and the client would think so too", "discovery.autodiscover_root"},
        {"outside_disagrees", "outside, but the client would think inside", "discovery.autodiscover_root"},
        {"unsure", "no sign is conclusive", "discovery.autodiscover_root"},
    }}},
    {"discovery.autodiscover_root", 2, "discovery", "Autodiscover root", "Which documents does the root offer?", true, {{
        {"user_and_domain", "links to the user and domain documents", "discovery.autodiscover_user"},
        {"redirect", "it leads elsewhere", "discovery.autodiscover_root"},
        {"error", "no answer that can be used", "discovery.autodiscover_domain"},
        {"not_autodiscover", "something else answers there", "discovery.autodiscover_domain"},
    }}},
    {"discovery.autodiscover_user", 2, "discovery", "Autodiscover user", "Where is this user homed?", true, {{
        {"servers", "the servers for this user", "discovery.autodiscover_domain"},
        {"redirect", "it leads elsewhere", "discovery.autodiscover_root"},
        {"ticket_wanted", "a web ticket is required", "registration.web_ticket"},
        {"unknown_user", "the pool does not know this user", "discovery.autodiscover_domain"},
        {"error", "no answer that can be used", "discovery.autodiscover_domain"},
    }}},
    {"discovery.autodiscover_domain", 2, "discovery+", "Autodiscover domain", "What does the domain document say?", true, {{
        {"servers", "servers for the whole domain", "discovery.trust"},
        {"none", "no servers in it", "discovery.trust"},
        {"error", "no answer that can be used", "discovery.trust"},
    }}},
    {"discovery.trust", 2, "discovery", "Trust in the name found", "Does the name found belong to the domain?", true, {{
        {"same_domain", "it is the SIP domain or below it", "discovery.records"},
        {"trusted", "trusted by hand, or by a redirect of a trusted server", "discovery.records"},
        {"would_prompt", "the client would ask the user; no credentials go there", "discovery.records"},
    }}},
    {"discovery.records", 2, "discovery", "Discovered records", "What was found in all?", true, {{
        {"some", "something leads to a server", "discovery.candidates"},
        {"contradictory", "records contradict one another", "discovery.candidates"},
        {"none", "nothing was found", "discovery.candidates"},
    }}, {.main_fact = 2}},
    {"discovery.candidates", 2, "discovery", "Candidates", "In what order would the client try?", true, {{
        {"list", "an ordered list of servers", "connection.tcp"},
        {"empty", "no server to try", ""},
    }}, {.main_fact = 1}},
    {"discovery.cross_check", 2, "discovery+", "Second look at discovery", "Does another way of asking give another answer?", true, {{
        {"same", "it says the same", ""},
        {"differs", "it says something else", ""},
        {"no_answer", "it got no answer", ""},
    }}},
    // -- stage 3: connection --
    {"connection.tcp", 3, "discovery", "TCP connection", "Does the address answer?", true, {{
        {"connected", "it answers", "connection.tls"},
        {"by_proxy", "a proxy connected us", "connection.tls"},
        {"refused", "nothing listens there: RST", ""},
        {"filtered", "no answer at all", ""},
        {"unreachable", "no way there", ""},
        {"reset", "connected and cut off at once", ""},
        {"proxy_refuses", "the proxy refuses", ""},
        {"no_address", "the name has no address", ""},
    }}, {.gate = true}},
    {"connection.tls", 3, "discovery", "TLS handshake", "Does TLS come up?", true, {{
        {"agreed", "TLS is up", "connection.certificate"},
        {"alert", "the server sent a fatal alert", ""},
        {"reset", "cut off in the handshake", ""},
        {"silent", "no answer to the ClientHello", ""},
        {"not_tls", "the server does not speak TLS", ""},
        {"version", "no TLS version in common", ""},
        {"cipher", "no cipher suite in common", ""},
        {"client_certificate", "a client certificate is demanded", ""},
    }}, {.gate = true, .main_fact = 2}},
    {"connection.certificate", 3, "discovery", "Server certificate", "Is this the server it should be?", true, {{
        {"trusted", "trusted, in date, and of this name", "connection.service"},
        {"reservations", "good enough, with reservations", "connection.service"},
        {"expired", "no longer valid", "connection.service"},
        {"not_yet_valid", "not yet valid", "connection.service"},
        {"name_mismatch", "issued for another name", "connection.service"},
        {"self_signed", "self-signed", "connection.service"},
        {"untrusted_root", "its root is not trusted here", "connection.service"},
        {"missing_intermediate", "the server leaves out an intermediate", "connection.service"},
        {"intermediate_expired", "an issuer in the chain has expired", "connection.service"},
        {"wrong_usage", "not meant for TLS servers", "connection.service"},
        {"revoked", "revoked", "connection.service"},
        {"weak", "key or signature too weak", "connection.service"},
        {"other", "refused for another reason", "connection.service"},
    }}, {.gate = true}},
    {"connection.service", 3, "discovery+", "Service", "Is it a SIP server for Skype for Business?", true, {{
        {"yes", "its answers say so", "connection.candidate"},
        {"other_sip", "SIP of another kind", ""},
        {"http", "a web server", ""},
        {"something_else", "something else answers", ""},
        {"silent", "it does not answer", ""},
        {"not_asked", "no SIP was sent there", "connection.candidate"},
    }}, {.gate = true}},
    {"connection.revocation", 3, "discovery+", "Revocation", "Has the server's certificate been withdrawn?", true, {{
        {"good", "its issuer says that it is still valid", "connection.candidate"},
        {"revoked", "it has been withdrawn", "connection.candidate"},
        {"unreachable", "neither list nor responder could tell", "connection.candidate"},
        {"not_offered", "the certificate names neither list nor responder", "connection.candidate"},
    }}},
    {"connection.versions", 3, "discovery+", "TLS versions", "Which TLS versions does the server accept?", true, {{
        {"modern", "TLS 1.2 or 1.3", "connection.candidate"},
        {"old_only", "none above TLS 1.1", "connection.candidate"},
        {"none", "none", "connection.candidate"},
    }}},
    {"connection.candidate", 3, "discovery", "Candidate", "Which candidate does the client end on?", true, {{
        {"first_choice", "the first in the list", "registration.first_register"},
        {"fallback", "a later one", "registration.first_register"},
        {"none", "none of them", ""},
    }}, {.main_fact = 1}},
    {"connection.cross_check", 3, "discovery+", "Second look at the connection", "Does another way of connecting get further?", true, {{
        {"same", "it ends in the same way", ""},
        {"differs", "it ends in another way", ""},
        {"no_answer", "it could not be tried", ""},
    }}},
    // -- stage 4: registration --
    {"registration.first_register", 4, "register", "First REGISTER", "What does the registrar say?", true, {{
        {"challenge", "it wants authentication", "registration.challenge"},
        {"redirect", "it leads elsewhere", "registration.redirect"},
        {"refusal", "it refuses", ""},
        {"unreadable", "it answers with unreadable SIP", ""},
        {"unchallenged", "it accepts without authentication", "registration.edge_pool"},
        {"silent", "it does not answer", ""},
    }}, {.gate = true}},
    {"registration.challenge", 4, "register", "Challenge", "Which schemes are offered, and for whom?", true, {{
        {"tls_dsk", "TLS-DSK is among them", "registration.scheme"},
        {"kerberos", "Kerberos, and no TLS-DSK", "registration.scheme"},
        {"ntlm", "only NTLM of those we know", "registration.scheme"},
        {"others_only", "none that Skype for Business uses", ""},
    }}, {.gate = true}},
    {"registration.scheme", 4, "register", "Scheme", "Which scheme is taken, and why?", true, {{
        {"tls_dsk", "by user certificate", "registration.cached_certificate"},
        {"kerberos", "by Kerberos ticket", "registration.kerberos"},
        {"ntlm", "by password", "registration.ntlm"},
        {"none", "none in common, or nothing to authenticate with", ""},
    }}, {.gate = true}},
    {"registration.cached_certificate", 4, "register+", "Cached certificate", "Is a valid user certificate at hand?", true, {{
        {"none", "one is fetched", "registration.web_ticket"},
        {"yes", "it is used", "registration.dsk_handshake"},
        {"expired", "it has expired; a new one is fetched", "registration.web_ticket"},
        {"refused", "the server refused it; a new one is fetched", "registration.web_ticket"},
    }}},
    {"registration.web_ticket", 4, "register", "Web ticket", "Does the ticket service accept the user?", true, {{
        {"ticket", "a ticket was issued", "registration.user_certificate"},
        {"refused", "the ticket service refuses", ""},
        {"withheld", "no credentials go there: the trust rule does not cover the name", ""},
        {"unreachable", "the ticket service does not answer", ""},
    }}, {.gate = true}},
    {"registration.user_certificate", 4, "register", "User certificate", "Is a certificate issued for this user?", true, {{
        {"issued", "a certificate for this user and key", "registration.dsk_handshake"},
        {"refused", "the service refuses", ""},
        {"wrong", "what came is no certificate for this user", ""},
        {"unreachable", "the service does not answer", ""},
        {"no_key", "this PC could not make a key or a request for one", ""},
    }}, {.gate = true}},
    {"registration.kerberos", 4, "register+", "Kerberos", "Is there a ticket for this server?", true, {{
        {"ticket", "a service ticket is at hand", "registration.signed_register"},
        {"none", "nobody is logged on to Kerberos", ""},
        {"refused", "the KDC refuses", ""},
        {"kdc_unreachable", "the KDC does not answer", ""},
    }}, {.gate = true}},
    {"registration.ntlm", 4, "register+", "NTLM", "Does the NTLM exchange complete?", true, {{
        {"complete", "it completes", "registration.signed_register"},
        {"refused", "the server refuses", ""},
        {"broken_off", "it ended before the password was needed", ""},
    }}, {.gate = true}},
    {"registration.dsk_handshake", 4, "register", "TLS-DSK handshake", "Does the inner handshake complete?", true, {{
        {"complete", "both sides have the keys", "registration.signed_register"},
        {"alert", "the server sent a fatal alert", ""},
        {"verify_failure", "our side refused what came", ""},
        {"broken_off", "the server broke it off", ""},
    }}, {.gate = true}},
    {"registration.signed_register", 4, "register", "Signed REGISTER", "Is the signed REGISTER accepted?", true, {{
        {"accepted", "200 OK", "registration.server_signature"},
        {"redirect", "it leads to the home server", "registration.redirect"},
        {"challenged_again", "the signature was not accepted", ""},
        {"refused", "refused for another reason", ""},
        {"silent", "no answer, or none that could be trusted", ""},
    }}, {.gate = true, .main_fact = 3}},
    {"registration.redirect", 4, "register", "Home server", "Which server is home?", true, {{
        {"here", "this one", "registration.server_signature"},
        {"there", "another one", "connection.tcp"},
        {"loop", "servers redirect us in a loop", ""},
    }}, {.gate = true}},
    {"registration.server_signature", 4, "register+", "Server signature", "Did the server prove itself?", true, {{
        {"valid", "its signature is right", "registration.edge_pool"},
        {"invalid", "its signature is wrong", ""},
        {"missing", "it did not sign", ""},
    }}, {.gate = true, .signed_in_by = {{"valid"}}}},
    {"registration.edge_pool", 4, "register", "Edge and pool", "Through which Edge and pool?", true, {{
        {"named", "Edge and pool are known", "registration.confirmed"},
        {"internal", "signed in without an Edge", "registration.confirmed"},
        {"unclear", "the answers do not say", "registration.confirmed"},
    }}, {.main_fact = 1}},
    {"registration.confirmed", 4, "register", "Registration confirmed", "Is the endpoint registered?", true, {{
        {"yes", "registered", "registration.kept"},
        {"limited", "registered at a backup registrar: limited functionality", "registration.kept"},
        {"no", "not registered", ""},
    }}, {.gate = true, .main_fact = 2, .signed_in_by = {{"yes", "limited"}}}},
    {"registration.kept", 4, "register+", "Registration kept", "Did the server keep it until we left?", true, {{
        {"kept", "still registered at the end", "provisioning.login"},
        {"dropped", "the server dropped this endpoint", ""},
        {"disabled", "the user was disabled", ""},
        {"moved", "the user was moved", ""},
        {"connection_lost", "the connection was lost", ""},
    }}},
    {"registration.cross_check", 4, "register+", "Second look at the log-in", "Would another way of logging in be accepted?", true, {{
        {"same", "it is refused as well", ""},
        {"differs", "it is taken", ""},
        {"no_answer", "it could not be tried", ""},
    }}},
    // -- stage 5: provisioning --
    {"provisioning.login", 5, "login", "Log-in", "Is the first signed request after the 200 accepted?", true, {{
        {"yes", "it is", "provisioning.subscription"},
        {"refused", "it is refused", ""},
        {"silent", "no answer that could be trusted", ""},
    }}, {.gate = true, .main_fact = 4}},
    {"provisioning.subscription", 5, "login", "Subscription", "Does the front end accept the subscription to roaming self?", true, {{
        {"active", "it is active", "provisioning.presentity"},
        {"refused", "it is refused", ""},
        {"silent", "no answer that could be trusted", ""},
    }}, {.gate = true, .main_fact = 3, .signed_in_by = {{"active"}}}},
    {"provisioning.presentity", 5, "login", "Presentity", "Is the endpoint state published?", true, {{
        {"yes", "it is", "provisioning.location_profile"},
        {"conflict_resolved", "after a version conflict", "provisioning.location_profile"},
        {"refused", "it is refused", ""},
    }}, {.gate = true, .main_fact = 2, .signed_in_by = {{"yes", "conflict_resolved"}}}},
    {"provisioning.location_profile", 5, "setting_up", "Location profile", "Is there a dial plan?", true, {{
        {"profile", "with rules", "provisioning.media_ports"},
        {"empty", "without rules", "provisioning.media_ports"},
        {"refused", "not given", "provisioning.media_ports"},
    }}},
    {"provisioning.media_ports", 5, "setting_up", "Media ports", "Which port ranges for audio, video, sharing and files?", true, {{
        {"ranges", "ranges are set", "provisioning.media_relay"},
        {"default", "any port", "provisioning.media_relay"},
        {"contradictory", "ranges contradict one another", "provisioning.media_relay"},
    }}},
    {"provisioning.media_relay", 5, "setting_up+", "Media relay", "Are there relay credentials, and does the relay answer?", true, {{
        {"answers", "the relay answers", "provisioning.contacts"},
        {"credentials_only", "credentials, but no answer", "provisioning.contacts"},
        {"refused", "no credentials", "provisioning.contacts"},
        {"none", "no relay is provisioned", "provisioning.contacts"},
    }}},
    {"provisioning.contacts", 5, "setting_up", "Contacts", "Where do the contacts live?", true, {{
        {"server", "in the pool", "provisioning.delegates"},
        {"exchange", "in Exchange (Unified Contact Store)", "provisioning.delegates"},
        {"refused", "not given", "provisioning.delegates"},
    }}},
    {"provisioning.delegates", 5, "setting_up", "Delegates", "Are there delegates?", true, {{
        {"some", "there are", "provisioning.configuration"},
        {"none", "there are none", "provisioning.configuration"},
        {"refused", "not given", "provisioning.configuration"},
    }}},
    {"provisioning.configuration", 5, "setting_up", "Configuration", "Which provisioning groups came?", true, {{
        {"all", "all that were asked for", "provisioning.contact_groups"},
        {"some_missing", "some did not come", "provisioning.contact_groups"},
        {"refused", "none came", "provisioning.contact_groups"},
    }}},
    {"provisioning.contact_groups", 5, "setting_up", "Contact groups", "Do all contacts map to a group?", true, {{
        {"yes", "all do", "provisioning.federation"},
        {"unknown_groups", "some name groups that do not exist", "provisioning.federation"},
    }}},
    {"provisioning.federation", 5, "setting_up", "Federation", "With whom is communication allowed?", true, {{
        {"on", "with partners", "provisioning.dial_plan"},
        {"off", "partners may not begin, and no provider is named", "provisioning.dial_plan"},
        {"partly", "with some", "provisioning.dial_plan"},
    }}},
    {"provisioning.dial_plan", 5, "setting_up", "Dial plan", "Which one is active?", true, {{
        {"location", "that of the location", "provisioning.server_configuration.conferencing"},
        {"user", "the user's own", "provisioning.server_configuration.conferencing"},
        {"none", "none", "provisioning.server_configuration.conferencing"},
        {"contradictory", "provisioning and profile disagree", "provisioning.server_configuration.conferencing"},
    }}},
    {"provisioning.server_configuration.conferencing", 5, "setting_up", "Conferencing", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.qos"},
        {"absent", "it did not come", "provisioning.server_configuration.qos"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.qos"},
    }}},
    {"provisioning.server_configuration.qos", 5, "setting_up", "Quality of service", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.client"},
        {"absent", "it did not come", "provisioning.server_configuration.client"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.client"},
    }}},
    {"provisioning.server_configuration.client", 5, "setting_up", "Client policy", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.voice"},
        {"absent", "it did not come", "provisioning.server_configuration.voice"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.voice"},
    }}},
    {"provisioning.server_configuration.voice", 5, "setting_up", "Voice policy", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.e911"},
        {"absent", "it did not come", "provisioning.server_configuration.e911"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.e911"},
    }}},
    {"provisioning.server_configuration.e911", 5, "setting_up", "Emergency calls", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.cac"},
        {"absent", "it did not come", "provisioning.server_configuration.cac"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.cac"},
    }}},
    {"provisioning.server_configuration.cac", 5, "setting_up", "Call admission control", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.location"},
        {"absent", "it did not come", "provisioning.server_configuration.location"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.location"},
    }}},
    {"provisioning.server_configuration.location", 5, "setting_up", "Location", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.pstn_usages"},
        {"absent", "it did not come", "provisioning.server_configuration.pstn_usages"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.pstn_usages"},
    }}},
    {"provisioning.server_configuration.pstn_usages", 5, "setting_up", "PSTN usages", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.persistent_chat"},
        {"absent", "it did not come", "provisioning.server_configuration.persistent_chat"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.persistent_chat"},
    }}},
    {"provisioning.server_configuration.persistent_chat", 5, "setting_up", "Persistent chat", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.photo_url"},
        {"absent", "it did not come", "provisioning.server_configuration.photo_url"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.photo_url"},
    }}},
    {"provisioning.server_configuration.photo_url", 5, "setting_up", "Photo address", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.voicemail"},
        {"absent", "it did not come", "provisioning.server_configuration.voicemail"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.voicemail"},
    }}},
    {"provisioning.server_configuration.voicemail", 5, "setting_up", "Voicemail", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.user_data"},
        {"absent", "it did not come", "provisioning.server_configuration.user_data"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.user_data"},
    }}},
    {"provisioning.server_configuration.user_data", 5, "setting_up", "User data", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.server_configuration.call_via_work"},
        {"absent", "it did not come", "provisioning.server_configuration.call_via_work"},
        {"contradictory", "it contradicts itself", "provisioning.server_configuration.call_via_work"},
    }}},
    {"provisioning.server_configuration.call_via_work", 5, "setting_up", "Call via Work", "Is it present and sound?", true, {{
        {"present", "it is", "provisioning.calendar"},
        {"absent", "it did not come", "provisioning.calendar"},
        {"contradictory", "it contradicts itself", "provisioning.calendar"},
    }}},
    {"provisioning.calendar", 5, "setting_up", "Calendar", "Can the calendar be read?", true, {{
        {"read", "it can", "provisioning.contact_card"},
        {"switched_off", "a policy keeps it out of presence", "provisioning.contact_card"},
        {"no_mailbox", "the user has no mailbox", "provisioning.contact_card"},
        {"not_found", "Exchange was not found", "provisioning.contact_card"},
        {"refused", "Exchange does not give it", "provisioning.contact_card"},
    }}},
    {"provisioning.contact_card", 5, "setting_up", "Contact card", "Would the client update the card?", true, {{
        {"unchanged", "no", "provisioning.notes"},
        {"would_be_updated", "yes", "provisioning.notes"},
        {"absent", "there is none", "provisioning.notes"},
    }}},
    {"provisioning.notes", 5, "setting_up", "Notes", "Are there personal notes?", true, {{
        {"read", "there are", "provisioning.voicemail"},
        {"none", "there are none", "provisioning.voicemail"},
    }}},
    {"provisioning.voicemail", 5, "setting_up", "Voicemail", "Are there unread messages?", true, {{
        {"count", "counted", "provisioning.missed_conversations"},
        {"no_um", "no voicemail for this user", "provisioning.missed_conversations"},
        {"refused", "not given", "provisioning.missed_conversations"},
    }}},
    {"provisioning.missed_conversations", 5, "setting_up", "Missed conversations", "Are there missed conversations?", true, {{
        {"count", "counted", "provisioning.line"},
        {"refused", "not given", "provisioning.line"},
    }}},
    {"provisioning.line", 5, "setting_up", "Line", "Which number and extension?", true, {{
        {"parsed", "known", "provisioning.contact_kinds"},
        {"none", "no line", "provisioning.contact_kinds"},
        {"malformed", "the line URI cannot be read", "provisioning.contact_kinds"},
    }}},
    {"provisioning.contact_kinds", 5, "afterthoughts", "Kinds of contacts", "Which kind is each contact?", true, {{
        {"same", "of the same enterprise", "provisioning.contact_lookup"},
        {"federated", "of a partner", "provisioning.contact_lookup"},
        {"public", "of a public provider", "provisioning.contact_lookup"},
    }}},
    {"provisioning.contact_lookup", 5, "afterthoughts", "Contact look-up", "Can each contact be found?", true, {{
        {"found", "yes", "provisioning.contact_presence"},
        {"partner_not_found", "a partner's servers were not found", "provisioning.contact_presence"},
    }}},
    {"provisioning.contact_presence", 5, "afterthoughts", "Presence of contacts", "Who answers?", true, {{
        {"active", "presence comes", "provisioning.available"},
        {"polled", "only when asked again", "provisioning.available"},
        {"refused", "it is refused", "provisioning.available"},
    }}},
    {"provisioning.available", 5, "afterthoughts", "Available", "Is the user available?", true, {{
        {"confirmed", "3000 to 4499 is what others see", "provisioning.sign_out"},
        {"outweighed", "another state outweighs it", "provisioning.sign_out"},
        {"refused", "the state was not confirmed", "provisioning.sign_out"},
    }}, {.main_fact = 1}},
    {"provisioning.sign_out", 5, "afterthoughts+", "Sign-out", "Is the endpoint gone?", true, {{
        {"confirmed", "the server confirmed it", ""},
        {"sent", "sent, not confirmed", ""},
        {"not_needed", "nothing was registered", ""},
        {"failed", "it could not be sent", ""},
    }}},
};
// clang-format on

}  // namespace ucsignin::chart
