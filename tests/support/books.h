/* A few documents and lines, for tests of invoices. */
#pragma once

#include "invoice/invoice.h"

struct books {
    struct context cx;
    struct document_list documents; /* issued */
    struct line_list lines;
};

extern const struct tax_rule TAX_TWENTY, TAX_FIVE_AND_HALF, TAX_FREE;

struct books books_open(void);
void books_close(struct books *books);
struct document_source books_source(const struct books *books);

/* An empty document, not issued. */
struct document *books_document(struct books *books);
/* Adds a charge of a month of 31 days from 13 January 2026. */
struct line *books_charge(struct books *books, struct document *document, int64_t unit_minor,
                          int64_t quantity, struct tax_rule tax);
/* Totals a document, and makes it and its lines things that exist. */
void books_issue(struct books *books, struct document *document);
/* Issues a document that undoes the lines from that day on; each has something to undo. */
struct document *books_credit(struct books *books, struct line *const *lines, size_t count,
                              const char *from);
