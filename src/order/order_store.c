#include "order/order_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, account, kind, state, placed_on, placed_at, expires_at, payment_method, "                 \
    "purchase_order, currency, total_minor, credit_held_minor, document, payment, failure, "       \
    "actor, version, created_at"

static enum err order_from_row(struct context *cx, struct db_rows *rows, struct order **ret_order)
{
    struct order *order = ARENA_NEW(cx->arena, struct order);
    int c = 0;
    order->id = db_get_text(rows, c++);
    order->account = db_get_text(rows, c++);
    bool known = order_kind_parse(db_get_text(rows, c++), &order->kind);
    known = order_state_parse(db_get_text(rows, c++), &order->state) && known;
    order->placed_on = db_get_day(rows, c++);
    order->placed_at = db_get_instant(rows, c++);
    order->expires_at = db_get_instant(rows, c++);
    order->payment_method = db_get_text(rows, c++);
    order->purchase_order = db_get_text(rows, c++);
    const char *currency = db_get_text(rows, c++);
    order->total = money_of(db_get_integer(rows, c++), currency);
    order->credit_held = money_of(db_get_integer(rows, c++), currency);
    order->document = db_get_text(rows, c++);
    order->payment = db_get_text(rows, c++);
    order->failure = db_get_text(rows, c++);
    order->actor = db_get_text(rows, c++);
    order->version = db_get_integer(rows, c++);
    order->created_at = db_get_instant(rows, c++);
    order->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "an order in a state not known", NULL);
    *ret_order = order;
    return OK;
}

static enum err order_collect(struct context *cx, struct db_rows *rows, struct order_list *list)
{
    while (db_next(rows)) {
        struct order *order;
        TRY(order_from_row(cx, rows, &order));
        list_push(cx->arena, list, order);
    }
    return db_done(rows);
}

enum err order_load_lines(struct context *cx, struct order *order)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT position, offer, catalog, quantity, term, billing, subscription,"
                  " parent, start_on, trial FROM order_line"
                  " WHERE customer = $1 AND order_id = $2 ORDER BY position",
                  DB_ARGS(db_text(cx->customer), db_text(order->id))));
    while (db_next(&rows)) {
        struct order_line *line = ARENA_NEW(cx->arena, struct order_line);
        line->position = db_get_integer(&rows, 0);
        line->offer = db_get_text(&rows, 1);
        line->catalog = db_get_integer(&rows, 2);
        line->quantity = db_get_integer(&rows, 3);
        line->term = term_parse(db_get_text(&rows, 4));
        line->billing = billing_parse(db_get_text(&rows, 5));
        line->subscription = db_get_text(&rows, 6);
        line->parent = db_get_text(&rows, 7);
        line->start_on = db_get_day(&rows, 8);
        line->trial = db_get_bool(&rows, 9);
        list_push(cx->arena, &order->lines, line);
    }
    return db_done(&rows);
}

/* Sorted by what no index has, so that SQLite takes the index of the pending ones (few). */
enum err order_load_pending(struct context *cx, struct order_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM orders WHERE customer = $1"
                  " AND state IN ('processing', 'action_required') ORDER BY placed_at, id",
                  DB_ARGS(db_text(cx->customer))));
    TRY(order_collect(cx, &rows, list));
    for (size_t i = 0; i < list->count; i++)
        TRY(order_load_lines(cx, list->items[i]));
    return OK;
}

