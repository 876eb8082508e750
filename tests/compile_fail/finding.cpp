// says: no such finding in the catalogue
#include "diagnosis/catalogue.hpp"

using ucsignin::diagnosis::finding_ref;

bool by_parameter(finding_ref);
bool right() { return by_parameter("tls-expired"); }
#ifdef WRONG
bool wrong() { return by_parameter("tls-expird"); }
#endif
