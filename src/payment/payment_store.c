#include "payment/payment_store.h"

#include "db/db.h"

/* Methods -------------------------------------------------------------------------------------- */

#define METHOD_COLUMNS                                                                             \
    "id, customer, account, kind, provider, token, label, country, removed, version, created_at"

static enum err method_from_row(struct context *cx, struct db_rows *rows,
                                struct payment_method **ret_method)
{
    struct payment_method *method = ARENA_NEW(cx->arena, struct payment_method);
    int c = 0;
    method->id = db_get_text(rows, c++);
    method->customer = db_get_text(rows, c++);
    method->account = db_get_text(rows, c++);
    bool known = method_kind_parse(db_get_text(rows, c++), &method->kind);
    method->provider = db_get_text(rows, c++);
    method->token = db_get_text(rows, c++);
    method->label = db_get_text(rows, c++);
    method->country = db_get_text(rows, c++);
    method->removed = db_get_bool(rows, c++);
    method->version = db_get_integer(rows, c++);
    method->created_at = db_get_instant(rows, c++);
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a payment method of a kind not known", NULL);
    *ret_method = method;
    return OK;
}

static enum err method_collect(struct context *cx, struct db_rows *rows, struct method_list *list)
{
    while (db_next(rows)) {
        struct payment_method *method = NULL;
        TRY(method_from_row(cx, rows, &method));
        list_push(cx->arena, list, method);
    }
    return db_done(rows);
}

enum err method_load_all(struct context *cx, struct method_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " METHOD_COLUMNS " FROM payment_method WHERE customer = $1 ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return method_collect(cx, &rows, list);
}

enum err method_load(struct context *cx, const char *id, struct payment_method **ret_method)
{
    struct db_rows rows;
    struct method_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " METHOD_COLUMNS " FROM payment_method WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(method_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment_method", NULL);
    *ret_method = list.items[0];
    return OK;
}

enum err method_insert(struct context *cx, const struct payment_method *method)
{
    return db_run(cx,
                  "INSERT INTO payment_method (" METHOD_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                  DB_ARGS(db_text(method->id), db_text(cx->customer), db_text(method->account),
                          db_text(method_kind_format(method->kind)), db_text(method->provider),
                          db_text(method->token), db_text(method->label), db_text(method->country),
                          db_bool(method->removed), db_integer(1), db_instant(method->created_at)));
}

enum err method_save(struct context *cx, struct payment_method *method)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE payment_method SET token = $1, label = $2, removed = $3,"
                     " version = version + 1 WHERE customer = $4 AND id = $5 AND version = $6",
                     DB_ARGS(db_text(method->token), db_text(method->label),
                             db_bool(method->removed), db_text(cx->customer), db_text(method->id),
                             db_integer(method->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/payment_method", NULL);
    method->version++;
    return OK;
}

enum err method_list_page(struct context *cx, const struct method_query *query,
                          struct method_list *list)
{
    struct db_rows rows;
    bool back = query->before[0] != '\0';
    struct db_args args =
        DB_ARGS(db_text(cx->customer), db_text(query->account),
                db_text(back ? query->before : query->after), db_integer(query->limit));
    if (back) {
        TRY(db_select(cx, &rows,
                      "SELECT " METHOD_COLUMNS " FROM payment_method WHERE customer = $1"
                      " AND ($2 IS NULL OR account = $2) AND removed = 0 AND id > $3"
                      " ORDER BY id ASC LIMIT $4",
                      args));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " METHOD_COLUMNS " FROM payment_method WHERE customer = $1"
                      " AND ($2 IS NULL OR account = $2) AND removed = 0"
                      " AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4",
                      args));
    }
    return method_collect(cx, &rows, list);
}

/* Charges -------------------------------------------------------------------------------------- */

#define PAYMENT_COLUMNS                                                                            \
    "id, account, order_id, document, method, provider, currency, amount_minor, refunded_minor, "  \
    "state, attempt, provider_ref, failure, action_url, created_at, settled_at"
/* The words of the partial index payment_open, so that both databases use it. */
#define PAYMENT_IS_OPEN "state IN ('requested', 'pending', 'action_required', 'unknown')"

