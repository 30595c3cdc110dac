/* Collecting: charges, their answers, past due, and money that goes back (rules §7). Pure. */
#pragma once

#include "engine/command.h"
#include "engine/state.h"

/* Requests a charge; it goes out after the commit. */
struct payment *collect_request(struct context *cx, struct state *state,
                                const struct payment_method *method, struct money amount,
                                const char *order, const char *document, int attempt);

/* Books money received: on the document first, the rest becomes credit balance. */
void collect_receive(struct context *cx, struct state *state, struct payment *payment,
                     struct document *document);

/* Lowers what is unpaid on a document by credit balance or a credit note's credit; notes the day
 * when nothing is left. */
void collect_lower(struct context *cx, struct state *state, struct document *document,
                   struct money amount);

/* Arranges when an issued invoice with something unpaid is collected first. */
void collect_schedule(struct context *cx, const struct state *state, struct document *document);

/* The same for one whose card is asked today. */
void collect_at_once(const struct context *cx, const struct state *state,
                     struct document *document);

/* The next attempt of an invoice is due: charges again, or for a transfer that did not come
 * counts it as failed. */
void collect_attempt(struct context *cx, struct state *state, struct document *document);

/* A charge of an invoice failed: past due, and the next attempt or none. */
void collect_fail(struct context *cx, struct state *state, struct document *document);

/* When an invoice's subscriptions are disabled for non-payment; INSTANT_NONE: not in sight. */
instant collect_give_up_at(const struct state *state, const struct document *document);
/* Disables every subscription on the invoice, without credit. */
void collect_give_up(struct context *cx, struct state *state, struct document *document);

/* Sends back what is left of the credit balance when the account has nothing any more that it
 * could pay for (rules §6, Credit). */
void collect_refund_rest(struct context *cx, struct state *state, struct account *account);

/* What can go back of the credit balance: only money received, never more than each payment
 * brought (rules §6, Credit). */
struct money collect_refundable(const struct state *state, const struct account *account);
/* Sends so much of that back, to where it came from. */
void collect_refund_credit(struct context *cx, struct state *state, struct account *account,
                           struct money amount);

/* Sends a payment back whole: its order can't be completed any more. */
void collect_return(struct context *cx, struct state *state, struct payment *payment);

/* Says whether a charge of the invoice is under way. */
bool collect_is_pending(const struct state *state, const struct document *document);

/* Says whether an unpaid invoice that has failed still holds the family of `sub` past due. */
bool collect_is_owed(const struct state *state, struct subscription *sub);

/* Says whether a charge that the customer asked for is still to be sent to this payer: what it
 * brings back is charged together with what the others bring back (rules §6, One command, one
 * document per payer). */
bool collect_is_asked(const struct state *state, const char *account, const char *method);

/* A success on a method at once retries whatever else it owes (rules §7, Unpaid), the last retry
 * over or not. */
void collect_retry_others(const struct state *state, const char *method, instant now);

/* A provider's answer about a charge of an invoice, or money of a transfer. */
enum err collect_settle(struct context *cx, struct state *state, struct payment *payment,
                        const struct settlement *settlement);

/* Books the end of a refund: sent, or failed and so credit balance again. */
void collect_refund_settled(struct context *cx, struct state *state, const struct refund *refund);
