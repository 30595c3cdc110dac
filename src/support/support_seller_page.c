/* Support requests as the seller's staff sees and answers them (rules §3.3, §8). A removal is
 * previewed by the use case that then does it, and commits by the token of that preview. */
#include "base/limits.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_effect_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "subscription/subscription_store.h"
#include "support/support_do.h"
#include "support/support_page.h"
#include "support/support_show_page.h"
#include "support/support_store.h"

/* ── The list ─────────────────────────────────────────────────────────────────────────── */

static enum err put_request(struct context *cx, struct view *rows,
                            const struct support_request *support)
{
    struct organization organization;
    const char *about;
    TRY(organization_enter(cx, support->customer, &organization));
    TRY(support_show_about(cx, support, &about));
    struct view *row = view_item(rows);
    view_print(row, "href", "/seller/support/%s", support->id);
    view_text(row, "about", about);
    view_text(row, "message", support->message);
    view_text(row, "customer", organization.name);
    view_bool(row, "test", !organization.live);
    view_text(row, "state", support_show_state(cx, support));
    support_show_day(cx, row, support->created_at);
    return OK;
}

/* The state that the address asks for; open when it asks for none that there is. */
static enum support_state wanted_state(const struct http_request *request)
{
    enum support_state state = SUPPORT_OPEN;
    const char *named = http_query(request, "state");
    bool known = named != NULL && support_state_parse(named, &state);
    return known ? state : SUPPORT_OPEN;
}

static void put_states(struct context *cx, struct view *view, enum support_state wanted)
{
    struct view *states = view_list(view, "states");
    for (enum support_state state = SUPPORT_OPEN; state <= SUPPORT_DECLINED; state++) {
        struct support_request some = {.state = state};
        struct view *option = view_item(states);
        view_text(option, "value", support_state_format(state));
        view_text(option, "label", support_show_state(cx, &some));
        view_bool(option, "selected", state == wanted);
    }
}

static void put_pages(struct context *cx, struct view *view, enum support_state state,
                      const char *after, const char *next)
{
    if (after[0] == '\0' && next == NULL)
        return;
    const char *first =
        arena_print(cx->arena, "/seller/support?state=%s", support_state_format(state));
    struct view *pages = view_child(view, "pages");
    if (after[0] != '\0')
        view_text(view_child(pages, "first"), "href", first);
    if (next != NULL)
        view_print(view_child(pages, "next"), "href", "%s&after=%s", first, next);
}

enum err support_page_list_all(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    const char *after = http_query(request, "after");
    const struct support_all_query query = {
        .after = after != NULL ? after : "",
        .state = wanted_state(request),
        .limit = PAGE_DEFAULT + 1,
    };
    struct support_list list = {0};
    TRY(support_list_all(cx, &query, &list));
    bool has_more = list.count > PAGE_DEFAULT;
    if (has_more)
        list.count = PAGE_DEFAULT;
    struct view *view = view_object(cx->arena);
    put_states(cx, view, query.state);
    put_pages(cx, view, query.state, query.after, has_more ? list.items[list.count - 1]->id : NULL);
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < list.count; i++)
        TRY(put_request(cx, rows, list.items[i]));
    view_bool(view, "has_rows", list.count > 0);
    http_reply_page(reply, 200, "seller_support", view);
    return OK;
}

/* ── A request ────────────────────────────────────────────────────────────────────────── */

/* A request while it is examined, and what was typed. */
struct examination {
    const struct http_request *request;
    struct organization organization;
    struct support_request *support;
    struct person *asker; /* NULL: there is none any more */
    const char *answer;   /* NULL: not typed */
    const char *error;    /* of the answer */
    bool removes;         /* of which form the answer is */
    const char *problem;
};

static enum err begin(struct context *cx, const struct http_request *request,
                      struct examination *ret_examination)
{
    struct examination examination = {.request = request};
    const char *customer;
    const char *id = request->path_values[0];
    TRY(support_load_customer(cx, id, &customer));
    TRY(organization_enter(cx, customer, &examination.organization));
    TRY(support_load(cx, id, &examination.support));
    TRY(support_load_person(cx, customer, examination.support->opened_by, &examination.asker));
    *ret_examination = examination;
    return OK;
}

