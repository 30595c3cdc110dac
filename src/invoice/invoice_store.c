#include "invoice/invoice_store.h"

#include <string.h>

#include "db/db.h"
#include "invoice/invoice_row_store.h"
#include "invoice/line_store.h"

static const char *const STATES[] = {
    [DOCUMENT_PLANNED] = "planned",
    [DOCUMENT_ISSUED] = "issued",
};

static enum err invoice_from_row(struct context *cx, struct db_rows *rows,
                                 struct document **ret_document)
{
    struct document *document = ARENA_NEW(cx->arena, struct document);
    int c = 0;
    document->id = db_get_text(rows, c++);
    document->account = db_get_text(rows, c++);
    document->order = db_get_text(rows, c++);
    document->payment_method = db_get_text(rows, c++);
    bool known = document_type_parse(db_get_text(rows, c++), &document->type);
    bool planned = strcmp(db_get_text(rows, c++), STATES[DOCUMENT_PLANNED]) == 0;
    document->state = planned ? DOCUMENT_PLANNED : DOCUMENT_ISSUED;
    document->issued_on = db_get_day(rows, c++);
    document->issued_at = db_get_instant(rows, c++);
    const char *currency = db_get_text(rows, c++);
    document->net = money_of(db_get_integer(rows, c++), currency);
    document->tax = money_of(db_get_integer(rows, c++), currency);
    document->total = money_of(db_get_integer(rows, c++), currency);
    document->due_on = db_get_day(rows, c++);
    document->purchase_order = db_get_text(rows, c++);
    document->series = db_get_text(rows, c++);
    document->number = db_get_integer(rows, c++);
    document->unpaid = money_of(db_get_integer(rows, c++), currency);
    document->credit_used = money_of(db_get_integer(rows, c++), currency);
    document->paid_on = db_get_day(rows, c++);
    document->first_failed_at = db_get_instant(rows, c++);
    document->retries = (int)db_get_integer(rows, c++);
    document->next_attempt_at = db_get_instant(rows, c++);
    document->given_up = db_get_bool(rows, c++);
    document->written_off = money_of(db_get_integer(rows, c++), currency);
    document->listed_at = db_get_instant(rows, c++);
    document->version = db_get_integer(rows, c++);
    document->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a document of a type not known", NULL);
    *ret_document = document;
    return OK;
}

enum err invoice_collect(struct context *cx, struct db_rows *rows, struct document_list *list)
{
    while (db_next(rows)) {
        struct document *document;
        TRY(invoice_from_row(cx, rows, &document));
        list_push(cx->arena, list, document);
    }
    return db_done(rows);
}

static struct document *invoice_find(const struct document_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i]->id, id) == 0)
            return list->items[i];
    }
    return NULL;
}

/* Reads tax rows: document, then the columns of struct document_tax. */
static enum err invoice_collect_taxes(struct db_rows *rows, const struct document_list *list)
{
    while (db_next(rows)) {
        struct document *document = invoice_find(list, db_get_text(rows, 0));
        if (document == NULL || document->tax_count == DOCUMENT_TAXES_MAX)
            continue;
        const char *currency = document->net.currency;
        struct document_tax *tax = &document->taxes[document->tax_count++];
        tax->rule.treatment = tax_treatment_parse(db_get_text(rows, 1));
        tax->rule.category = db_get_text(rows, 2);
        tax->rule.percent_micros = db_get_integer(rows, 3);
        tax->net = money_of(db_get_integer(rows, 4), currency);
        tax->tax = money_of(db_get_integer(rows, 5), currency);
        tax->left = money_of(db_get_integer(rows, 6), currency);
    }
    return db_done(rows);
}

#define OPEN_DOCUMENTS                                                                             \
    "SELECT id FROM document WHERE customer = $1 AND (unpaid_minor > 0 OR state = 'planned')"
/* Two sets, each by its own index. Said with OR, or with the customer of the line beside them,
 * SQLite would walk all lines that the customer ever had. */
#define LINES_IN_FORCE "SELECT id FROM document_line WHERE customer = $1 AND in_force = 1"
#define LINES_OF_OPEN_DOCUMENTS                                                                    \
    "SELECT id FROM document_line WHERE customer = $1 AND document IN (" OPEN_DOCUMENTS ")"
#define DOCUMENTS_IN_FORCE "SELECT document FROM document_line WHERE customer = $1 AND in_force = 1"

