#include "subscription/change_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_effect_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "subscription/subscription_store.h"

/* A pane while it is answered: what was sent, and what it would change. */
struct pane {
    const struct http_request *request;
    struct http_form *form; /* NULL: a GET, whose query says the same */
    struct http_form *kept; /* of a GET: what was sent when the session had ended */
    struct subscription *sub;
    struct view *view;
    struct command command;
    bool has_command;  /* enough was said to show an effect */
    const char *error; /* beside the quantity, or NULL */
};

/* ── Parts ────────────────────────────────────────────────────────────────────────────── */

static const char *value_of(const struct pane *pane, const char *name)
{
    const struct http_form *form = pane->form != NULL ? pane->form : pane->kept;
    const char *value = http_form_value(form, name);
    if (pane->form == NULL && value == NULL)
        value = http_query(pane->request, name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static enum err pane_begin(struct context *cx, const struct http_request *request, bool posts,
                           const char *title, struct pane *ret_pane)
{
    struct pane pane = {.request = request, .view = view_object(cx->arena)};
    if (posts) {
        pane.form = ARENA_NEW(cx->arena, struct http_form);
        TRY(http_form_read(cx, request, pane.form));
    } else {
        pane.kept = ARENA_NEW(cx->arena, struct http_form);
        TRY(show_kept_form(cx, request, pane.kept));
        show_kept_notice(cx, pane.view, pane.kept);
    }
    TRY(subscription_load(cx, request->path_values[0], &pane.sub));
    if (pane.sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    view_text(pane.view, "title", message_say(cx, title, NULL));
    view_text(pane.view, "post", request->path);
    struct view *back = view_child(pane.view, "back");
    view_print(back, "href", "/billing/products/%s", pane.sub->id);
    view_text(back, "label", message_say(cx, "pane.back", NULL));
    *ret_pane = pane;
    return OK;
}

static enum err find_offer(struct context *cx, const struct subscription *sub,
                           const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, sub->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, sub->offer);
    return *ret_offer != NULL ? OK : fault(cx, ERR_NOT_FOUND, "param", "/offer", NULL);
}

/* Without script another add-on is chosen by a button; the quantity sent is the last one's. */
static bool is_choosing(const struct pane *pane)
{
    const char *what = value_of(pane, "do");
    return what != NULL && strcmp(what, "choose") == 0;
}

/* The field for a new total of `sub`, and the command that it asks for. */
static enum err pane_quantity(struct context *cx, struct pane *pane, struct view *fields,
                              const struct subscription *sub)
{
    const struct offer *offer;
    struct quantity_bounds bounds;
    TRY(find_offer(cx, sub, &offer));
    TRY(show_bounds(cx, sub->account, offer, &bounds));
    const char *typed = is_choosing(pane) ? NULL : value_of(pane, "quantity");
    int64_t quantity = typed != NULL ? field_parse_number(typed) : sub->quantity;
    if (typed == NULL)
        typed = arena_print(cx->arena, "%" PRId64, sub->quantity);
    struct view *field = field_number(fields, "quantity", typed);
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
    return OK;
}

/* ── Effect and saving ────────────────────────────────────────────────────────────────── */

static const char *pane_subject(struct context *cx, const struct pane *pane)
{
    return arena_print(cx->arena, "%s %d %" PRId64 " %s", pane->request->path,
                       (int)pane->command.kind, pane->command.quantity, pane->command.subscription);
}

static void put_problem(struct context *cx, struct pane *pane)
{
    /* Of a form at its head; of what is only looked at where its effect would stand. */
    struct view *where = pane->form != NULL ? pane->view : view_child(pane->view, "effect");
    view_text(view_child(where, "problem"), "text", show_fault(cx));
}

/* Shows the pane with the effect of what was asked; a second press confirms that. */
static enum err pane_show(struct context *cx, struct http_reply *reply, struct pane *pane,
                          const char *button, bool danger)
{
    struct engine_run run = {.preview = true, .subject = pane_subject(cx, pane)};
    int status = pane->error != NULL ? 422 : 200;
    bool is_shown = false;
    if (pane->has_command && pane->error == NULL) {
        enum err err = engine_command(cx, &pane->command, &run);
        if (err != OK && err_http_status(err) < 500) {
            status = pane->form != NULL ? err_http_status(err) : 200;
            put_problem(cx, pane);
        } else {
            TRY(err);
            TRY(show_effect(cx, pane->view, &run));
            is_shown = true;
        }
    }
    struct view *submit = view_child(pane->view, "submit");
    view_text(submit, "label",
              message_say(cx, is_shown && pane->form != NULL ? "pane.confirm" : button, NULL));
    view_text(submit, "value", is_shown ? "confirm" : "save");
    view_bool(submit, "danger", danger);
    http_reply_page(reply, status, "pane_form", pane->view);
    return OK;
}

/* Commits what was shown, when its token comes back; else shows it. */
static enum err pane_save(struct context *cx, struct http_reply *reply, struct pane *pane,
                          const char *button, bool danger)
{
    const char *token = value_of(pane, "review");
    if (token == NULL || !pane->has_command || pane->error != NULL)
        return pane_show(cx, reply, pane, button, danger);
    struct engine_run run = {.token = token, .subject = pane_subject(cx, pane)};
    enum err err = engine_command(cx, &pane->command, &run);
    if (err != OK && err_http_status(err) < 500) {
        bool is_stale = err == ERR_NOT_FOUND && cx->fault.param != NULL &&
                        strcmp(cx->fault.param, "/token") == 0;
        if (!is_stale)
            put_problem(cx, pane);
        fault_clear(cx);
        return pane_show(cx, reply, pane, button, danger);
    }
    TRY(err);
    const struct order *order = run.decision.order;
    bool waits = order != NULL && order_is_pending(order);
    if (waits)
        reply->carry = arena_copy(cx->arena, order->id);
    const struct document *document = run.decision.document;
    http_reply_redirect(reply, pane->request,
                        waits ? arena_print(cx->arena, "/billing/orders/%s", order->id)
                              : arena_print(cx->arena, "/billing/products/%s?saved=%s",
                                            pane->sub->id, document != NULL ? document->id : ""));
    return OK;
}

enum err change_page_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    (void)request;
    return reply->carry != NULL ? engine_settle_payments(cx, reply->carry) : OK;
}

/* ── Manage add-ons ───────────────────────────────────────────────────────────────────── */

/* Chooses the add-on that is asked for, else the first; NULL when there is none. */
static enum err put_addons(struct context *cx, struct pane *pane, struct view *fields,
                           const struct subscription **ret_chosen)
{
    struct subscription_list held = {0};
    const char *wanted = value_of(pane, "addon");
    const struct subscription *chosen = NULL;
    TRY(subscription_load_held(cx, &held));
    for (size_t i = 0; i < held.count; i++) {
        const struct subscription *child = held.items[i];
        bool is_one = child->parent != NULL && strcmp(child->parent, pane->sub->id) == 0 &&
                      child->status != SUBSCRIPTION_PLANNED;
        if (is_one && (chosen == NULL || (wanted != NULL && strcmp(wanted, child->id) == 0)))
            chosen = child;
    }
    *ret_chosen = chosen;
    if (chosen == NULL)
        return OK;
    struct view *select = field_select(fields, "addon");
    view_text(select, "label", message_say(cx, "pane.addon", NULL));
    view_bool(select, "reload", true);
    for (size_t i = 0; i < held.count; i++) {
        const struct subscription *child = held.items[i];
        const char *name;
        if (child->parent == NULL || strcmp(child->parent, pane->sub->id) != 0 ||
            child->status == SUBSCRIPTION_PLANNED)
            continue;
        TRY(show_name(cx, child, &name));
        field_option(select, child->id, name, child == chosen);
    }
    return OK;
}

static enum err addons(struct context *cx, const struct http_request *request,
                       struct http_reply *reply, bool posts)
{
    struct pane pane;
    const struct subscription *chosen;
    TRY(pane_begin(cx, request, posts, "pane.addons_title", &pane));
    struct view *fields = view_list(pane.view, "fields");
    TRY(put_addons(cx, &pane, fields, &chosen));
    struct view *note = view_child(pane.view, "note");
    if (chosen == NULL) {
        view_text(note, "text", message_say(cx, "pane.no_addons", NULL));
        struct view *way = view_child(note, "way");
        view_print(way, "href", "/billing/purchase?for=%s", pane.sub->id);
        view_text(way, "label", message_say(cx, "pane.find_addons", NULL));
        http_reply_page(reply, 200, "pane_form", pane.view);
        return OK;
    }
    view_text(note, "text", message_say(cx, "pane.not_removable", NULL));
    struct view *way = view_child(note, "way");
    view_print(way, "href", "/support/new?subscription=%s", chosen->id);
    view_text(way, "label", message_say(cx, "pane.ask_removal", NULL));
    TRY(pane_quantity(cx, &pane, fields, chosen));
    return posts ? pane_save(cx, reply, &pane, "pane.save", false)
                 : pane_show(cx, reply, &pane, "pane.save", false);
}

enum err change_page_show_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    return addons(cx, request, reply, false);
}

