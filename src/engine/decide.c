#include "engine/decide.h"

#include <string.h>

#include "base/limits.h"
#include "engine/announce.h"
#include "engine/assign.h"
#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/foresee.h"
#include "engine/renew.h"

typedef enum err (*decide_part)(struct context *cx, struct state *state,
                                const struct command *command, struct decision *decision);

static const decide_part PARTS[] = {
    [COMMAND_ORDER] = decide_order,
    [COMMAND_SET_QUANTITY] = decide_quantity,
    [COMMAND_CANCEL] = decide_cancel,
    [COMMAND_CANCEL_AT_END] = decide_recurring_billing,
    [COMMAND_RECURRING_BILLING] = decide_recurring_billing,
    [COMMAND_REACTIVATE] = decide_reactivate,
    [COMMAND_EXTEND_TRIAL] = decide_extend_trial,
    [COMMAND_BUY_TRIAL] = decide_buy_trial,
    [COMMAND_DELETE] = decide_delete,
    [COMMAND_CHANGE_PLAN] = decide_change_plan,
    [COMMAND_BILLING] = decide_billing,
    [COMMAND_END_WITH] = decide_end_with,
    [COMMAND_PAYMENT_METHOD] = decide_payment_method,
    [COMMAND_UNSCHEDULE] = decide_unschedule,
    [COMMAND_SUPPORT_REMOVE] = decide_support_remove,
    [COMMAND_ASSIGN] = decide_assign,
    [COMMAND_UNASSIGN] = decide_unassign,
    [COMMAND_SETTLE_PAYMENT] = decide_settle,
    [COMMAND_SETTLE_REFUND] = decide_settle_refund,
    [COMMAND_PAY] = decide_pay,
    [COMMAND_REFUND] = decide_refund,
    [COMMAND_PAY_TRANSFER] = decide_transfer,
    [COMMAND_WRITE_OFF] = decide_write_off,
    [COMMAND_DUE] = decide_due,
};

/* Turns to the account that the command concerns. */
static enum err decide_use_account(struct context *cx, struct state *state,
                                   const struct command *command)
{
    const char *id = command->account;
    if (command->subscription != NULL) {
        struct subscription *sub = state_find_subscription(state, command->subscription);
        if (sub == NULL)
            return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
        id = sub->account;
    }
    if (id == NULL)
        return OK; /* the part finds it itself */
    struct account *account = state_find_account(state, id);
    if (account == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    state_use_account(state, account, cx->now);
    return OK;
}

/* Keeps the subscriptions as they are, for who shows what a decision changes. */
static void decide_remember(struct context *cx, const struct state *state,
                            struct decision *decision)
{
    size_t count = state->subscriptions.count;
    if (count > decision->before_room) {
        decision->before = ARENA_ARRAY(cx->arena, struct subscription, count);
        decision->before_room = count;
    }
    for (size_t i = 0; i < count; i++)
        decision->before[i] = *state->subscriptions.items[i];
    decision->before_count = count;
}

/* What the command bills besides its own document: other payers, and what comes back because a
 * credit pays what it owed. What falls due by itself shows nothing. */
static void decide_note_elsewhere(struct context *cx, const struct state *state,
                                  const struct command *command, struct decision *decision)
{
    if (command->kind == COMMAND_DUE)
        return;
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        if (document->row == ROW_NEW && document->state == DOCUMENT_ISSUED &&
            document != decision->document)
            list_push(cx->arena, &decision->elsewhere, document);
    }
}

enum err decide(struct context *cx, struct state *state, const struct command *command,
                struct decision *decision)
{
    TRY(decide_use_account(cx, state, command));
    decide_remember(cx, state, decision);
    decision->elsewhere.count = 0;
    TRY(PARTS[command->kind](cx, state, command, decision));
    assign_note_conflicts(cx, state, decision);
    for (size_t i = 0; i < state->accounts.count; i++)
        collect_refund_rest(cx, state, state->accounts.items[i]);
    foresee_prices(cx, state);
    decide_note_elsewhere(cx, state, command, decision);
    return OK;
}

