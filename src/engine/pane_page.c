#include "engine/pane_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/engine_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_effect_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "subscription/subscription_store.h"

/* Of a form that is shown again, whatever refuses it: script puts no other in its place. */
enum { REFUSED = 422 };

/* ── What was sent ────────────────────────────────────────────────────────────────────── */

const char *pane_value(const struct pane *pane, const char *name)
{
    const struct http_form *form = pane->form != NULL ? pane->form : pane->kept;
    const char *value = http_form_value(form, name);
    if (pane->form == NULL && value == NULL)
        value = http_query(pane->request, name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

bool pane_says(const struct pane *pane, const char *name, const char *value)
{
    const char *said = pane_value(pane, name);
    return said != NULL && strcmp(said, value) == 0;
}

enum err pane_begin_account(struct context *cx, const struct http_request *request,
                            const char *title, const char *back, const char *label,
                            struct pane *ret_pane)
{
    struct pane pane = {
        .request = request,
        .view = view_object(cx->arena),
        .button = "pane.save",
    };
    if (request->method != HTTP_GET) {
        pane.form = ARENA_NEW(cx->arena, struct http_form);
        TRY(http_form_read(cx, request, pane.form));
    } else {
        pane.kept = ARENA_NEW(cx->arena, struct http_form);
        TRY(show_kept_form(cx, request, pane.kept));
        show_kept_notice(cx, pane.view, pane.kept);
    }
    view_text(pane.view, "title", message_say(cx, title, NULL));
    view_text(pane.view, "post", request->path);
    pane.fields = view_list(pane.view, "fields");
    struct view *way_back = view_child(pane.view, "back");
    view_text(way_back, "href", back);
    view_text(way_back, "label", message_say(cx, label, NULL));
    *ret_pane = pane;
    return OK;
}

enum err pane_begin(struct context *cx, const struct http_request *request, const char *title,
                    struct pane *ret_pane)
{
    struct subscription *sub;
    TRY(subscription_load(cx, request->path_values[0], &sub));
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    const char *back = arena_print(cx->arena, "/billing/products/%s", sub->id);
    TRY(pane_begin_account(cx, request, title, back, "pane.back", ret_pane));
    ret_pane->sub = sub;
    return OK;
}

enum err pane_find_offer(struct context *cx, const struct subscription *sub,
                         const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, sub->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, sub->offer);
    return *ret_offer != NULL ? OK : fault(cx, ERR_NOT_FOUND, "param", "/offer", NULL);
}

enum err pane_load_state(struct context *cx, const struct pane *pane, struct state **ret_state)
{
    TRY(state_load_read(cx, ret_state));
    state_use_account(*ret_state, state_find_account(*ret_state, pane->sub->account), cx->now);
    return OK;
}

/* Without script another add-on is chosen by a button; the quantity sent is the last one's. */
static bool is_choosing(const struct pane *pane)
{
    return pane_says(pane, "do", "choose");
}

enum err pane_put_quantity(struct context *cx, struct pane *pane, const struct subscription *sub,
                           int64_t otherwise)
{
    const struct offer *offer;
    struct quantity_bounds bounds;
    TRY(pane_find_offer(cx, sub, &offer));
    TRY(show_bounds(cx, sub->account, offer, &bounds));
    const char *typed = is_choosing(pane) ? NULL : pane_value(pane, "quantity");
    int64_t quantity = typed != NULL ? field_parse_number(typed) : otherwise;
    if (typed == NULL)
        typed = arena_print(cx->arena, "%" PRId64, otherwise);
    struct view *field = field_number(pane->fields, "quantity", typed);
    view_text(field, "label", message_say(cx, "pane.new_total", NULL));
    view_text(field, "unit", show_units(cx, offer));
    view_text(field, "hint",
              message_say(cx, "pane.bounds", "min",
                          locale_integer(cx->arena, cx->language, bounds.min), "max",
                          locale_integer(cx->arena, cx->language, bounds.max), "now",
                          show_quantity(cx, offer, sub->quantity), NULL));
    view_bool(field, "described", true);
    view_bool(field, "live", true);
    if (quantity < 0)
        pane->error = message_say(cx, "checkout.no_number", NULL);
    pane->has_command = quantity >= 0 && quantity != sub->quantity;
    pane->command = (struct command){
        .kind = COMMAND_SET_QUANTITY, .subscription = sub->id, .quantity = quantity};
    field_error(field, pane->error);
    pane->asked = field;
    return OK;
}

bool pane_put_when(struct context *cx, struct pane *pane, const char *why_not_now)
{
    bool waits = why_not_now != NULL || pane_says(pane, "when", "renewal");
    struct view *radio = field_radio(pane->fields, "when");
    view_text(radio, "label", message_say(cx, "pane.when", NULL));
    view_bool(radio, "live", true);
    struct view *now = field_option(radio, "now", message_say(cx, "pane.now", NULL), !waits);
    view_bool(now, "off", why_not_now != NULL);
    view_text(now, "why", why_not_now);
    view_bool(now, "way", false);
    field_option(radio, "renewal",
                 message_say(cx, "pane.at_renewal", "date",
                             locale_day(cx->arena, cx->language, pane->sub->term_end), NULL),
                 waits);
    return waits;
}

/* ── Refusals ─────────────────────────────────────────────────────────────────────────── */

void pane_put_way(struct context *cx, struct view *view, enum err refusal,
                  const struct subscription *sub)
{
    static const struct {
        enum err refusal;
        const char *href, *label;
    } WAYS[] = {
        {ERR_PAST_DUE, "/billing/accounts/%s/pay", "pane.way_pay"},
        {ERR_LICENSES_ASSIGNED, "/billing/licenses/%s", "pane.way_assigned"},
        {ERR_PAYMENT_FAILED, "/billing/products/%s/method", "pane.way_method"},
        {ERR_TRIAL_NOT_BOUGHT, "/billing/products/%s/trial", "pane.way_trial"},
        {ERR_TOO_MANY_LICENSES_TO_CANCEL, "/billing/products/%s/licenses", "pane.way_licenses"},
        {ERR_CANCELLATION_WINDOW_CLOSED, "/billing/products/%s/recurring", "pane.way_recurring"},
        {ERR_RECURRING_BILLING_OFF, "/billing/products/%s/recurring", "pane.way_recurring"},
        {ERR_REDUCTION_WINDOW_CLOSED, "/billing/products/%s/licenses?when=renewal",
         "pane.way_renewal"},
        {ERR_SUBSCRIPTION_NOT_ACTIVE, "/billing/products/%s/reactivate", "pane.way_reactivate"},
        {ERR_REACTIVATION_NOT_POSSIBLE, "/billing/purchase", "pane.way_purchase"},
        {ERR_PLAN_CHANGE_BLOCKED, "/support/new?subscription=%s", "pane.ask_removal"},
        {ERR_BILLING_FREQUENCY_UNSUPPORTED, "/support/new?subscription=%s", "pane.ask_removal"},
        {ERR_ADDON_NOT_REMOVABLE, "/support/new?subscription=%s", "pane.ask_removal"},
    };
    bool can_return =
        sub != NULL && subscription_allows(sub, ACTION_REACTIVATE) && sub->parent == NULL;
    for (size_t i = 0; sub != NULL && i < sizeof WAYS / sizeof *WAYS; i++) {
        if (WAYS[i].refusal != refusal || (refusal == ERR_SUBSCRIPTION_NOT_ACTIVE && !can_return))
            continue;
        struct view *way = view_child(view, "way");
        bool is_own = refusal == ERR_ADDON_NOT_REMOVABLE || refusal == ERR_LICENSES_ASSIGNED;
        const char *owner = refusal == ERR_PAST_DUE          ? sub->account
                            : sub->parent != NULL && !is_own ? sub->parent
                                                             : sub->id;
        size_t head = strcspn(WAYS[i].href, "%");
        bool names = WAYS[i].href[head] == '%';
        view_print(way, "href", "%.*s%s%s", (int)head, WAYS[i].href, names ? owner : "",
                   names ? WAYS[i].href + head + 2 : "");
        view_text(way, "label", message_say(cx, WAYS[i].label, NULL));
        view_bool(way, "pane", false);
        return;
    }
    view_bool(view, "way", false);
}

void pane_say_only(struct context *cx, struct http_reply *reply, struct pane *pane,
                   const char *text)
{
    (void)cx;
    view_text(view_child(pane->view, "note"), "text", text);
    http_reply_page(reply, pane->form != NULL ? REFUSED : 200, "pane_form", pane->view);
}

bool pane_is_refused(struct context *cx, struct http_reply *reply, struct pane *pane,
                     enum subscription_action action)
{
    const struct subscription *sub = pane->sub;
    bool is_child = sub->parent != NULL && sub->status != SUBSCRIPTION_DELETED;
    enum err refusal = is_child ? OK : subscription_check_action(cx, sub, action);
    if (!is_child && refusal == OK)
        return false;
    struct view *note = view_child(pane->view, "note");
    view_text(note, "text", is_child ? message_say(cx, "details.why_addon", NULL) : show_fault(cx));
    if (is_child) {
        struct view *way = view_child(note, "way");
        view_print(way, "href", "/billing/products/%s", sub->parent);
        view_text(way, "label", message_say(cx, "pane.way_base", NULL));
    } else {
        pane_put_way(cx, note, refusal, sub);
    }
    http_reply_page(reply, pane->form != NULL ? REFUSED : 200, "pane_form", pane->view);
    return true;
}

/* A refusal of what was typed or chosen stands beside that field; any other at the head of the
 * form, and of what is only looked at where its effect would stand. */
static void put_problem(struct context *cx, struct pane *pane)
{
    enum err refusal = cx->fault.code;
    const char *param = cx->fault.param != NULL ? cx->fault.param : "";
    bool is_of_field = pane->form != NULL && pane->asked != NULL && strlen(param) > 1 &&
                       strcmp(param, "/token") != 0 && strcmp(param, "/when") != 0;
    const char *told = show_fault(cx);
    if (is_of_field) {
        field_error(pane->asked, told);
        pane_put_way(cx, view_child(pane->asked, "remedy"), refusal, pane->sub);
        return;
    }
    struct view *where = pane->form != NULL ? pane->view : view_child(pane->view, "effect");
    struct view *problem = view_child(where, "problem");
    view_text(problem, "text", told);
    pane_put_way(cx, problem, refusal, pane->sub);
}

/* ── Effect and saving ────────────────────────────────────────────────────────────────── */

static const char *or_none(const char *text)
{
    return text != NULL ? text : "-";
}

/* What a review is bound to: the pane, and all that its command says. */
static const char *pane_subject(struct context *cx, const struct pane *pane)
{
    const struct command *command = &pane->command;
    return arena_print(cx->arena, "%s %d %" PRId64 " %s %s %d %d %d %d %s", pane->request->path,
                       (int)command->kind, command->quantity, or_none(command->subscription),
                       or_none(command->offer), (int)command->term, (int)command->billing,
                       (int)command->at_renewal, (int)command->on,
                       or_none(command->payment_method));
}

/* Shows what was asked; a second press confirms that. */
static enum err pane_preview(struct context *cx, struct http_reply *reply, struct pane *pane)
{
    pane->run = (struct engine_run){.preview = true, .subject = pane_subject(cx, pane)};
    reply->status = pane->error != NULL ? REFUSED : 200;
    if (!pane->has_command || pane->error != NULL)
        return OK;
    enum err err = engine_command(cx, &pane->command, &pane->run);
    if (err != OK && err_http_status(err) < 500) {
        reply->status = pane->form != NULL ? REFUSED : 200;
        put_problem(cx, pane);
        return OK;
    }
    TRY(err);
    pane->has_effect = true;
    return show_effect(cx, pane->view, &pane->run);
}

static void pane_go_on(struct context *cx, struct http_reply *reply, struct pane *pane,
                       const struct decision *made)
{
    const struct order *order = made->order;
    bool waits = order != NULL && order_is_pending(order);
    if (waits)
        reply->carry = arena_copy(cx->arena, order->id);
    const struct document *document = made->document;
    http_reply_redirect(reply, pane->request,
                        waits ? arena_print(cx->arena, "/billing/orders/%s", order->id)
                              : arena_print(cx->arena, "/billing/products/%s?saved=%s",
                                            pane->sub->id, document != NULL ? document->id : ""));
}

/* Commits what was shown, when its token comes back; else shows it. */
static enum err pane_save(struct context *cx, struct http_reply *reply, struct pane *pane,
                          bool *ret_is_done)
{
    const char *token = pane_value(pane, "review");
    if (token == NULL || !pane->has_command || pane->error != NULL)
        return pane_preview(cx, reply, pane);
    struct engine_run run = {.token = token, .subject = pane_subject(cx, pane)};
    enum err err = engine_command(cx, &pane->command, &run);
    if (err != OK && err_http_status(err) < 500) {
        bool is_stale = err == ERR_NOT_FOUND && cx->fault.param != NULL &&
                        strcmp(cx->fault.param, "/token") == 0;
        if (!is_stale)
            put_problem(cx, pane);
        fault_clear(cx);
        return pane_preview(cx, reply, pane);
    }
    TRY(err);
    if (pane->sub != NULL)
        pane_go_on(cx, reply, pane, &run.decision);
    else
        pane->run = run;
    *ret_is_done = true;
    return OK;
}

enum err pane_decide(struct context *cx, struct http_reply *reply, struct pane *pane,
                     bool *ret_is_done)
{
    *ret_is_done = false;
    return pane->form != NULL ? pane_save(cx, reply, pane, ret_is_done)
                              : pane_preview(cx, reply, pane);
}

void pane_reply(struct context *cx, struct http_reply *reply, struct pane *pane)
{
    bool confirms = pane->has_effect && pane->form != NULL;
    struct view *submit = view_child(pane->view, "submit");
    view_text(submit, "label", message_say(cx, confirms ? "pane.confirm" : pane->button, NULL));
    view_text(submit, "value", pane->has_effect ? "confirm" : "save");
    view_bool(submit, "danger", pane->is_dangerous);
    http_reply_page(reply, reply->status, "pane_form", pane->view);
}

enum err pane_answer(struct context *cx, struct http_reply *reply, struct pane *pane)
{
    bool is_done;
    TRY(pane_decide(cx, reply, pane, &is_done));
    if (!is_done)
        pane_reply(cx, reply, pane);
    return OK;
}
