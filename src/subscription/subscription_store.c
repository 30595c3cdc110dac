#include "subscription/subscription_store.h"

#include <string.h>

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, customer, account, parent, order_id, name, offer, catalog, status, past_due_at, "         \
    "quantity, term, billing, currency, payment_method, anchor_on, start_on, period_start, "       \
    "period_end, term_start, term_end, trial_end, recurring_billing, requirement_lost, ended_by, " \
    "status_on, activated_at, version, created_at, assigned, conflict_on, next_catalog, "          \
    "next_price_on, next_price_minor"

static enum err subscription_from_row(struct context *cx, struct db_rows *rows,
                                      struct subscription **ret_sub)
{
    struct subscription *sub = ARENA_NEW(cx->arena, struct subscription);
    int c = 0;
    sub->id = db_get_text(rows, c++);
    sub->customer = db_get_text(rows, c++);
    sub->account = db_get_text(rows, c++);
    sub->parent = db_get_text(rows, c++);
    sub->order = db_get_text(rows, c++);
    sub->name = db_get_text(rows, c++);
    sub->offer = db_get_text(rows, c++);
    sub->catalog = db_get_integer(rows, c++);
    bool known = subscription_status_parse(db_get_text(rows, c++), &sub->status);
    sub->past_due_at = db_get_instant(rows, c++);
    sub->quantity = db_get_integer(rows, c++);
    sub->term = term_parse(db_get_text(rows, c++));
    sub->billing = billing_parse(db_get_text(rows, c++));
    struct money in_currency = money_zero(db_get_text(rows, c++));
    memcpy(sub->currency, in_currency.currency, sizeof sub->currency);
    sub->payment_method = db_get_text(rows, c++);
    sub->anchor_on = db_get_day(rows, c++);
    sub->start_on = db_get_day(rows, c++);
    sub->period_start = db_get_day(rows, c++);
    sub->period_end = db_get_day(rows, c++);
    sub->term_start = db_get_day(rows, c++);
    sub->term_end = db_get_day(rows, c++);
    sub->trial_end = db_get_day(rows, c++);
    sub->recurring_billing = db_get_bool(rows, c++);
    sub->requirement_lost = db_get_bool(rows, c++);
    known = ended_by_parse(db_get_text(rows, c++), &sub->ended_by) && known;
    sub->status_on = db_get_day(rows, c++);
    sub->activated_at = db_get_instant(rows, c++);
    sub->version = db_get_integer(rows, c++);
    sub->created_at = db_get_instant(rows, c++);
    sub->assigned = db_get_integer(rows, c++);
    sub->conflict_on = db_get_day(rows, c++);
    sub->next_catalog = db_get_integer(rows, c++);
    sub->next_price_on = db_get_day(rows, c++);
    sub->next_price = money_of(db_get_integer(rows, c++), sub->currency);
    sub->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a subscription in a state not known", NULL);
    *ret_sub = sub;
    return OK;
}

static enum err subscription_collect(struct context *cx, struct db_rows *rows,
                                     struct subscription_list *list)
{
    while (db_next(rows)) {
        struct subscription *sub;
        TRY(subscription_from_row(cx, rows, &sub));
        list_push(cx->arena, list, sub);
    }
    return db_done(rows);
}

enum err subscription_load_held(struct context *cx, struct subscription_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM subscription"
                  " WHERE customer = $1 AND status <> 'deleted' ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return subscription_collect(cx, &rows, list);
}

enum err subscription_load_all(struct context *cx, struct subscription_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM subscription"
                  " WHERE customer = $1 ORDER BY start_on, name, id",
                  DB_ARGS(db_text(cx->customer))));
    return subscription_collect(cx, &rows, list);
}

