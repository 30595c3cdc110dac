/* Orders that change what is held: more licences, another plan, another billing (rules §7). */
#include <string.h>

#include "engine/bill.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"

/* Whose document a change of `sub` is on, and how it is paid. */
static struct document *order_begin_bill(struct context *cx, const struct state *state,
                                         const struct order *order, const struct subscription *sub)
{
    struct bill_for to = {
        .account = state->account,
        .order = sub->order,
        .payment_method = order->payment_method,
        .purchase_order = order->purchase_order,
    };
    return bill_begin(cx, state, &to);
}

enum err order_increase(struct context *cx, struct state *state, const struct command *command,
                        struct subscription *sub, struct decision *decision)
{
    const char *method_id = command->payment_method ? command->payment_method : sub->payment_method;
    const struct payment_method *method;
    TRY(order_find_method(cx, state, method_id, &method));
    struct order *order = order_begin(cx, state, ORDER_INCREASE, command->purchase_order);
    order->payment_method = method ? method->id : NULL;
    order_add_line(cx, order, sub, command->quantity);
    struct document *document = order_begin_bill(cx, state, order, sub);
    int64_t old_quantity = sub->quantity;
    sub->quantity = command->quantity;
    bill_quantity(cx, state, document, sub, old_quantity, LINE_INCREASE);
    sub->quantity = old_quantity; /* until the order is completed */
    if (!bill_total(cx, state, document))
        document = NULL;
    return order_place(cx, state, order, document, method, decision);
}

/* What a member becomes; in a new term its days are the parent's after the change. */
static struct subscription order_member_after(const struct state *state,
                                              const struct family_member *member,
                                              const struct family_change *change)
{
    struct subscription after = *member->sub;
    family_apply(&after, member);
    if (change->new_billing)
        subscription_start_term(&after, state->today);
    return after;
}

/* A credit for each line that the change replaces, by the old offer's setting, and a charge for
 * the days left of the new state, by the new offer's (rules §6, A change). */
static void order_bill_member(struct context *cx, const struct state *state,
                              struct document *document, const struct family_member *member,
                              const struct family_change *change, enum line_reason reason)
{
    if (member->fate != FATE_DROPPED && !family_member_changes(member, change->new_billing))
        return;
    bill_credit(cx, state, document, member->sub, state->today, reason);
    if (member->fate == FATE_DROPPED)
        return;
    struct subscription after = order_member_after(state, member, change);
    bill_charge(cx, state, document, &after, state->today, reason);
}

enum err order_change(struct context *cx, struct state *state, const struct command *command,
                      enum order_kind kind, const struct family_change *change,
                      struct decision *decision)
{
    const struct subscription *parent = change->members[0].sub;
    const char *method_id =
        command->payment_method ? command->payment_method : parent->payment_method;
    const struct payment_method *method;
    TRY(order_find_method(cx, state, method_id, &method));
    struct order *order = order_begin(cx, state, kind, command->purchase_order);
    order->payment_method = method ? method->id : NULL;
    struct document *document = order_begin_bill(cx, state, order, parent);
    enum line_reason reason = kind == ORDER_PLAN_CHANGE ? LINE_PLAN_CHANGE : LINE_BILLING_CHANGE;
    for (size_t i = 0; i < change->count; i++) {
        const struct family_member *member = &change->members[i];
        order_bill_member(cx, state, document, member, change, reason);
        if (member->fate == FATE_DROPPED)
            continue;
        struct subscription after = order_member_after(state, member, change);
        order_add_line(cx, order, &after, after.quantity);
    }
    if (!bill_total(cx, state, document))
        document = NULL;
    return order_place(cx, state, order, document, method, decision);
}

bool order_is_overtaken(const struct order *order, const struct subscription *sub)
{
    bool is_of_period = order->kind == ORDER_PLAN_CHANGE || order->kind == ORDER_BILLING_CHANGE ||
                        order->kind == ORDER_INCREASE;
    return is_of_period && sub->period_start > order->placed_on;
}

/* One line: the lines in force that no credit undid are replaced too. */
static void order_apply_change_line(struct context *cx, struct state *state,
                                    const struct order *order, const struct order_line *line)
{
    struct subscription *sub = state_find_subscription(state, line->subscription);
    struct subscription before = *sub;
    bool new_billing = line->term != sub->term || line->billing != sub->billing;
    if (!new_billing && strcmp(line->offer, sub->offer) == 0)
        return;
    bill_close_period(state, sub);
    sub->offer = line->offer;
    sub->catalog = line->catalog;
    sub->term = line->term;
    sub->billing = line->billing;
    if (new_billing)
        subscription_start_term(sub, order->placed_on);
    row_touch(&sub->row);
    family_announce(cx, state, sub, &before);
}

static bool order_has_line(const struct order *order, const struct subscription *sub)
{
    for (size_t i = 0; i < order->lines.count; i++) {
        if (strcmp(order->lines.items[i]->subscription, sub->id) == 0)
            return true;
    }
    return false;
}

void order_apply_change(struct context *cx, struct state *state, const struct order *order)
{
    const struct subscription *parent =
        state_find_subscription(state, order->lines.items[0]->subscription);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (state_family(state, sub) == parent && sub->status == SUBSCRIPTION_ACTIVE &&
            sub->row != ROW_REMOVED && !order_has_line(order, sub))
            family_drop(cx, state, sub);
    }
    for (size_t i = 0; i < order->lines.count; i++)
        order_apply_change_line(cx, state, order, order->lines.items[i]);
}