enum err change_page_save_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    return addons(cx, request, reply, true);
}

/* ── Licences ─────────────────────────────────────────────────────────────────────────── */

static enum err licenses(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, bool posts)
{
    struct pane pane;
    TRY(pane_begin(cx, request, posts, "pane.licenses_title", &pane));
    TRY(pane_quantity(cx, &pane, view_list(pane.view, "fields"), pane.sub));
    return posts ? pane_save(cx, reply, &pane, "pane.save", false)
                 : pane_show(cx, reply, &pane, "pane.save", false);
}

enum err change_page_show_licenses(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    return licenses(cx, request, reply, false);
}

enum err change_page_save_licenses(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    return licenses(cx, request, reply, true);
}

/* ── Recurring billing, and the end ───────────────────────────────────────────────────── */

static enum err recurring(struct context *cx, const struct http_request *request,
                          struct http_reply *reply, bool posts)
{
    struct pane pane;
    TRY(pane_begin(cx, request, posts, "pane.recurring_title", &pane));
    const char *said = value_of(&pane, "on");
    bool on = said != NULL ? strcmp(said, "yes") == 0 : pane.sub->recurring_billing;
    struct view *radio = field_radio(view_list(pane.view, "fields"), "on");
    view_text(radio, "label", message_say(cx, "pane.recurring", NULL));
    view_bool(radio, "live", true);
    const char *end = locale_day(cx->arena, cx->language, pane.sub->term_end);
    struct view *yes = field_option(radio, "yes", message_say(cx, "pane.on", NULL), on);
    view_text(yes, "detail", message_say(cx, "pane.on_detail", "date", end, NULL));
    struct view *no = field_option(radio, "no", message_say(cx, "pane.off", NULL), !on);
    view_text(no, "detail", message_say(cx, "pane.off_detail", "date", end, NULL));
    pane.command =
        (struct command){.kind = COMMAND_RECURRING_BILLING,
                         .subscription = pane.sub->id,
                         .on = on,
                         .quantity = on}; /* the subject of its review tells on from off */
    pane.has_command = on != pane.sub->recurring_billing;
    return posts ? pane_save(cx, reply, &pane, "pane.save", false)
                 : pane_show(cx, reply, &pane, "pane.save", false);
}

