#pragma once
// GetAndPublishCert (MS-OCAUTHWS, part 01 sections 7.4 and 7.5): the request's ticket, its signature over the Timestamp
// and the certificate request are all checked; then a certificate is issued and published for the user.

#include <string>
#include <string_view>

#include "lab/pool_state.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

// `url`: where it was posted to. `proof`: the port wants the Timestamp signed with the ticket's proof key.
[[nodiscard]] net::http::response get_and_publish_certificate(
    pool_state&, std::string_view body, const std::string& url, bool proof);

}  // namespace ucsignin::lab
