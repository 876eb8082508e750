// A finding's text comes from the catalogue, its names from the trace. Names come from strangers: each is put in once,
// and what goes into a command to be copied loses everything that a shell would act on.
#include "diagnosis/draft.hpp"

#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {

namespace {

using placeholders = std::map<std::string, std::string>;

// A text of ours with {names}; values of the run are put in once and not looked at again.
std::string filled(std::string_view text, const placeholders& names) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        const auto name = close == std::string_view::npos
                              ? names.end()
                              : names.find(std::string(text.substr(open + 1, close - open - 1)));
        if (name == names.end()) {  // no placeholder of ours: a brace of a shell command
            const auto upto = open == std::string_view::npos ? text.size() : open + 1;
            out += text.substr(0, upto);
            text.remove_prefix(upto);
            continue;
        }
        out += text.substr(0, open);
        out += name->second;
        text.remove_prefix(close + 1);
    }
    return out;
}

// Commands are there to be copied: nothing that a shell would act on comes from a name that somebody else chose.
std::string harmless(std::string value, std::string_view also_kept = {}) {
    for (char& c : value) {
        const bool acts = (c >= 0 && c <= ' ') ||
                          std::string_view("'\"`$;&|<>(){}*?!#~^,\x7f").find(c) != std::string_view::npos;
        if (acts && also_kept.find(c) == std::string_view::npos) c = '_';
    }
    return value;
}

// "CONTOSO\\alice" is an account's short name, "alice@contoso.example" its long one; in a filter an apostrophe is
// doubled.
void add_account(placeholders& names, const std::string& login) {
    const auto slash = login.find('\\');
    names["account_attribute"] = slash == std::string::npos ? "UserPrincipalName" : "SamAccountName";
    std::string account;
    for (const char c : harmless(slash == std::string::npos ? login : login.substr(slash + 1), "'"))
        account += c == '\'' ? std::string("''") : std::string(1, c);
    names["account"] = account;
}

std::string command(std::string_view text, const placeholders& names) {
    auto safe = names;
    for (auto& [name, value] : safe) value = harmless(value);
    add_account(safe, names.contains("login") ? names.at("login") : std::string{});
    return filled(text, safe);
}

}  // namespace

void rule_out(finding& found, finding_ref look_alike, std::string evidence_against) {
    found.ruled_out.push_back({std::string(look_alike->id), std::move(evidence_against)});
}

draft::draft(const case_view& view, finding_ref id) : entry_(id), names_(view.usual_names) {
    made_.id = entry_->id;
    made_.severity = entry_->severity;
    made_.stage = entry_->stage;
}

void draft::name_from(const trace::span& s) {
    made_.stage = s.stage;
    if (const auto candidate = candidate_of(s); !candidate.empty()) {
        with("host", host_of(candidate));
        with("port", port_of(candidate));
    }
    with("address", peer_of(s));
    with("proxy", s.text(ev::proxy));
    with("sts", host_of_url(s.text(ev::http_url)));
    if (s.node.starts_with("registration.") && s.subject.find("://") != std::string::npos)
        with("sts", host_of_url(s.subject));
    with("server", s.text(ev::diagnostics_source));
    made_.subject = s.subject.empty() ? candidate_of(s) : s.subject;
}

draft& draft::seen(const trace::span& s) {
    if (made_.evidence.empty()) name_from(s);
    made_.evidence.push_back(s.span_id);
    return *this;
}

draft& draft::about(std::string subject) {
    made_.subject = std::move(subject);
    return *this;
}

draft& draft::with(std::string name, std::string value) {
    if (!value.empty()) names_[std::move(name)] = std::move(value);
    return *this;
}

draft& draft::known_by(std::string text) {
    if (!known_by_.empty()) known_by_ += ' ';
    known_by_ += text;
    return *this;
}

draft& draft::remedy(std::string who, std::string text) {
    remedy_ = diagnosis::remedy{std::move(who), std::move(text), {}};
    return *this;
}

draft& draft::not_because(finding_ref id, std::string evidence_against) {
    rule_out(made_, id, std::move(evidence_against));
    return *this;
}

std::string draft::fill(std::string_view text) const { return filled(text, names_); }

draft about_candidate(const case_view& view, const trace::span& s, finding_ref id) {
    draft found(view, id);
    found.seen(s).about(candidate_of(s));
    return found;
}

maybe draft::done() {
    if (made_.subject.empty())
        made_.subject = made_.stage == 1           ? "this PC"
                        : names_["domain"].empty() ? "the sign-in address"
                                                   : names_["domain"];
    const auto sip = "sip." + names_["domain"];
    names_["wanted_names"] = names_["host"] == sip ? sip : names_["host"] + " and " + sip;
    made_.title = title_.empty() ? fill(entry_->title) : title_;
    made_.explanation = fill(entry_->meaning);
    if (!known_by_.empty()) made_.explanation += " " + known_by_;
    const auto check = command(entry_->check, names_);
    if (remedy_) made_.remedies.push_back({remedy_->who, remedy_->text, check});
    else made_.remedies.push_back({std::string(entry_->who), fill(entry_->remedy), check});
    return std::move(made_);
}

}  // namespace ucsignin::diagnosis
