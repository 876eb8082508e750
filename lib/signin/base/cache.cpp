// Reads and writes the cached files. What is read was written by an earlier run or by somebody else, so it is checked:
// format, key against certificate, name, dates. Why a file is useless is a word of evidence, never a reason to stop.
#include "signin/base/cache.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sip/encoding.hpp"
#include "trace/json_text.hpp"

namespace ucsignin::signin {
namespace {

using json = nlohmann::json;

constexpr std::string_view format_name = "ucsignin-cache/1";
constexpr std::int64_t least_time_left_s = 3600;

std::unexpected<cache_fault> fault(trace::ev::cache_fault_word word, std::string detail) {
    return std::unexpected(cache_fault{word, std::move(detail)});
}

cache_fault to_fault(const auth::certificate_error& e) {
    using what = auth::certificate_fault;
    if (e.what == what::wrong_key) return {"wrong_key", "the private key is not the certificate's"};
    if (e.what == what::expired) return {"expired", e.detail};
    return {"corrupt", e.detail};
}

}  // namespace

std::expected<kept_server, std::string> parse_kept_server(const std::string& text) {
    const auto document = trace::parse_json(text);
    const auto word = [&](const char* key) { return trace::text_in(*document, key); };
    if (!document || !document->is_object() || word("format") != format_name)
        return std::unexpected("not a file of this cache");
    const auto server = net::parse_host_port(word("server"), 0);
    if (!server || server->port == 0) return std::unexpected("it names no server");
    return kept_server{*server, word("written_at").substr(0, 32)};
}

std::expected<auth::user_certificate, cache_fault> parse_kept_certificate(
    const std::string& pem, const std::string& user, std::int64_t now) {
    auto accepted = auth::read_certificate_pem(pem, user, now);
    if (!accepted) return std::unexpected(to_fault(accepted.error()));
    if (accepted->facts.not_after < now + least_time_left_s)
        return fault("expired", "the certificate expires within the hour");
    return std::move(*accepted);
}

std::string profile_cache::folder_for(const host::variables& environment, const std::string& sip_uri) {
    const auto value = [&](const char* name) {
        const auto at = environment.find(name);
        return at == environment.end() ? std::string{} : at->second;
    };
    auto base = value("XDG_CACHE_HOME");
    if (!base.starts_with('/'))
        base = value("HOME").empty() ? std::string{} : value("HOME") + "/.cache";  // relative ones are to be ignored
    return base.empty() ? base : base + "/ucsignin/" + sip::hex(sip::sha256(sip_uri)).substr(0, 32);
}

std::optional<std::expected<kept_server, cache_fault>> profile_cache::server() const {
    if (!on()) return std::nullopt;
    const auto text = files_->read(server_file());
    if (!text)
        return text.error().empty()
                   ? std::nullopt
                   : std::optional<std::expected<kept_server, cache_fault>>(fault("unreadable", text.error()));
    auto kept = parse_kept_server(*text);
    if (!kept) return fault("corrupt", kept.error());
    return std::move(*kept);
}

std::optional<std::expected<auth::user_certificate, cache_fault>> profile_cache::certificate(
    const std::string& user, std::int64_t now) const {
    if (!on()) return std::nullopt;
    const auto text = files_->read(certificate_file());
    if (!text)
        return text.error().empty() ? std::nullopt
                                    : std::optional<std::expected<auth::user_certificate, cache_fault>>(
                                          fault("unreadable", text.error()));
    const auth::secret pem(*text);
    return parse_kept_certificate(pem.reveal(), user, now);
}

std::expected<void, cache_fault> profile_cache::write(const std::string& path, std::string_view text) const {
    const auto written = files_->write(folder_, path, text);
    if (!written) return fault("unwritable", written.error());
    return {};
}

std::expected<void, cache_fault> profile_cache::try_to_write() const {
    const auto written = write(folder_ + "/try", "");
    if (written) files_->remove(folder_ + "/try");
    return written;
}

std::expected<void, cache_fault> profile_cache::keep_server(const kept_server& kept) const {
    const json document = {
        {"format", format_name}, {"server", net::to_string(kept.server)}, {"written_at", kept.written_at}};
    return write(server_file(), document.dump() + '\n');
}

std::expected<void, cache_fault> profile_cache::keep_certificate(const auth::user_certificate& certificate) const {
    return write(certificate_file(), auth::certificate_pem(certificate).reveal());
}

void profile_cache::forget_certificate() const {
    if (on()) files_->remove(certificate_file());
}

}  // namespace ucsignin::signin
