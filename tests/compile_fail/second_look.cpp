// says: no such second look
#include "diagnosis/case_view.hpp"

using namespace ucsignin::diagnosis;

bool right(const case_view& view) { return view.second_look("tls_scan", "sip.contoso.example:443") != nullptr; }
#ifdef WRONG
bool wrong(const case_view& view) { return view.second_look("tls_scans", "sip.contoso.example:443") != nullptr; }
#endif
