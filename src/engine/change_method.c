/* What pays for a subscription (rules §4, Replace payment method; §7, Methods). */
#include <string.h>

#include "base/json.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"

static bool method_is(const char *id, const char *other)
{
    return strcmp(id ? id : "", other ? other : "") == 0;
}

static void method_announce(struct context *cx, struct state *state, const struct subscription *sub,
                            const char *before)
{
    struct json_writer now = json_begin(cx->arena);
    struct json_writer was = json_begin(cx->arena);
    json_open_object(&now, NULL);
    json_put_text(&now, "payment_method", sub->payment_method);
    json_close_object(&now);
    json_open_object(&was, NULL);
    json_put_text(&was, "payment_method", before);
    json_close_object(&was);
    state_event(cx, state, "subscription.payment_method_changed", sub->id, json_end(&now),
                json_end(&was));
}

/* Says whether an invoice bills one of the family. */
static bool method_bills(const struct state *state, const struct document *document,
                         const struct subscription *family)
{
    for (size_t i = 0; i < state->lines.count; i++) {
        const struct line *line = state->lines.items[i];
        struct subscription *sub = strcmp(line->document, document->id) == 0
                                       ? state_find_subscription(state, line->subscription)
                                       : NULL;
        if (sub != NULL && state_family(state, sub) == family)
            return true;
    }
    return false;
}

/* What is unpaid goes along, unless a charge of it is under way; what has failed is tried again at
 * once. A transfer is sent by the customer's bank: what the old method was asked for stays its. */
static void method_move_invoices(struct context *cx, struct state *state,
                                 const struct subscription *sub, const struct command *command,
                                 const char *before, struct decision *decision)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        if (document->state != DOCUMENT_ISSUED || money_sign(document->unpaid) <= 0 ||
            strcmp(document->account, sub->account) != 0 ||
            !method_is(document->payment_method, before) || collect_is_pending(state, document))
            continue;
        if (!command->on && !method_bills(state, document, sub))
            continue;
        document->payment_method = command->payment_method;
        if (document->first_failed_at != INSTANT_NONE && !document->given_up)
            document->next_attempt_at = cx->now;
        row_touch(&document->row);
        list_push(cx->arena, &decision->moved, document);
    }
}

enum err decide_payment_method(struct context *cx, struct state *state,
                               const struct command *command, struct decision *decision)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    const struct payment_method *method;
    TRY(decide_check_action(cx, sub, ACTION_REPLACE_METHOD));
    TRY(order_find_method(cx, state, command->payment_method, &method));
    const char *before = sub->payment_method;
    if (method == NULL || method_is(before, method->id))
        return OK;
    cx->cause = sub->id;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *other = state->subscriptions.items[i];
        bool is_its = state_family(state, other) == sub;
        bool goes_along = command->on && strcmp(other->account, sub->account) == 0 &&
                          method_is(other->payment_method, before);
        if (other->status == SUBSCRIPTION_DELETED || !(is_its || goes_along))
            continue;
        other->payment_method = method->id;
        row_touch(&other->row);
        if (other->parent == NULL && other->status != SUBSCRIPTION_PLANNED)
            method_announce(cx, state, other, before);
    }
    if (method->kind != METHOD_TRANSFER)
        method_move_invoices(cx, state, sub, command, before, decision);
    return OK;
}
