#include "lab/authority.hpp"

#include <algorithm>
#include <stdexcept>

#include "lab/authority_state.hpp"
#include "lab/certificate_builder.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::int64_t day = 24 * 60 * 60;

issuer make_issuer(const std::string& name, std::int64_t from, std::int64_t to, const issuer* above) {
    const certificate_plan plan{
        .common_name = name, .organization = "Contoso", .not_before = from, .not_after = to, .is_ca = true};
    const pkey_ptr key = make_key("ec");
    return {make_certificate(plan, key, above ? above->certificate : nullptr, above ? above->key : nullptr), key};
}

// "sip.contoso.example" -> "*.contoso.example"
std::string wildcard_of(const std::string& name) { return "*" + name.substr(std::min(name.find('.'), name.size())); }

}  // namespace

const std::vector<std::string>& certificate_profiles() {
    static const std::vector<std::string> all = {
        "good",
        "expired",
        "not_yet_valid",
        "wrong_name",
        "self_signed",
        "untrusted_root",
        "missing_intermediate",
        "intermediate_expired",
        "wrong_usage",
        "weak_key",
        "weak_signature",
        "cn_only",
        "wildcard",
        "revoked",
        "revoked_ocsp",
        "checked",
        "crl_unreachable",
        "crl_in_directory",
        "no_common_name",
        "no_subject",
        "sha1_intermediate",
        "md5_signature",
        "many_names",
        "root_sent",
        "shuffled",
        "pss_signature",
        "name_constraints",
        "partial_wildcard"};
    return all;
}

authority::authority(std::int64_t now, std::string domain) : state_(std::make_unique<state>()) {
    state_->now = now;
    state_->site = "http://pki." + std::move(domain);
    state_->root = make_issuer("Contoso Root CA", now - 3650 * day, now + 3650 * day, nullptr);
    state_->intermediate = make_issuer("Contoso Issuing CA", now - 1000 * day, now + 1000 * day, &state_->root);
    state_->expired_intermediate = make_issuer(
        "Contoso Issuing CA of 2019", now - 1000 * day, now - 2 * day, &state_->root);
    state_->stranger = make_issuer("Fabrikam Root CA", now - 1000 * day, now + 1000 * day, nullptr);
}

authority::~authority() = default;

std::string authority::root_pem() const { return to_pem(state_->root.certificate); }

namespace {

// What the profile makes of the server's own certificate.
void apply_profile(certificate_plan& plan, const std::string& profile, const std::string& site, std::int64_t now) {
    if (profile == "expired") plan.not_before = now - 400 * day, plan.not_after = now - day;
    if (profile == "not_yet_valid") plan.not_before = now + day;
    if (profile == "wrong_name") plan.dns_names = {"other.fabrikam.example"};
    if (profile == "wildcard" && !plan.dns_names.empty()) plan.dns_names = {wildcard_of(plan.dns_names.front())};
    if (profile == "partial_wildcard" && !plan.dns_names.empty())
        plan.dns_names = {plan.dns_names.front().substr(0, 1) + wildcard_of(plan.dns_names.front())};
    if (profile == "wrong_usage") plan.usage = "clientAuth";
    if (profile == "weak_signature") plan.digest = EVP_sha1();
    if (profile == "md5_signature") plan.digest = EVP_md5();
    if (profile == "pss_signature") plan.pss = true;
    if (profile == "revoked" || profile == "checked") plan.crl_url = site + "/issuing-ca.crl";
    if (profile == "revoked_ocsp" || profile == "checked") plan.ocsp_url = site + "/ocsp";
    if (profile == "crl_unreachable") plan.crl_url = "http://crl.corp.contoso.example/issuing-ca.crl";
    if (profile == "crl_in_directory") plan.crl_url = "ldap:///CN=Issuing CA";
    if (profile == "many_names")
        for (int i = 0; i < 1000; ++i) plan.dns_names.push_back("name" + std::to_string(i) + ".contoso.example");
}

}  // namespace

