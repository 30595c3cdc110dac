#include "subscription/change_page.h"

#include "base/limits.h"
#include "base/locale.h"
#include "base/message.h"
#include "customer/customer_store.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "engine/window.h"
#include "html/field.h"
#include "subscription/schedule_page.h"
#include "subscription/subscription_store.h"

enum err change_page_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    (void)request;
    return reply->carry != NULL ? engine_settle_payments(cx, reply->carry) : OK;
}

/* ── Manage add-ons ───────────────────────────────────────────────────────────────────── */

/* Chooses the add-on that is asked for, else the first; NULL when there is none. */
static enum err put_addons(struct context *cx, struct pane *pane,
                           const struct subscription **ret_chosen)
{
    struct subscription_list held = {0};
    const char *wanted = pane_value(pane, "addon");
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
    struct view *select = field_select(pane->fields, "addon");
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

enum err change_page_addons(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct pane pane;
    const struct subscription *chosen;
    TRY(pane_begin(cx, request, "pane.addons_title", &pane));
    TRY(put_addons(cx, &pane, &chosen));
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
    TRY(pane_put_quantity(cx, &pane, chosen, chosen->quantity));
    return pane_answer(cx, reply, &pane);
}

/* ── Licences ─────────────────────────────────────────────────────────────────────────── */

/* Until when how many can be taken back, of an agreement account (rules §4, Licences). */
static enum err put_window(struct context *cx, const struct pane *pane)
{
    struct state *state;
    const struct offer *offer;
    instant until;
    TRY(pane_load_state(cx, pane, &state));
    TRY(pane_find_offer(cx, pane->sub, &offer));
    TRY(subscription_load_batches(cx, cx->now - BATCH_WINDOW_MS, &state->batches));
    int64_t count = window_refundable(cx, state, pane->sub, &until);
    const char *moment = locale_moment(cx->arena, cx->language, state->account->time_zone, until);
    view_text(view_child(pane->view, "note"), "text",
              count == 0 ? message_say(cx, "pane.window_closed", "moment", moment, NULL)
                         : message_say(cx, "pane.window_open", "quantity",
                                       show_quantity(cx, offer, count), "moment", moment, NULL));
    return OK;
}

enum err change_page_licenses(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct pane pane;
    TRY(pane_begin(cx, request, "pane.licenses_title", &pane));
    struct account *account;
    TRY(pane_put_quantity(cx, &pane, pane.sub, pane.sub->quantity));
    TRY(account_load(cx, pane.sub->account, &account));
    if (account->type == ACCOUNT_AGREEMENT) {
        pane.command.at_renewal = pane_put_when(cx, &pane, NULL);
        TRY(put_window(cx, &pane));
    }
    return pane_answer(cx, reply, &pane);
}

/* ── Recurring billing, and the end ───────────────────────────────────────────────────── */

enum err change_page_recurring(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    struct pane pane;
    TRY(pane_begin(cx, request, "pane.recurring_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_RECURRING_BILLING))
        return OK;
    const char *said = pane_value(&pane, "on");
    bool on = said != NULL ? strcmp(said, "yes") == 0 : pane.sub->recurring_billing;
    struct view *radio = field_radio(pane.fields, "on");
    view_text(radio, "label", message_say(cx, "pane.recurring", NULL));
    view_bool(radio, "live", true);
    const char *end = locale_day(cx->arena, cx->language, pane.sub->term_end);
    struct view *yes = field_option(radio, "yes", message_say(cx, "pane.on", NULL), on);
    view_text(yes, "detail", message_say(cx, "pane.on_detail", "date", end, NULL));
    struct view *no = field_option(radio, "no", message_say(cx, "pane.off", NULL), !on);
    view_text(no, "detail", message_say(cx, "pane.off_detail", "date", end, NULL));
    pane.command =
        (struct command){.kind = COMMAND_RECURRING_BILLING, .subscription = pane.sub->id, .on = on};
    pane.has_command = on != pane.sub->recurring_billing;
    if (!on)
        TRY(schedule_page_put_dropped(cx, pane.view, pane.sub));
    return pane_answer(cx, reply, &pane);
}

/* What ended comes back as an order: what it costs is seen before. A trial that is over comes back
 * by its purchase. */
enum err change_page_reactivate(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    struct pane pane;
    TRY(pane_begin(cx, request, "pane.reactivate_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_REACTIVATE))
        return OK;
    pane.command = (struct command){.kind = COMMAND_REACTIVATE, .subscription = pane.sub->id};
    pane.has_command = true;
    pane.button = "pane.reactivate";
    return pane_answer(cx, reply, &pane);
}
