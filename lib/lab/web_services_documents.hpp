#pragma once
// Documents without state: the WSDLs of the services and the autodiscover answers (part 01 sections
// 2, 7.1, 7.2, 10.4).

#include <string>
#include <string_view>

#include "lab/pool_state.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

[[nodiscard]] std::string cert_prov_wsdl(const pool_settings&);
[[nodiscard]] std::string web_ticket_wsdl(const pool_settings&);
[[nodiscard]] std::string group_expansion_wsdl(const pool_settings&, const std::string& host);

enum class autodiscover_form { xml, json, ucwa };
[[nodiscard]] autodiscover_form form_wanted(std::string_view accept);
[[nodiscard]] net::http::response autodiscover_root(const pool_settings&, autodiscover_form);
// What the site on port 80 answers: the way to the secure one.
[[nodiscard]] net::http::response autodiscover_redirect(
    const pool_settings&, autodiscover_form, std::string_view query);
[[nodiscard]] net::http::response autodiscover_access(
    const pool_settings&, autodiscover_form, std::string_view resource);  // User, Domain
[[nodiscard]] std::string user_url(const pool_settings&);

}  // namespace ucsignin::lab
