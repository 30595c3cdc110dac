#include "customer/due_store.h"

#include "base/limits.h"
#include "db/db.h"

enum { CLAIM_TRIES_MAX = 10 }; /* against nodes that claim the same at the same time */

static_assert(DUE_FAILURES_MAX == 3); /* the index organization_parked, and PARKED */
#define PARKED "due_failures >= 3"
/* Among those whose failures are `from` to `to`. */
#define IS_CLAIMABLE(until, from, to, wall)                                                        \
    "due_at IS NOT NULL AND due_at <= " until " AND clock_at IS NULL AND due_failures >= " from    \
    " AND due_failures <= " to " AND (due_claimed_until IS NULL OR due_claimed_until <= " wall ")"

static int compare_due(const void *a, const void *b)
{
    const struct due_customer *first = a, *second = b;
    if (first->due_at != second->due_at)
        return first->due_at < second->due_at ? -1 : 1;
    return strcmp(first->id, second->id);
}

/* Claims those that nobody else gets at the same time. */
static enum err claim_some(struct context *cx, const struct due_claim *claim, int64_t failures_from,
                           int64_t failures_to, struct due_customer_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "UPDATE organization SET due_claim = $1, due_claimed_until = $2,"
                  " due_failures = due_failures + 1 WHERE id IN"
                  " (SELECT id FROM organization WHERE " IS_CLAIMABLE(
                      "$3", "$4", "$5", "$6") " ORDER BY due_at, id LIMIT $7)"
                                              " AND " IS_CLAIMABLE("$3", "$4", "$5",
                                                                   "$6") " RETURNING id, due_at",
                  DB_ARGS(db_text(claim->id), db_instant(cx->wall + DUE_LEASE_MS),
                          db_instant(claim->until), db_integer(failures_from),
                          db_integer(failures_to), db_instant(cx->wall),
                          db_integer(claim->limit))));
    while (db_next(&rows)) {
        struct due_customer *customer = ARENA_NEW(cx->arena, struct due_customer);
        customer->id = db_get_text(&rows, 0);
        customer->due_at = db_get_instant(&rows, 1);
        list_push(cx->arena, list, customer);
    }
    return db_done(&rows);
}

/* Two nodes that claim at once on PostgreSQL choose the same customers: the second waits for the
 * first, and then finds that none of them is free any more. That is not to say that nothing is due,
 * so it chooses again, among those that are left. */
enum err due_claim(struct context *cx, const struct due_claim *claim,
                   struct due_customer_list *list)
{
    int64_t from = claim->after_fault ? 1 : 0;
    int64_t to = claim->after_fault ? DUE_FAILURES_MAX - 1 : 0;
    int64_t left = 1;
    for (int i = 0; i < CLAIM_TRIES_MAX && list->count == 0 && left > 0; i++) {
        TRY(claim_some(cx, claim, from, to, list));
        if (list->count > 0)
            break;
        TRY(db_one_integer(cx, &left,
                           "SELECT COUNT(*) FROM (SELECT 1 FROM organization WHERE " IS_CLAIMABLE(
                               "$1", "$2", "$3", "$4") " LIMIT 1) AS free",
                           DB_ARGS(db_instant(claim->until), db_integer(from), db_integer(to),
                                   db_instant(cx->wall))));
    }
    list_sort(list->items, list->count, compare_due);
    return OK;
}

/* Who lost the claim to someone else leaves their attempt counted, and theirs to give back. */
enum err due_give_back(struct context *cx, const char *claim, const struct due_customer *customer)
{
    if (customer->error == NULL) {
        return db_run(cx,
                      "UPDATE organization SET due_claim = NULL, due_claimed_until = NULL,"
                      " due_failures = 0, due_error = NULL, due_subject = NULL, parked_at = NULL"
                      " WHERE id = $1 AND due_claim = $2",
                      DB_ARGS(db_text(customer->id), db_text(claim)));
    }
    return db_run(cx,
                  "UPDATE organization SET due_claim = NULL, due_claimed_until = $1,"
                  " due_error = $2, due_subject = $3 WHERE id = $4 AND due_claim = $5",
                  DB_ARGS(db_instant(cx->wall + DUE_REST_MS), db_text(customer->error),
                          db_text(customer->subject), db_text(customer->id), db_text(claim)));
}

