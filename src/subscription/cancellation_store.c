#include "subscription/cancellation_store.h"

#include "db/db.h"

enum err cancellation_save(struct context *cx, struct cancellation *cancellation)
{
    if (cancellation->row != ROW_NEW)
        return OK;
    cancellation->row = ROW_STORED;
    return db_run(cx,
                  "INSERT INTO cancellation (customer, subscription, position, at_end, reason,"
                  " feedback, asked_by, asked_on, asked_at) SELECT $1, $2,"
                  " COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6, $7, $8"
                  " FROM cancellation WHERE customer = $1 AND subscription = $2",
                  DB_ARGS(db_text(cx->customer), db_text(cancellation->subscription),
                          db_integer(cancellation->at_end),
                          db_text(cancel_reason_format(cancellation->reason)),
                          db_text(cancellation->feedback), db_text(cancellation->by),
                          db_day(cancellation->on), db_instant(cancellation->at)));
}

enum err cancellation_load(struct context *cx, const char *subscription,
                           struct cancellation_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT at_end, reason, feedback, asked_by, asked_on, asked_at FROM cancellation"
                  " WHERE customer = $1 AND subscription = $2 ORDER BY position",
                  DB_ARGS(db_text(cx->customer), db_text(subscription))));
    while (db_next(&rows)) {
        struct cancellation *cancellation = ARENA_NEW(cx->arena, struct cancellation);
        const char *reason = db_get_text(&rows, 1);
        cancellation->subscription = subscription;
        cancellation->at_end = db_get_integer(&rows, 0) != 0;
        if (reason != NULL && !cancel_reason_parse(reason, &cancellation->reason))
            return fault(cx, ERR_INTERNAL, "value", "a reason not known", NULL);
        cancellation->feedback = db_get_text(&rows, 2);
        cancellation->by = db_get_text(&rows, 3);
        cancellation->on = db_get_day(&rows, 4);
        cancellation->at = db_get_instant(&rows, 5);
        list_push(cx->arena, list, cancellation);
    }
    return db_done(&rows);
}
