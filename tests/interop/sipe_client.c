// Signs in with libpurple and pidgin-sipe, without a screen, and says what happened, a line an
// event. It knows nothing of ucsignin: it is what somebody else's client makes of our lab.
//
// Exit code: 0 signed on, with the buddies that were expected; 1 not; 64 wrong usage.
#include "glib_event_loop.h"
#include "refuse_requests.h"

#include <glib.h>
#include <libpurple/purple.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program_id[] = "sipe_client";

struct options {
    char *server, *transport, *auth, *password_file, *ca_dir, *config, *plugin_dir, *debug_log;
    int timeout, expect_buddies, expect_online;
    char **identity;
};

static struct options options = {.timeout = 30};

// What the callbacks of libpurple leave behind; there is one sign-in a process.
static struct {
    GMainLoop *loop;
    PurpleAccount *account;
    gint64 started;
    gboolean signed_on, complete, leaving;
    guint deadline;
    FILE *debug_log;
} run;

static double elapsed_ms(void)
{
    return (double)(g_get_monotonic_time() - run.started) / 1000.0;
}

static gboolean quit_loop(gpointer unused)
{
    (void)unused;
    g_main_loop_quit(run.loop);
    return FALSE;
}

// From the loop, since an attempt can fail before the loop has begun.
static void stop(void)
{
    g_idle_add(quit_loop, NULL);
}

static gboolean leave(gpointer unused)
{
    (void)unused;
    run.leaving = TRUE;
    purple_account_disconnect(run.account);
    stop();
    return FALSE;
}

static int count_buddies(gboolean online_only)
{
    int count = 0;
    GSList *buddies = purple_find_buddies(run.account, NULL);
    for (GSList *i = buddies; i; i = i->next)
        count += !online_only || PURPLE_BUDDY_IS_ONLINE((PurpleBuddy *)i->data);
    g_slist_free(buddies);
    return count;
}

static void check_complete(void)
{
    if (run.complete || !run.signed_on || count_buddies(FALSE) < options.expect_buddies ||
        count_buddies(TRUE) < options.expect_online)
        return;
    run.complete = TRUE;
    printf("complete after %.0f ms: %d buddies, %d online\n", elapsed_ms(), count_buddies(FALSE),
           count_buddies(TRUE));
    // From the loop: the plug-in is in the middle of handling a message here.
    g_idle_add(leave, NULL);
}

static void on_signed_on(PurpleConnection *connection, gpointer unused)
{
    (void)connection, (void)unused;
    run.signed_on = TRUE;
    printf("signed on after %.0f ms\n", elapsed_ms());
    check_complete();
}

static void on_signed_off(PurpleConnection *connection, gpointer unused)
{
    (void)connection, (void)unused;
    printf("signed off after %.0f ms\n", elapsed_ms());
}

static void on_connection_error(PurpleConnection *connection, PurpleConnectionError reason,
                                const char *text, gpointer unused)
{
    (void)connection, (void)unused;
    printf("connection error: %d %s\n", (int)reason, text ? text : "");
    if (!run.leaving)
        stop();
}

static void on_buddy_added(PurpleBuddy *buddy, gpointer unused)
{
    (void)unused;
    if (purple_buddy_get_account(buddy) != run.account)
        return;
    const char *alias = purple_buddy_get_alias(buddy);
    PurpleGroup *group = purple_buddy_get_group(buddy);
    printf("buddy %s group \"%s\" alias \"%s\"\n", purple_buddy_get_name(buddy),
           group ? purple_group_get_name(group) : "", alias ? alias : "");
    check_complete();
}

static void on_buddy_status(PurpleBuddy *buddy, PurpleStatus *old_status, PurpleStatus *status,
                            gpointer unused)
{
    (void)old_status, (void)unused;
    printf("buddy %s status %s\n", purple_buddy_get_name(buddy), purple_status_get_id(status));
    check_complete();
}

static void on_buddy_online(PurpleBuddy *buddy, gpointer unused)
{
    (void)unused;
    printf("buddy %s online\n", purple_buddy_get_name(buddy));
    check_complete();
}

static void on_question(const char *text)
{
    printf("asked: %s\n", text);
    // A certificate's rejection brings a connection error of its own; other questions have no end.
    if (!strstr(text, "ertificate"))
        stop();
}

static void *show_message(PurpleNotifyMsgType type, const char *title, const char *primary,
                          const char *secondary)
{
    (void)type;
    printf("message: %s: %s %s\n", title ? title : "", primary ? primary : "",
           secondary ? secondary : "");
    return NULL;
}

static void write_debug(PurpleDebugLevel level, const char *category, const char *text)
{
    (void)level;
    fprintf(run.debug_log, "%.3f %s: %s", elapsed_ms(), category ? category : "", text);
}

static gboolean is_debug_wanted(PurpleDebugLevel level, const char *category)
{
    (void)level, (void)category;
    return run.debug_log != NULL;
}

static gboolean on_deadline(gpointer unused)
{
    (void)unused;
    run.deadline = 0;
    printf("timeout after %.0f ms: %s, %d buddies, %d online\n", elapsed_ms(),
           run.signed_on ? "signed on" : "not signed on", count_buddies(FALSE),
           count_buddies(TRUE));
    stop();
    return FALSE;
}

