/* What a payment provider is asked and what it answers (rules §7, Truth about providers). Pure;
 * provider_do.h asks. */
#pragma once

#include "base/context.h"
#include "payment/payment.h"

/* What the sandbox is told to do, by simulations. */
struct provider_world {
    bool decline; /* every charge is declined from now on */
};

/* The answer about a charge or a refund. */
struct provider_answer {
    enum payment_state state; /* never REQUESTED; of a refund SUCCEEDED, FAILED or PENDING */
    const char *provider_ref; /* the provider's name of it, or NULL */
    const char *failure;      /* "card_declined", or NULL */
    const char *action_url;   /* where the bank wants the person, or NULL */
    bool is_said_twice;       /* the same answer arrives once more */
};

/* The key under which a charge is asked for, again and again until it is decided: its id and the
 * attempt. */
const char *provider_key(struct context *cx, const struct payment *payment);