enum err change_page_show_recurring(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply)
{
    return recurring(cx, request, reply, false);
}

enum err change_page_save_recurring(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply)
{
    return recurring(cx, request, reply, true);
}

static enum err cancel(struct context *cx, const struct http_request *request,
                       struct http_reply *reply, bool posts)
{
    struct pane pane;
    TRY(pane_begin(cx, request, posts, "pane.cancel_title", &pane));
    const char *said = value_of(&pane, "when");
    bool now = said == NULL || strcmp(said, "now") == 0;
    struct view *radio = field_radio(view_list(pane.view, "fields"), "when");
    view_text(radio, "label", message_say(cx, "pane.when", NULL));
    view_bool(radio, "live", true);
    const char *end = locale_day(cx->arena, cx->language, pane.sub->term_end);
    field_option(radio, "now", message_say(cx, "pane.cancel_now", NULL), now);
    field_option(radio, "end", message_say(cx, "pane.cancel_at_end", "date", end, NULL), !now);
    pane.command = (struct command){.kind = now ? COMMAND_CANCEL : COMMAND_CANCEL_AT_END,
                                    .subscription = pane.sub->id};
    pane.has_command = true;
    if (pane.sub->assigned > 0 && subscription_allows(pane.sub, ACTION_CANCEL))
        view_text(view_child(pane.view, "note"), "text",
                  message_count(cx, "pane.cancel_people", pane.sub->assigned, NULL));
    return posts ? pane_save(cx, reply, &pane, "pane.cancel", true)
                 : pane_show(cx, reply, &pane, "pane.cancel", true);
}

enum err change_page_show_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    return cancel(cx, request, reply, false);
}

enum err change_page_save_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    return cancel(cx, request, reply, true);
}

/* What ended comes back as an order: what it costs is seen before. A trial that is over comes back
 * by its purchase. */
static enum err reactivate(struct context *cx, const struct http_request *request,
                           struct http_reply *reply, bool posts)
{
    struct pane pane;
    TRY(pane_begin(cx, request, posts, "pane.reactivate_title", &pane));
    pane.command = (struct command){.kind = COMMAND_REACTIVATE, .subscription = pane.sub->id};
    pane.has_command = true;
    return posts ? pane_save(cx, reply, &pane, "pane.reactivate", false)
                 : pane_show(cx, reply, &pane, "pane.reactivate", false);
}

enum err change_page_show_reactivate(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply)
{
    return reactivate(cx, request, reply, false);
}

enum err change_page_save_reactivate(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply)
{
    return reactivate(cx, request, reply, true);
}