enum err invoice_load_open(struct context *cx, struct document_list *documents,
                           struct line_list *lines)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS
                  " FROM document WHERE customer = $1 AND id IN (" OPEN_DOCUMENTS
                  " UNION " DOCUMENTS_IN_FORCE ") ORDER BY issued_at, id",
                  DB_ARGS(db_text(cx->customer))));
    TRY(invoice_collect(cx, &rows, documents));
    if (documents->count == 0)
        return OK;
    TRY(db_select(cx, &rows,
                  "SELECT document, treatment, category, percent_micros, net_minor, tax_minor,"
                  " left_minor FROM document_tax WHERE customer = $1 AND document IN"
                  " (" OPEN_DOCUMENTS " UNION " DOCUMENTS_IN_FORCE ")"
                  " ORDER BY document, position",
                  DB_ARGS(db_text(cx->customer))));
    TRY(invoice_collect_taxes(&rows, documents));
    TRY(db_select(cx, &rows,
                  INVOICE_LINE_SELECT " WHERE d.customer = $1 AND l.id IN (" LINES_IN_FORCE
                                      " UNION " LINES_OF_OPEN_DOCUMENTS ")"
                                      " ORDER BY l.document, l.position",
                  DB_ARGS(db_text(cx->customer))));
    TRY(invoice_collect_lines(cx, &rows, lines));
    for (size_t i = 0; i < lines->count; i++) {
        struct document *document = invoice_find(documents, lines->items[i]->document);
        list_push(cx->arena, &document->lines, lines->items[i]);
    }
    return OK;
}

/* Loads the lines and taxes of the documents of a list. */
static enum err invoice_load_parts(struct context *cx, struct document_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct document *document = list->items[i];
        struct document_list one = {.items = &document, .count = 1};
        struct db_rows rows;
        TRY(db_select(cx, &rows,
                      INVOICE_LINE_SELECT " WHERE l.customer = $1 AND l.document = $2"
                                          " ORDER BY l.position",
                      DB_ARGS(db_text(cx->customer), db_text(document->id))));
        TRY(invoice_collect_lines(cx, &rows, &document->lines));
        TRY(db_select(cx, &rows,
                      "SELECT document, treatment, category, percent_micros, net_minor,"
                      " tax_minor, left_minor FROM document_tax"
                      " WHERE customer = $1 AND document = $2 ORDER BY position",
                      DB_ARGS(db_text(cx->customer), db_text(document->id))));
        TRY(invoice_collect_taxes(&rows, &one));
    }
    return OK;
}

static enum err load_one(struct context *cx, const char *id, bool planned_too,
                         struct document **ret_document)
{
    struct db_rows rows;
    struct document_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS " FROM document"
                  " WHERE customer = $1 AND id = $2 AND (state = 'issued' OR $3 = 1)",
                  DB_ARGS(db_text(cx->customer), db_text(id), db_integer(planned_too))));
    TRY(invoice_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/document", NULL);
    TRY(invoice_load_parts(cx, &list));
    *ret_document = list.items[0];
    return OK;
}

enum err invoice_load(struct context *cx, const char *id, struct document **ret_document)
{
    return load_one(cx, id, false, ret_document);
}

enum err invoice_load_planned(struct context *cx, const char *id, struct document **ret_document)
{
    return load_one(cx, id, true, ret_document);
}

enum err invoice_load_all(struct context *cx, struct document_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS " FROM document"
                  " WHERE customer = $1 AND state = 'issued' ORDER BY issued_at, id",
                  DB_ARGS(db_text(cx->customer))));
    TRY(invoice_collect(cx, &rows, list));
    return invoice_load_parts(cx, list);
}

enum err invoice_list_page(struct context *cx, const struct document_query *query,
                           struct document_list *list)
{
    struct db_rows rows;
    struct db_args args =
        DB_ARGS(db_text(cx->customer), db_text(query->after), db_text(query->type),
                db_text(query->account), db_integer(query->limit), db_text(query->before));
    if (query->before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1"
                      " AND ($2 = '' OR id < $2) AND ($3 IS NULL OR type = $3)"
                      " AND ($4 IS NULL OR account = $4) AND id > $6 AND state = 'issued'"
                      " AND type <> 'record' ORDER BY id ASC LIMIT $5",
                      args));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1"
                      " AND ($2 = '' OR id < $2) AND ($3 IS NULL OR type = $3)"
                      " AND ($4 IS NULL OR account = $4) AND $6 = '' AND state = 'issued'"
                      " AND type <> 'record' ORDER BY id DESC LIMIT $5",
                      args));
    }
    return invoice_collect(cx, &rows, list);
}

static enum err invoice_insert_tax(struct context *cx, const struct document *document,
                                   size_t index)
{
    const struct document_tax *tax = &document->taxes[index];
    return db_run(
        cx,
        "INSERT INTO document_tax (customer, document, position, treatment, category,"
        " percent_micros, net_minor, tax_minor, left_minor)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        DB_ARGS(db_text(cx->customer), db_text(document->id), db_integer((int64_t)index + 1),
                db_text(tax_treatment_format(tax->rule.treatment)), db_text(tax->rule.category),
                db_integer(tax->rule.percent_micros), db_integer(tax->net.minor),
                db_integer(tax->tax.minor), db_integer(tax->left.minor)));
}

