#pragma once
// Under which names a session keeps what the server tells (session::notified). In the dialog of a subscription, the
// first notification that has a body is the whole; those after it are changes. So the first of each dialog is kept
// under its dialog's name, and the last of the others of a package under the package's alone.

#include <string>
#include <string_view>

namespace ucsignin::signin {

[[nodiscard]] inline std::string dialog_name(std::string_view package, std::string_view call_id) {
    return std::string(package) + ' ' + std::string(call_id);
}

}  // namespace ucsignin::signin
