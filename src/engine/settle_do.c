/* Sending charges and refunds to their providers, outside of every transaction, and settling
 * what they answer (rules §7, Truth about providers). Sending twice is harmless: the provider
 * knows the charge by its idempotency key, and an answer said twice changes nothing. The customer's
 * time may move on while a provider thinks: the answer is settled as of where it is by then, which
 * state_load sees to. */
#include <string.h>

#include "db/db.h"
#include "engine/engine_do.h"
#include "engine/engine_store.h"
#include "payment/payment_store.h"
#include "payment/provider_do.h"

static enum err settle_work(struct context *cx, void *arg)
{
    const struct command *command = arg;
    struct decision decision = {0};
    struct state *state;
    TRY(state_load(cx, command, &state));
    TRY(decide(cx, state, command, &decision));
    return state_save(cx, state);
}

static enum err settle_payment(struct context *cx, const struct payment *payment)
{
    struct payment_method *method;
    TRY(method_load(cx, payment->method, &method));
    struct provider_answer answer = {0};
    TRY(provider_charge(cx, payment, method, cx->providers, &answer));
    struct command command = {
        .kind = COMMAND_SETTLE_PAYMENT,
        .settlement = {.payment = payment->id,
                       .state = answer.state,
                       .provider_ref = answer.provider_ref,
                       .failure = answer.failure,
                       .action_url = answer.action_url},
    };
    if (answer.state == payment->state)
        return OK; /* nothing new */
    TRY(db_transact(cx, settle_work, &command));
    return answer.is_said_twice ? db_transact(cx, settle_work, &command) : OK;
}

static enum err settle_refund(struct context *cx, const struct refund *refund)
{
    struct payment *payment;
    TRY(payment_load(cx, refund->payment, &payment));
    struct provider_answer answer = {0};
    TRY(provider_refund(cx, refund, payment, &answer));
    struct command command = {
        .kind = COMMAND_SETTLE_REFUND,
        .refund = refund->id,
        .settlement = {.state = answer.state},
    };
    if (answer.state != PAYMENT_SUCCEEDED && answer.state != PAYMENT_FAILED)
        return OK;
    return db_transact(cx, settle_work, &command);
}

enum err engine_settle_payments(struct context *cx, const char *order)
{
    struct payment_list payments = {0};
    TRY(payment_load_open(cx, &payments));
    for (size_t i = 0; i < payments.count; i++) {
        const struct payment *payment = payments.items[i];
        bool wanted = order == NULL || (payment->order != NULL && payment->document == NULL &&
                                        strcmp(payment->order, order) == 0);
        if (wanted && payment->state != PAYMENT_ACTION_REQUIRED)
            TRY(settle_payment(cx, payment));
    }
    if (order != NULL)
        return OK;
    struct refund_list refunds = {0};
    TRY(refund_load_requested(cx, &refunds));
    for (size_t i = 0; i < refunds.count; i++)
        TRY(settle_refund(cx, refunds.items[i]));
    return OK;
}