enum err order_load(struct context *cx, const char *id, struct order **ret_order)
{
    struct db_rows rows;
    struct order_list list = {0};
    TRY(db_select(cx, &rows, "SELECT " COLUMNS " FROM orders WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(order_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/order", NULL);
    TRY(order_load_lines(cx, list.items[0]));
    *ret_order = list.items[0];
    return OK;
}

enum err order_find_of_subscription(struct context *cx, const char *subscription,
                                    const char **ret_id)
{
    struct db_rows rows;
    *ret_id = NULL;
    TRY(db_select(cx, &rows,
                  "SELECT order_id FROM order_line WHERE customer = $1 AND subscription = $2"
                  " ORDER BY order_id LIMIT 1",
                  DB_ARGS(db_text(cx->customer), db_text(subscription))));
    if (db_next(&rows))
        *ret_id = db_get_text(&rows, 0);
    return db_done(&rows);
}

enum err order_list_page(struct context *cx, const struct order_query *query,
                         struct order_list *list)
{
    struct db_rows rows;
    struct db_args args =
        DB_ARGS(db_text(cx->customer), db_text(query->after), db_text(query->state),
                db_text(query->account), db_integer(query->limit), db_text(query->before));
    if (query->before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM orders WHERE customer = $1"
                      " AND ($2 = '' OR id < $2) AND ($3 IS NULL OR state = $3)"
                      " AND ($4 IS NULL OR account = $4) AND id > $6 ORDER BY id ASC LIMIT $5",
                      args));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM orders WHERE customer = $1"
                      " AND ($2 = '' OR id < $2) AND ($3 IS NULL OR state = $3)"
                      " AND ($4 IS NULL OR account = $4) AND $6 = ''"
                      " ORDER BY id DESC LIMIT $5",
                      args));
    }
    return order_collect(cx, &rows, list);
}

static enum err order_insert_line(struct context *cx, const struct order *order,
                                  const struct order_line *line)
{
    return db_run(cx,
                  "INSERT INTO order_line (customer, order_id, position, offer, catalog,"
                  " quantity, term, billing, subscription, parent, start_on, trial)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  DB_ARGS(db_text(cx->customer), db_text(order->id), db_integer(line->position),
                          db_text(line->offer), db_integer(line->catalog),
                          db_integer(line->quantity), db_text(term_format(line->term)),
                          db_text(billing_format(line->billing)), db_text(line->subscription),
                          db_text(line->parent), db_day(line->start_on), db_bool(line->trial)));
}

static enum err order_insert(struct context *cx, const struct order *order)
{
    TRY(db_run(cx,
               "INSERT INTO orders (customer, " COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7,"
               " $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
               DB_ARGS(db_text(cx->customer), db_text(order->id), db_text(order->account),
                       db_text(order_kind_format(order->kind)),
                       db_text(order_state_format(order->state)), db_day(order->placed_on),
                       db_instant(order->placed_at), db_instant(order->expires_at),
                       db_text(order->payment_method), db_text(order->purchase_order),
                       db_text(order->total.currency), db_integer(order->total.minor),
                       db_integer(order->credit_held.minor), db_text(order->document),
                       db_text(order->payment), db_text(order->failure), db_text(order->actor),
                       db_integer(1), db_instant(order->created_at))));
    for (size_t i = 0; i < order->lines.count; i++)
        TRY(order_insert_line(cx, order, order->lines.items[i]));
    return OK;
}

static enum err order_update(struct context *cx, const struct order *order)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE orders SET state = $1, expires_at = $2, credit_held_minor = $3,"
                     " document = $4, payment = $5, failure = $6, version = version + 1"
                     " WHERE customer = $7 AND id = $8 AND version = $9",
                     DB_ARGS(db_text(order_state_format(order->state)),
                             db_instant(order->expires_at), db_integer(order->credit_held.minor),
                             db_text(order->document), db_text(order->payment),
                             db_text(order->failure), db_text(cx->customer), db_text(order->id),
                             db_integer(order->version)),
                     &touched));
    return touched == 1 ? OK : fault(cx, ERR_STORE_CONFLICT, "param", "/order", NULL);
}

enum err order_save(struct context *cx, struct order *order)
{
    if (order->row == ROW_NEW) {
        TRY(order_insert(cx, order));
        order->version = 1;
    } else if (order->row == ROW_CHANGED) {
        TRY(order_update(cx, order));
        order->version++;
    }
    order->row = ROW_STORED;
    return OK;
}
