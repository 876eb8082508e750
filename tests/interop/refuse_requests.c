#include "refuse_requests.h"

#include <glib.h>
#include <string.h>

struct question {
    guint idle;
    PurpleRequestActionCb refuse;
    void *user_data;
    int action;
};

static question_asked *report;

static void say(const char *title, const char *primary, const char *secondary)
{
    char *text = g_strdup_printf("%s: %s %s", title ? title : "question", primary ? primary : "",
                                 secondary ? secondary : "");
    report(text);
    g_free(text);
}

static gboolean answer(gpointer data)
{
    struct question *question = data;
    question->idle = 0;
    if (question->refuse)
        question->refuse(question->user_data, question->action);
    purple_request_close(PURPLE_REQUEST_ACTION, question);
    return FALSE;
}

static gboolean is_refusal(const char *label)
{
    return strstr(label, "Reject") || strstr(label, "Cancel") || strstr(label, "No");
}

static void *refuse_action(const char *title, const char *primary, const char *secondary,
                           int default_action, PurpleAccount *account, const char *who,
                           PurpleConversation *conversation, void *user_data, size_t action_count,
                           va_list actions)
{
    (void)default_action, (void)account, (void)who, (void)conversation;
    say(title, primary, secondary);

    struct question *question = g_new0(struct question, 1);
    question->user_data = user_data;
    for (size_t i = 0; i < action_count; i++) {
        const char *label = va_arg(actions, const char *);
        PurpleRequestActionCb callback = va_arg(actions, PurpleRequestActionCb);
        if (is_refusal(label) && !question->refuse) {
            question->refuse = callback;
            question->action = (int)i;
        }
    }
    // Not from here: libpurple knows the question only after this function returns.
    question->idle = g_idle_add(answer, question);
    return question;
}

static void *refuse_input(const char *title, const char *primary, const char *secondary,
                          const char *default_value, gboolean multiline, gboolean masked,
                          gchar *hint, const char *ok_text, GCallback ok_cb,
                          const char *cancel_text, GCallback cancel_cb, PurpleAccount *account,
                          const char *who, PurpleConversation *conversation, void *user_data)
{
    (void)default_value, (void)multiline, (void)masked, (void)hint, (void)ok_text, (void)ok_cb;
    (void)cancel_text, (void)cancel_cb, (void)account, (void)who, (void)conversation;
    (void)user_data;
    say(title, primary, secondary);
    return NULL;
}

static void *refuse_fields(const char *title, const char *primary, const char *secondary,
                           PurpleRequestFields *fields, const char *ok_text, GCallback ok_cb,
                           const char *cancel_text, GCallback cancel_cb, PurpleAccount *account,
                           const char *who, PurpleConversation *conversation, void *user_data)
{
    (void)fields, (void)ok_text, (void)ok_cb, (void)cancel_text, (void)cancel_cb, (void)account;
    (void)who, (void)conversation, (void)user_data;
    say(title, primary, secondary);
    return NULL;
}

static void close_request(PurpleRequestType type, void *handle)
{
    struct question *question = handle;
    (void)type;
    if (!question)
        return;
    if (question->idle)
        g_source_remove(question->idle);
    g_free(question);
}

static PurpleRequestUiOps operations = {
    .request_input = refuse_input,
    .request_action = refuse_action,
    .request_fields = refuse_fields,
    .close_request = close_request,
};

PurpleRequestUiOps *refuse_requests(question_asked *asked)
{
    report = asked;
    return &operations;
}
