/* Paying what is unpaid, when the customer asks for it (rules §7, Pay balance). */
#include <string.h>

#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"

static bool pay_can_charge(const struct payment_method *method)
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

/* Asks for one invoice; a preview shows it as if the provider said yes. */
static enum err pay_document(struct context *cx, struct state *state, struct document *document,
                             const struct payment_method *method, struct decision *decision)
{
    struct payment *payment = collect_request(cx, state, method, document->unpaid, document->order,
                                              document->id, PAYMENT_ATTEMPT_ASKED);
    list_push(cx->arena, &decision->payments, payment);
    if (!decision->complete_orders)
        return OK;
    payment->state = PAYMENT_SUCCEEDED;
    const struct settlement answer = {.payment = payment->id, .state = PAYMENT_SUCCEEDED};
    return collect_settle(cx, state, payment, &answer);
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
        TRY(pay_document(cx, state, document, with, decision));
    }
    return OK;
}
