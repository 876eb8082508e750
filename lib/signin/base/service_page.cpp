#include "signin/base/service_page.hpp"

#include <algorithm>
#include <array>

#include "signin/base/notes.hpp"
#include "signin/base/reading.hpp"

namespace ucsignin::signin {
namespace {

constexpr std::size_t most_steps = 5;

bool redirects(int status) {
    constexpr std::array all{301, 302, 303, 307, 308};
    return std::ranges::find(all, status) != all.end();
}

}  // namespace

onward follow(const net::http::url& from, const net::http::response& answer, std::size_t steps_so_far) {
    if (!redirects(answer.status)) return {};
    const auto where = net::http::resolve(from, answer.header("Location"));
    if (!where) return {std::nullopt, "with a Location that is no URL"};
    if (from.secure() && !where->secure()) return {std::nullopt, "leads to plain HTTP: " + where->text()};
    if (steps_so_far >= most_steps) return {std::nullopt, "redirected too often, at last to " + where->text()};
    return {*where, {}};
}

net::awaitable<service_page> fetch_page(
    context& c, net::http::url url, naming named, std::string candidate, net::deadline until) {
    service_page page;
    std::vector<std::string> asked;
    for (;;) {
        page.from = url;
        asked.push_back(url.text() + " " + c.web.cookies_for(c, url));
        net::http::request wanted;
        page.answer = co_await c.web.fetch(c, url, std::move(wanted), until);
        page.says = {naming_way::metadata, url.host, !url.secure(), {}};
        const auto trust = decide_trust(c, url.host, named, candidate);
        if (trust && page.answer.proven()) page.says.voucher = *trust;
        if (!page.answer.response) co_return page;
        const auto next = follow(url, *page.answer.response, page.hops.size());
        page.trouble = next.trouble;
        if (!next.to) co_return page;
        if (std::ranges::find(asked, next.to->text() + " " + c.web.cookies_for(c, *next.to)) != asked.end()) {
            page.trouble = "redirected in circles, to " + next.to->text();
            co_return page;
        }
        page.hops.push_back(next.to->text());
        named = {naming_way::redirect, url.host, !url.secure(), page.says.voucher};
        url = *next.to;
    }
}

void note_page(trace::scope& span, const service_page& page) {
    for (const auto& hop : page.hops) span.note(ev::http_redirect, hop);
    note_web(span, page.answer);
    const auto& r = page.answer.response;
    const bool odd = r && r->status == 200 && !r->body.empty();
    if (odd) span.note(ev::http_body, r->body.substr(0, 200));
}

net::awaitable<described> metadata_on(context& c, const service_page& page) {
    const auto& answer = page.answer;
    const bool usable = answer.response && answer.response->status == 200;
    if (!usable) co_return std::unexpected(sip::parse_error{0, in_words(answer)});
    co_return co_await read_beside(auth::parse_metadata, answer.response->body, c.until.total());
}

}  // namespace ucsignin::signin
