/* Payment methods, charges and refunds (rules §7). Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "base/row.h"

enum method_kind { METHOD_CARD, METHOD_SEPA_DEBIT, METHOD_TRANSFER };

/* A way to pay. The program never sees a card's number: only the provider's token. */
struct payment_method {
    const char *id;
    const char *customer;
    const char *account;
    enum method_kind kind;
    const char *provider; /* "sandbox", "transfer" */
    const char *token;    /* the provider's, never printed or logged */
    const char *label;    /* "Visa ···· 4242" */
    const char *country;  /* of issue; a card's must be the account's */
    bool removed;
    int64_t version;
    instant created_at;
};

/* Where a charge stands; it is in exactly one of these (rules §7, Truth about providers). */
enum payment_state {
    PAYMENT_REQUESTED,       /* written with what caused it, not yet sent */
    PAYMENT_PENDING,         /* sent, no answer yet */
    PAYMENT_ACTION_REQUIRED, /* the bank wants to see the person */
    PAYMENT_SUCCEEDED,
    PAYMENT_FAILED,
    PAYMENT_UNKNOWN, /* no answer came: it is asked for again */
};

/* The customer asked for it: not one of the retries. */
enum { PAYMENT_ATTEMPT_ASKED = 0 };

/* One charge for an order or an invoice. */
struct payment {
    const char *id;
    const char *account;
    const char *order;    /* ord_… it lets complete, or NULL */
    const char *document; /* inv_… it pays, or NULL (an order's, until it is issued) */
    const char *method;
    const char *provider;
    struct money amount;
    struct money refunded;
    enum payment_state state;
    int attempt; /* 1 for the first, PAYMENT_ATTEMPT_ASKED; part of the idempotency key */
    const char *provider_ref; /* the provider's name of the charge, or NULL */
    const char *failure;      /* the provider's reason ("card_declined"), or NULL */
    const char *action_url;   /* where the bank wants the person, or NULL */
    instant created_at;
    instant settled_at;
    enum row row;
};

/* Money that goes back to where a payment came from. */
enum refund_state { REFUND_REQUESTED, REFUND_SUCCEEDED, REFUND_FAILED };
struct refund {
    const char *id;
    const char *account;
    const char *payment;
    struct money amount;
    enum refund_state state;
    const char *cause;
    civil_day on;
    instant created_at;
    enum row row;
};

LIST_TYPE(method_list, struct payment_method);
LIST_TYPE(payment_list, struct payment);
LIST_TYPE(refund_list, struct refund);

const char *method_kind_format(enum method_kind kind);
bool method_kind_parse(const char *text, enum method_kind *ret_kind);
const char *payment_state_format(enum payment_state state);
bool payment_state_parse(const char *text, enum payment_state *ret_state);
const char *refund_state_format(enum refund_state state);
bool refund_state_parse(const char *text, enum refund_state *ret_state);
/* Cards ask first and complete on the answer; the others complete at once (rules §7). */
bool method_is_asked_first(enum method_kind kind);
