#include "invoice/bill_store.h"

#include <string.h>

#include "db/db.h"
#include "invoice/invoice_row_store.h"
#include "invoice/invoice_store.h"

/* What was sent; the index document_sent has no others. */
#define SENT "state = 'issued' AND type <> 'record'"

#define WANTED                                                                                     \
    "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1 AND " SENT                       \
    " AND issued_on >= $2 AND issued_on <= $3 AND ($4 IS NULL OR account = $4)"                    \
    " AND ($5 = 0 OR unpaid_minor > 0) AND ($6 = 0 OR number = $6) AND ($7 = 0 OR year = $7)"      \
    " AND ($8 = '' OR type = $8) AND ($9 = '' OR series = $9)"

/* A list goes on behind the key of a document; the first page begins behind one that is none. */
struct bill_key {
    const char *issued_on;
    int64_t issued_at;
    int64_t total_minor;
    const char *id;
};
#define DAY_FIRST "0000"
#define DAY_LAST "9999"

static enum err load_key(struct context *cx, const char *id, bool forward, struct bill_key *ret_key)
{
    struct bill_key key = {DAY_LAST, INT64_MAX, INT64_MAX, DAY_LAST};
    if (forward)
        key = (struct bill_key){DAY_FIRST, INT64_MIN, INT64_MIN, ""};
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT issued_on, issued_at, total_minor, id FROM document"
                  " WHERE customer = $1 AND id = $2 AND " SENT,
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    if (db_next(&rows)) {
        key.issued_on = db_get_text(&rows, 0);
        key.issued_at = db_get_integer(&rows, 1);
        key.total_minor = db_get_integer(&rows, 2);
        key.id = db_get_text(&rows, 3);
    }
    *ret_key = key;
    return db_done(&rows);
}

static const char *day_or(struct context *cx, civil_day day, const char *otherwise)
{
    char text[DAY_TEXT_SIZE];
    if (day == DAY_NONE)
        return otherwise;
    day_format(day, text);
    return arena_copy(cx->arena, text);
}

enum err bill_list(struct context *cx, const struct bill_query *query, struct document_list *list)
{
    static const char *const SQL[][2] = {
        [BILLS_BY_DAY] = {WANTED " AND (issued_on, issued_at, id) < ($10, $11, $12)"
                                 " ORDER BY issued_on DESC, issued_at DESC, id DESC LIMIT $13",
                          WANTED " AND (issued_on, issued_at, id) > ($10, $11, $12)"
                                 " ORDER BY issued_on, issued_at, id LIMIT $13"},
        [BILLS_BY_TOTAL] = {WANTED " AND (total_minor, id) < ($10, $11)"
                                   " ORDER BY total_minor DESC, id DESC LIMIT $12",
                            WANTED " AND (total_minor, id) > ($10, $11)"
                                   " ORDER BY total_minor, id LIMIT $12"},
    };
    bool forward = query->ascending != (query->before != NULL);
    struct bill_key key;
    struct db_rows rows;
    TRY(load_key(cx, query->before != NULL ? query->before : query->after, forward, &key));
#define WANTED_ARGS                                                                                \
    db_text(cx->customer), db_text(day_or(cx, query->from_on, DAY_FIRST)),                         \
        db_text(day_or(cx, query->until_on, DAY_LAST)), db_text(query->account),                   \
        db_bool(query->unpaid), db_integer(query->number.number), db_integer(query->number.year),  \
        db_text(query->number.type ? query->number.type : ""),                                     \
        db_text(query->number.series ? query->number.series : "")
    const char *sql = SQL[query->order][forward];
    if (query->order == BILLS_BY_DAY)
        TRY(db_select(cx, &rows, sql,
                      DB_ARGS(WANTED_ARGS, db_text(key.issued_on), db_integer(key.issued_at),
                              db_text(key.id), db_integer(query->limit))));
    else
        TRY(db_select(cx, &rows, sql,
                      DB_ARGS(WANTED_ARGS, db_integer(key.total_minor), db_text(key.id),
                              db_integer(query->limit))));
#undef WANTED_ARGS
    return invoice_collect(cx, &rows, list);
}

