/* Rows of postings: append-only. */
#pragma once

#include "base/context.h"
#include "ledger/ledger.h"

enum err ledger_insert(struct context *cx, const struct entry *entry);

/* The sum of all postings of the customer: zero, always. */
enum err ledger_sum(struct context *cx, int64_t *ret_minor);

/* What moved the credit balance of a billing account, newest first. */
struct credit_movement {
    const char *entry;
    const char *kind;  /* of the entry */
    const char *cause; /* id of a document, payment or refund */
    civil_day on;
    struct money amount; /* more credit is positive */
};
LIST_TYPE(credit_movement_list, struct credit_movement);
/* Lists a page, after an entry or "". */
enum err ledger_list_credit(struct context *cx, const char *account, const char *after,
                            int64_t limit, struct credit_movement_list *list);
