/* Coming back: reactivation, and the purchase of a trial (rules §4). Both are orders (§7): what is
 * billed is decided when the order is placed; the subscription moves when it is completed. */
#include <inttypes.h>
#include <string.h>

#include "engine/assign.h"
#include "engine/bill.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"
#include "engine/renew.h"

/* "disabled by cancel, period not over": the rest of the period. */
static bool back_is_rest(const struct subscription *sub, civil_day on)
{
    return sub->status == SUBSCRIPTION_DISABLED && sub->ended_by == ENDED_BY_CANCEL &&
           sub->period_end > on;
}

/* "expired: a new term from the old term_end (if that would be over too: from that day)"; all
 * else from that day. */
static civil_day back_starts_on(const struct subscription *sub, civil_day today)
{
    if (sub->status != SUBSCRIPTION_EXPIRED || subscription_is_trial(sub))
        return today;
    civil_day end_on = period_end(sub->anchor_on, sub->term_end, term_months(sub->term));
    return end_on > today ? sub->term_end : today;
}

/* Says whether the version that a child takes has a price for its base's term (rules §2). */
static bool back_has_price(const struct state *state, const struct subscription *child,
                           const struct subscription *base)
{
    return offer_find_price(state_offer(state, child), child->currency, base->term,
                            base->billing) != NULL;
}

/* What comes back: the base, and the children that were ended with it. */
static struct subscription_list back_members(struct context *cx, const struct state *state,
                                             struct subscription *base)
{
    struct subscription_list members = {0};
    list_push(cx->arena, &members, base);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *child = state->subscriptions.items[i];
        if (child->parent != NULL && strcmp(child->parent, base->id) == 0 &&
            child->status == base->status && child->row != ROW_REMOVED &&
            back_has_price(state, child, base))
            list_push(cx->arena, &members, child);
    }
    return members;
}

/* Moves the days of one member, parents first: a term that begins on `start_on`, or the period
 * that goes on then. A term that follows on the last keeps its anchor. */
static void back_move(const struct state *state, struct subscription *sub, bool rest,
                      civil_day start_on)
{
    if (rest)
        return;
    if (sub->parent != NULL || start_on != sub->term_end || subscription_is_trial(sub)) {
        decide_start_term(state, sub, start_on);
        return;
    }
    sub->term_start = sub->period_start = start_on;
    sub->term_end = period_end(sub->anchor_on, start_on, term_months(sub->term));
    sub->period_end = period_end(sub->anchor_on, start_on, billing_months(sub->term, sub->billing));
    row_touch(&sub->row);
}

/* Bills the members as they will be, and gives the order its lines. The members are left as they
 * are until the order is completed. */
static struct document *back_bill(struct context *cx, struct state *state, struct order *order,
                                  const struct subscription_list *members, int64_t quantity)
{
    struct subscription *base = members->items[0];
    civil_day start_on = back_starts_on(base, state->today);
    bool rest = back_is_rest(base, start_on);
    struct bill_for to = {
        .account = state->account,
        .order = base->order,
        .payment_method = order->payment_method,
        .purchase_order = order->purchase_order,
    };
    struct document *document = bill_begin(cx, state, &to);
    struct subscription *as_was = ARENA_ARRAY(cx->arena, struct subscription, members->count);
    for (size_t i = 0; i < members->count; i++) {
        struct subscription *sub = members->items[i];
        as_was[i] = *sub;
        sub->quantity = sub == base ? quantity : sub->quantity;
        if (!rest)
            sub->catalog = renew_choose_version(state, sub, start_on)->number;
        back_move(state, sub, rest, start_on);
        if (order->kind == ORDER_BUY_TRIAL) {
            bill_charge(cx, state, document, sub, start_on, LINE_PURCHASE);
            bill_setup(cx, state, document, sub);
        } else {
            bill_charge(cx, state, document, sub, start_on, LINE_REACTIVATE);
        }
        order_add_line(cx, order, sub, sub->quantity);
        order->lines.items[i]->start_on = start_on;
    }
    bool has_lines = bill_total(cx, state, document);
    for (size_t i = 0; i < members->count; i++)
        *members->items[i] = as_was[i];
    return has_lines ? document : NULL;
}

/* "the subscription and its children are first taken out of what is held, then judged as a cart;
 * not_on_sale and country are not reasons then" (rules §2), by the version it takes. */
static enum err back_judge(struct context *cx, const struct state *state,
                           const struct subscription *sub, int64_t quantity)
{
    struct subscription wanted = *sub;
    civil_day start_on = back_starts_on(sub, state->today);
    wanted.quantity = quantity;
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    input.ignore_sale_and_country = true;
    input.catalog = back_is_rest(sub, start_on) ? state_catalog(state, sub->catalog)
                                                : renew_choose_version(state, &wanted, start_on);
    const struct holding *self = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < input.holding_count; i++) {
        if (holdings[i].parent != NULL && strcmp(holdings[i].parent, sub->id) == 0)
            continue;
        holdings[kept] = holdings[i];
        if (strcmp(holdings[kept].subscription, sub->id) == 0) {
            self = &holdings[kept];
            holdings[kept].in_cart = true;
            holdings[kept].status = SUBSCRIPTION_ACTIVE;
            holdings[kept].start_on = state->today;
            holdings[kept].quantity = quantity;
        }
        kept++;
    }
    input.holding_count = kept;
    const struct offer *offer = catalog_find_offer(input.catalog, sub->offer);
    struct availability judged;
    eligibility_judge(cx, &input, offer, NULL, self, &judged);
    if (!judged.available)
        return decide_refuse_reasons(cx, &judged, "");
    return eligibility_check_quantity(cx, offer, judged.quantity, quantity);
}

