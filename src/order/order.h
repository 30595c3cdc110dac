/* Orders (rules §7): placed → completed, or placed → awaiting_payment (→ action_required) →
 * completed | failed. Raising a quantity is an order too. Pure.
 *
 * An order that awaits payment has already written what it will bring about: its subscriptions
 * are *planned*, its document is *planned*. Completing it makes them real; failing removes them,
 * and nothing remains but the order's record.
 */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "base/period.h"
#include "base/row.h"

enum order_state {
    ORDER_AWAITING_PAYMENT, /* "processing" to the outside: the provider has not answered */
    ORDER_ACTION_REQUIRED,  /* the bank wants to see the person */
    ORDER_COMPLETED,
    ORDER_FAILED,
};

enum order_kind {
    ORDER_PURCHASE,
    ORDER_INCREASE,
    ORDER_PLAN_CHANGE,
    ORDER_BILLING_CHANGE,
    ORDER_REACTIVATE,
    ORDER_BUY_TRIAL
};

/* A line as asked for, before anything was decided. Texts are NULL where nothing was said. */
struct order_request_line {
    const char *name; /* the line's name in its order or cart */
    const char *offer;
    int64_t quantity;
    enum term term; /* TERM_NONE: the only price's, or the base's */
    enum billing billing;
    const char *connect_to; /* sub_…, or the name of a line of this order */
    civil_day start_on;     /* DAY_NONE: today */
    const char *ends_with;  /* agreement: sub_…, or a month "2026-06" whose end it is */
    bool trial;
};

struct order_request {
    const struct order_request_line *lines;
    size_t line_count;
    const char *payment_method; /* NULL: the base's for connected add-ons, else the account's */
    const char *purchase_order;
};

/* A line of an order that was placed. */
struct order_line {
    int64_t position;
    const char *offer;
    int64_t catalog;
    int64_t quantity; /* of an increase: the new total */
    enum term term;
    enum billing billing;
    const char *subscription; /* the one it made or changes */
    const char *parent;
    civil_day start_on;
    bool trial;
};

LIST_TYPE(order_line_list, struct order_line);

struct order {
    const char *id;
    const char *account;
    enum order_kind kind;
    enum order_state state;
    civil_day placed_on;
    instant placed_at;
    instant expires_at; /* of one that awaits its payment */
    const char *payment_method;
    const char *purchase_order;
    struct money total;
    struct money credit_held; /* credit balance kept for it while it waits */
    const char *document;     /* NULL: it costs nothing (trials) */
    const char *payment;
    const char *failure; /* code of why it failed, or NULL */
    const char *actor;
    struct order_line_list lines;
    int64_t version;
    instant created_at;
    enum row row;
};

LIST_TYPE(order_list, struct order);

const char *order_state_format(enum order_state state); /* awaiting_payment is "processing" */
bool order_state_parse(const char *text, enum order_state *ret_state);
const char *order_kind_format(enum order_kind kind);
bool order_kind_parse(const char *text, enum order_kind *ret_kind);
bool order_is_pending(const struct order *order);
