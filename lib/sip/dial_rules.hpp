#pragma once
// The rules of a dial plan applied to numbers as a client does (MS-SIPRE 2.2.8.1; Pattern and Translation are those of
// .NET's Regex.Replace), and the rules that can't be.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/bodies.hpp"

namespace ucsignin::sip {

struct dial_rule_fault {
    std::size_t rule = 0;  // its place, 0 is first
    std::string what;
    bool ours = false;  // .NET takes the pattern, and it is not evaluated here
};

struct dialled_number {
    std::string result;               // "" when no rule matches
    std::optional<std::size_t> rule;  // that wrote it; none for a number that was global already
    std::size_t passed_over = 0;      // rules before it, or all, that do not match
    std::size_t not_tried = 0;        // rules before it, or all, that can't be applied here: one of them may match
    bool external = false;            // the external access prefix was dialled
};

class dial_rules {
public:
    explicit dial_rules(const location_profile& plan);
    ~dial_rules();
    dial_rules(dial_rules&&) noexcept;
    dial_rules& operator=(dial_rules&&) noexcept;

    // Patterns that do not compile, and those that take more steps with an ordinary number than any real one.
    [[nodiscard]] const std::vector<dial_rule_fault>& faults() const { return faults_; }
    [[nodiscard]] dialled_number apply(std::string_view typed) const;

private:
    class pattern;
    std::vector<std::unique_ptr<pattern>> patterns_;  // null where there is a fault
    std::vector<dial_rule_fault> faults_;
    std::vector<std::string> translations_;
    std::size_t beyond_ = 0;  // rules of the plan that are too many to be looked at
    std::string prefix_;
};

}  // namespace ucsignin::sip
