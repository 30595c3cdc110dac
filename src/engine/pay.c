/* Paying what is unpaid, when the customer asks for it (rules §7, Pay balance). */
#include <string.h>

#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"

bool pay_can_charge(const struct payment_method *method)
{
    return method != NULL && !method->removed &&
           (method->kind != METHOD_TRANSFER || strcmp(method->provider, "sandbox") == 0);
}

static bool pay_is_wanted(const struct state *state, const struct command *command,
                          const struct document *document)
{
    return document->state == DOCUMENT_ISSUED && money_sign(document->unpaid) > 0 &&
           strcmp(document->account, state->account->id) == 0 &&
           (command->document == NULL || strcmp(command->document, document->id) == 0);
}

static bool pay_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

void pay_adopt_method(const struct state *state, const struct document *document,
                      const char *method)
{
    const char *failed = document->payment_method;
    if (pay_same(failed, method))
        return;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (strcmp(sub->account, document->account) != 0 || !pay_same(sub->payment_method, failed))
            continue;
        sub->payment_method = method;
        row_touch(&sub->row);
    }
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *other = state->documents.items[i];
        if (strcmp(other->account, document->account) != 0 || other->state != DOCUMENT_ISSUED ||
            money_sign(other->unpaid) <= 0 || !pay_same(other->payment_method, failed))
            continue;
        other->payment_method = method;
        row_touch(&other->row);
    }
}

/* A preview shows the payments as if the provider said yes to each. */
static enum err pay_succeed(struct context *cx, struct state *state,
                            const struct payment_list *payments)
{
    for (size_t i = 0; i < payments->count; i++) {
        struct payment *payment = payments->items[i];
        payment->state = PAYMENT_SUCCEEDED;
        const struct settlement answer = {.payment = payment->id, .state = PAYMENT_SUCCEEDED};
        TRY(collect_settle(cx, state, payment, &answer));
    }
    return OK;
}

enum err decide_pay(struct context *cx, struct state *state, const struct command *command,
                    struct decision *decision)
{
    if (state->account == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    const char *id =
        command->payment_method ? command->payment_method : state->account->default_method;
    const struct payment_method *method = NULL;
    TRY(order_find_method(cx, state, id, &method));
    cx->cause = state->account->id;
    size_t count = state->documents.count; /* what comes back may bill more */
    for (size_t i = 0; i < count; i++) {
        struct document *document = state->documents.items[i];
        if (!pay_is_wanted(state, command, document) || collect_is_pending(state, document))
            continue;
        const struct payment_method *with = method;
        if (with == NULL && document->payment_method != NULL)
            with = state_find_method(state, document->payment_method);
        if (!pay_can_charge(with)) {
            return fault(cx, ERR_INVALID, "param", "/payment_method", "value",
                         "name a card or a direct debit: a transfer is sent by its bank", NULL);
        }
        list_push(cx->arena, &decision->payments,
                  collect_request(cx, state, with, document->unpaid, document->order, document->id,
                                  PAYMENT_ATTEMPT_ASKED));
    }
    if (decision->complete_orders)
        TRY(pay_succeed(cx, state, &decision->payments));
    if (state->documents.count > count)
        decision->document = state->documents.items[count];
    return OK;
}