struct eligibility_input decide_holdings(struct context *cx, const struct state *state,
                                         struct holding **ret_holdings)
{
    size_t room = state->subscriptions.count + CART_LINES_MAX;
    struct holding *holdings = ARENA_ARRAY(cx->arena, struct holding, room);
    size_t count = 0;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (sub->status == SUBSCRIPTION_DELETED || sub->row == ROW_REMOVED)
            continue;
        holdings[count++] = (struct holding){
            .subscription = sub->id,
            .name = sub->name,
            .offer = sub->offer,
            .parent = sub->parent,
            .account = sub->account,
            .status = sub->status,
            .past_due = subscription_is_past_due(sub),
            .change_pending = decide_is_changing(state, sub),
            .start_on = sub->start_on,
            .quantity = sub->quantity,
            .term = sub->term,
            .billing = sub->billing,
        };
    }
    if (ret_holdings != NULL)
        *ret_holdings = holdings;
    return (struct eligibility_input){
        .catalog = state->current,
        .holdings = holdings,
        .holding_count = count,
        .account = state->account->id,
        .account_type = state->account->type,
        .country = state->account->country,
        .currency = state->account->currency,
        .today = state->today,
    };
}

bool decide_is_changing(const struct state *state, const struct subscription *sub)
{
    for (size_t i = 0; i < state->orders.count; i++) {
        const struct order *order = state->orders.items[i];
        if (!order_is_pending(order) || order->kind == ORDER_PURCHASE)
            continue;
        for (size_t l = 0; l < order->lines.count; l++) {
            if (strcmp(order->lines.items[l]->subscription, sub->id) == 0)
                return true;
        }
    }
    return false;
}

void decide_end_family(struct context *cx, struct state *state, struct subscription *family,
                       enum ended_by ended_by)
{
    bool expires = ended_by == ENDED_BY_TERM;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) != family || member->status != family->status ||
            member == family || member->row == ROW_REMOVED)
            continue;
        member->recurring_billing = false;
        member->ended_by = ended_by;
        state_set_status(cx, state, member, expires ? SUBSCRIPTION_EXPIRED : SUBSCRIPTION_DISABLED,
                         expires ? "subscription.expired" : "subscription.disabled");
    }
    family->recurring_billing = false;
    family->ended_by = ended_by;
    state_set_status(cx, state, family, expires ? SUBSCRIPTION_EXPIRED : SUBSCRIPTION_DISABLED,
                     expires                       ? "subscription.expired"
                     : ended_by == ENDED_BY_CANCEL ? "subscription.cancelled"
                                                   : "subscription.disabled");
    decide_flag_requirements(cx, state);
}

void decide_start_term(const struct state *state, struct subscription *sub, civil_day start_on)
{
    struct subscription *parent = sub->parent ? state_find_subscription(state, sub->parent) : NULL;
    if (parent != NULL) {
        sub->anchor_on = parent->anchor_on;
        sub->period_start = parent->period_start;
        sub->period_end = parent->period_end;
        sub->term_start = parent->term_start;
        sub->term_end = parent->term_end;
    } else {
        subscription_start_term(sub, start_on);
    }
    row_touch(&sub->row);
}

void decide_flag_requirements(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        bool lives = sub->status == SUBSCRIPTION_ACTIVE && sub->row != ROW_REMOVED;
        const struct offer *offer = lives ? state_offer(state, sub) : NULL;
        if (offer == NULL || sub->parent != NULL)
            continue;
        struct eligibility_input input = decide_holdings(cx, state, NULL);
        bool lost = !eligibility_meets_requirements(cx, &input, offer);
        if (lost == sub->requirement_lost)
            continue;
        sub->requirement_lost = lost;
        row_touch(&sub->row);
        announce_requirement(cx, state, sub);
    }
}

