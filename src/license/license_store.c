#include "license/license_store.h"

#include "db/db.h"

#define COLUMNS "id, subscription, holder, assigned_at"

static enum err license_collect(struct context *cx, struct db_rows *rows, struct license_list *list)
{
    while (db_next(rows)) {
        struct license *license = ARENA_NEW(cx->arena, struct license);
        license->id = db_get_text(rows, 0);
        license->subscription = db_get_text(rows, 1);
        license->user = db_get_text(rows, 2);
        license->assigned_at = db_get_instant(rows, 3);
        list_push(cx->arena, list, license);
    }
    return db_done(rows);
}

enum err license_load_all(struct context *cx, struct license_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM license WHERE customer = $1 ORDER BY subscription, id",
                  DB_ARGS(db_text(cx->customer))));
    return license_collect(cx, &rows, list);
}

enum err license_load_of_user(struct context *cx, const char *user, struct license_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM license WHERE customer = $1 AND holder = $2"
                  " ORDER BY subscription",
                  DB_ARGS(db_text(cx->customer), db_text(user))));
    return license_collect(cx, &rows, list);
}

enum err license_load_of_subscription(struct context *cx, const char *subscription,
                                      struct license_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM license WHERE customer = $1 AND subscription = $2"
                  " ORDER BY id",
                  DB_ARGS(db_text(cx->customer), db_text(subscription))));
    return license_collect(cx, &rows, list);
}

enum err license_list_page(struct context *cx, const struct license_query *query,
                           struct license_list *list)
{
    struct db_rows rows;
    struct db_args args =
        DB_ARGS(db_text(cx->customer), db_text(query->subscription), db_text(query->after),
                db_text(query->before), db_integer(query->limit));
    if (query->before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM license WHERE customer = $1 AND subscription = $2"
                      " AND ($3 = '' OR id < $3) AND id > $4 ORDER BY id LIMIT $5",
                      args));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM license WHERE customer = $1 AND subscription = $2"
                      " AND ($3 = '' OR id < $3) AND $4 = '' ORDER BY id DESC LIMIT $5",
                      args));
    }
    return license_collect(cx, &rows, list);
}

static enum err license_insert(struct context *cx, const struct license *license)
{
    return db_run(cx,
                  "INSERT INTO license (id, customer, subscription, holder, assigned_at)"
                  " VALUES ($1, $2, $3, $4, $5)",
                  DB_ARGS(db_text(license->id), db_text(cx->customer),
                          db_text(license->subscription), db_text(license->user),
                          db_instant(license->assigned_at)));
}

enum err license_save(struct context *cx, struct license *license)
{
    switch (license->row) {
    case ROW_STORED:
    case ROW_CHANGED: /* nothing of one changes */
        return OK;
    case ROW_NEW:
        TRY(license_insert(cx, license));
        license->row = ROW_STORED;
        return OK;
    case ROW_REMOVED:
        break;
    }
    return db_run(cx, "DELETE FROM license WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(license->id)));
}
