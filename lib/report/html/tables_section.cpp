// What the steps noted of certificates, DNS, adapters and settings, side by side.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "report/html/parts.hpp"
#include "report/layout.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::report::html {
namespace {

namespace ev = trace::ev;

// Cells are text; the first one of a row links to its step.
template <std::size_t Columns>
class table {
public:
    table(literal id, std::string_view title, std::array<std::string_view, Columns> heads)
        : id_(id), title_(title), heads_(heads) {}
    void add(const material& m, std::size_t step, const std::array<std::string, Columns>& cells) {
        rows_ << "<tr"_m;
        write_marks(rows_, m, step);
        rows_ << "><th scope=\"row\"><a href=\"#s"_m << step << "\" data-s=\""_m << step << "\">"_m << cells[0]
              << "</a></th>"_m;
        for (std::size_t i = 1; i < Columns; ++i) rows_ << "<td>"_m << cells[i] << "</td>"_m;
        rows_ << "</tr>"_m;
    }
    void write(markup& to) const {
        to << "<details class=\"table\" open id=\""_m << id_ << "\"><summary><h3>"_m << title_ << "</h3></summary>"_m;
        if (rows_.empty()) to << "<p>This run noted none.</p></details>"_m;
        if (rows_.empty()) return;
        to << "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\""_m << title_
           << "\"><table><thead><tr>"_m;
        for (const auto head : heads_) to << "<th scope=\"col\">"_m << head << "</th>"_m;
        to << "</tr></thead><tbody>"_m << rows_ << "</tbody></table></div></details>"_m;
    }

private:
    literal id_;
    std::string_view title_;
    std::array<std::string_view, Columns> heads_;
    markup rows_;
};

std::string joined(const std::vector<std::string>& all, std::string_view between = ", ") {
    std::string out;
    for (const auto& one : all)
        if (!one.empty()) out += (out.empty() ? "" : std::string(between)) + one;
    return out;
}

std::string number_text(std::optional<std::int64_t> number) { return number ? std::to_string(*number) : ""; }

// Steps of a node that ran, of each subject the last.
std::vector<std::size_t> steps_at(const material& m, chart::node_ref node) {
    std::map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < m.r.trace.spans.size(); ++i)
        if (m.span(i).is_at(node) && ran(m.span(i))) last[m.span(i).subject] = i;
    std::vector<std::size_t> all;
    for (const auto& [subject, at] : last) all.push_back(at);
    return all;
}

std::string key_text(const trace::span& s) {
    for (const auto& key : s.together(ev::x509_key_type))
        return key.text(ev::x509_key_type) + " " + number_text(key.number(ev::x509_key_bits));
    return {};
}

std::vector<std::string> without_repeats(std::vector<std::string> all) {
    std::vector<std::string> out;
    for (auto& one : all)
        if (std::ranges::find(out, one) == out.end()) out.push_back(std::move(one));
    return out;
}

std::string chain_text(const trace::span& s) {
    std::vector<std::string> all;
    for (const auto& c : s.together(ev::x509_chain_subject)) all.push_back(c.text(ev::x509_chain_subject));
    return joined(all, " \u2190 ");
}

void write_certificates(markup& to, const material& m) {
    table<8> t(
        "certificates"_m, "Certificates",
        {"Server", "Verdict", "Names", "Issuer", "Valid from", "Valid until", "Key, signature", "Chain as sent"});
    for (const auto i : steps_at(m, "connection.certificate")) {
        const auto& s = m.span(i);
        t.add(
            m, i,
            {s.subject, in_words(s.branch), joined(without_repeats(s.texts(ev::x509_name))), s.text(ev::x509_issuer),
             s.text(ev::x509_not_before), s.text(ev::x509_not_after), joined({key_text(s), s.text(ev::x509_signature)}),
             chain_text(s)});
    }
    t.write(to);
}

std::string records_text(const trace::span& s, const std::string& type) {
    std::vector<std::string> all;
    for (const auto& record : s.together(ev::dns_record_data)) {
        const auto ttl = record.number(ev::dns_record_ttl);
        if (record.text(ev::dns_record_type) == type || record.text(ev::dns_record_type) == "CNAME")
            all.push_back(record.text(ev::dns_record_data) + (ttl ? " (" + std::to_string(*ttl) + " s)" : ""));
    }
    return joined(all);
}

