/* decide(): the one place where a command becomes its consequences (ARCHITECTURE.md).
 *
 * Pure: the state is the customer's aggregate, the outcome is the same state with changed rows
 * marked. Preview, order, simulation and renewal all call it.
 */
#pragma once

#include "engine/command.h"
#include "engine/state.h"

struct family_change;

/* What a command led to, besides the rows it changed. */
struct decision {
    struct order *order;            /* the order placed or settled, or NULL */
    struct document *document;      /* the document made by the command itself, or NULL */
    struct document_list elsewhere; /* made by it besides: for other payers, for what comes back */
    struct document *written_off;   /* COMMAND_WRITE_OFF: the invoice */
    struct payment_list payments;   /* COMMAND_PAY: what was asked for */
    struct document_list moved;     /* COMMAND_PAYMENT_METHOD: invoices the new one is asked for */
    const struct family_change *plan; /* what a change of plan makes of the add-ons, or NULL */
    bool did_something;               /* COMMAND_DUE: false when nothing is due any more */
    instant due_at;                   /* COMMAND_DUE: the instant that was worked off */
    bool complete_orders;             /* in: a preview shows an order as if its payment succeeded */
    /* The subscriptions of the state as they were, for the first so many of its list. */
    struct subscription *before;
    size_t before_count;
    size_t before_room; /* in: of `before`, when a decision is used again */
};

/* Decides. On a refusal the context holds the fault with all its reasons, and the state is to
 * be thrown away. cx->now is the business time; everything due before was done (engine_do.h). */
enum err decide(struct context *cx, struct state *state, const struct command *command,
                struct decision *decision);
