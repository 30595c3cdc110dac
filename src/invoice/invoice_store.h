/* Rows of documents, their lines and their taxes, and the numbering step. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"
#include "invoice/invoice.h"
#include "invoice/revenue.h"

/* Loads into the lists what a command needs to see (engine/state.h): lines in force and lines of
 * open documents; documents that are open (unpaid, planned) or have a line in force, with their
 * taxes. Lines are attached to open documents. */
enum err invoice_load_open(struct context *cx, struct document_list *documents,
                           struct line_list *lines);

/* Loads what earns on a day or later of an account's issued lines; DAY_NONE: what ever earned. */
enum err invoice_load_earning(struct context *cx, const char *account, civil_day from_on,
                              struct revenue_line_list *list);

/* Loads one issued document with lines and taxes; ERR_NOT_FOUND when there is none. */
enum err invoice_load(struct context *cx, const char *id, struct document **ret_document);
/* The same, or one that an order plans while it awaits its payment. */
enum err invoice_load_planned(struct context *cx, const char *id, struct document **ret_document);

struct document_query {
    const char *after;
    const char *before;
    const char *type;    /* or NULL: all that are sent */
    const char *account; /* or NULL */
    int64_t limit;
};
/* Lists a page of issued documents, newest first, without lines. */
enum err invoice_list_page(struct context *cx, const struct document_query *query,
                           struct document_list *list);
/* Loads all issued documents with their lines by time of issue, records too (simulations). */
enum err invoice_load_all(struct context *cx, struct document_list *list);

/* An invoice of any customer that is listed for write-off and still unpaid. */
struct listed_invoice {
    const char *id;
    const char *customer;
    const char *account;
    civil_day issued_on;
    struct money unpaid;
    instant listed_at;
};
LIST_TYPE(listed_invoice_list, struct listed_invoice);
/* Lists a page of one mode, newest first. */
enum err invoice_list_listed(struct context *cx, bool live, const char *after, int64_t limit,
                             struct listed_invoice_list *list);

/* Writes what a decision did to it, by its row mark. Lines are saved by invoice_save_line; taxes
 * go with their document. */
enum err invoice_save(struct context *cx, struct document *document);
enum err invoice_save_line(struct context *cx, struct line *line);

/* The numbering step (rules §6, Documents): gives numbers to the issued documents that have none,
 * in their order of commitment; without gaps per series, type and year. A step takes at most
 * NUMBER_BATCH_MAX, in one short transaction (or a savepoint of the writer's batch) and in memory
 * of its own; goes on until none waits, or `steps_max` are done. Also freezes each document: its
 * hash covers the number and all that never changes. */
enum err invoice_number_due(struct context *cx, int64_t steps_max);
/* Documents of an account that wait for their number keep whom they were issued to: called before
 * its details change. */
enum err invoice_keep_sold_to(struct context *cx, const struct account *account);
/* How many issued documents of all customers wait for their number. */
enum err invoice_count_unnumbered(struct context *cx, int64_t *ret_count);