static enum err payment_from_row(struct context *cx, struct db_rows *rows,
                                 struct payment **ret_payment)
{
    struct payment *payment = ARENA_NEW(cx->arena, struct payment);
    int c = 0;
    payment->id = db_get_text(rows, c++);
    payment->account = db_get_text(rows, c++);
    payment->order = db_get_text(rows, c++);
    payment->document = db_get_text(rows, c++);
    payment->method = db_get_text(rows, c++);
    payment->provider = db_get_text(rows, c++);
    const char *currency = db_get_text(rows, c++);
    payment->amount = money_of(db_get_integer(rows, c++), currency);
    payment->refunded = money_of(db_get_integer(rows, c++), currency);
    bool known = payment_state_parse(db_get_text(rows, c++), &payment->state);
    payment->attempt = (int)db_get_integer(rows, c++);
    payment->provider_ref = db_get_text(rows, c++);
    payment->failure = db_get_text(rows, c++);
    payment->action_url = db_get_text(rows, c++);
    payment->created_at = db_get_instant(rows, c++);
    payment->settled_at = db_get_instant(rows, c++);
    payment->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a payment in a state not known", NULL);
    *ret_payment = payment;
    return OK;
}

static enum err payment_collect(struct context *cx, struct db_rows *rows, struct payment_list *list)
{
    while (db_next(rows)) {
        struct payment *payment = NULL;
        TRY(payment_from_row(cx, rows, &payment));
        list_push(cx->arena, list, payment);
    }
    return db_done(rows);
}

/* Sorted by what no index has: SQLite then takes the index of the open ones, which are few, and
 * not that of all the customer's payments. */
enum err payment_load_open(struct context *cx, struct payment_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PAYMENT_COLUMNS " FROM payment WHERE customer = $1"
                  " AND " PAYMENT_IS_OPEN " ORDER BY created_at, id",
                  DB_ARGS(db_text(cx->customer))));
    return payment_collect(cx, &rows, list);
}

enum err payment_load_refundable(struct context *cx, struct payment_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PAYMENT_COLUMNS " FROM payment WHERE customer = $1"
                  " AND state = 'succeeded' AND refunded_minor < amount_minor ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return payment_collect(cx, &rows, list);
}

enum err payment_load(struct context *cx, const char *id, struct payment **ret_payment)
{
    struct db_rows rows;
    struct payment_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " PAYMENT_COLUMNS " FROM payment WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(payment_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment", NULL);
    *ret_payment = list.items[0];
    return OK;
}

enum err payment_load_of(struct context *cx, const char *order, const char *document,
                         struct payment_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PAYMENT_COLUMNS " FROM payment WHERE customer = $1"
                  " AND ($2 IS NULL OR order_id = $2) AND ($3 IS NULL OR document = $3)"
                  " ORDER BY id",
                  DB_ARGS(db_text(cx->customer), db_text(order), db_text(document))));
    return payment_collect(cx, &rows, list);
}

enum err payment_load_all(struct context *cx, struct payment_list *list)
{
    return payment_load_of(cx, NULL, NULL, list);
}

static enum err payment_insert(struct context *cx, const struct payment *payment)
{
    return db_run(
        cx,
        "INSERT INTO payment (id, customer, account, order_id, document, method, provider,"
        " currency, amount_minor, refunded_minor, state, attempt, provider_ref, failure,"
        " action_url, created_at, settled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17)",
        DB_ARGS(db_text(payment->id), db_text(cx->customer), db_text(payment->account),
                db_text(payment->order), db_text(payment->document), db_text(payment->method),
                db_text(payment->provider), db_text(payment->amount.currency),
                db_integer(payment->amount.minor), db_integer(payment->refunded.minor),
                db_text(payment_state_format(payment->state)), db_integer(payment->attempt),
                db_text(payment->provider_ref), db_text(payment->failure),
                db_text(payment->action_url), db_instant(payment->created_at),
                db_instant(payment->settled_at)));
}

static enum err payment_update(struct context *cx, const struct payment *payment)
{
    return db_run(cx,
                  "UPDATE payment SET document = $1, refunded_minor = $2, state = $3,"
                  " attempt = $4, provider_ref = $5, failure = $6, action_url = $7,"
                  " settled_at = $8 WHERE customer = $9 AND id = $10",
                  DB_ARGS(db_text(payment->document), db_integer(payment->refunded.minor),
                          db_text(payment_state_format(payment->state)),
                          db_integer(payment->attempt), db_text(payment->provider_ref),
                          db_text(payment->failure), db_text(payment->action_url),
                          db_instant(payment->settled_at), db_text(cx->customer),
                          db_text(payment->id)));
}

