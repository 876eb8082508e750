#include "lab/registrar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sip/encoding.hpp"
#include "sip/identity.hpp"
#include "sip/lexical.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view sip_realm = "SIP Communications Service";
constexpr std::string_view allow_events =
    "vnd-microsoft-provisioning,vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-ACL,presence,presence.wpending,"
    "vnd-microsoft-roaming-self,vnd-microsoft-provisioning-v2";

std::string new_opaque() {
    std::string out = sip::random_hex(4);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    });
    return out;
}

bool lists(const sip::message& request, std::string_view header, std::string_view token) {
    const auto tokens = request.list(header);
    return std::any_of(
        tokens.begin(), tokens.end(), [&](const std::string& one) { return sip::same_word(one, token); });
}

}  // namespace

bool registrar::is_for_this_server(const sip::auth_header& credentials) const {
    return credentials.parameter("realm") == sip_realm &&
           sip::same_word(credentials.parameter("targetname"), target_of(credentials.scheme));
}

// A service principal for Kerberos, a host name else (protocol section 4.3).
std::string registrar::target_of(std::string_view scheme) const {
    return (sip::same_word(scheme, "Kerberos") ? "sip/" : "") + at_.server_name;
}

std::string_view registrar::step_of(const incoming& in) const {
    if (in.credentials.scheme.empty()) return "first";
    if (in.credentials.has("response")) return "signed";
    return in.credentials.parameter("opaque").empty() ? "hello" : "finish";
}

// Kerberos needs no answer: token and first signature come in one message, before there is an association to name.
void registrar::begin_with_ticket(incoming& in) {
    const auto token = sip::from_base64(in.credentials.parameter("gssapi-data"));
    auto proof = token && is_for_this_server(in.credentials) ? new_proof(in.credentials.scheme) : nullptr;
    if (!proof) return;
    in.by = std::make_shared<association>(
        new_opaque(), in.user, in.epid, target_of(in.credentials.scheme), std::move(proof));
    if (const auto taken = in.by->proof().step(*token); !taken) pool_.say("REGISTER: " + taken.error());
    if (in.by->proof().established()) associations_.insert_or_assign(in.by->opaque(), in.by);
    in.signature = in.by->verify(in.wire);
}

void registrar::authenticate(incoming& in) {
    if (sip::same_word(in.credentials.scheme, "Kerberos") && in.credentials.parameter("opaque").empty())
        return begin_with_ticket(in);
    const auto found = associations_.find(in.credentials.parameter("opaque"));
    if (found == associations_.end() || !sip::same_word(in.credentials.scheme, found->second->proof().scheme())) return;
    // MS-SIPAE 3.3.5.2: all identifiers that are there belong to one endpoint.
    if (!found->second->belongs_to(in.user, in.epid)) return;
    in.by = found->second;
    // From version 4 on, NTLM's last token and the first signature come in one message.
    const auto last = step_of(in) == "signed" && !in.by->proof().established()
                          ? sip::from_base64(in.credentials.parameter("gssapi-data"))
                          : std::nullopt;
    if (const auto taken = last ? in.by->proof().step(*last) : std::string(); !taken)
        pool_.say("REGISTER: " + taken.error());
    in.signature = in.by->verify(in.wire);
}

answered registrar::answer(const incoming& in) {
    const std::string_view step = step_of(in);
    if (step == "first") return {challenge(in, false), nullptr, {}};
    const bool offered = std::any_of(
        pool_.settings().schemes.begin(), pool_.settings().schemes.end(),
        [&](const std::string& one) { return sip::same_word(one, in.credentials.scheme); });
    if (!offered || !is_for_this_server(in.credentials)) return {challenge(in, false), nullptr, {}};
    if (step == "hello") return begin_exchange(in);
    if (!in.by) return {challenge(in, false), nullptr, {}};
    if (step == "finish") return go_on(in, in.by);
    if (!in.is_authentic()) return {challenge(in, true), nullptr, {}};
    return {enroll(in), in.by, {}};
}