static void start_core(void)
{
    static PurpleNotifyUiOps notify = {.notify_message = show_message};
    static PurpleDebugUiOps debug = {.print = write_debug, .is_enabled = is_debug_wanted};

    purple_util_set_user_dir(options.config);
    purple_debug_set_enabled(FALSE);
    purple_debug_set_ui_ops(&debug);
    purple_eventloop_set_ui_ops(glib_event_loop());
    purple_plugins_add_search_path(options.plugin_dir);
    if (!purple_core_init(program_id)) {
        fprintf(stderr, "%s: libpurple does not start\n", program_id);
        exit(EXIT_FAILURE);
    }
    purple_request_set_ui_ops(refuse_requests(on_question));
    purple_notify_set_ui_ops(&notify);
    if (options.ca_dir)
        purple_certificate_add_ca_search_path(options.ca_dir);
    purple_set_blist(purple_blist_new());
    purple_blist_load();
    if (!purple_find_prpl("prpl-sipe")) {
        fprintf(stderr, "%s: no pidgin-sipe plug-in in %s\n", program_id, options.plugin_dir);
        exit(EXIT_FAILURE);
    }
}

static void watch_events(void)
{
    static int handle;
    void *connections = purple_connections_get_handle();
    void *buddies = purple_blist_get_handle();
    purple_signal_connect(connections, "signed-on", &handle, PURPLE_CALLBACK(on_signed_on), NULL);
    purple_signal_connect(connections, "signed-off", &handle, PURPLE_CALLBACK(on_signed_off), NULL);
    purple_signal_connect(connections, "connection-error", &handle,
                          PURPLE_CALLBACK(on_connection_error), NULL);
    purple_signal_connect(buddies, "buddy-added", &handle, PURPLE_CALLBACK(on_buddy_added), NULL);
    purple_signal_connect(buddies, "buddy-status-changed", &handle,
                          PURPLE_CALLBACK(on_buddy_status), NULL);
    purple_signal_connect(buddies, "buddy-signed-on", &handle, PURPLE_CALLBACK(on_buddy_online), NULL);
}

static char *read_password(void)
{
    char *password = NULL;
    GError *error = NULL;
    if (!g_file_get_contents(options.password_file, &password, NULL, &error)) {
        fprintf(stderr, "%s: %s\n", program_id, error->message);
        exit(EXIT_FAILURE);
    }
    password[strcspn(password, "\r\n")] = '\0';
    return password;
}

static PurpleAccount *make_account(void)
{
    PurpleAccount *account = purple_account_new(options.identity[0], "prpl-sipe");
    char *password = read_password();
    purple_account_set_password(account, password);
    g_free(password);

    purple_account_set_string(account, "server", options.server);
    purple_account_set_string(account, "transport", options.transport);
    purple_account_set_string(account, "authentication", options.auth);
    purple_account_set_bool(account, "sso", FALSE);

    // A proxy of the machine that runs the test is not part of it.
    PurpleProxyInfo *direct = purple_proxy_info_new();
    purple_proxy_info_set_type(direct, PURPLE_PROXY_NONE);
    purple_account_set_proxy_info(account, direct);
    return account;
}

static gboolean parse_options(int argc, char **argv)
{
    GOptionEntry entries[] = {
        {"server", 0, 0, G_OPTION_ARG_STRING, &options.server, "none: discovery", "HOST:PORT"},
        {"transport", 0, 0, G_OPTION_ARG_STRING, &options.transport, "default auto", "tls|auto"},
        {"auth", 0, 0, G_OPTION_ARG_STRING, &options.auth, "default tls-dsk", "tls-dsk|ntlm|krb5"},
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file, "", "FILE"},
        {"ca-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_dir, "more roots (*.pem)", "DIR"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &options.config, "a fresh folder", "DIR"},
        {"plugin-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.plugin_dir, "libsipe.so's", "DIR"},
        {"debug-log", 0, 0, G_OPTION_ARG_FILENAME, &options.debug_log, "all messages", "FILE"},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &options.timeout, "default 30", "SECONDS"},
        {"expect-buddies", 0, 0, G_OPTION_ARG_INT, &options.expect_buddies, "at least", "N"},
        {"expect-online", 0, 0, G_OPTION_ARG_INT, &options.expect_online, "of them", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.identity, NULL, NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    GOptionContext *context = g_option_context_new("USER@DOMAIN,LOGIN");
    GError *error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean valid = g_option_context_parse(context, &argc, &argv, &error);
    g_option_context_free(context);
    if (!valid) {
        fprintf(stderr, "%s: %s\n", program_id, error->message);
        return FALSE;
    }
    if (!options.identity || options.identity[1] || !options.password_file || !options.config) {
        fprintf(stderr, "usage: %s --password-file F --config DIR [options] USER@DOMAIN,LOGIN\n",
                program_id);
        return FALSE;
    }
    return TRUE;
}

static void fill_in_defaults(void)
{
    if (!options.server)
        options.server = "";
    if (!options.transport)
        options.transport = "auto";
    if (!options.auth)
        options.auth = "tls-dsk";
    if (!options.plugin_dir)
        options.plugin_dir = "/usr/lib/purple-2";
}

static void sign_in(void)
{
    run.started = g_get_monotonic_time();
    run.account = make_account();
    purple_accounts_add(run.account);
    purple_account_set_enabled(run.account, program_id, TRUE);
    purple_savedstatus_activate(purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
    run.deadline = g_timeout_add_seconds((guint)options.timeout, on_deadline, NULL);
    run.loop = g_main_loop_new(NULL, FALSE);
    g_main_loop_run(run.loop);
    if (run.deadline)
        g_source_remove(run.deadline);
}

int main(int argc, char **argv)
{
    if (!parse_options(argc, argv))
        return 64;
    fill_in_defaults();
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (options.debug_log && !(run.debug_log = fopen(options.debug_log, "w"))) {
        perror(options.debug_log);
        return EXIT_FAILURE;
    }
    start_core();
    watch_events();
    sign_in();
    purple_core_quit();
    return run.complete ? EXIT_SUCCESS : EXIT_FAILURE;
}
