/* What went wrong, in enough detail to say it to a person in their language.
 *
 * Functions say `return fault(cx, ERR_QUANTITY_OUT_OF_RANGE, "min", "1", "max", "300", NULL)`;
 * the dispatcher renders it once: as problem+json, as a page, or as a line.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"

struct context;

enum { FAULT_ARGS_MAX = 8 };

struct fault_arg {
    const char *key;   /* placeholder of the sentence in web/messages */
    const char *value; /* lives in the arena */
};

/* A reason against, as rules §2 lists them; other rules may give reasons too. */
struct reason {
    const char *code;          /* "requires", "excluded_by", … */
    const char *const *offers; /* ids concerned, in catalogue order */
    size_t offer_count;
};

struct fault {
    enum err code;     /* OK: nothing went wrong */
    const char *param; /* JSON pointer or place in a file; NULL when it concerns no part */
    struct fault_arg args[FAULT_ARGS_MAX];
    size_t arg_count;
    const struct reason *reasons;
    size_t reason_count;
    const char *detail; /* JSON of what differs (quote_changed), or NULL */
};

/* Records the fault and returns `code`. Arguments: pairs of key and value, ended by NULL; the
 * key "param" sets the place. Values are copied to the arena. */
[[gnu::sentinel]] enum err fault(struct context *cx, enum err code, ...);

/* Says which part the fault concerns, when its maker did not know; gives `err`. */
enum err fault_blame(struct context *cx, enum err err, const char *param);

/* Takes back what was recorded, when the caller has dealt with it. */
void fault_clear(struct context *cx);

/* Returns the value of an argument, or NULL. */
const char *fault_arg(const struct fault *fault, const char *key);
