#include "lab/web_services.hpp"

#include <fmt/format.h>

#include "lab/web_services_address_book.hpp"
#include "lab/web_services_certificate.hpp"
#include "lab/web_services_documents.hpp"
#include "lab/web_services_issue.hpp"
#include "lab/web_services_soap.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

net::http::response answer_user(pool_state& pool, const net::http::request& request, autodiscover_form form) {
    if (auto scripted = refused_by(pool, pool.play_soap("user", "GET"))) return *scripted;
    const auto by = ticket_in_header(pool, request, user_url(pool.settings()));
    if (!by) return ask_for_ticket(pool, by.error());
    const account* who = pool.find_address(by->user);
    if (!who || !who->sip_enabled) return plain_answer(404);
    return autodiscover_access(pool.settings(), form, "User");
}

net::http::response answer_autodiscover(
    pool_state& pool, const net::http::request& request, std::string_view path, std::string_view query, bool secure) {
    const autodiscover_form form = form_wanted(header_of(request.headers, "Accept"));
    if (path.ends_with("/root/user")) return answer_user(pool, request, form);
    if (path.ends_with("/root/domain")) return autodiscover_access(pool.settings(), form, "Domain");
    if (path != "/" && !path.ends_with("/root")) return plain_answer(404);
    if (auto scripted = refused_by(pool, pool.play_soap("root", "GET"))) return *scripted;
    return secure ? autodiscover_root(pool.settings(), form) : autodiscover_redirect(pool.settings(), form, query);
}

net::http::response metadata(pool_state& pool, std::string_view service, std::string wsdl) {
    if (auto scripted = refused_by(pool, pool.play_soap(service, "mex"))) return *scripted;
    return plain_answer(200, "text/xml; charset=utf-8", std::move(wsdl));
}

net::http::response answer_secure(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host,
    const std::string& path) {
    const auto& settings = pool.settings();
    if (path == "/certprov/certprovisioningservice.svc/mex")
        return metadata(pool, "cert_prov", cert_prov_wsdl(settings));
    if (path == "/webticket/webticketservice.svc/mex") return metadata(pool, "web_ticket", web_ticket_wsdl(settings));
    if (path == "/abs/handler" || path.starts_with("/abs/handler/"))
        return answer_address_book(pool, request, host, path);
    if (path.starts_with("/groupexpansion/")) return answer_group_expansion(pool, request, host, path);
    const bool is_service = path.starts_with("/webticket/") || path.starts_with("/certprov/");
    if (!is_service) return plain_answer(404);
    if (request.method != "POST") return plain_answer(405);
    if (path.ends_with("/negotiateauth") || path.ends_with("/ntlmauth"))
        return issue_by_windows_login(pool, session, request, host);
    if (path.ends_with("/auth")) return issue_by_username(pool, request);
    const std::string url = "https://" + host + request.target;
    if (path.ends_with("/webticket_proof_sha1")) return get_and_publish_certificate(pool, request.body, url, true);
    if (path.ends_with("/webticket_bearer")) return get_and_publish_certificate(pool, request.body, url, false);
    return plain_answer(404);
}

}  // namespace

net::http::response answer_web(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host, bool secure) {
    const auto mark = std::min(request.target.find('?'), request.target.size());
    const std::string path = sip::lower(std::string_view(request.target).substr(0, mark));
    const std::string query = request.target.substr(mark);
    net::http::response out = path == "/" || path.starts_with("/autodiscover/")
                                  ? answer_autodiscover(pool, request, path, query, secure)
                              : secure ? answer_secure(pool, session, request, host, path)
                                       : plain_answer(404);
    out.headers.emplace_back("Date", trace::http_date(pool.now()));
    out.headers.emplace_back("Server", "Microsoft-IIS/10.0");
    pool.say(fmt::format(
        "{} {} {}{}: {}", secure ? "HTTPS" : "HTTP", request.method, host, request.target.substr(0, mark), out.status));
    return out;
}

}  // namespace ucsignin::lab
