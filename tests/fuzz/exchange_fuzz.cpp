// links: signin sip trace
// One text as the answer of Autodiscover and of each request to Exchange Web Services.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signin/provisioning/mailbox.hpp"
#include "sip/exchange_autodiscover.hpp"
#include "sip/exchange_services.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_autodiscover(std::string_view text) {
    const auto read = sip::parse_exchange_autodiscover(text);
    if (!read) return require(!read.error().what.empty());
    require(read->ews_urls.size() <= 4);
    if (read->tells_of_no_mailbox()) require(read->what == sip::exchange_autodiscover::kind::error);
}

template <class Answer>
void try_answer(const std::expected<Answer, sip::parse_error>& read) {
    if (!read) return require(!read.error().what.empty());
    require(!state_of_code(read->head.code).word().empty());
    require(read->head.release().size() < 32);
}

void try_state(std::string_view text) {
    signin::web_answer answer;
    for (const int status : {200, 302, 401, 403, 404, 500, 503}) {
        net::http::response r;
        r.status = status;
        r.body = text;
        r.headers = {
            {"Location", std::string(text.substr(0, 200))}, {"x-ms-diagnostics", std::string(text.substr(0, 100))}};
        answer.response = std::move(r);
        require(!state_of(answer).word().empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_autodiscover(text);
    try_answer(sip::ews::parse_availability(text));
    try_answer(sip::ews::parse_out_of_office(text));
    try_answer(sip::ews::parse_item_count(text));
    try_answer(sip::ews::parse_contacts(text));
    try_answer(sip::ews::parse_photo(text));
    if (const auto photo = sip::ews::parse_photo(text))
        require(photo->bytes >= 0 && static_cast<std::size_t>(photo->bytes) <= text.size() && photo->type.size() < 16);
    try_state(text);
    return 0;
}
