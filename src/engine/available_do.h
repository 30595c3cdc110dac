/* What is available to an account now: the rows that rules §2 needs, through the one function. */
#pragma once

#include "eligibility/eligibility.h"
#include "subscription/subscription.h"

/* Judges every offer of the catalogue on sale for an account of cx->customer, in its order.
 * Errors: ERR_NOT_FOUND for the account. */
enum err available_list(struct context *cx, const char *account, struct availability **ret_items,
                        size_t *ret_count);

/* Judges, in the same way, only the add-ons that can be bought for a subscription: traditional
 * ones connect to it, standalone ones require what it is. Only what is available is given. */
enum err available_list_for(struct context *cx, const struct subscription *sub,
                            struct availability **ret_items, size_t *ret_count);
