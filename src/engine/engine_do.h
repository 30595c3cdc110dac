/* Use cases of the engine: load the customer's aggregate, decide, save; and the work that falls
 * due. Every command first brings its own customer up to `now`, in transactions of its own
 * (rules §4, The engine). */
#pragma once

#include "customer/clock.h"
#include "customer/due_store.h"
#include "engine/decide.h"
#include "engine/state.h"

/* How a command is to be carried out.
 *
 * A review is stored as a quote: what was asked, and what it would do, as JSON without anything
 * that differs from run to run (ids). Committing with its token decides again and compares: a
 * difference is refused with quote_changed and what differs (rules §7, Review). */
struct engine_run {
    bool preview;             /* decide and show, write nothing but the quote */
    const char *token;        /* commit exactly what this review showed, or NULL */
    const char *subject;      /* what a quote is bound to: a cart's id, or route and body */
    struct state *state;      /* out: the state after the decision, for encoders */
    struct decision decision; /* out */
    const char *ret_token;    /* out, of a preview with a subject: the quote's token */
    instant ret_expires_at;   /* out: until when the token is good */
};

/* Brings cx->customer up to cx->now, then carries out one command in one transaction. Inside of a
 * transaction the customer's row is locked first of all; outside, its time is looked at again once
 * the command has locked it, and all begins anew where it has moved on. cx->now is raised to where
 * the customer is. Errors: refusals of decide; ERR_NOT_FOUND for an unknown customer; those of
 * engine_check_clock; errors of the store. */
enum err engine_command(struct context *cx, const struct command *command, struct engine_run *run);

/* Locks cx->customer and does all that is due by cx->now: for use cases that change what later
 * decisions rest on, so that what was due before does not see it. Inside of a transaction only.
 * Errors: as engine_command. */
enum err engine_bring_up(struct context *cx, struct organization *ret_organization);

/* ERR_CLOCK_ADVANCING while the test clock of cx->customer advances, and while the organisation is
 * walked that was left behind on it: its time is none that anybody chose. Who is parked stays where
 * it is, and takes commands there. */
enum err engine_check_clock(struct context *cx, const struct organization *organization);

/* Does everything due for cx->customer at or before `until`; each due item is a transaction.
 * Charges that fall due are settled at once through payment providers when `walk` is set (test
 * clocks, run-due --at, simulations); else they are left to the outbox job. */
enum err engine_run_due(struct context *cx, instant until, bool walk);

/* Claims the next customers with work due (DUE_BATCH_MAX; or one whose last attempt failed) and
 * does it. `ret_customers`: how many, 0 when nobody is left to claim; `ret_failed`: how many of
 * them failed, which is counted: after DUE_FAILURES_MAX attempts the work is parked. Any number of
 * nodes may call it at once; cx->wall must be of this moment. Errors: the store's. */
enum err engine_run_all_due(struct context *cx, instant until, bool walk, int64_t *ret_customers,
                            int64_t *ret_failed);

/* Tells of what was parked and nobody was told of yet: a line of the log, and the event
 * `work.parked` of the customer. At most PARKED_TOLD_MAX. */
enum err engine_tell_parked(struct context *cx);
/* Lets what cx->customer has parked be tried again. ERR_NOT_FOUND when nothing is parked. */
enum err engine_retry_parked(struct context *cx, struct parked_work *ret_parked);

/* Walks a piece of a test clock's way: claims one of its organisations and does what is due, a
 * bounded number of instants. `ret_clock` is the clock after it; when nobody is left to claim
 * (*ret_worked is false) and all have arrived, its advance has ended. Any number of nodes may walk
 * one clock; cx->wall must be of this moment. Errors: ERR_NOT_FOUND; the store's. */
enum err engine_walk_clock(struct context *cx, const char *id, struct test_clock *ret_clock,
                           bool *ret_worked);

/* Sends the charges and refunds that are requested for cx->customer to their providers, outside
 * of transactions, and settles the answers. `order`: only this order's charge, or NULL. */
enum err engine_settle_payments(struct context *cx, const char *order);
