/* Changing the details of a billing account (rules §8: edit details). */
#pragma once

#include "customer/customer.h"

/* What changes; NULL: stays. An empty vat_id takes the number away. */
struct account_change {
    const char *name;
    const char *vat_id;
    const char *line1;
    const char *line2;
    const char *postal_code;
    const char *city;
};

/* Changes an account of cx->customer, which is brought up to now first: what was due before is
 * billed by the old details, and documents that wait for their number keep them. A new VAT number
 * is one of which nothing is known yet. If `version` is not 0 it must be the account's. Errors:
 * ERR_INVALID with the place; ERR_NOT_FOUND; ERR_VERSION_MISMATCH. */
enum err account_change(struct context *cx, const char *id, const struct account_change *change,
                        int64_t version, struct account *ret_account);
