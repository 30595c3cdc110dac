/* Reviews that are kept, so that what is done is what was shown (rules §7, Review). */
#pragma once

#include "base/context.h"
#include "base/day.h"

/* What a review is bound to, and when. */
struct quote_terms {
    const char *subject; /* a cart's id, or the route and body it was asked of */
    const char *result;  /* JSON of what it would do, without ids */
    const char *setting; /* JSON to find again at the commit, or NULL */
    civil_day today;     /* of who asks: a review is good for one civil day */
};

/* Keeps a review. `ret_token` is good once, until `ret_expires_at`. */
enum err quote_keep(struct context *cx, const struct quote_terms *terms, const char **ret_token,
                    instant *ret_expires_at);

/* Uses a review up, in the transaction of what it led to. Errors: ERR_NOT_FOUND for an unknown
 * token or one of another subject, ERR_QUOTE_USED, ERR_QUOTE_EXPIRED, and ERR_QUOTE_CHANGED with
 * what differs. `used_by` is the id of what it leads to. */
enum err quote_take(struct context *cx, const char *token, const struct quote_terms *terms,
                    const char *used_by);
