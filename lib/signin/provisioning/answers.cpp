// Words for an answer: why it was not sent, how it was refused, or why none came.
#include "signin/provisioning/answers.hpp"

#include "signin/base/notes.hpp"

namespace ucsignin::signin::provisioning {

std::string answer::in_words() const {
    if (unsent) return unsent->why;
    return reply ? signin::in_words(reply->answer) : signin::in_words(error);
}

std::string answer::why_nothing() const {
    if (const auto* why = unreadable()) return why->what;
    if (accepted() && !body) return in_words() + ", and nothing with it or after it";
    return discarded > 0 ? "only answers without a valid signature came" : in_words();
}

}  // namespace ucsignin::signin::provisioning
