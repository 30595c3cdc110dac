/* Everything that can be asked of the engine, as data. */
#pragma once

#include "base/context.h"
#include "license/license.h"
#include "order/order.h"
#include "payment/payment.h"
#include "subscription/cancellation.h"

enum command_kind {
    COMMAND_ORDER,             /* place an order */
    COMMAND_SET_QUANTITY,      /* new total, now */
    COMMAND_CANCEL,            /* now */
    COMMAND_CANCEL_AT_END,     /* recurring billing off */
    COMMAND_RECURRING_BILLING, /* on or off */
    COMMAND_REACTIVATE,        /* what is expired or disabled */
    COMMAND_EXTEND_TRIAL,      /* once */
    COMMAND_BUY_TRIAL,         /* for `quantity`, early or after its end */
    COMMAND_DELETE,            /* what is disabled, on request */
    COMMAND_CHANGE_PLAN,       /* to another offer, now */
    COMMAND_BILLING,           /* another term and billing frequency, now */
    COMMAND_END_WITH,          /* the next term ends with something else (agreement) */
    COMMAND_PAYMENT_METHOD,    /* what pays for it; with `on` for all that the present one pays */
    COMMAND_UNSCHEDULE,        /* forgets a change that waits for the renewal */
    COMMAND_SUPPORT_REMOVE,    /* the seller's support removes a traditional add-on */
    COMMAND_ASSIGN,            /* licences to people */
    COMMAND_UNASSIGN,          /* licences from people */
    COMMAND_SETTLE_PAYMENT,    /* a provider has answered */
    COMMAND_SETTLE_REFUND,     /* a provider has sent money back */
    COMMAND_PAY,               /* all that is unpaid on an account, or one invoice */
    COMMAND_REFUND,            /* credit balance goes back, to where it came from */
    COMMAND_PAY_TRANSFER,      /* money of an invoice has arrived by transfer */
    COMMAND_WRITE_OFF,         /* the seller gives up what is unpaid on a listed invoice */
    COMMAND_DUE,               /* the next thing that is due, if any */
};

/* What a provider said of a charge. */
struct settlement {
    const char *payment;
    enum payment_state state; /* SUCCEEDED, FAILED, ACTION_REQUIRED, PENDING, UNKNOWN */
    const char *provider_ref;
    const char *failure;
    const char *action_url;
};

struct command {
    enum command_kind kind;
    const char *account;      /* COMMAND_ORDER */
    const char *subscription; /* the one it is about */
    int64_t quantity;
    bool on;
    const char *offer; /* COMMAND_CHANGE_PLAN */
    enum term term;    /* COMMAND_BILLING, or with a plan: TERM_NONE: see family_wish */
    enum billing billing;
    bool at_renewal;              /* quantity, plan, billing: wait for the end of the term */
    const char *ends_with;        /* COMMAND_END_WITH: see scheduled_change */
    const char *scheduled_change; /* COMMAND_UNSCHEDULE */
    const char *payment_method;   /* the new one; of an order: NULL for the subscription's own */
    const char *purchase_order;
    enum cancel_reason cancel_reason; /* COMMAND_CANCEL, COMMAND_CANCEL_AT_END: why … */
    const char *feedback;             /* … and in the customer's words, or NULL */
    struct order_request order;
    struct settlement settlement;
    struct license_request licenses; /* COMMAND_ASSIGN, COMMAND_UNASSIGN; its first subscription
                                        is `subscription` */
    const char *refund;              /* COMMAND_SETTLE_REFUND */
    const struct money *amount;      /* COMMAND_REFUND: NULL for all that can go back */
    const char *document; /* of COMMAND_PAY_TRANSFER and COMMAND_WRITE_OFF; COMMAND_PAY: the
                             invoice, or NULL for all */
    instant until;        /* COMMAND_DUE: everything due at or before */
};