// The usual issuers, and those that a profile wants, made when they are wanted.
const issuer* authority::issuer_for(const std::string& profile) const {
    if (profile == "untrusted_root") return &state_->stranger;
    if (profile == "intermediate_expired") return &state_->expired_intermediate;
    if (profile == "self_signed") return nullptr;
    if (profile != "pss_signature" && profile != "md5_signature" && profile != "sha1_intermediate" &&
        profile != "name_constraints")
        return &state_->intermediate;
    auto& special = state_->special[profile];
    if (special.certificate) return &special;
    certificate_plan plan{
        .common_name = "Contoso Issuing CA 2",
        .organization = "Contoso",
        .not_before = state_->now - 1000 * day,
        .not_after = state_->now + 1000 * day,
        .is_ca = true};
    if (profile == "sha1_intermediate") plan.digest = EVP_sha1();
    if (profile == "name_constraints") plan.name_constraints = "permitted;DNS:fabrikam.example";
    special.key = make_key(profile == "pss_signature" || profile == "md5_signature" ? "rsa2048" : "ec");
    special.certificate = make_certificate(plan, special.key, state_->root.certificate, state_->root.key);
    return &special;
}

issued_certificate authority::issue(const certificate_order& order) const {
    const std::string& profile = order.profile;
    certificate_plan plan{
        .organization = order.organization,
        .dns_names = order.names,
        .not_before = state_->now - 30 * day,
        .not_after = state_->now + 365 * day};
    apply_profile(plan, profile, state_->site, state_->now);
    plan.not_before = order.not_before.value_or(plan.not_before);
    plan.not_after = order.not_after.value_or(plan.not_after);
    plan.common_name = order.common_name.value_or(plan.dns_names.empty() ? std::string() : plan.dns_names.front());
    if (profile == "cn_only") plan.dns_names.clear();
    if (profile == "no_common_name" || profile == "no_subject") plan.common_name.clear();
    if (profile == "no_subject") plan.organization.clear();

    const issuer* by = issuer_for(profile);
    if (by == &state_->intermediate || by == &state_->expired_intermediate)
        plan.issuer_url = state_->site + "/issuing-ca.crt";
    std::string kind = order.key;
    if (kind.empty()) kind = profile == "weak_key" ? "rsa1024" : "ec";
    issued_certificate out;
    out.key = make_key(kind);
    out.chain.push_back(make_certificate(plan, out.key, by ? by->certificate : nullptr, by ? by->key : nullptr));
    if (profile == "revoked" || profile == "revoked_ocsp") state_->revoked.push_back(out.chain.front());
    if (by && profile != "missing_intermediate") out.chain.push_back(by->certificate);
    if (profile == "root_sent" || profile == "shuffled") out.chain.push_back(state_->root.certificate);
    if (profile == "shuffled") std::swap(out.chain[1], out.chain[2]);
    return out;
}

// A front end issues user certificates itself; one RSA key for both saves the 0.2 s that a second takes to make.
pool_credentials authority::make_pool_credentials(const std::string& server_name) const {
    const pkey_ptr key = make_key("rsa2048");
    certificate_plan plan{
        .common_name = server_name,
        .organization = "Contoso",
        .dns_names = {server_name},
        .not_before = state_->now - 30 * day,
        .not_after = state_->now + 365 * day};
    const x509_ptr registrar = make_certificate(plan, key, state_->root.certificate, state_->root.key);
    plan.common_name = "Communications Server";
    plan.dns_names.clear();
    plan.is_ca = true;
    const x509_ptr user_authority = make_certificate(plan, key, nullptr, nullptr);
    return {to_pem(registrar), to_pem(key), to_pem(user_authority), to_pem(key)};
}

std::string issued_certificate::chain_pem() const {
    std::string out;
    for (const auto& one : chain) out += to_pem(one);
    return out;
}

std::string issued_certificate::key_pem() const { return to_pem(key); }

}  // namespace ucsignin::lab
