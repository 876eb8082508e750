#pragma once
// Answers of stage 5 as the driver would have them, and what a node makes of them.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "reached.hpp"
#include "signin/provisioning/requests.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin::provisioning::tests_of {

// The answers so far, as the driver would have them.
struct told {
    told() { all.own_address = "sip:alice@contoso.example"; }
    answers all{std::size(requests)};

    told& answered(std::size_t row, int status, std::string_view body = {}) {
        auto& a = all.at(row);
        a.now = answer::state::complete;
        a.name = requests[row].name;
        a.reply.emplace();
        a.reply->answer.status = status;
        a.reply->answer.reason = status == 200 ? "OK" : "Refused";
        if (a.accepted()) a.body = requests[row].read(body);
        return row == asked::contacts ? follow() : *this;
    }
    told& seen(mailbox_seen what) {
        auto& a = all.at(asked::mailbox);
        a.now = answer::state::complete;
        a.body = std::make_shared<const std::any>(std::move(what));
        return *this;
    }
    told& seen(photo_seen what) {
        auto& a = all.at(asked::photo);
        a.now = answer::state::complete;
        a.body = std::make_shared<const std::any>(std::move(what));
        return *this;
    }
    // The list, as the driver would derive it from what is there.
    told& follow() {
        auto& a = all.at(asked::list);
        auto made = requests[asked::list].build({}, all);
        a = {};
        a.now = answer::state::complete;
        if (auto* what = std::get_if<known>(&made)) a.body = std::move(what->what);
        else a.unsent = std::get<not_sent>(std::move(made));
        return *this;
    }
    told& silent(std::size_t row) {
        auto& a = all.at(row);
        a.now = answer::state::complete;
        a.name = requests[row].name;
        a.error = {net::fault::timed_out, "", 0};
        return *this;
    }
    told& heard(std::size_t row, std::string_view body) {
        all.at(row).now = answer::state::complete;
        all.at(row).body = requests[row].read(body);
        return *this;
    }
    told& conflict(std::string body) {
        sip::message m;
        m.status = 409;
        m.body = std::move(body);
        all.at(asked::publication).conflicts.push_back(std::move(m));
        return *this;
    }
};

inline decided at(std::string_view node, const told& by) {
    for (const auto& row : nodes())
        if (row.node->id == node) {
            auto found = row.decide(by.all);
            tests::reached(node, found.branch.name());
            return found;
        }
    FAIL("no row for " << node);
    return {};
}

template <class T>
std::vector<T> noted(const decided& found, const trace::evidence_entry& name) {
    std::vector<T> values;
    for (const auto& fact : found.facts)
        if (fact.name->name == name.name) values.push_back(std::get<T>(fact.value));
    return values;
}
using texts = std::vector<std::string>;
using numbers = std::vector<std::int64_t>;

inline const std::string no_self = "<roamingData/>";

}  // namespace ucsignin::signin::provisioning::tests_of
