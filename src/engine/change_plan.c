/* Another plan, and another billing frequency (rules §3.6, §4). */
#include "engine/decide_parts.h"
#include "engine/family_change.h"
#include "engine/renewal.h"
#include "engine/schedule.h"

/* What is asked for now finds the family settled. */
static enum err check_settled(struct context *cx, const struct state *state,
                              struct subscription *sub)
{
    if (!family_is_changing(state, sub))
        return OK;
    return fault(cx, ERR_CHANGE_PENDING, "subscription", sub->id, "offers", sub->offer, NULL);
}

enum err decide_change_plan(struct context *cx, struct state *state, const struct command *command,
                            struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(decide_check_action(cx, sub, ACTION_CHANGE_PLAN));
    /* "Billing frequency … agreement: at purchase, plan change, renewal" (rules §8); a classic
     * account changes it by itself, which only a global administrator may. */
    if (command->billing != BILLING_NONE && state->account->type == ACCOUNT_CLASSIC) {
        return fault(cx, ERR_INVALID, "param", "/billing", "value",
                     "a change of billing is a request of its own", NULL);
    }
    if (command->at_renewal) {
        TRY(schedule_put(cx, state, command, SCHEDULE_PLAN));
        struct renewal *then = ARENA_NEW(cx->arena, struct renewal);
        *then = renewal_plan(cx, state, sub);
        decision->plan = &then->change;
        return OK;
    }
    TRY(check_settled(cx, state, sub));
    struct family_wish wish = {command->offer, command->term, command->billing};
    struct family_change change;
    TRY(family_judge(cx, state, sub, &wish, sub->quantity, &change));
    struct family_change *shown = ARENA_NEW(cx->arena, struct family_change);
    *shown = change;
    decision->plan = shown;
    return order_change(cx, state, command, ORDER_PLAN_CHANGE, &change, decision);
}

/* "classic: any time, by a global administrator" (rules §8); engine and operator are not asked. */
static enum err check_may_change_billing(struct context *cx, const struct state *state)
{
    bool is_asked = cx->actor.kind == ACTOR_PERSON || cx->actor.kind == ACTOR_STAFF;
    if (state->account->type == ACCOUNT_CLASSIC && is_asked && !cx->actor.changes_billing)
        return fault(cx, ERR_FORBIDDEN, NULL);
    return OK;
}

enum err decide_billing(struct context *cx, struct state *state, const struct command *command,
                        struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(check_may_change_billing(cx, state));
    TRY(decide_check_action(cx, sub, ACTION_BILLING));
    if (command->at_renewal)
        return schedule_put(cx, state, command, SCHEDULE_BILLING);
    if (state->account->type == ACCOUNT_AGREEMENT) { /* only at plan change and renewal */
        return fault(cx, ERR_BILLING_FREQUENCY_UNSUPPORTED, "param", "/when", "offer", sub->offer,
                     NULL);
    }
    TRY(check_settled(cx, state, sub));
    struct family_wish wish = {NULL, command->term, command->billing};
    struct family_change change;
    TRY(family_judge(cx, state, sub, &wish, sub->quantity, &change));
    if (!change.new_billing)
        return OK; /* it is so already */
    return order_change(cx, state, command, ORDER_BILLING_CHANGE, &change, decision);
}

enum err decide_end_with(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision)
{
    (void)decision;
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(decide_check_action(cx, sub, ACTION_BILLING));
    if (state->account->type == ACCOUNT_CLASSIC) {
        return fault(cx, ERR_INVALID, "param", "/ends_with", "value",
                     "is for what is bought on an agreement account", NULL);
    }
    return schedule_put(cx, state, command, SCHEDULE_END);
}