enum err order_bring_back(struct context *cx, struct state *state, const struct command *command,
                          enum order_kind kind, int64_t quantity, struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    if (decide_is_changing(state, sub))
        return fault(cx, ERR_CHANGE_PENDING, "subscription", sub->id, "offer", sub->offer, NULL);
    enum err err = back_judge(cx, state, sub, quantity);
    TRY(kind == ORDER_BUY_TRIAL ? fault_blame(cx, err, "/quantity") : err);
    if (kind == ORDER_BUY_TRIAL)
        TRY(assign_check_quantity(cx, sub, quantity));
    const char *method_id = command->payment_method ? command->payment_method
                            : sub->payment_method   ? sub->payment_method
                                                    : state->account->default_method;
    const struct payment_method *method;
    TRY(order_find_method(cx, state, method_id, &method));
    struct order *order = order_begin(cx, state, kind, command->purchase_order);
    order->payment_method = method ? method->id : NULL;
    struct subscription_list members = back_members(cx, state, sub);
    struct document *document = back_bill(cx, state, order, &members, quantity);
    return order_place(cx, state, order, document, method, decision);
}

/* Something unpaid on an invoice of the family: "pay first". What is not due yet is in the way of
 * what expired, as the rules have it; not of what was cancelled. */
static bool back_owes(const struct state *state, struct subscription *sub)
{
    bool counts_all = sub->status == SUBSCRIPTION_EXPIRED;
    for (size_t i = 0; i < state->documents.count; i++) {
        const struct document *document = state->documents.items[i];
        if (document->state != DOCUMENT_ISSUED || money_sign(document->unpaid) <= 0 ||
            (!counts_all && document->first_failed_at == INSTANT_NONE))
            continue;
        for (size_t l = 0; l < document->lines.count; l++) {
            struct subscription *billed =
                state_find_subscription(state, document->lines.items[l]->subscription);
            if (billed != NULL && state_family(state, billed) == sub)
                return true;
        }
    }
    return false;
}

enum err decide_reactivate(struct context *cx, struct state *state, const struct command *command,
                           struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(decide_check_action(cx, sub, ACTION_REACTIVATE));
    if (subscription_is_trial(sub))
        return order_bring_back(cx, state, command, ORDER_BUY_TRIAL, trial_quantity(state, sub),
                                decision);
    bool disabled_unpaid = /* paying brings it back, on both types of account (rules §7) */
        sub->status == SUBSCRIPTION_DISABLED && sub->ended_by == ENDED_BY_NON_PAYMENT;
    if (state->account->type == ACCOUNT_AGREEMENT && !disabled_unpaid)
        return fault(cx, ERR_REACTIVATION_NOT_POSSIBLE, "subscription", sub->id, NULL);
    if (disabled_unpaid || back_owes(state, sub))
        return fault(cx, ERR_PAST_DUE, "subscription", sub->id, "status",
                     subscription_status_format(sub->status), NULL);
    return order_bring_back(cx, state, command, ORDER_REACTIVATE, sub->quantity, decision);
}

enum err order_check_back(const struct state *state, const struct order *order)
{
    const struct subscription *base =
        state_find_subscription(state, order->lines.items[0]->subscription);
    bool ended = base->status == SUBSCRIPTION_EXPIRED || base->status == SUBSCRIPTION_DISABLED;
    if (order->kind == ORDER_BUY_TRIAL)
        ended = subscription_is_trial(base) && base->status != SUBSCRIPTION_DELETED;
    if (ended)
        return OK;
    return base->status == SUBSCRIPTION_ACTIVE ? ERR_SUBSCRIPTION_ACTIVE : ERR_SUBSCRIPTION_DELETED;
}

static void back_apply_line(struct context *cx, struct state *state, const struct order *order,
                            const struct order_line *line, bool rest)
{
    struct subscription *sub = state_find_subscription(state, line->subscription);
    bool was_trial = subscription_is_trial(sub);
    if (line->quantity != sub->quantity)
        decide_set_quantity(cx, state, sub, line->quantity);
    sub->catalog = line->catalog;
    back_move(state, sub, rest, line->start_on);
    if (was_trial) {
        sub->activated_at = cx->now;
        sub->trial_end = sub->trial_end < state->today ? sub->trial_end : state->today;
    }
    sub->payment_method = order->payment_method ? order->payment_method : sub->payment_method;
    sub->recurring_billing = true;
    sub->ended_by = ENDED_NOT;
    sub->past_due_at = INSTANT_NONE;
    state_set_status(cx, state, sub, SUBSCRIPTION_ACTIVE,
                     was_trial ? "subscription.converted" : "subscription.reactivated");
}

void order_apply_back(struct context *cx, struct state *state, const struct order *order)
{
    const struct order_line *first = order->lines.items[0];
    const struct subscription *base = state_find_subscription(state, first->subscription);
    enum subscription_status from = base->status;
    bool rest = back_is_rest(base, first->start_on);
    for (size_t i = 0; i < order->lines.count; i++)
        back_apply_line(cx, state, order, order->lines.items[i], rest);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *child = state->subscriptions.items[i];
        if (child->parent != NULL && strcmp(child->parent, base->id) == 0 &&
            child->status == from) /* without a price for the term: dropped (rules §2) */
            state_set_status(cx, state, child, SUBSCRIPTION_DELETED, "subscription.deleted");
    }
}
