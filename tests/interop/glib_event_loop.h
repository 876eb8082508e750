// libpurple's timers and file descriptors, on the glib main loop.
#pragma once
#include <libpurple/eventloop.h>

PurpleEventLoopUiOps *glib_event_loop(void);
