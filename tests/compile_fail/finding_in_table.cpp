// says: no such finding in the catalogue
#include "diagnosis/catalogue.hpp"

using namespace ucsignin::diagnosis;

struct meaning {
    int number;
    finding_ref finding;
};
constexpr meaning right[] = {{4003, "reg-403-remote-access"}};
constexpr bool also_right = "reg-403-remote-access"_finding == right[0].finding;
#ifdef WRONG
constexpr meaning wrong[] = {{4003, "reg-403-remote-acces"}};
#endif
