/* Rows of postings: append-only. */
#pragma once

#include "base/context.h"
#include "ledger/ledger.h"

enum err ledger_insert(struct context *cx, const struct entry *entry);

/* The sum of all postings of the customer: zero, always. */
enum err ledger_sum(struct context *cx, int64_t *ret_minor);