sip::message registrar::challenge(const incoming& in, bool failed) const {
    sip::message out = make_answer(pool_, at_, in.request, 401);
    out.add("Date", trace::http_date(pool_.now()));
    const auto& settings = pool_.settings();
    const std::string& web = settings.edge ? settings.web_external : settings.web_internal;
    for (const auto& scheme : settings.schemes) {
        std::string value = fmt::format(
            R"({} realm="{}", targetname="{}", version=4)", scheme, sip_realm, target_of(scheme));
        if (sip::same_word(scheme, "TLS-DSK"))
            value += fmt::format(R"(, sts-uri="https://{}:443/CertProv/CertProvisioningService.svc")", web);
        out.add("WWW-Authenticate", std::move(value));
    }
    if (failed) add_diagnostics(out, at_, "ms-diagnostics", 1000, "Final handshake failed");
    return out;
}

auth::dsk_server_options registrar::handshake_options() const {
    auth::dsk_server_options out;
    out.certificate_pem = pool_.credentials().registrar_certificate_pem;
    out.key_pem = pool_.credentials().registrar_key_pem;
    out.client_ca_pem = pool_.credentials().user_ca_certificate_pem;
    out.old_pool = pool_.settings().old_pool;
    out.now = pool_.now();
    return out;
}

sip::message registrar::exchange_answer(const incoming& in, const association& with, const std::string& token) const {
    sip::message out = make_answer(pool_, at_, in.request, 401);
    out.add("Date", trace::http_date(pool_.now()));
    out.add(
        "WWW-Authenticate", fmt::format(
                                R"({} opaque="{}", gssapi-data="{}", targetname="{}", realm="{}", version=4)",
                                with.proof().scheme(), with.opaque(), sip::base64(token), at_.server_name, sip_realm));
    return out;
}

std::unique_ptr<endpoint_proof> registrar::new_proof(std::string_view scheme) const {
    if (sip::same_word(scheme, "TLS-DSK"))
        return make_dsk_proof(handshake_options(), [this](const std::string& fingerprint) {
            return pool_.certificate_owner(fingerprint);
        });
    if (sip::same_word(scheme, "Kerberos") && !pool_.settings().keytab.empty())
        return make_kerberos_proof(pool_.settings().keytab, [this](const std::string& principal) {
            const account* who = pool_.find_login(principal);
            return who ? std::optional(who->address) : std::nullopt;
        });
    if (!sip::same_word(scheme, "NTLM")) return nullptr;
    const auto address_of = [this](const ntlm_identity& shown) {
        const account* who = pool_.find_windows_account(shown.domain, shown.user);
        return who ? std::optional(who->address) : std::nullopt;
    };
    return make_ntlm_proof(
        pool_.settings().sip_domain, at_.server_name, pool_.now(), {pool_.windows_passwords(), address_of});
}

answered registrar::begin_exchange(const incoming& in) {
    auto proof = new_proof(in.credentials.scheme);
    if (!proof) return {challenge(in, true), nullptr, {}};
    return go_on(
        in, std::make_shared<association>(
                new_opaque(), in.user, in.epid, target_of(in.credentials.scheme), std::move(proof)));
}

answered registrar::go_on(const incoming& in, const std::shared_ptr<association>& with) {
    const auto token = sip::from_base64(in.credentials.parameter("gssapi-data"));
    auto reply = token ? with->proof().step(*token) : std::unexpected(std::string("gssapi-data is not Base64"));
    if (reply) associations_.insert_or_assign(with->opaque(), with);
    if (reply && !with->proof().established()) return {exchange_answer(in, *with, *reply), nullptr, {}};
    // An NTLM exchange that ends without a signature is not one of version 4.
    if (reply && with->proof().owner() && with->proof().scheme() == "TLS-DSK")
        return {exchange_answer(in, *with, *reply), nullptr, {}};
    pool_.say(
        fmt::format("{}: {}", with->proof().scheme(), reply ? "these credentials belong to no user" : reply.error()));
    associations_.erase(with->opaque());
    return {challenge(in, true), nullptr, {}};
}

// In the order in which a pool looks: who is it, may he be that, does he live here, is the request what it should be.
sip::message registrar::refusal(const incoming& in, const account* who) {
    const auto refuse = [&](int status, std::string_view header, int id, std::string_view reason) {
        sip::message out = make_answer(pool_, at_, in.request, status);
        add_diagnostics(out, at_, header, id, reason);
        return out;
    };
    if (in.by->proof().owner() != in.user)
        return refuse(
            403, "ms-diagnostics-public", 4004, "Credentials provided are not authorized to act as specified from URI");
    if (!who || !who->sip_enabled)
        return refuse(404, "ms-diagnostics", 4005, "Destination URI either not enabled for SIP or does not exist");
    if (!who->home.empty() && !sip::same_word(who->home.substr(0, who->home.find(':')), at_.server_name)) {
        sip::message out = make_answer(pool_, at_, in.request, 301);
        out.add("Contact", fmt::format("<sip:{};transport=tls>", who->home));
        out.add("Expires", "2592000");
        return out;
    }
    const auto events = in.request.all("Event");
    if (events.size() > 1 || (events.size() == 1 && !sip::same_word(events.front(), "registration")))
        return refuse(489, "ms-diagnostics", 4055, "Event header is not \"registration\"");
    if (in.epid.empty() && in.instance.empty())
        return refuse(400, "ms-diagnostics", 4010, "Missing endpoint identifier");
    if (!in.epid.empty() && !in.instance.empty() && sip::instance_from_epid(in.epid) != in.instance)
        return refuse(400, "ms-diagnostics", 4010, "Endpoint identifiers do not belong together");
    if (lists(in.request, "Supported", "msrtc-event-categories") && !lists(in.request, "Supported", "gruu-10"))
        return refuse(421, "ms-diagnostics", 2057, "gruu-10 is required with msrtc-event-categories");
    return {};
}

sip::message registrar::enroll(const incoming& in) {
    const account* who = pool_.find_address(in.user);
    sip::message refused = refusal(in, who);
    if (refused.status != 0) return refused;
    if (in.request.header("Expires") == "0") {
        pool_.withdraw(in.user, in.epid);
        sip::message out = make_answer(pool_, at_, in.request, 200);
        out.add("Expires", "0");
        out.add("presence-state", R"(register-action="removed")");
        return out;
    }
    return welcome(in, *who);
}

sip::message registrar::welcome(const incoming& in, const account& who) {
    const auto& settings = pool_.settings();
    const auto wish = sip::to_number<std::uint32_t>(in.request.header("Expires").value_or(""));
    const auto longest = static_cast<std::uint32_t>(settings.expires_s);
    const std::uint32_t lifetime = std::min(wish.value_or(longest), longest);
    const sip::name_addr contact = sip::parse_name_addr(in.request.header("Contact").value_or(""));
    const std::string instance = in.instance.empty() ? sip::instance_from_epid(in.epid) : in.instance;
    const std::string uri = contact.uri + ";ms-received-cid=" + at_.cid;
    const bool added = pool_.enroll(
        {who.address, in.epid, instance, uri, in.request.header("Call-ID").value_or(""), at_.cid,
         pool_.now() + lifetime});
    std::ignore = pool_.presence_of(who);

    sip::message out = make_answer(pool_, at_, in.request, 200);
    out.add(
        "Contact", fmt::format(
                       R"(<{}>;expires={};+sip.instance="<urn:uuid:{}>";gruu="sip:{};opaque=user:epid:{};gruu")", uri,
                       lifetime, instance, who.address, sip::gruu_opaque(instance)));
    out.add("Expires", std::to_string(lifetime));
    out.add(
        "presence-state", fmt::format(
                              R"(register-action="{}";primary-cluster-type="central";is-connected-to-primary="yes")",
                              added ? "added" : "refreshed"));
    out.add("Allow-Events", std::string(allow_events));
    for (const auto* token :
         {"adhoclist", "msrtc-event-categories", "ms-keepalive-deregister", "ms-userservices-state-notification"})
        out.add("Supported", token);
    if (in.request.header("ms-keep-alive"))
        out.add(
            "ms-keep-alive", fmt::format("UAS; tcp=no; hop-hop=yes; end-end=no; timeout={}", settings.keep_alive_s));
    return out;
}

void registrar::connection_lost() { pool_.withdraw_connection(at_.cid); }

}  // namespace ucsignin::lab
