#include <malloc.h>

#include "ucsignin/host.hpp"

namespace ucsignin::host {

void share_one_heap() {
#ifdef M_ARENA_MAX
    (void)::mallopt(M_ARENA_MAX, 1);  // glibc's word for a heap
#endif
}

}  // namespace ucsignin::host
