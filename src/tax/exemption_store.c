#include "tax/exemption_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, account, number, reason, categories, valid_from, valid_until, recorded_on, revoked_on,"   \
    " version, created_at"

static struct tax_exemption *exemption_from_row(struct context *cx, struct db_rows *rows)
{
    struct tax_exemption *exemption = ARENA_NEW(cx->arena, struct tax_exemption);
    int c = 0;
    exemption->id = db_get_text(rows, c++);
    exemption->account = db_get_text(rows, c++);
    exemption->number = db_get_text(rows, c++);
    exemption->reason = db_get_text(rows, c++);
    exemption->categories = db_get_text(rows, c++);
    exemption->valid_from = db_get_day(rows, c++);
    exemption->valid_until = db_get_day(rows, c++);
    exemption->recorded_on = db_get_day(rows, c++);
    exemption->revoked_on = db_get_day(rows, c++);
    exemption->version = db_get_integer(rows, c++);
    exemption->created_at = db_get_instant(rows, c++);
    return exemption;
}

static enum err exemption_collect(struct context *cx, struct db_rows *rows,
                                  struct tax_exemption_list *list)
{
    while (db_next(rows))
        list_push(cx->arena, list, exemption_from_row(cx, rows));
    return db_done(rows);
}

enum err exemption_insert(struct context *cx, const struct tax_exemption *exemption)
{
    return db_run(cx,
                  "INSERT INTO tax_exemption (customer, " COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  DB_ARGS(db_text(cx->customer), db_text(exemption->id),
                          db_text(exemption->account), db_text(exemption->number),
                          db_text(exemption->reason), db_text(exemption->categories),
                          db_day(exemption->valid_from), db_day(exemption->valid_until),
                          db_day(exemption->recorded_on), db_day(exemption->revoked_on),
                          db_integer(exemption->version), db_instant(exemption->created_at)));
}

enum err exemption_load_all(struct context *cx, const char *account,
                            struct tax_exemption_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM tax_exemption"
                  " WHERE customer = $1 AND ($2 IS NULL OR account = $2) ORDER BY id",
                  DB_ARGS(db_text(cx->customer), db_text(account))));
    return exemption_collect(cx, &rows, list);
}

enum err exemption_load(struct context *cx, const char *account, const char *id,
                        struct tax_exemption **ret_exemption)
{
    struct db_rows rows;
    struct tax_exemption_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM tax_exemption"
                  " WHERE customer = $1 AND account = $2 AND id = $3",
                  DB_ARGS(db_text(cx->customer), db_text(account), db_text(id))));
    TRY(exemption_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/tax_exemption", NULL);
    *ret_exemption = list.items[0];
    return OK;
}

enum err exemption_save(struct context *cx, struct tax_exemption *exemption)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE tax_exemption SET revoked_on = $1, version = version + 1"
                     " WHERE customer = $2 AND id = $3 AND version = $4",
                     DB_ARGS(db_day(exemption->revoked_on), db_text(cx->customer),
                             db_text(exemption->id), db_integer(exemption->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/tax_exemption", NULL);
    exemption->version++;
    return OK;
}