static const char *subject_of(struct context *cx, const struct examination *examination)
{
    return arena_print(cx->arena, "%s remove", examination->request->path);
}

static enum err put_subscription(struct context *cx, struct view *rows,
                                 const struct subscription *sub, const char *key)
{
    const struct catalog *catalog;
    struct account *account;
    const char *name;
    TRY(account_load(cx, sub->account, &account));
    TRY(catalog_load(cx, sub->catalog, &catalog));
    TRY(show_name(cx, sub, &name));
    struct view *row = view_item(rows);
    view_text(row, "what", message_say(cx, key, NULL));
    view_text(row, "name", name);
    view_text(row, "id", sub->id);
    view_text(row, "quantity",
              show_quantity(cx, catalog_find_offer(catalog, sub->offer), sub->quantity));
    show_status(cx, row, sub);
    show_next_date(cx, row, sub, zone_day(account->time_zone, cx->now));
    return show_subscription_price(cx, row, sub);
}

/* The subscription and its add-on; or the one that a question is about. */
static enum err put_subscriptions(struct context *cx, struct view *view,
                                  const struct support_request *support)
{
    struct subscription *sub, *base;
    struct view *rows = view_list(view, "subscriptions");
    view_bool(view, "has_subscriptions", support->subscription != NULL);
    if (support->subscription == NULL)
        return OK;
    TRY(subscription_load(cx, support->subscription, &sub));
    if (sub->parent != NULL) {
        TRY(subscription_load(cx, sub->parent, &base));
        TRY(put_subscription(cx, rows, base, "support.base"));
    }
    return put_subscription(cx, rows, sub, sub->parent != NULL ? "support.addon" : "support.base");
}

static enum err put_facts(struct context *cx, struct view *view,
                          const struct examination *examination)
{
    const struct person *asker = examination->asker;
    const struct support_request *support = examination->support;
    const char *by = message_say(cx, "support.by_nobody", NULL);
    if (asker != NULL)
        by = arena_print(cx->arena, "%s, %s", asker->name, asker->email);
    struct view *facts = view_list(view, "facts");
    struct view *customer =
        support_show_fact(cx, facts, "support.customer", examination->organization.name);
    if (!examination->organization.live)
        view_text(customer, "detail", message_say(cx, "support.test", NULL));
    support_show_fact(cx, facts, "support.asked_by", by);
    support_show_day(cx, support_show_fact(cx, facts, "support.sent", NULL), support->created_at);
    support_show_fact(cx, facts, "support.state", support_show_state(cx, support));
    if (support->state == SUPPORT_OPEN)
        return OK;
    const char *who;
    TRY(support_show_person(cx, "", support->resolved_by, &who));
    support_show_answer(cx, view, support, who);
    return OK;
}

/* Each form has a field of its own name, as they stand on one page. */
static const char *field_of(bool removes)
{
    return removes ? "answer" : "reason";
}

/* One of the forms: its field, what is written there by now, and its button. */
static void put_form(struct context *cx, struct view *form, const struct examination *examination,
                     bool removes, const char *written, const char *name)
{
    bool is_this = examination->removes == removes;
    const char *typed = is_this && examination->answer != NULL ? examination->answer : written;
    struct view *field = field_area(view_list(form, "fields"), field_of(removes), typed);
    view_text(field, "label", message_say(cx, "support.answer_label", NULL));
    field_error(field, is_this ? examination->error : NULL);
    view_text(form, "submit", message_say(cx, arena_print(cx->arena, "support.do_%s", name), NULL));
}

/* What the customer reads when nothing else is written: in the asker's language. */
static const char *usual_answer(struct context *cx, const struct examination *examination)
{
    struct context theirs = *cx;
    if (examination->asker != NULL)
        theirs.language = examination->asker->language;
    return message_say(&theirs, "support.removed", NULL);
}