static bool decide_is_same_payer(const struct subscription *a, const struct subscription *b)
{
    const char *method = a->payment_method ? a->payment_method : "";
    return strcmp(a->account, b->account) == 0 &&
           strcmp(method, b->payment_method ? b->payment_method : "") == 0;
}

/* Charges the bases that come back in a new term, "at once": a card does not wait for the day
 * after. One document for each payer (rules §6), whatever orders they are of. */
static void decide_charge_back(struct context *cx, struct state *state,
                               const struct subscription_list *bases, size_t first)
{
    const struct subscription *payer = bases->items[first];
    struct bill_for to = {
        .account = state_find_account(state, payer->account),
        .order = payer->order,
        .payment_method = payer->payment_method,
    };
    for (size_t i = first; i < bases->count; i++) {
        if (decide_is_same_payer(bases->items[i], payer) &&
            strcmp(bases->items[i]->order, payer->order) != 0)
            to.order = NULL;
    }
    struct document *document = bill_begin(cx, state, &to);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        const struct subscription *base = state_family(state, member);
        bool comes_back = false;
        for (size_t k = first; k < bases->count && !comes_back; k++)
            comes_back = bases->items[k] == base && decide_is_same_payer(base, payer);
        if (comes_back && member->status == SUBSCRIPTION_ACTIVE)
            bill_charge(cx, state, document, member, member->period_start, LINE_REACTIVATE);
    }
    if (!bill_total(cx, state, document))
        return;
    bill_issue(cx, state, document, NULL);
    collect_at_once(cx, state, document);
}

/* Says whether a new term begins, which is to be charged. */
static bool decide_bring_back_family(struct context *cx, struct state *state,
                                     struct subscription *base)
{
    bool is_over = base->period_end <= state->today;
    if (is_over) {
        bill_close_period(state, base);
        base->catalog = renew_choose_version(state, base, state->today)->number;
        decide_start_term(state, base, state->today);
    }
    base->recurring_billing = true;
    base->ended_by = ENDED_NOT;
    base->past_due_at = INSTANT_NONE;
    state_set_status(cx, state, base, SUBSCRIPTION_ACTIVE, "subscription.reactivated");
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *child = state->subscriptions.items[i];
        if (child->parent == NULL || strcmp(child->parent, base->id) != 0 ||
            child->status != SUBSCRIPTION_DISABLED || child->ended_by != ENDED_BY_NON_PAYMENT)
            continue;
        if (is_over) {
            bill_close_period(state, child);
            child->catalog = renew_choose_version(state, child, state->today)->number;
        }
        decide_start_term(state, child, state->today);
        child->recurring_billing = true;
        child->ended_by = ENDED_NOT;
        child->past_due_at = INSTANT_NONE;
        state_set_status(cx, state, child, SUBSCRIPTION_ACTIVE, "subscription.reactivated");
    }
    return is_over;
}

/* A new term waits until all is asked that was to be paid with it: they are charged together. */
static bool decide_comes_back(const struct state *state, struct subscription *sub)
{
    bool was_unpaid = sub->parent == NULL && sub->status == SUBSCRIPTION_DISABLED &&
                      sub->ended_by == ENDED_BY_NON_PAYMENT && !collect_is_owed(state, sub);
    return was_unpaid && (sub->period_end > state->today ||
                          !collect_is_asked(state, sub->account, sub->payment_method));
}

void decide_reactivate_paid(struct context *cx, struct state *state)
{
    struct subscription_list charged = {0};
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (decide_comes_back(state, sub) && decide_bring_back_family(cx, state, sub))
            list_push(cx->arena, &charged, sub);
    }
    for (size_t i = 0; i < charged.count; i++) {
        bool is_done = false;
        for (size_t k = 0; k < i && !is_done; k++)
            is_done = decide_is_same_payer(charged.items[k], charged.items[i]);
        if (!is_done)
            decide_charge_back(cx, state, &charged, i);
    }
}
