/* Providers' answers, and money that arrives by itself (rules §7, Truth about providers): late,
 * twice, or out of order, each charge ends in one state. */
#include <assert.h>
#include <string.h>

#include "engine/collect.h"
#include "engine/decide_parts.h"

enum err decide_settle(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision)
{
    const struct settlement *answer = &command->settlement;
    struct payment *payment = state_find_payment(state, answer->payment);
    if (payment == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment", NULL);
    if (payment->state == PAYMENT_SUCCEEDED)
        return OK; /* said twice */
    if (payment->state == PAYMENT_FAILED && answer->state != PAYMENT_SUCCEEDED)
        return OK; /* a stale answer; a late success is money, and counts */
    state_use_account(state, state_find_account(state, payment->account), cx->now);
    bool was_failed = payment->state == PAYMENT_FAILED;
    payment->state = answer->state;
    payment->provider_ref = answer->provider_ref ? answer->provider_ref : payment->provider_ref;
    payment->failure = answer->failure;
    payment->action_url = answer->action_url;
    if (answer->state == PAYMENT_SUCCEEDED || answer->state == PAYMENT_FAILED)
        payment->settled_at = cx->now;
    row_touch(&payment->row);

    struct order *order = payment->order && payment->document == NULL
                              ? state_find_order(state, payment->order)
                              : NULL;
    if (payment->document != NULL)
        return collect_settle(cx, state, payment, answer);
    decision->order = order;
    if (answer->state == PAYMENT_SUCCEEDED) {
        if (order != NULL && order_is_pending(order) && !was_failed) {
            TRY(order_complete(cx, state, order, payment));
            collect_retry_others(state, payment->method, cx->now);
            return OK;
        }
        collect_return(cx, state, payment);
    } else if (answer->state == PAYMENT_FAILED && order != NULL && order_is_pending(order)) {
        order_fail(cx, state, order, ERR_PAYMENT_FAILED);
    } else if (answer->state == PAYMENT_ACTION_REQUIRED && order != NULL) {
        order->state = ORDER_ACTION_REQUIRED;
        row_touch(&order->row);
    }
    return OK;
}

enum err decide_transfer(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision)
{
    struct document *document = state_find_document(state, command->document);
    if (document == NULL || money_sign(document->unpaid) <= 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/document", NULL);
    state_use_account(state, state_find_account(state, document->account), cx->now);
    struct payment_method by_transfer = {
        .id = "", .account = document->account, .kind = METHOD_TRANSFER, .provider = "transfer"};
    struct payment *payment = collect_request(cx, state, &by_transfer, document->unpaid,
                                              document->order, document->id, 1);
    payment->state = PAYMENT_SUCCEEDED;
    payment->settled_at = cx->now;
    decision->document = document;
    collect_receive(cx, state, payment, document);
    return OK;
}

enum err decide_settle_refund(struct context *cx, struct state *state,
                              const struct command *command, struct decision *decision)
{
    (void)decision;
    assert(state->refunds.count > 0);
    struct refund *refund = state->refunds.items[0];
    if (refund->state != REFUND_REQUESTED)
        return OK; /* said twice */
    state_use_account(state, state_find_account(state, refund->account), cx->now);
    refund->state =
        command->settlement.state == PAYMENT_SUCCEEDED ? REFUND_SUCCEEDED : REFUND_FAILED;
    row_touch(&refund->row);
    collect_refund_settled(cx, state, refund);
    return OK;
}