/* The removal as it would be now; why it cannot be, else. */
static enum err put_removal(struct context *cx, struct view *view, struct examination *examination)
{
    struct engine_run run = {.preview = true, .subject = subject_of(cx, examination)};
    enum err err = support_resolve(cx, examination->support, true, "", &run);
    if (err != OK && err_http_status(err) < 500) {
        view_text(view_child(view, "impossible"), "text",
                  message_fault(cx->arena, cx->language, &cx->fault));
        fault_clear(cx);
        return OK;
    }
    TRY(err);
    struct view *form = view_child(view, "removal");
    TRY(show_effect(cx, form, &run));
    put_form(cx, form, examination, true, usual_answer(cx, examination), "remove");
    return OK;
}

static enum err put_forms(struct context *cx, struct view *view, struct examination *examination)
{
    bool is_removal = examination->support->kind == SUPPORT_REMOVE_ADDON;
    const char *why =
        show_why_role(cx, examination->request, HTTP_POST, examination->request->path);
    if (examination->support->state != SUPPORT_OPEN)
        return OK;
    if (why != NULL) {
        show_off_role(cx, view_child(view, "not_yours"), why);
        return OK;
    }
    if (is_removal)
        TRY(put_removal(cx, view, examination));
    put_form(cx, view_child(view, "reply"), examination, false, "",
             is_removal ? "decline" : "answer");
    return OK;
}

static enum err show(struct context *cx, struct http_reply *reply, int status,
                     struct examination *examination)
{
    struct view *view = view_object(cx->arena);
    const char *about;
    TRY(support_show_about(cx, examination->support, &about));
    view_text(view, "title", about);
    view_text(view, "name", about);
    view_text(view, "post", examination->request->path);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "seller_support.title", NULL), "/seller/support");
    show_crumb(crumbs, about, NULL);
    view_text(view, "message", examination->support->message);
    if (examination->problem != NULL)
        view_text(view_child(view, "trouble"), "text", examination->problem);
    TRY(put_facts(cx, view, examination));
    TRY(put_subscriptions(cx, view, examination->support));
    TRY(put_forms(cx, view, examination));
    http_reply_page(reply, status, "seller_support_request", view);
    return OK;
}

/* Takes what was typed: into which of the forms its button says. */
static void take_form(const struct http_form *form, struct examination *examination)
{
    const char *what = http_form_value(form, "do");
    examination->removes = what != NULL && strcmp(what, "remove") == 0;
    examination->answer = http_form_value(form, field_of(examination->removes));
}

enum err support_page_examine(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct examination examination;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(begin(cx, request, &examination));
    TRY(show_kept_form(cx, request, form));
    take_form(form, &examination);
    TRY(show(cx, reply, 200, &examination));
    show_kept_notice(cx, reply->view, form);
    return OK;
}

/* ── Answering it ─────────────────────────────────────────────────────────────────────── */

/* A refusal is told on the page as it is by now. */
static enum err show_refusal(struct context *cx, struct http_reply *reply, enum err err,
                             struct examination *examination)
{
    bool is_stale =
        err == ERR_NOT_FOUND && cx->fault.param != NULL && strcmp(cx->fault.param, "/token") == 0;
    struct examination now;
    examination->problem = is_stale ? message_say(cx, "error.quote_expired", NULL)
                                    : message_fault(cx->arena, cx->language, &cx->fault);
    int status = is_stale ? 409 : err_http_status(err);
    fault_clear(cx);
    TRY(begin(cx, examination->request, &now));
    examination->support = now.support;
    return show(cx, reply, status, examination);
}

enum err support_page_resolve(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct examination examination;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    TRY(begin(cx, request, &examination));
    take_form(form, &examination);
    const char *answer = examination.answer;
    const char *token = http_form_value(form, "review");
    if (answer == NULL || answer[strspn(answer, " \r\n\t")] == '\0') {
        examination.error = message_say(cx, "support.say_answer", NULL);
        return show(cx, reply, 422, &examination);
    }
    struct engine_run run = {0};
    if (examination.removes)
        run = (struct engine_run){.token = token != NULL ? token : "",
                                  .subject = subject_of(cx, &examination)};
    enum err err = support_resolve(cx, examination.support, examination.removes, answer, &run);
    if (err != OK && err_http_status(err) < 500)
        return show_refusal(cx, reply, err, &examination);
    TRY(err);
    http_reply_redirect(reply, request, request->path);
    return OK;
}
