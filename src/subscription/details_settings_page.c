#include "base/locale.h"
#include "base/message.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "payment/payment_store.h"
#include "subscription/cancellation_store.h"
#include "subscription/details_show_page.h"
#include "subscription/plan_page.h"
#include "subscription/subscription_store.h"
#include "subscription/trial_page.h"

/* ── Actions ──────────────────────────────────────────────────────────────────────────── */

bool details_allows(const struct details *details, enum subscription_action action, bool is_of_base)
{
    return !(details->sub->parent != NULL && is_of_base) &&
           subscription_allows(details->sub, action);
}

static struct view *put_pane(struct context *cx, struct view *view, const char *key,
                             const struct details *details, const char *pane, const char *why)
{
    return show_action(cx, details->request, view, message_say(cx, key, NULL),
                       arena_print(cx->arena, "/billing/products/%s/%s", details->sub->id, pane),
                       true, why);
}

struct view *details_put_action(struct context *cx, struct view *view, const char *key,
                                const struct details *details, const char *pane,
                                enum subscription_action action, bool is_of_base)
{
    const struct subscription *sub = details->sub;
    if (sub->parent != NULL && is_of_base) {
        put_pane(cx, view, key, details, pane, message_say(cx, "details.why_addon", NULL));
        struct view *way = view_child(view, "way");
        view_print(way, "href", "/billing/products/%s", sub->parent);
        view_text(way, "label", message_say(cx, "pane.way_base", NULL));
        view_bool(way, "pane", false);
        return view;
    }
    enum err refusal = subscription_check_action(cx, sub, action);
    put_pane(cx, view, key, details, pane, refusal != OK ? show_fault(cx) : NULL);
    if (refusal != OK)
        pane_put_way(cx, view, refusal, sub);
    return view;
}

/* ── What it is ───────────────────────────────────────────────────────────────────────── */

static void put_trial_actions(struct context *cx, struct view *actions,
                              const struct details *details)
{
    const struct subscription *sub = details->sub;
    if (!subscription_is_trial(sub) || sub->status == SUBSCRIPTION_DELETED)
        return;
    struct view *buy = details_put_action(cx, view_item(actions), "pane.buy_trial", details,
                                          "trial", ACTION_BUY_TRIAL, true);
    view_bool(buy, "primary", true);
    const char *why = trial_page_why_not(cx, sub, details->offer->trial_days, details->today);
    put_pane(cx, view_item(actions), "pane.extend_trial", details, "extend", why);
}

void details_put_description(struct context *cx, struct view *view, const struct details *details)
{
    struct view *shown = view_child(view, "details");
    view_text(shown, "description", show_text(cx, details->offer->description));
    struct view *actions = view_list(shown, "actions");
    if (!details->shows_money)
        return;
    put_trial_actions(cx, actions, details);
    if (details->offer->change_to.count > 0)
        details_put_action(cx, view_item(actions), "pane.plan_title", details, "plan",
                           ACTION_CHANGE_PLAN, true);
}

/* ── Settings ─────────────────────────────────────────────────────────────────────────── */

static struct view *put_setting(struct context *cx, struct view *rows, const char *key,
                                const char *value)
{
    struct view *row = view_item(rows);
    view_text(row, "label", message_say(cx, key, NULL));
    view_text(row, "value", value);
    return row;
}

static void put_frequency(struct context *cx, struct view *rows, const struct details *details)
{
    const struct subscription *sub = details->sub;
    const char *plan =
        arena_print(cx->arena, "plan.%s_%s", term_format(sub->term), billing_format(sub->billing));
    struct view *row = put_setting(cx, rows, "details.billing", message_say(cx, plan, NULL));
    struct view *action = view_child(row, "action");
    const char *why = plan_page_why_not(cx, details->account);
    if (why != NULL && details_allows(details, ACTION_BILLING, true)) {
        put_pane(cx, action, "details.change", details, "frequency", why);
        show_off_role(cx, action, why);
        return;
    }
    details_put_action(cx, action, "details.change", details, "frequency", ACTION_BILLING, true);
}