static enum err invoice_insert(struct context *cx, const struct document *document)
{
    int year, month, day;
    day_split(document->issued_on, &year, &month, &day);
    TRY(db_run(cx,
               "INSERT INTO document (customer, id, account, order_id, payment_method, type,"
               " state, issued_on, issued_at, currency, net_minor, tax_minor, total_minor,"
               " due_on, purchase_order, series, unpaid_minor, credit_used_minor, paid_on,"
               " first_failed_at, retries, next_attempt_at, given_up, year)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
               " $17, $18, $19, $20, $21, $22, $23, $24)",
               DB_ARGS(db_text(cx->customer), db_text(document->id), db_text(document->account),
                       db_text(document->order), db_text(document->payment_method),
                       db_text(document_type_format(document->type)),
                       db_text(STATES[document->state]), db_day(document->issued_on),
                       db_instant(document->issued_at), db_text(document->net.currency),
                       db_integer(document->net.minor), db_integer(document->tax.minor),
                       db_integer(document->total.minor), db_day(document->due_on),
                       db_text(document->purchase_order), db_text(document->series),
                       db_integer(document->unpaid.minor), db_integer(document->credit_used.minor),
                       db_day(document->paid_on), db_instant(document->first_failed_at),
                       db_integer(document->retries), db_instant(document->next_attempt_at),
                       db_bool(document->given_up), db_integer(year))));
    for (size_t i = 0; i < document->tax_count; i++)
        TRY(invoice_insert_tax(cx, document, i));
    return OK;
}

static enum err invoice_update(struct context *cx, const struct document *document)
{
    int year, month, day;
    day_split(document->issued_on, &year, &month, &day);
    int64_t touched;
    TRY(db_run_count(
        cx,
        "UPDATE document SET state = $1, issued_on = $2, issued_at = $3, due_on = $4,"
        " unpaid_minor = $5, credit_used_minor = $6, paid_on = $7,"
        " first_failed_at = $8, retries = $9, next_attempt_at = $10, given_up = $11,"
        " payment_method = $12, year = $13, written_off_minor = $14, listed_at = $15,"
        " version = version + 1 WHERE customer = $16 AND id = $17 AND version = $18",
        DB_ARGS(db_text(STATES[document->state]), db_day(document->issued_on),
                db_instant(document->issued_at), db_day(document->due_on),
                db_integer(document->unpaid.minor), db_integer(document->credit_used.minor),
                db_day(document->paid_on), db_instant(document->first_failed_at),
                db_integer(document->retries), db_instant(document->next_attempt_at),
                db_bool(document->given_up), db_text(document->payment_method), db_integer(year),
                db_integer(document->written_off.minor), db_instant(document->listed_at),
                db_text(cx->customer), db_text(document->id), db_integer(document->version)),
        &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/document", NULL);
    for (size_t i = 0; i < document->tax_count; i++) {
        TRY(db_run(cx,
                   "UPDATE document_tax SET left_minor = $1"
                   " WHERE customer = $2 AND document = $3 AND position = $4",
                   DB_ARGS(db_integer(document->taxes[i].left.minor), db_text(cx->customer),
                           db_text(document->id), db_integer((int64_t)i + 1))));
    }
    return OK;
}

static enum err invoice_delete(struct context *cx, const struct document *document)
{
    struct db_args args = DB_ARGS(db_text(cx->customer), db_text(document->id));
    TRY(db_run(cx, "DELETE FROM document_tax WHERE customer = $1 AND document = $2", args));
    return db_run(cx, "DELETE FROM document WHERE customer = $1 AND id = $2 AND state = 'planned'",
                  args);
}

enum err invoice_save(struct context *cx, struct document *document)
{
    switch (document->row) {
    case ROW_STORED:
        return OK;
    case ROW_NEW:
        TRY(invoice_insert(cx, document));
        document->version = 1;
        break;
    case ROW_CHANGED:
        TRY(invoice_update(cx, document));
        document->version++;
        break;
    case ROW_REMOVED:
        return invoice_delete(cx, document);
    }
    document->row = ROW_STORED;
    return OK;
}

/* What is listed for write-off ----------------------------------------------------------------- */

enum err invoice_list_listed(struct context *cx, bool live, const char *after, int64_t limit,
                             struct listed_invoice_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT d.id, d.customer, d.account, d.issued_on, d.unpaid_minor, d.currency,"
                  " d.listed_at FROM document d JOIN organization o ON o.id = d.customer"
                  " WHERE d.listed_at IS NOT NULL AND d.unpaid_minor > 0 AND o.live = $1"
                  " AND ($2 = '' OR d.id < $2) ORDER BY d.id DESC LIMIT $3",
                  DB_ARGS(db_bool(live), db_text(after), db_integer(limit))));
    while (db_next(&rows)) {
        struct listed_invoice *listed = ARENA_NEW(cx->arena, struct listed_invoice);
        listed->id = db_get_text(&rows, 0);
        listed->customer = db_get_text(&rows, 1);
        listed->account = db_get_text(&rows, 2);
        listed->issued_on = db_get_day(&rows, 3);
        listed->unpaid = money_of(db_get_integer(&rows, 4), db_get_text(&rows, 5));
        listed->listed_at = db_get_instant(&rows, 6);
        list_push(cx->arena, list, listed);
    }
    return db_done(&rows);
}
