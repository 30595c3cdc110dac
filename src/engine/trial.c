/* Trials (rules §4): bought early or after, extended once, converted or expired at their end. */
#include <string.h>

#include "base/json.h"
#include "engine/bill.h"
#include "engine/decide_parts.h"
#include "engine/renew.h"

int64_t trial_quantity(const struct state *state, const struct subscription *sub)
{
    const struct offer *offer = state_offer(state, sub);
    int64_t step = offer->quantity_step > 0 ? offer->quantity_step : 1;
    int64_t wanted = sub->assigned > offer->quantity_min ? sub->assigned : offer->quantity_min;
    return (wanted + step - 1) / step * step;
}

/* A conversion is a `purchase`, charged like a recurring one. */
void trial_convert(struct context *cx, struct state *state, struct document *document,
                   struct subscription *sub)
{
    int64_t quantity = trial_quantity(state, sub);
    if (quantity != sub->quantity)
        decide_set_quantity(cx, state, sub, quantity);
    sub->catalog = renew_choose_version(state, sub, sub->trial_end)->number;
    sub->payment_method = renew_method(state, sub);
    decide_start_term(state, sub, sub->trial_end);
    sub->activated_at = cx->now;
    state_set_status(cx, state, sub, SUBSCRIPTION_ACTIVE, "subscription.converted");
    bill_charge(cx, state, document, sub, sub->period_start, LINE_PURCHASE);
    bill_setup(cx, state, document, sub);
}

/* Once: then it ends later than its days say. */
static bool trial_was_extended(const struct state *state, const struct subscription *sub)
{
    return sub->trial_end > sub->start_on + (civil_day)state_offer(state, sub)->trial_days;
}

enum err decide_extend_trial(struct context *cx, struct state *state, const struct command *command,
                             struct decision *decision)
{
    (void)decision;
    struct subscription *sub = state_find_subscription(state, command->subscription);
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    if (sub->parent != NULL && sub->status != SUBSCRIPTION_DELETED)
        return fault(cx, ERR_ADDON_NOT_REMOVABLE, "subscription", sub->id, "offer", sub->offer,
                     NULL);
    if (sub->status != SUBSCRIPTION_TRIAL || trial_was_extended(state, sub) ||
        sub->trial_end - state->today > TRIAL_EXTEND_DAYS_MAX)
        return fault(cx, ERR_TRIAL_NOT_EXTENDABLE, "subscription", sub->id, NULL);
    char old_end[DAY_TEXT_SIZE], new_end[DAY_TEXT_SIZE];
    day_format(sub->trial_end, old_end);
    sub->trial_end += (civil_day)state_offer(state, sub)->trial_days;
    sub->period_end = sub->term_end = sub->trial_end;
    row_touch(&sub->row);
    day_format(sub->trial_end, new_end);
    cx->cause = sub->id;
    state_event(cx, state, "subscription.trial_extended", sub->id,
                arena_print(cx->arena, "{\"trial_end\":\"%s\"}", new_end),
                arena_print(cx->arena, "{\"trial_end\":\"%s\"}", old_end));
    return OK;
}

enum err decide_buy_trial(struct context *cx, struct state *state, const struct command *command,
                          struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    bool lives = sub->status != SUBSCRIPTION_DELETED && sub->status != SUBSCRIPTION_PLANNED;
    bool is_trial = lives && subscription_is_trial(sub);
    if (!is_trial) { /* the same answers as for what else ends or begins it */
        TRY(decide_check_action(cx, sub, ACTION_BUY_TRIAL));
        return fault(cx, ERR_SUBSCRIPTION_NOT_ACTIVE, "subscription", sub->id, "status",
                     subscription_status_format(sub->status), NULL);
    }
    return order_bring_back(cx, state, command, ORDER_BUY_TRIAL, command->quantity, decision);
}
