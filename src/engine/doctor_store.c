#include "engine/doctor_store.h"

#include "base/list.h"
#include "db/db.h"

static enum err note_rows(struct context *cx, struct doctor *doctor, const char *sql,
                          struct db_args args)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, sql, args));
    while (db_next(&rows))
        doctor_note(doctor, db_get_text(&rows, 0), db_get_text(&rows, 1), db_get_text(&rows, 2));
    return db_done(&rows);
}

enum err doctor_run_check(struct context *cx, struct doctor *doctor,
                          const struct doctor_check *check, bool of_store)
{
    doctor->check = check->name;
    if (check->run != NULL)
        return check->run(cx, doctor);
    return note_rows(cx, doctor, check->sql,
                     of_store ? DB_NO_ARGS : DB_ARGS(db_text(cx->customer)));
}

enum err doctor_list_customers(struct context *cx, const char *after, int64_t limit,
                               const char ***ret_ids, size_t *ret_count)
{
    LIST(const char) ids = {0};
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2",
                  DB_ARGS(db_text(after), db_integer(limit))));
    while (db_next(&rows))
        list_push(cx->arena, &ids, db_get_text(&rows, 0));
    TRY(db_done(&rows));
    *ret_ids = ids.items;
    *ret_count = ids.count;
    return OK;
}

enum err doctor_count_rows(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT (SELECT COUNT(*) FROM account WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM subscription WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM orders WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM document WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM document_line WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM payment WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM posting WHERE customer = $1),"
                  " (SELECT COUNT(*) FROM event WHERE customer = $1)",
                  DB_ARGS(db_text(cx->customer))));
    if (db_next(&rows)) {
        for (int i = 0; i < DOCTOR_COUNT_COUNT - DOCTOR_ACCOUNTS; i++)
            doctor->checked[DOCTOR_ACCOUNTS + i] += db_get_integer(&rows, i);
    }
    TRY(db_done(&rows));
    doctor->checked[DOCTOR_CUSTOMERS]++;
    return OK;
}

/* References ----------------------------------------------------------------------------------- */

/* Rows of a table whose `column` names no row of `other` that is the customer's. */
#define UNKNOWN(table, key, column, other)                                                         \
    "SELECT '" table " ' || t." key " || ' " column "', 'a row of " other "', t." column           \
    " FROM " table " t LEFT JOIN " other " o ON o.id = t." column " AND o.customer = t.customer"   \
    " WHERE t.customer = $1 AND t." column " IS NOT NULL AND o.id IS NULL ORDER BY 1"

/* Rows in another currency than their billing account's. */
#define FOREIGN(table)                                                                             \
    "SELECT '" table " ' || t.id, a.currency, t.currency FROM " table " t JOIN account a"          \
    " ON a.id = t.account AND a.customer = t.customer"                                             \
    " WHERE t.customer = $1 AND t.currency <> a.currency ORDER BY 1"

/* clang-format off */
#define ROW(table, key, column, other)                                                             \
    {.name = "reference", .sql = UNKNOWN(table, key, column, other)}
const struct doctor_check DOCTOR_REFERENCE_CHECKS[] = {
    ROW("subscription", "id", "account", "account"),
    ROW("subscription", "id", "parent", "subscription"),
    ROW("subscription", "id", "order_id", "orders"),
    ROW("subscription", "id", "payment_method", "payment_method"),
    ROW("scheduled_change", "id", "subscription", "subscription"),
    ROW("orders", "id", "account", "account"),
    ROW("orders", "id", "document", "document"),
    ROW("orders", "id", "payment", "payment"),
    ROW("order_line", "order_id", "order_id", "orders"),
    ROW("document", "id", "account", "account"),
    ROW("document", "id", "order_id", "orders"),
    ROW("document_line", "id", "document", "document"),
    ROW("document_line", "id", "subscription", "subscription"),
    ROW("document_line", "id", "undoes", "document_line"),
    ROW("document_tax", "document", "document", "document"),
    ROW("payment", "id", "account", "account"),
    ROW("payment", "id", "order_id", "orders"),
    ROW("payment", "id", "document", "document"),
    ROW("refund", "id", "payment", "payment"),
    ROW("posting", "entry", "account", "account"),
    ROW("subscription_change", "subscription", "subscription", "subscription"),
    ROW("license", "id", "subscription", "subscription"),
    ROW("cancellation", "subscription", "subscription", "subscription"),
    /* "Currencies: one per billing account." */
    {.name = "currency", .sql = FOREIGN("subscription")},
    {.name = "currency", .sql = FOREIGN("orders")},
    {.name = "currency", .sql = FOREIGN("document")},
    {.name = "currency", .sql = FOREIGN("refund")},
    {.name = NULL},
};
/* clang-format on */

/* Owners --------------------------------------------------------------------------------------- */

/* A row of nobody would escape whoever looks at one customer after another. */
#define OWNER(table)                                                                               \
    {                                                                                              \
        .name = "owner",                                                                           \
        .sql = "SELECT '" table                                                                    \
               "', 'a customer', t.customer FROM (SELECT DISTINCT customer FROM " table            \
               ") t LEFT JOIN organization o ON o.id = t.customer WHERE o.id IS NULL ORDER BY 3"   \
    }

const struct doctor_check DOCTOR_OWNER_CHECKS[] = {
    OWNER("account"),       OWNER("payment_method"),
    OWNER("subscription"),  OWNER("subscription_change"),
    OWNER("cancellation"),  OWNER("orders"),
    OWNER("order_line"),    OWNER("document"),
    OWNER("document_line"), OWNER("document_tax"),
    OWNER("payment"),       OWNER("refund"),
    OWNER("posting"),       OWNER("event"),
    OWNER("license"),       OWNER("scheduled_change"),
    {.name = NULL},
};
