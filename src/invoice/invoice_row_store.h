/* Rows of documents without their lines. */
#pragma once

#include "db/db.h"
#include "invoice/invoice.h"

/* To be selected FROM document. */
#define INVOICE_COLUMNS                                                                            \
    "id, account, order_id, payment_method, type, state, issued_on, issued_at, currency, "         \
    "net_minor, tax_minor, total_minor, due_on, purchase_order, series, number, unpaid_minor, "    \
    "credit_used_minor, paid_on, first_failed_at, retries, next_attempt_at, given_up, "            \
    "written_off_minor, listed_at, version"

/* Reads all rows of such a select into the list. */
enum err invoice_collect(struct context *cx, struct db_rows *rows, struct document_list *list);
