#pragma once
// Writes a finding from its catalogue entry: fills the placeholders with the names of this run.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/case_view.hpp"
#include "diagnosis/catalogue.hpp"

namespace ucsignin::diagnosis {

using maybe = std::optional<finding>;

void rule_out(finding&, finding_ref look_alike, std::string evidence_against);

class draft {
public:
    draft(const case_view&, finding_ref id);

    draft& seen(const trace::span&);  // evidence; the first one also gives host, port, address...
    draft& about(std::string subject);
    draft& as(diagnosis::certainty how) {
        made_.certainty = how;
        return *this;
    }
    draft& weigh(diagnosis::severity how) {
        made_.severity = how;
        return *this;
    }
    draft& with(std::string name, std::string value);  // a placeholder; an empty value changes nothing
    draft& title(std::string text) {
        title_ = std::move(text);
        return *this;
    }
    draft& known_by(std::string text);                 // how one knows, in a sentence
    draft& remedy(std::string who, std::string text);  // in place of the entry's own
    draft& not_because(finding_ref id, std::string evidence_against);
    [[nodiscard]] maybe done();

private:
    [[nodiscard]] std::string fill(std::string_view text) const;
    void name_from(const trace::span&);

    finding_ref entry_;
    finding made_;
    std::map<std::string, std::string> names_;
    std::string title_, known_by_;
    std::optional<diagnosis::remedy> remedy_;
};

[[nodiscard]] draft about_candidate(const case_view&, const trace::span&, finding_ref id);

}  // namespace ucsignin::diagnosis
