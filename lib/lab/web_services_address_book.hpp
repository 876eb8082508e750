#pragma once
// The address book: /abs/handler, which takes a web ticket in a header, and /groupexpansion/service.svc, which takes it
// in the document (part 02 section 8.7, part 01 section 7.1).

#include <string>

#include "lab/pool_state.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

// `path` in lower case, without the query.
[[nodiscard]] net::http::response answer_address_book(
    pool_state&, const net::http::request&, const std::string& host, const std::string& path);
[[nodiscard]] net::http::response answer_group_expansion(
    pool_state&, const net::http::request&, const std::string& host, const std::string& path);

}  // namespace ucsignin::lab
