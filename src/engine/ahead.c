#include "engine/ahead.h"

#include <string.h>

#include "base/limits.h"

/* ── As if the state were saved and loaded again ──────────────────────────────────────── */

/* Keeps of a list what `keeps` says. */
#define AHEAD_KEEP(list, keeps)                                                                    \
    do {                                                                                           \
        size_t kept = 0;                                                                           \
        for (size_t i = 0; i < (list).count; i++) {                                                \
            if (keeps((list).items[i]))                                                            \
                (list).items[kept++] = (list).items[i];                                            \
        }                                                                                          \
        (list).count = kept;                                                                       \
    } while (0)

/* An add-on whose order still awaits its payment may outlive its base (engine_store.c). */
static bool is_parent(const struct state *state, const struct subscription *sub)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *child = state->subscriptions.items[i];
        if (child->parent != NULL && child->row != ROW_REMOVED &&
            child->status != SUBSCRIPTION_DELETED && strcmp(child->parent, sub->id) == 0)
            return true;
    }
    return false;
}

static void ahead_keep_subscriptions(struct state *state)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        bool goes = sub->row == ROW_REMOVED || sub->status == SUBSCRIPTION_DELETED;
        if (!goes || is_parent(state, sub))
            state->subscriptions.items[kept++] = sub;
    }
    state->subscriptions.count = kept;
    for (size_t i = 0; i < kept; i++)
        state->subscriptions.items[i]->row = ROW_STORED;
}

static bool keeps_document(struct document *document)
{
    bool goes = document->row == ROW_REMOVED;
    bool is_open = document->state == DOCUMENT_PLANNED || money_sign(document->unpaid) > 0;
    for (size_t i = 0; i < document->lines.count && !is_open; i++)
        is_open = document->lines.items[i]->in_force;
    document->row = ROW_STORED;
    return !goes && is_open;
}

static bool keeps_order(struct order *order)
{
    order->row = ROW_STORED;
    return order_is_pending(order);
}

static bool is_open(const struct payment *payment)
{
    return payment->state != PAYMENT_SUCCEEDED && payment->state != PAYMENT_FAILED;
}

/* What can still go back is kept too: a credit that nothing needs any more is refunded, and pays
 * nothing that comes later. */
static bool keeps_payment(struct payment *payment)
{
    payment->row = ROW_STORED;
    return is_open(payment) || (payment->state == PAYMENT_SUCCEEDED &&
                                money_compare(payment->refunded, payment->amount) < 0);
}

static bool keeps_schedule(struct scheduled_change *change)
{
    bool goes = change->row == ROW_REMOVED;
    change->row = ROW_STORED;
    return !goes;
}

static bool keeps_license(struct license *license)
{
    bool goes = license->row == ROW_REMOVED;
    license->row = ROW_STORED;
    return !goes;
}

/* Those of documents that are kept. */
static void ahead_list_lines(struct context *cx, struct state *state)
{
    state->lines.count = 0;
    for (size_t i = 0; i < state->documents.count; i++) {
        const struct document *document = state->documents.items[i];
        for (size_t l = 0; l < document->lines.count; l++) {
            document->lines.items[l]->row = ROW_STORED;
            list_push(cx->arena, &state->lines, document->lines.items[l]);
        }
    }
}

static void ahead_settle_rows(struct context *cx, struct state *state)
{
    ahead_keep_subscriptions(state);
    AHEAD_KEEP(state->documents, keeps_document);
    AHEAD_KEEP(state->orders, keeps_order);
    AHEAD_KEEP(state->payments, keeps_payment);
    AHEAD_KEEP(state->schedules, keeps_schedule);
    AHEAD_KEEP(state->licenses, keeps_license);
    ahead_list_lines(cx, state);
    state->refunds.count = state->changes.count = state->events.count = 0;
    state->entries.count = state->touched_accounts.count = 0;
    for (size_t i = 0; i < state->accounts.count; i++)
        state->accounts.items[i]->earn_on = DAY_NONE; /* revenue is nobody's charge */
}

/* ── Money that comes ─────────────────────────────────────────────────────────────────── */

/* A transfer that was not missed yet is taken to come. */
static void ahead_await_transfers(const struct state *state)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        const struct payment_method *method =
            document->payment_method ? state_find_method(state, document->payment_method) : NULL;
        if (document->state != DOCUMENT_ISSUED || document->first_failed_at != INSTANT_NONE ||
            (method != NULL && method->kind != METHOD_TRANSFER))
            continue;
        document->unpaid = money_zero(document->unpaid.currency);
        document->next_attempt_at = INSTANT_NONE;
    }
}

/* Charges of invoices succeed; what awaits an order's payment is left alone. */
static enum err ahead_settle_payments(struct context *cx, struct state *state,
                                      struct decision *decision)
{
    for (size_t i = 0; i < state->payments.count; i++) {
        const struct payment *payment = state->payments.items[i];
        if (payment->document == NULL || !is_open(payment))
            continue;
        const struct command settle = {
            .kind = COMMAND_SETTLE_PAYMENT,
            .settlement = {.payment = payment->id, .state = PAYMENT_SUCCEEDED},
        };
        TRY(decide(cx, state, &settle, decision));
    }
    return OK;
}

/* ── Step by step ─────────────────────────────────────────────────────────────────────── */

/* Notes the invoices that are new, as they are now. */
static void ahead_note_invoices(struct context *cx, const struct state *state, struct ahead *ahead)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        const struct document *document = state->documents.items[i];
        bool is_new = document->row == ROW_NEW;
        if (!is_new || document->type != DOCUMENT_INVOICE || document->state != DOCUMENT_ISSUED)
            continue;
        struct document *noted = ARENA_NEW(cx->arena, struct document);
        *noted = *document;
        list_push(cx->arena, &ahead->invoices, noted);
    }
}

static enum err ahead_step(struct context *cx, struct state *state, struct decision *decision,
                           struct ahead *ahead)
{
    const struct command due = {.kind = COMMAND_DUE, .until = ahead->until};
    TRY(decide(cx, state, &due, decision));
    ahead_note_invoices(cx, state, ahead);
    TRY(ahead_settle_payments(cx, state, decision));
    ahead_await_transfers(state);
    ahead_settle_rows(cx, state);
    return OK;
}

enum err ahead_run(struct context *cx, struct state *state, struct ahead *ahead)
{
    struct context own = *cx;
    struct decision decision = {0};
    const instant start = own.now;
    ahead->done_until = ahead->until;
    ahead_await_transfers(state);
    ahead_settle_rows(&own, state);
    for (int steps = 0;; steps++) {
        instant at = state_due_at(&own, state);
        if (at == INSTANT_NONE || at >= ahead->until)
            return OK;
        if (steps == AHEAD_STEPS_MAX || arena_used(own.arena) > AHEAD_ARENA_MAX) {
            ahead->done_until = at;
            return OK;
        }
        own.now = at;
        state->issue_at = at > start ? at : start;
        state->organization.now_at = state->issue_at;
        enum err err = ahead_step(&own, state, &decision, ahead);
        cx->ids = own.ids;
        cx->fault = own.fault;
        TRY(err);
    }
}