enum err subscription_load(struct context *cx, const char *id, struct subscription **ret_sub)
{
    struct db_rows rows;
    struct subscription_list list = {0};
    TRY(db_select(cx, &rows, "SELECT " COLUMNS " FROM subscription WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(subscription_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    *ret_sub = list.items[0];
    return OK;
}

enum err subscription_list_page(struct context *cx, const struct subscription_query *query,
                                struct subscription_list *list)
{
    struct db_rows rows;
    struct db_args args =
        DB_ARGS(db_text(cx->customer), db_text(query->after), db_text(query->status),
                db_text(query->account), db_text(query->parent), db_integer(query->limit),
                db_text(query->before));
    if (query->before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM subscription WHERE customer = $1"
                      " AND ($2 = '' OR id < $2)"
                      " AND ($3 IS NULL OR status = $3) AND ($4 IS NULL OR account = $4)"
                      " AND ($5 IS NULL OR parent = $5) AND status <> 'planned'"
                      " AND id > $7 ORDER BY id ASC LIMIT $6",
                      args));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM subscription WHERE customer = $1"
                      " AND ($2 = '' OR id < $2)"
                      " AND ($3 IS NULL OR status = $3) AND ($4 IS NULL OR account = $4)"
                      " AND ($5 IS NULL OR parent = $5) AND status <> 'planned'"
                      " AND $7 = '' ORDER BY id DESC LIMIT $6",
                      args));
    }
    return subscription_collect(cx, &rows, list);
}

static enum err subscription_insert(struct context *cx, const struct subscription *sub)
{
    return db_run(
        cx,
        "INSERT INTO subscription (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27,"
        " $28, $29, $30, $31, $32, $33, $34)",
        DB_ARGS(db_text(sub->id), db_text(cx->customer), db_text(sub->account),
                db_text(sub->parent), db_text(sub->order), db_text(sub->name), db_text(sub->offer),
                db_integer(sub->catalog), db_text(subscription_status_format(sub->status)),
                db_instant(sub->past_due_at), db_integer(sub->quantity),
                db_text(term_format(sub->term)), db_text(billing_format(sub->billing)),
                db_text(sub->currency), db_text(sub->payment_method), db_day(sub->anchor_on),
                db_day(sub->start_on), db_day(sub->period_start), db_day(sub->period_end),
                db_day(sub->term_start), db_day(sub->term_end), db_day(sub->trial_end),
                db_bool(sub->recurring_billing), db_bool(sub->requirement_lost),
                db_text(ended_by_format(sub->ended_by)), db_day(sub->status_on),
                db_instant(sub->activated_at), db_integer(1), db_instant(sub->created_at),
                db_integer(sub->assigned), db_day(sub->conflict_on), db_integer(sub->next_catalog),
                db_day(sub->next_price_on), db_integer(sub->next_price.minor)));
}

static enum err subscription_update(struct context *cx, const struct subscription *sub)
{
    int64_t touched;
    TRY(db_run_count(
        cx,
        "UPDATE subscription SET catalog = $1, status = $2, past_due_at = $3, quantity = $4,"
        " term = $5, billing = $6, payment_method = $7, anchor_on = $8, period_start = $9,"
        " period_end = $10, term_start = $11, term_end = $12, trial_end = $13,"
        " recurring_billing = $14, requirement_lost = $15, ended_by = $16, status_on = $17,"
        " activated_at = $18, offer = $19, assigned = $20, conflict_on = $21,"
        " next_catalog = $22, next_price_on = $23, next_price_minor = $24,"
        " version = version + 1 WHERE customer = $25 AND id = $26 AND version = $27",
        DB_ARGS(db_integer(sub->catalog), db_text(subscription_status_format(sub->status)),
                db_instant(sub->past_due_at), db_integer(sub->quantity),
                db_text(term_format(sub->term)), db_text(billing_format(sub->billing)),
                db_text(sub->payment_method), db_day(sub->anchor_on), db_day(sub->period_start),
                db_day(sub->period_end), db_day(sub->term_start), db_day(sub->term_end),
                db_day(sub->trial_end), db_bool(sub->recurring_billing),
                db_bool(sub->requirement_lost), db_text(ended_by_format(sub->ended_by)),
                db_day(sub->status_on), db_instant(sub->activated_at), db_text(sub->offer),
                db_integer(sub->assigned), db_day(sub->conflict_on), db_integer(sub->next_catalog),
                db_day(sub->next_price_on), db_integer(sub->next_price.minor),
                db_text(cx->customer), db_text(sub->id), db_integer(sub->version)),
        &touched));
    return touched == 1 ? OK : fault(cx, ERR_STORE_CONFLICT, "param", "/subscription", NULL);
}

