/* The sandbox: a provider that lives in the program, for test customers only. Its test numbers
 * stand for everything a real one may do. Pure; sandbox_do.h remembers. */
#pragma once

#include "payment/provider.h"

/* A test card: what people type, what the tests call it, and what the store keeps instead. */
struct sandbox_card {
    const char *number;
    const char *name;  /* "success", "decline", … */
    const char *token; /* "tok_success", … */
    const char *label; /* "Visa ···· 4242" */
};

/* Finds the card of a number, in which spaces and hyphens do not count, or of a name; NULL for
 * any other. A number is turned into its token here, at the door, and goes no further. */
const struct sandbox_card *sandbox_card_of_number(const char *number);
const struct sandbox_card *sandbox_card_of_name(const char *name);

/* What the sandbox knows of a charge. */
struct sandbox_charge {
    const char *key;   /* the idempotency key */
    const char *token; /* "" for a method without one: it takes everything */
    struct money amount;
    bool by_itself;      /* a recurring one, without the person */
    const char *outcome; /* what was said last: "succeeded", "pending", …; NULL: nothing yet */
    int64_t asked;       /* how often */
};

/* Says how a charge stands when it is asked for once more. What was decided (succeeded, failed)
 * stays. */
enum payment_state sandbox_decide(const struct sandbox_charge *charge,
                                  const struct provider_world *world);
/* Says whether the card's answers arrive twice. */
bool sandbox_says_twice(const char *token);
