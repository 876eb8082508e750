// Words for an answer: why it was not sent, how it was refused, or why none came.
#include "signin/provisioning/answers.hpp"

#include "signin/base/notes.hpp"

namespace ucsignin::signin::provisioning {

std::string answer::in_words() const {
    if (unsent) return unsent->why;
    return reply ? signin::in_words(reply->answer) : signin::in_words(error);
}

}  // namespace ucsignin::signin::provisioning
