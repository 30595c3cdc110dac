/* Another plan, and another billing frequency (rules §3.6, §4). */
#include "engine/decide_parts.h"
#include "engine/family_change.h"

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
    TRY(check_settled(cx, state, sub));
    struct family_wish wish = {command->offer, command->term, command->billing};
    struct family_change change;
    TRY(family_judge(cx, state, sub, &wish, sub->quantity, &change));
    return order_change(cx, state, command, ORDER_PLAN_CHANGE, &change, decision);
}

enum err decide_billing(struct context *cx, struct state *state, const struct command *command,
                        struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(decide_check_action(cx, sub, ACTION_BILLING));
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
