#include "auth/ledger.hpp"

namespace ucsignin::auth {

bool ledger::may_use(protocol with) const {
    const int refused = refusals();
    if (refused == 0) return true;
    const auto own = counts_.find(with);
    return refused == 1 && (own == counts_.end() || own->second.refused == 0) && !used_after_refusal_;
}

void ledger::used(protocol with) {
    used_after_refusal_ = used_after_refusal_ || refusals() > 0;
    ++counts_[with].used;
}

void ledger::refused(protocol with) { ++counts_[with].refused; }

int ledger::uses() const {
    int sum = 0;
    for (const auto& [with, count] : counts_) sum += count.used;
    return sum;
}

int ledger::refusals() const {
    int sum = 0;
    for (const auto& [with, count] : counts_) sum += count.refused;
    return sum;
}

}  // namespace ucsignin::auth