void write_dns(markup& to, const material& m) {
    table<6> t("dns"_m, "DNS records", {"Name", "Type", "State", "Records (time to live)", "Resolver", "Took"});
    for (std::size_t i = 0; i < m.r.trace.spans.size(); ++i) {
        const auto& s = m.span(i);
        const auto name = s.text(ev::dns_name);
        if (name.empty()) continue;
        for (const auto& asked : s.together(ev::dns_answer_state)) {
            const auto type = asked.text(ev::dns_type);
            const auto took = asked.number(ev::dns_latency);
            t.add(
                m, i,
                {name, type, asked.word(ev::dns_answer_state).str(), records_text(s, type),
                 asked.text(ev::dns_resolver), took ? duration_text(*took) : ""});
        }
    }
    t.write(to);
}

std::string length_of(const trace::values& ip) {
    const auto length = ip.number(ev::adapter_ip_prefix);
    return length ? "/" + std::to_string(*length) : "";
}

std::string addresses_of(const trace::span& s, const std::string& adapter) {
    std::vector<std::string> all;
    for (const auto& ip : s.together(ev::adapter_ip))
        if (ip.text(ev::adapter_name) == adapter) all.push_back(ip.text(ev::adapter_ip) + length_of(ip));
    return joined(all);
}

void write_adapters(markup& to, const material& m) {
    table<7> t(
        "adapters"_m, "Network adapters",
        {"Adapter", "Kind", "Link", "Addresses", "Largest packet", "Default route", "Not usable because"});
    for (const auto i : steps_at(m, "devices.adapters")) {
        const auto& s = m.span(i);
        for (const auto& a : s.together(ev::adapter_kind)) {
            const auto name = a.text(ev::adapter_name);
            t.add(
                m, i,
                {name, a.word(ev::adapter_kind).str(), in_words(a.word(ev::adapter_link).str()), addresses_of(s, name),
                 number_text(a.number(ev::adapter_mtu)), a.is(ev::adapter_default_route) ? "yes" : "no",
                 a.text(ev::adapter_unusable)});
        }
    }
    t.write(to);
}

void write_settings(markup& to, const material& m) {
    table<4> t("settings"_m, "Settings from the server", {"Setting", "Value", "Group", "Policy"});
    for (std::size_t i = 0; i < m.r.trace.spans.size(); ++i) {
        const auto& s = m.span(i);
        if (s.is_at("provisioning.configuration")) continue;  // holds them all once more
        for (const auto& one : s.together(ev::setting_name))
            t.add(
                m, i,
                {one.text(ev::setting_name), one.text(ev::setting_value), one.text(ev::setting_group),
                 std::string(title_of(s))});
    }
    t.write(to);
}

void write_run(markup& to, const material& m) {
    const auto& r = m.r;
    to << "<details class=\"table\" id=\"run\"><summary><h3>This run</h3></summary><dl class=\"facts\">"_m;
    const auto row = [&to](std::string_view name, std::string_view value) {
        if (!value.empty()) to << "<div><dt>"_m << name << "</dt><dd>"_m << value << "</dd></div>"_m;
    };
    row("Account", r.facts.sip_uri);
    row("Log-in", r.facts.login);
    row("Started", r.trace.started_at);
    row("Took", duration_text(r.trace.duration_ms));
    row("Program", joined({r.tool_name + " " + r.tool_version, r.tool_commit, r.platform}));
    row("Run", r.run_id);
    for (const auto& [name, value] : r.options) row("--" + name, value);
    to << "</dl></details>"_m;
}

}  // namespace

void write_tables(markup& to, const material& m) {
    to << "<section id=\"tables\" aria-labelledby=\"tables-h\"><h2 id=\"tables-h\">Tables</h2>"_m;
    write_certificates(to, m);
    write_dns(to, m);
    write_adapters(to, m);
    write_settings(to, m);
    write_run(to, m);
    to << "</section>"_m;
}

}  // namespace ucsignin::report::html
