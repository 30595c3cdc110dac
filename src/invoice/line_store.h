/* Rows of document lines. */
#pragma once

#include "db/db.h"
#include "invoice/invoice.h"

/* To be followed by WHERE …, with `l` as the table's name. */
#define INVOICE_LINE_SELECT                                                                        \
    "SELECT l.id, l.document, l.position, l.subscription, l.offer, l.catalog, l.reason,"           \
    " l.from_on, l.to_on, l.quantity, l.unit_micros, l.step, l.days, l.of_days, l.amount_minor,"   \
    " l.left_minor, l.tax_treatment, l.tax_category, l.tax_percent_micros, l.tax_proof, l.undoes," \
    " l.in_force, d.currency FROM document_line l JOIN document d ON d.id = l.document"

/* Reads all rows of such a select into the list. */
enum err invoice_collect_lines(struct context *cx, struct db_rows *rows, struct line_list *list);