/* Payments have no version: they change only under the lock of their customer's row. */
enum err payment_save(struct context *cx, struct payment *payment)
{
    switch (payment->row) {
    case ROW_STORED:
        return OK;
    case ROW_NEW:
        TRY(payment_insert(cx, payment));
        break;
    case ROW_CHANGED:
        TRY(payment_update(cx, payment));
        break;
    case ROW_REMOVED:
        assert(false); /* a payment is never removed */
    }
    payment->row = ROW_STORED;
    return OK;
}

/* Refunds -------------------------------------------------------------------------------------- */

#define REFUND_COLUMNS                                                                             \
    "id, account, payment, currency, amount_minor, state, cause, refunded_on, created_at"

static enum err refund_from_row(struct context *cx, struct db_rows *rows,
                                struct refund **ret_refund)
{
    struct refund *refund = ARENA_NEW(cx->arena, struct refund);
    int c = 0;
    refund->id = db_get_text(rows, c++);
    refund->account = db_get_text(rows, c++);
    refund->payment = db_get_text(rows, c++);
    const char *currency = db_get_text(rows, c++);
    refund->amount = money_of(db_get_integer(rows, c++), currency);
    bool known = refund_state_parse(db_get_text(rows, c++), &refund->state);
    refund->cause = db_get_text(rows, c++);
    refund->on = db_get_day(rows, c++);
    refund->created_at = db_get_instant(rows, c++);
    refund->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a refund in a state not known", NULL);
    *ret_refund = refund;
    return OK;
}

static enum err refund_collect(struct context *cx, struct db_rows *rows, struct refund_list *list)
{
    while (db_next(rows)) {
        struct refund *refund = NULL;
        TRY(refund_from_row(cx, rows, &refund));
        list_push(cx->arena, list, refund);
    }
    return db_done(rows);
}

enum err refund_load_requested(struct context *cx, struct refund_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " REFUND_COLUMNS " FROM refund"
                  " WHERE customer = $1 AND state = 'requested' ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return refund_collect(cx, &rows, list);
}

enum err refund_load(struct context *cx, const char *id, struct refund **ret_refund)
{
    struct db_rows rows;
    struct refund_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " REFUND_COLUMNS " FROM refund WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(refund_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/refund", NULL);
    *ret_refund = list.items[0];
    return OK;
}

enum err refund_load_all(struct context *cx, struct refund_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " REFUND_COLUMNS " FROM refund WHERE customer = $1 ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return refund_collect(cx, &rows, list);
}

static enum err refund_insert(struct context *cx, const struct refund *refund)
{
    return db_run(cx,
                  "INSERT INTO refund (id, customer, account, payment, currency, amount_minor,"
                  " state, cause, refunded_on, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                  DB_ARGS(db_text(refund->id), db_text(cx->customer), db_text(refund->account),
                          db_text(refund->payment), db_text(refund->amount.currency),
                          db_integer(refund->amount.minor),
                          db_text(refund_state_format(refund->state)), db_text(refund->cause),
                          db_day(refund->on), db_instant(refund->created_at)));
}

/* Refunds have no version: they change only under the lock of their customer's row. */
enum err refund_save(struct context *cx, struct refund *refund)
{
    switch (refund->row) {
    case ROW_STORED:
        return OK;
    case ROW_NEW:
        TRY(refund_insert(cx, refund));
        break;
    case ROW_CHANGED:
        TRY(db_run(cx, "UPDATE refund SET state = $1 WHERE customer = $2 AND id = $3",
                   DB_ARGS(db_text(refund_state_format(refund->state)), db_text(cx->customer),
                           db_text(refund->id))));
        break;
    case ROW_REMOVED:
        assert(false); /* a refund is never removed */
    }
    refund->row = ROW_STORED;
    return OK;
}

/* The outbox ----------------------------------------------------------------------------------- */

enum err payment_list_customers(struct context *cx, const char *after, int64_t limit,
                                const char ***ret_ids, size_t *ret_count)
{
    LIST(const char) ids = {0};
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT customer FROM payment WHERE state IN ('requested', 'pending', 'unknown')"
                  " AND customer > $1"
                  " UNION SELECT customer FROM refund WHERE state = 'requested' AND customer > $1"
                  " ORDER BY customer LIMIT $2",
                  DB_ARGS(db_text(after), db_integer(limit))));
    while (db_next(&rows))
        list_push(cx->arena, &ids, db_get_text(&rows, 0));
    TRY(db_done(&rows));
    *ret_ids = ids.items;
    *ret_count = ids.count;
    return OK;
}

enum err payment_count_open(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count,
                          "SELECT COUNT(*) FROM payment WHERE state IN"
                          " ('requested', 'pending', 'action_required', 'unknown')",
                          DB_NO_ARGS);
}
