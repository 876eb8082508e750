#pragma once
// Stable stand-ins for names of people and machines: the same name gets the same stand-in, and what belongs together
// (a host and its domain, a user and the user's domain) stays together. Masking masked text again changes nothing.

#include <map>
#include <string>
#include <string_view>

namespace ucsignin::report {

class pseudonyms {
public:
    // Typed values. Each is learned, so that free text that holds it is masked as well.
    std::string host(std::string_view value);      // names and addresses in it; ports and other words stay
    std::string sip_uri(std::string_view value);   // "sip:alice@contoso.example;opaque=...;gruu"
    std::string url(std::string_view value);
    std::string dn(std::string_view value);        // "CN=sip.contoso.example, O=Contoso"; several in one text too
    std::string login(std::string_view value);     // "CONTOSO\alice", "alice@contoso.example"
    // Free text: addresses, user@domain, names below known domains, and words and phrases that are known to name somebody.
    std::string text(std::string_view value);

private:
    using table = std::map<std::string, std::string, std::less<>>;   // lower case -> stand-in
    enum class names { known_domains, every };

    std::string tokens(std::string_view value, names which);
    std::string token(std::string_view word, names which);
    std::string piece(std::string_view word, names which);
    std::string name(std::string_view host);
    std::string label(std::string_view label, bool leftmost);
    std::string user_at(std::string_view user, std::string_view domain, names which);
    std::string attribute(std::string_view type, std::string_view value);
    std::string address4(std::string_view address);
    std::string address6(std::string_view address);

    table domains_, hosts_, inner_labels_, users_, netbios_, organizations_, words_, phrases_;
    table private4_, public4_, link_local6_, private6_, public6_;
};

}  // namespace ucsignin::report