enum err due_return(struct context *cx, const char *claim, const char *customer)
{
    return db_run(cx,
                  "UPDATE organization SET due_claim = NULL, due_claimed_until = NULL,"
                  " due_failures = due_failures - 1"
                  " WHERE id = $1 AND due_claim = $2 AND due_failures > 0",
                  DB_ARGS(db_text(customer), db_text(claim)));
}

enum err due_count(struct context *cx, instant until, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count,
                          "SELECT COUNT(*) FROM organization WHERE due_at IS NOT NULL"
                          " AND due_at <= $1 AND due_failures < $2 AND clock_at IS NULL",
                          DB_ARGS(db_instant(until), db_integer(DUE_FAILURES_MAX)));
}

/* What is parked ------------------------------------------------------------------------------- */

#define PARKED_COLUMNS                                                                             \
    "id, COALESCE(due_subject, ''), COALESCE(due_error, ''), due_failures, due_at, parked_at"

static struct parked_work *parked_from_row(struct context *cx, struct db_rows *rows)
{
    struct parked_work *parked = ARENA_NEW(cx->arena, struct parked_work);
    parked->customer = db_get_text(rows, 0);
    parked->subject = db_get_text(rows, 1);
    parked->error = db_get_text(rows, 2);
    parked->attempts = db_get_integer(rows, 3);
    parked->due_at = db_get_instant(rows, 4);
    parked->parked_at = db_get_instant(rows, 5);
    return parked;
}

/* The third attempt may still be under way. */
#define AFTER_ALL "(due_claim IS NULL OR due_claimed_until <= $1)"

enum err due_list_parked(struct context *cx, const struct parked_query *query,
                         struct parked_work_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PARKED_COLUMNS " FROM organization WHERE " PARKED " AND " AFTER_ALL
                  " AND id > $2 AND ($3 < 0 OR live = $3) ORDER BY id LIMIT $4",
                  DB_ARGS(db_instant(cx->wall), db_text(query->after), db_integer(query->mode),
                          db_integer(query->limit))));
    while (db_next(&rows))
        list_push(cx->arena, list, parked_from_row(cx, &rows));
    return db_done(&rows);
}

enum err due_list_untold(struct context *cx, int64_t limit, struct parked_work_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PARKED_COLUMNS " FROM organization WHERE " PARKED " AND " AFTER_ALL
                  " AND parked_at IS NULL ORDER BY id LIMIT $2",
                  DB_ARGS(db_instant(cx->wall), db_integer(limit))));
    while (db_next(&rows))
        list_push(cx->arena, list, parked_from_row(cx, &rows));
    return db_done(&rows);
}

enum err due_load_parked(struct context *cx, struct parked_work *ret_parked)
{
    struct db_rows rows;
    struct parked_work *parked = NULL;
    TRY(db_select(cx, &rows,
                  "SELECT " PARKED_COLUMNS " FROM organization WHERE " PARKED " AND " AFTER_ALL
                  " AND id = $2",
                  DB_ARGS(db_instant(cx->wall), db_text(cx->customer))));
    if (db_next(&rows))
        parked = parked_from_row(cx, &rows);
    TRY(db_done(&rows));
    if (parked == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/parked_work", NULL);
    *ret_parked = *parked;
    return OK;
}

enum err due_count_parked(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count,
                          "SELECT COUNT(*) FROM organization WHERE " PARKED " AND " AFTER_ALL,
                          DB_ARGS(db_instant(cx->wall)));
}

enum err due_mark_parked(struct context *cx, bool *ret_marked)
{
    int64_t count;
    TRY(db_run_count(cx,
                     "UPDATE organization SET parked_at = $1"
                     " WHERE id = $2 AND parked_at IS NULL AND " PARKED,
                     DB_ARGS(db_instant(cx->wall), db_text(cx->customer)), &count));
    *ret_marked = count == 1;
    return OK;
}

enum err due_unpark(struct context *cx)
{
    return db_run(cx,
                  "UPDATE organization SET due_failures = 0, due_claim = NULL,"
                  " due_claimed_until = NULL, due_error = NULL, due_subject = NULL,"
                  " parked_at = NULL WHERE id = $1",
                  DB_ARGS(db_text(cx->customer)));
}
