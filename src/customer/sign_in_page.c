#include "customer/sign_in_page.h"

#include "base/message.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"
#include "html/field.h"

/* A browser leaves out tabs and the ends of lines, and would read "/<tab>/host" as "//host". */
const char *sign_in_page_path(const char *path)
{
    bool is_ours = path != NULL && path[0] == '/' && path[1] != '/' && path[1] != '\\';
    for (const char *c = path; is_ours && *c != '\0'; c++)
        is_ours = (unsigned char)*c > ' ' && *c != 0x7f;
    return is_ours ? path : "/";
}

/* Whoever was signed in is told why that is over, and what became of the form that was sent. */
static void put_notice(struct context *cx, const struct http_request *request, struct view *view)
{
    const char *next = http_query(request, "next");
    if (request->session == NULL || next == NULL)
        return;
    struct view *notice = view_child(view, "notice");
    bool has_kept = strstr(next, "kept=") != NULL;
    view_text(notice, "kind", "info");
    view_text(notice, "text",
              message_say(cx, has_kept ? "signin.again_kept" : "signin.again", NULL));
    view_bool(notice, "urgent", false);
}

static void show(struct context *cx, const struct http_request *request, struct http_reply *reply,
                 int status, const char *email, const char *problem)
{
    struct view *view = view_object(cx->arena);
    view_text(view, "post", http_address(cx->arena, request));
    if (problem != NULL)
        view_text(view_child(view, "problem"), "text", problem);
    struct view *fields = view_list(view, "fields");
    struct view *field = field_text(fields, "email", email);
    view_text(field, "label", message_template(cx->language, "signin.email"));
    view_text(field, "type", "email");
    view_text(field, "autocomplete", "username");
    field = field_text(fields, "password", "");
    view_text(field, "label", message_template(cx->language, "signin.password"));
    view_text(field, "type", "password");
    view_text(field, "autocomplete", "current-password");
    put_notice(cx, request, view);
    http_reply_page(reply, status, "signin", view);
}

enum err sign_in_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    if (request->session != NULL && !request->session->is_over) {
        http_reply_redirect(reply, request, sign_in_page_path(http_query(request, "next")));
        return OK;
    }
    show(cx, request, reply, 200, "", NULL);
    return OK;
}

/* Who has the address in several organisations is asked in which. */
enum err sign_in_page_enter(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    const char *email = http_form_value(form, "email");
    const char *password = http_form_value(form, "password");
    struct person_list people = {0};
    enum err err = sign_in_check(cx, email != NULL ? email : "", password != NULL ? password : "",
                                 http_remote_address(cx, request), &people);
    if (err == ERR_SIGN_IN_FAILED || err == ERR_RATE_LIMITED) {
        const char *why = message_fault(cx->arena, cx->language, &cx->fault);
        show(cx, request, reply, err_http_status(err), email, why);
        if (err == ERR_RATE_LIMITED)
            http_reply_header(reply, "Retry-After", fault_arg(&cx->fault, "retry_after"));
        fault_clear(cx);
        return OK;
    }
    TRY(err);
    const char *token;
    TRY(session_begin(cx, people.items[0], &token));
    http_session_cookie(cx, request, reply, token);
    const char *next = sign_in_page_path(http_query(request, "next"));
    if (people.count > 1)
        next = arena_print(cx->arena, "/choose-organization?next=%s", http_encode(cx->arena, next));
    http_reply_redirect(reply, request, next);
    return OK;
}

enum err sign_in_page_leave(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    if (request->session != NULL)
        TRY(session_end(cx, request->session->hash));
    http_session_cookie(cx, request, reply, NULL);
    http_reply_redirect(reply, request, "/sign-in");
    return OK;
}

/* The value of a field when it is one of two or three words; else NULL. */
static const char *choice(const struct http_form *form, const char *name, const char *const *words)
{
    const char *value = http_form_value(form, name);
    for (; value != NULL && *words != NULL; words++)
        if (strcmp(value, *words) == 0)
            return *words;
    return NULL;
}

enum err sign_in_page_prefer(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    static const char *const LANGUAGES[] = {"en", "fr", NULL};
    static const char *const VIEWS[] = {"simplified", "dashboard", NULL};
    static const char *const THEMES[] = {"auto", "light", "dark", NULL};
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    const char *language = choice(form, "lang", LANGUAGES);
    const char *theme = choice(form, "theme", THEMES);
    const struct http_session *session = request->session;
    if (session != NULL && !session->is_over)
        TRY(person_save_preferences(cx, session->customer, session->person, language,
                                    choice(form, "view", VIEWS), theme));
    if (language != NULL)
        http_preference_cookie(cx, request, reply, "annex_lang", language);
    if (theme != NULL)
        http_preference_cookie(cx, request, reply, "annex_theme", theme);
    http_reply_redirect(reply, request, sign_in_page_path(http_form_value(form, "back")));
    return OK;
}
