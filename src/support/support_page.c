#include "support/support_page.h"

#include "base/limits.h"
#include "base/message.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "subscription/subscription_store.h"
#include "support/support_do.h"
#include "support/support_show_page.h"
#include "support/support_store.h"

static enum err put_request(struct context *cx, struct view *rows,
                            const struct support_request *support)
{
    struct view *row = view_item(rows);
    const char *about;
    TRY(support_show_about(cx, support, &about));
    view_print(row, "href", "/support/%s", support->id);
    view_text(row, "about", about);
    view_text(row, "message", support->message);
    view_text(row, "answer", support->answer != NULL ? support->answer : "");
    view_text(row, "state", support_show_state(cx, support));
    support_show_day(cx, row, support->created_at);
    return OK;
}

enum err support_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    const char *after = http_query(request, "after");
    const struct support_query query = {
        .after = after != NULL ? after : "", .before = "", .limit = PAGE_DEFAULT + 1};
    struct support_list list = {0};
    struct view *view = view_object(cx->arena);
    TRY(support_list_page(cx, &query, &list));
    bool has_more = list.count > PAGE_DEFAULT;
    if (has_more)
        list.count = PAGE_DEFAULT;
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < list.count; i++)
        TRY(put_request(cx, rows, list.items[i]));
    view_bool(view, "has_rows", list.count > 0);
    struct view *ask =
        show_action(cx, request, view_child(view, "ask"), message_say(cx, "support.new", NULL),
                    "/support/new", true, NULL);
    view_bool(ask, "primary", true);
    if (has_more) {
        struct view *next = view_child(view_child(view, "pages"), "next");
        view_print(next, "href", "/support?after=%s", list.items[list.count - 1]->id);
    }
    http_reply_page(reply, 200, "support", view);
    return OK;
}

/* The subscription it is about: the add-on on the page of its base. */
static enum err put_subject(struct context *cx, struct view *facts,
                            const struct support_request *support)
{
    struct subscription *sub;
    const char *name;
    if (support->subscription == NULL)
        return OK;
    TRY(subscription_load(cx, support->subscription, &sub));
    TRY(show_name(cx, sub, &name));
    struct view *fact = support_show_fact(cx, facts, "support.subject", name);
    view_print(fact, "href", "/billing/products/%s", sub->id);
    return OK;
}

enum err support_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct support_request *support;
    const char *about, *asker;
    TRY(support_load(cx, request->path_values[0], &support));
    TRY(support_show_about(cx, support, &about));
    TRY(support_show_person(cx, cx->customer, support->opened_by, &asker));
    struct view *view = view_object(cx->arena);
    view_text(view, "title", about);
    view_text(view, "name", about);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "support.title", NULL), "/support");
    show_crumb(crumbs, about, NULL);
    struct view *facts = view_list(view, "facts");
    support_show_fact(cx, facts, "support.state", support_show_state(cx, support));
    support_show_day(cx, support_show_fact(cx, facts, "support.sent", NULL), support->created_at);
    support_show_fact(cx, facts, "support.asked_by", asker);
    TRY(put_subject(cx, facts, support));
    view_text(view, "message", support->message);
    support_show_answer(cx, view, support,
                        message_say(cx, "support.of_seller", "name", cx->seller->name, NULL));
    http_reply_page(reply, 200, "support_request", view);
    return OK;
}

/* The form: what is asked, and why. */
static enum err show_form(struct context *cx, struct http_reply *reply, int status,
                          const char *subscription, const char *message, const char *problem)
{
    struct view *view = view_object(cx->arena);
    view_text(view, "title", message_say(cx, "support.new", NULL));
    view_text(view, "post", "/support/new");
    struct view *hidden = view_list(view, "hidden");
    const char *back = "/support";
    if (subscription != NULL) {
        struct subscription *sub;
        const char *name;
        TRY(subscription_load(cx, subscription, &sub));
        TRY(show_name(cx, sub, &name));
        struct view *item = view_item(hidden);
        view_text(item, "name", "subscription");
        view_text(item, "value", sub->id);
        view_text(view, "intro", message_say(cx, "support.removal_intro", "name", name, NULL));
        back = arena_print(cx->arena, "/billing/products/%s", sub->parent ? sub->parent : sub->id);
    }
    struct view *field = field_area(view_list(view, "fields"), "message", message);
    view_text(field, "label", message_say(cx, "support.message", NULL));
    field_error(field, problem);
    struct view *submit = view_child(view, "submit");
    view_text(submit, "label", message_say(cx, "support.send", NULL));
    view_text(submit, "value", "save");
    struct view *way = view_child(view, "back");
    view_text(way, "href", back);
    view_text(way, "label", message_say(cx, "support.back", NULL));
    http_reply_page(reply, status, "pane_form", view);
    return OK;
}

enum err support_page_ask(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct http_form *kept = ARENA_NEW(cx->arena, struct http_form);
    TRY(show_kept_form(cx, request, kept));
    const char *subscription = http_form_value(kept, "subscription");
    const char *message = http_form_value(kept, "message");
    if (subscription == NULL)
        subscription = http_query(request, "subscription");
    TRY(show_form(cx, reply, 200, subscription, message != NULL ? message : "", NULL));
    show_kept_notice(cx, reply->view, kept);
    return OK;
}

enum err support_page_open(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct support_request support;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    const char *message = http_form_value(form, "message");
    const char *subscription = http_form_value(form, "subscription");
    if (message == NULL || message[strspn(message, " \r\n\t")] == '\0') {
        return show_form(cx, reply, 422, subscription, "",
                         message_say(cx, "support.say_why", NULL));
    }
    enum support_kind kind = subscription != NULL ? SUPPORT_REMOVE_ADDON : SUPPORT_OTHER;
    enum err err = support_open(cx, kind, subscription, message, &support);
    if (err != OK && err_http_status(err) < 500 && err != ERR_NOT_FOUND) {
        const char *told = message_fault(cx->arena, cx->language, &cx->fault);
        fault_clear(cx);
        return show_form(cx, reply, err_http_status(err), subscription, message, told);
    }
    TRY(err);
    http_reply_redirect(reply, request, "/support");
    return OK;
}
