/* Documents as people look for them: by day, account, number, and what is unpaid. */
#pragma once

#include "base/context.h"
#include "invoice/invoice.h"

enum bill_order { BILLS_BY_DAY, BILLS_BY_TOTAL };

struct bill_query {
    const char *account;           /* or NULL: all */
    bool unpaid;                   /* only those with something unpaid */
    civil_day from_on;             /* issued on this day or later; DAY_NONE: any */
    civil_day until_on;            /* issued on this day at the latest; DAY_NONE: any */
    struct document_number number; /* its number 0: any */
    enum bill_order order;
    bool ascending;
    const char *after;  /* id of the last document of the page before, or NULL */
    const char *before; /* id of the first of the page after, or NULL */
    int64_t limit;
};
/* Lists a page of what was sent, without lines; walking back (`before`) in the opposite order. An
 * id that the customer has no document of is as if it were not given. */
enum err bill_list(struct context *cx, const struct bill_query *query, struct document_list *list);

/* All invoices of an account with something unpaid, the oldest first, with their lines. */
enum err bill_load_unpaid(struct context *cx, const char *account, struct document_list *list);

/* The latest document before this one of the same account, order and payment method that bills a
 * period, with its lines; NULL: there is none. */
enum err bill_load_previous(struct context *cx, const struct document *document,
                            struct document **ret_previous);

/* The documents that undo lines of this one, oldest first, without lines. */
enum err bill_load_undoing(struct context *cx, const char *document, struct document_list *list);
/* The document that a line stands on; ERR_NOT_FOUND. */
enum err bill_load_of_line(struct context *cx, const char *line, struct document **ret_document);

/* What a document says for ever of who sells and who buys, as JSON (number_store.c); NULL before
 * it has its number. */
enum err bill_load_frozen(struct context *cx, const char *document, const char **ret_json);

/* What was invoiced in each month from a day on, credit notes taken off, by month. */
struct bill_month {
    civil_day month_on; /* its first day */
    struct money total;
};
LIST_TYPE(bill_month_list, struct bill_month);
enum err bill_sum_months(struct context *cx, const char *account, civil_day from_on,
                         struct bill_month_list *list);
