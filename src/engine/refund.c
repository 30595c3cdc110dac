/* Credit balance that goes back on request (rules §6, Credit). */
#include <string.h>

#include "engine/collect.h"
#include "engine/decide_parts.h"

/* "Only money received can be refunded, to where it came from, never more than each payment
 * brought; on request". */
enum err decide_refund(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision)
{
    (void)decision;
    if (state->account == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    struct money most = collect_refundable(state, state->account);
    struct money amount = command->amount != NULL ? *command->amount : most;
    if (strcmp(amount.currency, state->account->currency) != 0)
        return fault(cx, ERR_INVALID, "param", "/amount/currency", "value",
                     "must be the currency of the billing account", NULL);
    if (money_sign(amount) <= 0 || money_compare(amount, most) > 0) {
        char text[MONEY_TEXT_SIZE];
        money_format(most, text);
        return fault(cx, ERR_REFUND_NOT_POSSIBLE, "param", "/amount", "max",
                     arena_copy(cx->arena, text), NULL);
    }
    cx->cause = state->account->id;
    collect_refund_credit(cx, state, state->account, amount);
    return OK;
}
