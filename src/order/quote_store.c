#include "base/limits.h"
#include "db/db.h"
#include "order/order_store.h"

enum err quote_insert(struct context *cx, const struct quote *quote)
{
    return db_run(cx,
                  "INSERT INTO quote (token, customer, subject, command, result, quoted_on,"
                  " expires_at, forget_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_ARGS(db_text(quote->token), db_text(cx->customer), db_text(quote->subject),
                          db_text(quote->command), db_text(quote->result), db_day(quote->quoted_on),
                          db_instant(quote->expires_at),
                          db_instant(cx->wall + QUOTE_LIFE_MS + MS_PER_DAY)));
}

enum err quote_load(struct context *cx, const char *token, struct quote *ret_quote)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT token, subject, command, result, quoted_on, expires_at, used_by"
                  " FROM quote WHERE token = $1 AND customer = $2",
                  DB_ARGS(db_text(token), db_text(cx->customer))));
    bool found = db_next(&rows);
    if (found) {
        *ret_quote = (struct quote){
            .token = db_get_text(&rows, 0),
            .subject = db_get_text(&rows, 1),
            .command = db_get_text(&rows, 2),
            .result = db_get_text(&rows, 3),
            .quoted_on = db_get_day(&rows, 4),
            .expires_at = db_get_instant(&rows, 5),
            .used_by = db_get_text(&rows, 6),
        };
    }
    TRY(db_done(&rows));
    return found ? OK : fault(cx, ERR_NOT_FOUND, "param", "/token", NULL);
}

enum err quote_use(struct context *cx, const char *token, const char *used_by)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE quote SET used_by = $1"
                     " WHERE token = $2 AND customer = $3 AND used_by IS NULL",
                     DB_ARGS(db_text(used_by), db_text(token), db_text(cx->customer)), &touched));
    return touched == 1 ? OK : fault(cx, ERR_QUOTE_USED, "param", "/token", NULL);
}

enum err quote_delete_expired(struct context *cx, int64_t *ret_count)
{
    return db_run_count(cx, "DELETE FROM quote WHERE forget_at < $1", DB_ARGS(db_instant(cx->wall)),
                        ret_count);
}
