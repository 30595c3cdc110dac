/* Billing: how decisions draw lines and make documents of them. Pure. */
#pragma once

#include "engine/state.h"

/* Whose document it is, and how it is paid. */
struct bill_for {
    struct account *account;
    const char *order;          /* the order it belongs to (classic) */
    const char *payment_method; /* NULL: none yet */
    const char *purchase_order; /* or NULL */
};

/* Begins a document of today; nothing of it is in the state yet. */
struct document *bill_begin(struct context *cx, const struct state *state,
                            const struct bill_for *to);

/* What a charge of a subscription from `from_on` on in its present period comes to: the sum of the
 * lines that bill_charge draws. */
struct money bill_amount(const struct state *state, const struct subscription *sub,
                         civil_day from_on);

/* Draws the charge lines of a subscription for [from_on, to_on) of its present period, at its
 * pinned price: one line per tier step, each prorated and rounded by itself. */
void bill_charge(struct context *cx, const struct state *state, struct document *document,
                 const struct subscription *sub, civil_day from_on, enum line_reason reason);

/* Draws the one-time amount of a purchase, when the offer has one. */
void bill_setup(struct context *cx, const struct state *state, struct document *document,
                const struct subscription *sub);

/* Draws the credits for the unused days, from `from_on` on, of all lines in force of a
 * subscription. Offers that are not prorated by day give none (rules §6). */
void bill_credit(struct context *cx, const struct state *state, struct document *document,
                 const struct subscription *sub, civil_day from_on, enum line_reason reason);

/* Draws a change of quantity from today on: credits for what is replaced and charges for the new
 * state; with `none` or `full` only the added units, or nothing. `sub` has its new quantity. */
void bill_quantity(struct context *cx, const struct state *state, struct document *document,
                   const struct subscription *sub, int64_t old_quantity, enum line_reason reason);

/* Sorts and totals the lines. Returns false, and the document is to be forgotten, when there are
 * none. */
bool bill_total(struct context *cx, const struct state *state, struct document *document);

/* Adds a document to the state as planned: it waits for its order's payment. */
void bill_plan(struct context *cx, struct state *state, struct document *document);

/* Says whether a planned document would still come out the same: what its credits undo is as it
 * was, and so is the tax that follows from it. */
bool bill_still_holds(const struct state *state, const struct document *document);

/* Issues: makes its lines real, undoes what its credits undo, posts it, uses the credit balance
 * or adds to it, and arranges for what stays unpaid to be collected (rules §6, §7). Adds the
 * document to the state unless it was planned. `paid` is money that has come for it already. */
void bill_issue(struct context *cx, struct state *state, struct document *document,
                const struct payment *paid);

/* Ends the lines in force of a subscription: its period is over. */
void bill_close_period(const struct state *state, const struct subscription *sub);

/* The account's credit balance that no waiting order keeps for itself. */
struct money bill_credit_available(const struct state *state, const struct account *account);
