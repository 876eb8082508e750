// Stage 5: web addresses that provisioning names, and the address book behind them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// A server that failed before, in Autodiscover or a log-in, is told there.
bool failed_before(const case_view& view, const std::string& host) {
    return std::ranges::any_of(view.trace.spans, [&](const span& s) {
        return s.stage < 5 && went_wrong(s) && lower(host_of_url(s.text(ev::http_url))) == lower(host);
    });
}

bool others_answer_at_443(const case_view& view) {
    return std::ranges::any_of(view.trace.all("connection.tcp"), [](const span* s) {
        return went_well(*s) && s->number(ev::server_port) == 443;
    });
}

maybe web_addresses(const case_view& view, const span& s) {
    std::vector<std::string> gone;
    std::string first;
    bool nameless = false, only_unproven = true;
    for (const auto& one : s.together(ev::web_url)) {
        const auto state = one.word(ev::web_state).str();
        auto host = host_of_url(one.text(ev::web_url));
        if (state == "answers" || state == "not_tried" || failed_before(view, host)) continue;
        gone.push_back(fmt::format(
            "{} names {}; from here: {}", one.text(ev::web_setting), one.text(ev::web_url), one.text(ev::web_error)));
        nameless = nameless || state == "dns";
        only_unproven = only_unproven && state == "certificate";
        if (first.empty()) first = std::move(host);
    }
    if (gone.empty()) return {};
    draft found(view, "prov-web-urls-unreachable");
    if (others_answer_at_443(view)) found.not_because("net-443-blocked", "another server answers at port 443");
    // Whether a server that doesn't answer this PC answers others is not known here; a name is gone for all who ask
    // there.
    if (!nameless) found.weigh(severity::warning);
    if (only_unproven) found.title(fmt::format("{} does not prove its name, which the provisioning data gives", first));
    found.seen(s).about(first).with("host", first).as(certainty::likely);
    return found.known_by(a_few(gone, "; ") + ".").done();
}

struct book_trouble {
    std::string_view what;
    certainty how_sure;
    severity how_bad;
    std::string_view title;  // {} is the host
};
// Most telling first.
constexpr book_trouble book_troubles[] = {
    {"refused", certainty::likely, severity::warning, ""},
    // What stands before a server forbids as well.
    {"refused_403", certainty::possible, severity::warning, ""},
    {"windows_only", certainty::possible, severity::warning,
     "The address book at {} takes no ticket, only Windows log-in"},
    {"login_page", certainty::likely, severity::warning, "A log-in page stands before the address book at {}"},
    {"no_ticket_service", certainty::possible, severity::warning,
     "The address book at {} wants tickets of a service that is not there"},
    {"wants_log_in", certainty::possible, severity::warning,
     "The address book at {} wants a log-in for what is for everybody"},
    {"forbidden", certainty::possible, severity::warning, "The address book at {} is forbidden to everybody"},
    {"not_found", certainty::possible, severity::warning,
     "The address book is not at {}, where provisioning says that it is"},
    // Who knows the names of its files may well get them.
    {"empty", certainty::possible, severity::info, "The address book at {} has nothing at the address that is named"}};

const book_trouble* trouble_of(const trace::values& address) {
    auto what = address.word(ev::web_log_in).str();
    if (what == "refused" && address.number(ev::web_ticket_status) == 403) what += "_403";
    const auto* found = std::ranges::find(book_troubles, what, &book_trouble::what);
    return found == std::end(book_troubles) ? nullptr : found;
}

maybe address_book(const case_view& view, const span& s) {
    std::vector<std::string> told;
    const book_trouble* worst = nullptr;
    std::string host;
    for (const auto& one : s.together(ev::web_log_in)) {
        const auto* trouble = trouble_of(one);
        auto at = host_of_url(one.text(ev::web_url));
        if (!trouble || failed_before(view, at)) continue;
        told.push_back(
            fmt::format("{} names {}: {}", one.text(ev::web_setting), one.text(ev::web_url), one.text(ev::web_error)));
        if (worst && worst <= trouble) continue;
        worst = trouble;
        host = std::move(at);
    }
    if (!worst) return {};
    draft found(view, "address-book-401");
    found.seen(s).about(host).with("host", host).as(worst->how_sure).weigh(worst->how_bad);
    if (!worst->title.empty()) found.title(fmt::format(fmt::runtime(worst->title), host));
    if (worst->title.empty())
        found.not_because("wt-401-loop", "the ticket service gave out the ticket that is refused here");
    return found.known_by(a_few(told, "; ") + ".")
        .not_because("prov-web-urls-unreachable", "the server answers")
        .done();
}

constexpr auto address_book_note_table = std::to_array<span_rule>({web_addresses, address_book});

}  // namespace

std::span<const span_rule> address_book_notes() { return address_book_note_table; }

}  // namespace ucsignin::diagnosis
