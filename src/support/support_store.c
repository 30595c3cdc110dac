#include "support/support_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, customer, subscription, kind, state, message, answer, opened_by, resolved_by, "           \
    "created_at, resolved_at, version"

static enum err support_collect(struct context *cx, struct db_rows *rows, struct support_list *list)
{
    while (db_next(rows)) {
        struct support_request *support = ARENA_NEW(cx->arena, struct support_request);
        support->id = db_get_text(rows, 0);
        support->customer = db_get_text(rows, 1);
        support->subscription = db_get_text(rows, 2);
        bool known = support_kind_parse(db_get_text(rows, 3), &support->kind) &&
                     support_state_parse(db_get_text(rows, 4), &support->state);
        support->message = db_get_text(rows, 5);
        support->answer = db_get_text(rows, 6);
        support->opened_by = db_get_text(rows, 7);
        support->resolved_by = db_get_text(rows, 8);
        support->created_at = db_get_instant(rows, 9);
        support->resolved_at = db_get_instant(rows, 10);
        support->version = db_get_integer(rows, 11);
        if (!known)
            return fault(cx, ERR_INTERNAL, "value", "a support request in a state not known", NULL);
        list_push(cx->arena, list, support);
    }
    return db_done(rows);
}

enum err support_insert(struct context *cx, const struct support_request *support)
{
    return db_run(cx,
                  "INSERT INTO support_request (" COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  DB_ARGS(db_text(support->id), db_text(cx->customer),
                          db_text(support->subscription),
                          db_text(support_kind_format(support->kind)),
                          db_text(support_state_format(support->state)), db_text(support->message),
                          db_text(support->answer), db_text(support->opened_by),
                          db_text(support->resolved_by), db_instant(support->created_at),
                          db_instant(support->resolved_at), db_integer(support->version)));
}

enum err support_load(struct context *cx, const char *id, struct support_request **ret_support)
{
    struct db_rows rows;
    struct support_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM support_request WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(support_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/support_request", NULL);
    *ret_support = list.items[0];
    return OK;
}

enum err support_save(struct context *cx, struct support_request *support)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE support_request SET state = $1, answer = $2, resolved_by = $3,"
                     " resolved_at = $4, version = version + 1"
                     " WHERE customer = $5 AND id = $6 AND version = $7",
                     DB_ARGS(db_text(support_state_format(support->state)),
                             db_text(support->answer), db_text(support->resolved_by),
                             db_instant(support->resolved_at), db_text(cx->customer),
                             db_text(support->id), db_integer(support->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/support_request", NULL);
    support->version++;
    return OK;
}

enum err support_list_page(struct context *cx, const struct support_query *query,
                           struct support_list *list)
{
    struct db_rows rows;
    if (query->before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM support_request WHERE customer = $1 AND id > $2"
                      " AND ($3 IS NULL OR state = $3) ORDER BY id ASC LIMIT $4",
                      DB_ARGS(db_text(cx->customer), db_text(query->before), db_text(query->state),
                              db_integer(query->limit))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM support_request WHERE customer = $1"
                      " AND ($2 = '' OR id < $2) AND ($3 IS NULL OR state = $3)"
                      " ORDER BY id DESC LIMIT $4",
                      DB_ARGS(db_text(cx->customer), db_text(query->after), db_text(query->state),
                              db_integer(query->limit))));
    }
    return support_collect(cx, &rows, list);
}

/* ── Of all customers ─────────────────────────────────────────────────────────────────── */

enum err support_load_customer(struct context *cx, const char *id, const char **ret_customer)
{
    enum err err =
        db_one_text(cx, ret_customer, "SELECT customer FROM support_request WHERE id = $1",
                    DB_ARGS(db_text(id)));
    return err == ERR_NOT_FOUND ? fault(cx, ERR_NOT_FOUND, "param", "/support_request", NULL) : err;
}

enum err support_list_all(struct context *cx, const struct support_all_query *query,
                          struct support_list *list)
{
    struct db_rows rows;
    const char *state = support_state_format(query->state);
    if (query->state == SUPPORT_OPEN) {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM support_request WHERE state = $1 AND id > $2"
                      " ORDER BY id ASC LIMIT $3",
                      DB_ARGS(db_text(state), db_text(query->after), db_integer(query->limit))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM support_request WHERE state = $1"
                      " AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
                      DB_ARGS(db_text(state), db_text(query->after), db_integer(query->limit))));
    }
    return support_collect(cx, &rows, list);
}

enum err support_count_open(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count, "SELECT COUNT(*) FROM support_request WHERE state = $1",
                          DB_ARGS(db_text(support_state_format(SUPPORT_OPEN))));
}
