/* The state that a command sees: one customer's aggregate, as rows of this customer and of the
 * catalogue versions it uses. decide() changes it in place and marks what it changed; the store
 * writes what is marked. A preview throws it away.
 */
#pragma once

#include "base/context.h"
#include "base/list.h"
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "customer/seller.h"
#include "event/event.h"
#include "invoice/invoice.h"
#include "invoice/revenue.h"
#include "ledger/ledger.h"
#include "license/license.h"
#include "order/order.h"
#include "payment/payment.h"
#include "subscription/cancellation.h"
#include "subscription/schedule.h"
#include "subscription/subscription.h"

LIST_TYPE(catalog_list, const struct catalog);
LIST_TYPE(text_list, const char);

struct state {
    const struct seller *seller;
    struct organization organization;
    struct account_list accounts;
    const struct catalog *current;          /* the version on sale */
    struct catalog_list catalogs;           /* every version published */
    struct subscription_list subscriptions; /* all but the deleted, and one asked for */
    struct schedule_list schedules;         /* what waits for renewals */
    struct line_list lines;                 /* in force, of an open document, or new */
    struct document_list documents;         /* unpaid, planned, of a line in force, or new */
    struct order_list orders;               /* pending, or new */
    struct method_list methods;
    struct tax_exemption_list exemptions;   /* certificates, of all accounts */
    struct payment_list payments;           /* open, refundable, or new */
    struct refund_list refunds;             /* new, or asked for */
    struct subscription_batch_list batches; /* agreement: added within the window, or new */
    struct text_list trialed_offers;        /* had a trial once */
    struct revenue_line_list earning;       /* of the account whose month is over (earn.h) */
    struct license_list licenses;           /* those the command may touch (engine_store.c) */

    struct subscription_change_list changes; /* new steps of history */
    struct cancellation_list cancellations;  /* new */
    struct event_list events;                /* new */
    struct entry_list entries;               /* new */

    struct account *account; /* the one the command concerns */
    civil_day today;         /* now as a day of that account's zone */
    instant issue_at;        /* when documents are issued: later than now for late work */
    civil_day issue_on;      /* the same as a day of that account's zone */
    struct account_list touched_accounts;
};

/* Finders return NULL when there is none. */
struct account *state_find_account(const struct state *state, const char *id);
struct subscription *state_find_subscription(const struct state *state, const char *id);
struct order *state_find_order(const struct state *state, const char *id);
struct payment *state_find_payment(const struct state *state, const char *id);
struct payment_method *state_find_method(const struct state *state, const char *id);
struct document *state_find_document(const struct state *state, const char *id);
struct line *state_find_line(const struct state *state, const char *id);

/* A version by its number; every version in use is there (asserted). */
const struct catalog *state_catalog(const struct state *state, int64_t number);
/* The offer of a subscription in its own version; an offer always exists there (asserted). */
const struct offer *state_offer(const struct state *state, const struct subscription *sub);

/* The parent of a child, else the subscription itself. */
struct subscription *state_family(const struct state *state, struct subscription *sub);

/* Turns to the version that was on sale just before an instant, for work that is done late: what
 * was published since did not exist then. With a clock of its own nothing is late. */
void state_use_catalog_before(struct state *state, instant at);

/* Turns to an account: sets state->account and state->today from `now`. */
void state_use_account(struct state *state, struct account *account, instant now);

/* Marks the account as changed. */
void state_touch_account(struct context *cx, struct state *state, struct account *account);

/* Whether the command changed the subscription, and not only the forecast of its next price did. */
bool state_was_changed(const struct subscription *sub);

/* Records an event with data that is a JSON object. */
void state_event(struct context *cx, struct state *state, const char *type, const char *subject,
                 const char *data, const char *previous);

/* Sets a subscription's status and writes history and an event. What is deleted frees its
 * licences, which are in the state (asserted). */
void state_set_status(struct context *cx, struct state *state, struct subscription *sub,
                      enum subscription_status status, const char *event_type);

/* When the engine next has something to do for this customer; INSTANT_NONE: never. */
instant state_due_at(struct context *cx, const struct state *state);

/* The account whose revenue is what falls due next, or NULL: its lines belong into `earning`. */
const struct account *state_earns_next(struct context *cx, const struct state *state);