/* What pays: of a connected add-on what pays its base (rules §3). */
static enum err put_payment(struct context *cx, struct view *rows, const struct details *details)
{
    const char *id = details->sub->payment_method;
    if (details->sub->parent != NULL) {
        struct subscription *base;
        TRY(subscription_load(cx, details->sub->parent, &base));
        id = base->payment_method;
    }
    const char *value = message_say(cx, "checkout.transfer", NULL);
    if (id != NULL) {
        struct payment_method *method;
        TRY(method_load(cx, id, &method));
        value = show_method(cx, method);
    }
    struct view *row = put_setting(cx, rows, "details.payment_method", value);
    details_put_action(cx, view_child(row, "action"), "details.change", details, "method",
                       ACTION_REPLACE_METHOD, true);
    if (details->order != NULL && details->order->purchase_order != NULL)
        put_setting(cx, rows, "order.purchase_order", details->order->purchase_order);
    return OK;
}

static void put_ends(struct context *cx, struct view *settings, const struct details *details)
{
    view_bool(settings, "has_ends", true);
    struct view *ends = view_list(settings, "ends");
    if (subscription_allows(details->sub, ACTION_REACTIVATE) &&
        !subscription_is_trial(details->sub)) {
        struct view *back = details_put_action(cx, view_item(ends), "pane.reactivate", details,
                                               "reactivate", ACTION_REACTIVATE, true);
        view_bool(back, "primary", true);
    }
    bool is_deletable = subscription_allows(details->sub, ACTION_DELETE);
    struct view *end = is_deletable ? details_put_action(cx, view_item(ends), "pane.delete",
                                                         details, "delete", ACTION_DELETE, true)
                                    : details_put_action(cx, view_item(ends), "details.cancel",
                                                         details, "cancel", ACTION_CANCEL, true);
    view_bool(end, "danger", true);
}

enum err details_put_settings(struct context *cx, struct view *view, const struct details *details)
{
    const struct subscription *sub = details->sub;
    struct view *settings = view_child(view, "settings");
    struct view *rows = view_list(settings, "rows");
    struct view *recurring =
        put_setting(cx, rows, "details.recurring_billing",
                    message_say(cx, sub->recurring_billing ? "details.on" : "details.off", NULL));
    details_put_action(cx, view_child(recurring, "action"), "details.change", details, "recurring",
                       ACTION_RECURRING_BILLING, true);
    put_frequency(cx, rows, details);
    TRY(put_payment(cx, rows, details));
    put_ends(cx, settings, details);
    return OK;
}

/* ── History ──────────────────────────────────────────────────────────────────────────── */

static void put_cancellation(struct context *cx, struct view *rows, const struct details *details,
                             const struct cancellation *cancellation)
{
    const char *reason = cancel_reason_format(cancellation->reason);
    const char *asked = message_say(
        cx, cancellation->at_end ? "history.cancel_at_end" : "history.cancel_now", NULL);
    const char *why =
        reason != NULL ? message_say(cx, arena_print(cx->arena, "cancel.%s", reason), NULL) : NULL;
    struct view *row = view_item(rows);
    view_text(row, "text", why != NULL ? arena_print(cx->arena, "%s · %s", asked, why) : asked);
    view_text(row, "who", cancellation->feedback);
    show_date(cx, row, cancellation->on, details->today);
}

static void put_change(struct context *cx, struct view *rows, const struct details *details,
                       const struct subscription_change *change)
{
    const char *key =
        arena_print(cx->arena, "state.%s", subscription_status_format(change->status));
    struct view *row = view_item(rows);
    view_text(row, "text", message_say(cx, key, NULL));
    view_text(row, "who", "");
    show_date(cx, row, change->on, details->today);
}

enum err details_put_history(struct context *cx, struct view *view, const struct details *details)
{
    struct subscription_change_list changes = {0};
    struct cancellation_list asked = {0};
    TRY(subscription_load_changes(cx, details->sub->id, &changes));
    TRY(cancellation_load(cx, details->sub->id, &asked));
    struct view *rows = view_list(view_child(view, "history"), "rows");
    size_t c = asked.count;
    for (size_t i = changes.count; i > 0; i--) {
        const struct subscription_change *change = changes.items[i - 1];
        if (change->status == SUBSCRIPTION_PLANNED)
            continue;
        for (; c > 0 && asked.items[c - 1]->at > change->at; c--)
            put_cancellation(cx, rows, details, asked.items[c - 1]);
        put_change(cx, rows, details, change);
        for (; c > 0 && asked.items[c - 1]->at == change->at; c--)
            put_cancellation(cx, rows, details, asked.items[c - 1]);
    }
    return OK;
}