enum err subscription_save(struct context *cx, struct subscription *sub)
{
    switch (sub->row) {
    case ROW_STORED:
        return OK;
    case ROW_NEW:
        TRY(subscription_insert(cx, sub));
        sub->version = 1;
        break;
    case ROW_CHANGED:
        TRY(subscription_update(cx, sub));
        sub->version++;
        break;
    case ROW_REMOVED:
        return db_run(cx, "DELETE FROM subscription WHERE customer = $1 AND id = $2",
                      DB_ARGS(db_text(cx->customer), db_text(sub->id)));
    }
    sub->row = ROW_STORED;
    return OK;
}

enum err subscription_load_trialed(struct context *cx, const char ***ret_offers, size_t *ret_count)
{
    LIST(const char) offers = {0};
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT DISTINCT l.offer FROM order_line l JOIN orders o ON o.id = l.order_id"
                  " AND o.customer = l.customer WHERE l.customer = $1 AND l.trial = 1"
                  " AND o.kind = 'purchase' AND o.state <> 'failed'",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        const char *offer = db_get_text(&rows, 0);
        list_push(cx->arena, &offers, offer);
    }
    TRY(db_done(&rows));
    *ret_offers = offers.items;
    *ret_count = offers.count;
    return OK;
}

enum err subscription_insert_change(struct context *cx, const struct subscription_change *change)
{
    return db_run(cx,
                  "INSERT INTO subscription_change (customer, subscription, position, status,"
                  " changed_on, changed_at, cause) SELECT $1, $2,"
                  " COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6"
                  " FROM subscription_change WHERE customer = $1 AND subscription = $2",
                  DB_ARGS(db_text(cx->customer), db_text(change->subscription),
                          db_text(subscription_status_format(change->status)), db_day(change->on),
                          db_instant(change->at), db_text(change->cause)));
}

enum err subscription_load_changes(struct context *cx, const char *subscription,
                                   struct subscription_change_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT status, changed_on, changed_at, cause FROM subscription_change"
                  " WHERE customer = $1 AND subscription = $2 ORDER BY position",
                  DB_ARGS(db_text(cx->customer), db_text(subscription))));
    while (db_next(&rows)) {
        struct subscription_change *change = ARENA_NEW(cx->arena, struct subscription_change);
        change->subscription = subscription;
        if (!subscription_status_parse(db_get_text(&rows, 0), &change->status))
            return fault(cx, ERR_INTERNAL, "value", "a history step not known", NULL);
        change->on = db_get_day(&rows, 1);
        change->at = db_get_instant(&rows, 2);
        change->cause = db_get_text(&rows, 3);
        list_push(cx->arena, list, change);
    }
    return db_done(&rows);
}

enum err subscription_load_batches(struct context *cx, instant after,
                                   struct subscription_batch_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT subscription, added_at, left_count FROM subscription_batch"
                  " WHERE customer = $1 AND added_at > $2 ORDER BY added_at, subscription",
                  DB_ARGS(db_text(cx->customer), db_instant(after))));
    while (db_next(&rows)) {
        struct subscription_batch *batch = ARENA_NEW(cx->arena, struct subscription_batch);
        batch->subscription = db_get_text(&rows, 0);
        batch->added_at = db_get_instant(&rows, 1);
        batch->left = db_get_integer(&rows, 2);
        list_push(cx->arena, list, batch);
    }
    return db_done(&rows);
}

enum err subscription_save_batch(struct context *cx, struct subscription_batch *batch)
{
    struct db_args args = DB_ARGS(db_text(cx->customer), db_text(batch->subscription),
                                  db_instant(batch->added_at), db_integer(batch->left));
    if (batch->row == ROW_NEW) {
        TRY(db_run(cx,
                   "INSERT INTO subscription_batch (customer, subscription, added_at, left_count)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (customer, subscription, added_at)"
                   " DO UPDATE SET left_count = subscription_batch.left_count + $4",
                   args));
    } else if (batch->row == ROW_CHANGED) {
        TRY(db_run(cx,
                   "UPDATE subscription_batch SET left_count = $4 WHERE customer = $1"
                   " AND subscription = $2 AND added_at = $3",
                   args));
    }
    batch->row = ROW_STORED;
    return OK;
}