enum err bill_load_unpaid(struct context *cx, const char *account, struct document_list *list)
{
    struct db_rows rows;
    struct document_list heads = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1"
                  " AND unpaid_minor > 0 AND " SENT " AND account = $2 ORDER BY issued_at, id",
                  DB_ARGS(db_text(cx->customer), db_text(account))));
    TRY(invoice_collect(cx, &rows, &heads));
    for (size_t i = 0; i < heads.count; i++) {
        struct document *document;
        TRY(invoice_load(cx, heads.items[i]->id, &document));
        list_push(cx->arena, list, document);
    }
    return OK;
}

enum err bill_load_previous(struct context *cx, const struct document *document,
                            struct document **ret_previous)
{
    char issued_on[DAY_TEXT_SIZE];
    const char *id = NULL;
    struct db_rows rows;
    *ret_previous = NULL;
    day_format(document->issued_on, issued_on);
    TRY(db_select(
        cx, &rows,
        "SELECT d.id FROM document d WHERE d.customer = $1 AND d.state = 'issued'"
        " AND d.type <> 'record' AND (d.issued_on, d.issued_at, d.id) < ($2, $3, $4)"
        " AND d.account = $5 AND COALESCE(d.order_id, '') = $6"
        " AND COALESCE(d.payment_method, '') = $7"
        " AND EXISTS (SELECT 1 FROM document_line l WHERE l.customer = $1 AND l.document = d.id"
        " AND l.undoes IS NULL AND l.reason IN ('purchase', 'renewal', 'reactivate'))"
        " ORDER BY d.issued_on DESC, d.issued_at DESC, d.id DESC LIMIT 1",
        DB_ARGS(db_text(cx->customer), db_text(issued_on), db_instant(document->issued_at),
                db_text(document->id), db_text(document->account),
                db_text(document->order ? document->order : ""),
                db_text(document->payment_method ? document->payment_method : ""))));
    if (db_next(&rows))
        id = db_get_text(&rows, 0);
    TRY(db_done(&rows));
    return id != NULL ? invoice_load(cx, id, ret_previous) : OK;
}

enum err bill_load_undoing(struct context *cx, const char *document, struct document_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1 AND " SENT
                  " AND id IN (SELECT c.document FROM document_line l JOIN document_line c"
                  " ON c.customer = l.customer AND c.undoes = l.id"
                  " WHERE l.customer = $1 AND l.document = $2) ORDER BY issued_at, id",
                  DB_ARGS(db_text(cx->customer), db_text(document))));
    return invoice_collect(cx, &rows, list);
}

enum err bill_load_of_line(struct context *cx, const char *line, struct document **ret_document)
{
    struct db_rows rows;
    struct document_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " INVOICE_COLUMNS " FROM document WHERE customer = $1"
                  " AND id = (SELECT document FROM document_line WHERE id = $2)",
                  DB_ARGS(db_text(cx->customer), db_text(line))));
    TRY(invoice_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/line", NULL);
    *ret_document = list.items[0];
    return OK;
}

enum err bill_load_frozen(struct context *cx, const char *document, const char **ret_json)
{
    return db_one_text(cx, ret_json, "SELECT frozen FROM document WHERE customer = $1 AND id = $2",
                       DB_ARGS(db_text(cx->customer), db_text(document)));
}

enum err bill_sum_months(struct context *cx, const char *account, civil_day from_on,
                         struct bill_month_list *list)
{
    struct db_rows rows;
    TRY(db_select(
        cx, &rows,
        "SELECT substr(issued_on, 1, 7) || '-01', CAST(SUM(total_minor) AS bigint),"
        " MIN(currency) FROM document WHERE customer = $1 AND " SENT
        " AND issued_on >= $2 AND account = $3 GROUP BY substr(issued_on, 1, 7)"
        " ORDER BY substr(issued_on, 1, 7)",
        DB_ARGS(db_text(cx->customer), db_text(day_or(cx, from_on, DAY_FIRST)), db_text(account))));
    while (db_next(&rows)) {
        struct bill_month *month = ARENA_NEW(cx->arena, struct bill_month);
        month->month_on = db_get_day(&rows, 0);
        month->total = money_of(db_get_integer(&rows, 1), db_get_text(&rows, 2));
        list_push(cx->arena, list, month);
    }
    return db_done(&rows);
}
