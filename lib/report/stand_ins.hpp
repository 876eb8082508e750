#pragma once
// Stable stand-ins for names of people and machines: the same name gets the same stand-in, and what belongs together
// (a host and its domain) stays together. A stand-in has the form of what it stands for, and numbers go by first
// mention: so a masked text gets the same stand-ins again.

#include <map>
#include <string>
#include <string_view>

#include "report/phrases.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::report {

class stand_ins {
public:
    std::string host_name(std::string_view name);    // "fe01.emea.contoso.example"
    std::string host_label(std::string_view label);  // a host without a domain
    std::string user(std::string_view name);
    std::string login_domain(std::string_view name);  // NetBIOS: "CONTOSO"
    std::string organization(std::string_view name);  // whatever a certificate names that is no host
    std::string adapter(std::string_view name);
    std::string guid(std::string_view guid);
    std::string phone(std::string_view number);  // however it is written
    std::string ipv4(std::string_view address);
    std::string ipv6(std::string_view address);

    // A word that is known to name somebody or something; null when none is known.
    [[nodiscard]] const std::string* of_word(std::string_view word) const;
    [[nodiscard]] const phrase_book& phrases() const { return phrases_; }

private:
    using table = std::map<std::string, std::string, std::less<>>;  // lower case -> stand-in

    static std::string numbered(table& known, std::string_view value, std::string_view prefix);
    std::string label(std::string_view text, table& known, std::string_view prefix);
    std::string label_of_service(std::string_view text);
    void learn(std::string_view name, const std::string& stand_in);

    table domains_, hosts_, inner_labels_, users_, login_domains_, organizations_, adapters_, guids_, phones_;
    table private4_, public4_, link_local4_, link_local6_, private6_, public6_;
    table words_;
    phrase_book phrases_;
};

using trace::lower;

// The domain that somebody registered: two labels, or three below co.uk and its like; empty when there is no dot.
[[nodiscard]] std::string_view registered_domain(std::string_view host);

}  // namespace ucsignin::report
