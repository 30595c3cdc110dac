#include "subscription/schedule_store.h"

#include "db/db.h"

#define COLUMNS "id, subscription, kind, quantity, offer, term, billing, created_at, ends_with"

static enum err schedule_from_row(struct context *cx, struct db_rows *rows,
                                  struct scheduled_change **ret_change)
{
    struct scheduled_change *change = ARENA_NEW(cx->arena, struct scheduled_change);
    change->id = db_get_text(rows, 0);
    change->subscription = db_get_text(rows, 1);
    bool known = schedule_kind_parse(db_get_text(rows, 2), &change->kind);
    change->quantity = db_get_integer(rows, 3);
    change->offer = db_get_text(rows, 4);
    const char *term = db_get_text(rows, 5);
    const char *billing = db_get_text(rows, 6);
    change->term = term ? term_parse(term) : TERM_NONE;
    change->billing = billing ? billing_parse(billing) : BILLING_NONE;
    change->created_at = db_get_instant(rows, 7);
    change->ends_with = db_get_text(rows, 8);
    change->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a scheduled change not known", NULL);
    *ret_change = change;
    return OK;
}

enum err schedule_load(struct context *cx, const char *subscription, struct schedule_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM scheduled_change WHERE customer = $1"
                  " AND ($2 IS NULL OR subscription = $2) ORDER BY id",
                  DB_ARGS(db_text(cx->customer), db_text(subscription))));
    while (db_next(&rows)) {
        struct scheduled_change *change;
        TRY(schedule_from_row(cx, &rows, &change));
        list_push(cx->arena, list, change);
    }
    return db_done(&rows);
}

enum err schedule_save(struct context *cx, struct scheduled_change *change)
{
    struct db_args key = DB_ARGS(db_text(cx->customer), db_text(change->id));
    if (change->row == ROW_REMOVED)
        return db_run(cx, "DELETE FROM scheduled_change WHERE customer = $1 AND id = $2", key);
    if (change->row != ROW_NEW)
        return OK;
    change->row = ROW_STORED;
    return db_run(cx,
                  "INSERT INTO scheduled_change (customer, " COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                  DB_ARGS(db_text(cx->customer), db_text(change->id), db_text(change->subscription),
                          db_text(schedule_kind_format(change->kind)), db_integer(change->quantity),
                          db_text(change->offer), db_text(term_format(change->term)),
                          db_text(billing_format(change->billing)), db_instant(change->created_at),
                          db_text(change->ends_with)));
}
