#include "report/html/parts.hpp"

#include <algorithm>

#include "diagnosis/entry_sections.hpp"
#include "report/html/assets.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

// By their roles in a report, from this PC to the far end.
constexpr std::pair<std::string_view, std::string_view> participants[] = {
    {"client", "This PC"},
    {"resolver", "Resolver"},
    {"proxy", "Proxy"},
    {"autodiscover", "Autodiscover"},
    {"web_service", "Web service"},
    {"registrar", "Edge or pool"},
    {"exchange", "Exchange"},
    {"relay", "Media relay"}};

// A word is not broken at its hyphens: "-servername" would look like two.
void write_words(markup& to, std::string_view line) {
    while (!line.empty()) {
        const auto word = line.substr(0, line.find(' '));
        if (!word.empty()) to << "<span>"_m << word << "</span>"_m;
        if (word.size() < line.size()) to << " "_m;
        line.remove_prefix(std::min(word.size() + 1, line.size()));
    }
}

}  // namespace

literal class_of(trace::outcome o) {
    switch (o) {
        case trace::outcome::ok: return "o-ok"_m;
        case trace::outcome::warning: return "o-warning"_m;
        case trace::outcome::failed: return "o-failed"_m;
        case trace::outcome::expected: return "o-expected"_m;
        case trace::outcome::not_run: return "o-not_run"_m;
        case trace::outcome::unknown: return "o-unknown"_m;
        case trace::outcome::broken: return "o-broken"_m;
    }
    return "o-unknown"_m;
}

std::string_view spoken(trace::outcome o) {
    switch (o) {
        case trace::outcome::failed: return "failed";
        case trace::outcome::broken: return "broken";
        default: return outcome_text(o);
    }
}

void write_sign(markup& to, trace::outcome o, std::string_view words) {
    to << "<i class=\"sign "_m << class_of(o);
    if (!words.empty()) to << "\" title=\""_m << words;
    to << "\"></i>"_m;
}

void write_shapes(markup& to) {
    to << "<svg class=\"shapes\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>\n"_m;
    to.asset(page_signs)
        << R"svg(<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0l8 4-8 4z"/></marker>
<marker id="none" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="6" markerHeight="6"><path class="none" d="M1 1l6 6m0-6l-6 6"/></marker>
<marker id="tip-way" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path class="tip-way" d="M0 0l8 4-8 4z"/></marker>
</defs></svg>
)svg"_m;
}

void write_marks(markup& to, const material& m, std::size_t at) {
    const auto& s = m.span(at);
    to << " data-s=\""_m << at << "\" data-t=\""_m << s.stage << "\" data-o=\""_m << trace::to_string(s.outcome)
       << "\""_m;
    if (m.critical[at]) to << " data-c=\"1\""_m;
    if (const int node = chart::position(s.node); node >= 0) to << " data-n=\""_m << node << "\""_m;
}

std::string_view title_of(const trace::span& s) {
    const auto* node = chart::find(s.node);
    return node ? node->title : std::string_view(s.node);
}

std::string in_words(std::string_view code) {
    std::string out(code);
    std::ranges::replace(out, '_', ' ');
    return out;
}

void write_step_link(markup& to, const material& m, std::size_t at) {
    const auto& s = m.span(at);
    to << "<a class=\"step-link\" href=\"#s"_m << at << "\" data-s=\""_m << at << "\">"_m;
    write_sign(to, s.outcome);
    to << "<span class=\"vh\">"_m << spoken(s.outcome) << ": </span>"_m << title_of(s);
    if (!s.subject.empty()) to << " <span class=\"of\">"_m << s.subject << "</span>"_m;
    to << "</a>"_m;
}

std::string_view participant(std::string_view role) {
    const auto at = std::ranges::find(participants, role, &std::pair<std::string_view, std::string_view>::first);
    return at == std::end(participants) ? role : at->second;
}

std::size_t rank_of(std::string_view role) {
    const auto at = std::ranges::find(participants, role, &std::pair<std::string_view, std::string_view>::first);
    return static_cast<std::size_t>(at - std::begin(participants));
}

bool is_silence(const trace::message& said) {
    return said.protocol == "TLS" && said.direction == trace::direction::received && said.body.bytes == 0;
}

std::string_view direction_word(const trace::message& said) {
    if (said.direction == trace::direction::sent) return " to ";
    return is_silence(said) ? " with " : " from ";
}

void write_host(markup& to, std::string_view host) {
    for (std::size_t at = 0; at < host.size();) {
        const auto end = std::min(host.find('.', at), host.size());
        to << host.substr(at, end - at);
        if (end < host.size()) to << "<wbr>."_m;
        at = end + 1;
    }
}

void write_headers(markup& to, const trace::message& m) {
    if (m.headers.empty() && !m.body.text) return;
    to << "<dl class=\"headers\">"_m;
    for (const auto& h : m.headers) to << "<div><dt>"_m << h.name << "</dt><dd>"_m << h.value << "</dd></div>"_m;
    to << "</dl>"_m;
    if (m.body.text) to << "<pre class=\"body\" tabindex=\"0\">"_m << *m.body.text << "</pre>"_m;
}

void write_value(markup& to, const trace::value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) to << *text;
    else if (const auto* flag = std::get_if<bool>(&value)) to << (*flag ? "yes" : "no");
    else if (const auto* whole = std::get_if<std::int64_t>(&value)) to << std::to_string(*whole);
    else to << std::get<double>(value);
}

void write_commands(markup& to, std::string_view lines) {
    while (!lines.empty()) {
        auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const auto system = diagnosis::system_of(line);
        if (!system.empty()) line.remove_prefix(system.size() + 2);
        to << "<div class=\"command\">"_m;
        if (!system.empty()) to << "<span class=\"system\">"_m << system << "</span>"_m;
        to << "<pre tabindex=\"0\"><code>"_m;
        write_words(to, line);
        to << "</code></pre></div>"_m;
    }
}

void write_finding_id(markup& to, const material& m, std::string_view id) {
    if (m.explains(id)) to << "<a href=\"#"_m << id << "\"><code>"_m << id << "</code></a>"_m;
    else to << "<code>"_m << id << "</code>"_m;
}

}  // namespace ucsignin::report::html
