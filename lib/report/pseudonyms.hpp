#pragma once
// Masks texts: what is known or looks like a name is replaced by its stand-in, and of the other words only those stay
// that are ours (vocabulary.hpp). Masking masked text again changes nothing.

#include <set>
#include <string>
#include <string_view>

#include "report/stand_ins.hpp"

namespace ucsignin::report {

class pseudonyms {
public:
    // What stands in place of a word, a path or an identifier that nobody else needs to tell apart.
    static constexpr std::string_view hidden = "***";

    // Values that are names by their kind. Each is learned, so that it is found in sentences as well.
    std::string host(std::string_view value);   // a host or an address, with a port or without
    std::string dn(std::string_view value);     // "CN=sip.contoso.example, O=Contoso"; several in one text too
    std::string login(std::string_view value);  // "CONTOSO\alice", "alice@contoso.example"
    std::string adapter(std::string_view value);
    // Anything else: sentences, codes, URLs, what servers wrote.
    std::string text(std::string_view value);
    // A text that may be a name and nothing else ("alice"), though the word is one of ours too ("page").
    std::string name(std::string_view value);

    void learn_dn(std::string_view value);      // its names of several words, before the first text is masked
    void keep_number(std::string_view number);  // one of five digits and more that the trace holds as a number

private:
    friend class text_mask;
    std::string attribute(std::string_view type, std::string_view value);

    stand_ins names_;
    std::set<std::string, std::less<>> numbers_;
};

}  // namespace ucsignin::report
