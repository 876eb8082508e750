#include "glib_event_loop.h"

#include <glib.h>

struct watch {
    PurpleInputFunction function;
    gpointer data;
};

static gboolean deliver(GIOChannel *channel, GIOCondition condition, gpointer data)
{
    const struct watch *watch = data;
    int purple = 0;
    // Hang-up and error count as both: libpurple learns the reason from its next read or write.
    if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
        purple |= PURPLE_INPUT_READ;
    if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL))
        purple |= PURPLE_INPUT_WRITE;
    watch->function(watch->data, g_io_channel_unix_get_fd(channel), (PurpleInputCondition)purple);
    return TRUE;
}

static guint add_input(int fd, PurpleInputCondition condition, PurpleInputFunction function,
                       gpointer data)
{
    struct watch *watch = g_new0(struct watch, 1);
    watch->function = function;
    watch->data = data;

    int glib = 0;
    if (condition & PURPLE_INPUT_READ)
        glib |= G_IO_IN | G_IO_HUP | G_IO_ERR;
    if (condition & PURPLE_INPUT_WRITE)
        glib |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;

    GIOChannel *channel = g_io_channel_unix_new(fd);
    guint id = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, (GIOCondition)glib, deliver, watch,
                                   g_free);
    g_io_channel_unref(channel);
    return id;
}

static PurpleEventLoopUiOps operations = {
    .timeout_add = g_timeout_add,
    .timeout_remove = g_source_remove,
    .input_add = add_input,
    .input_remove = g_source_remove,
    .timeout_add_seconds = g_timeout_add_seconds,
};

PurpleEventLoopUiOps *glib_event_loop(void)
{
    return &operations;
}
