#include "db/db.h"
#include "order/order_store.h"

enum err cart_insert(struct context *cx, const struct cart *cart)
{
    return db_run(cx,
                  "INSERT INTO cart (id, customer, account, lines, state, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_ARGS(db_text(cart->id), db_text(cx->customer), db_text(cart->account),
                          db_text(cart->lines), db_text(cart->state),
                          db_instant(cart->created_at)));
}

enum err cart_load(struct context *cx, const char *id, struct cart *ret_cart)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT id, account, lines, state, order_id, version, created_at FROM cart"
                  " WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    bool found = db_next(&rows);
    if (found) {
        *ret_cart = (struct cart){
            .id = db_get_text(&rows, 0),
            .account = db_get_text(&rows, 1),
            .lines = db_get_text(&rows, 2),
            .state = db_get_text(&rows, 3),
            .order = db_get_text(&rows, 4),
            .version = db_get_integer(&rows, 5),
            .created_at = db_get_instant(&rows, 6),
        };
    }
    TRY(db_done(&rows));
    return found ? OK : fault(cx, ERR_NOT_FOUND, "param", "/cart", NULL);
}

enum err cart_save(struct context *cx, struct cart *cart)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE cart SET lines = $1, state = $2, order_id = $3,"
                     " version = version + 1 WHERE customer = $4 AND id = $5 AND version = $6",
                     DB_ARGS(db_text(cart->lines), db_text(cart->state), db_text(cart->order),
                             db_text(cx->customer), db_text(cart->id), db_integer(cart->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/cart", NULL);
    cart->version++;
    return OK;
}

enum err cart_find_of_order(struct context *cx, const char *order, const char **ret_id)
{
    const char *id = NULL;
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT id FROM cart WHERE customer = $1 AND order_id = $2"
                  " ORDER BY id DESC LIMIT 1",
                  DB_ARGS(db_text(cx->customer), db_text(order))));
    while (db_next(&rows))
        id = db_get_text(&rows, 0);
    TRY(db_done(&rows));
    *ret_id = id;
    return OK;
}
