#include "customer/clock_store.h"

#include "base/limits.h"
#include "db/db.h"

#define COLUMNS "id, name, now_at, target_at, version, created_at"

static struct test_clock clock_from_row(struct db_rows *rows)
{
    return (struct test_clock){
        .id = db_get_text(rows, 0),
        .name = db_get_text(rows, 1),
        .now_at = db_get_instant(rows, 2),
        .target_at = db_get_instant(rows, 3),
        .version = db_get_integer(rows, 4),
        .created_at = db_get_instant(rows, 5),
    };
}

static enum err take_one(struct context *cx, struct db_rows *rows, struct test_clock *ret_clock)
{
    struct test_clock clock = {0};
    bool found = db_next(rows);
    if (found)
        clock = clock_from_row(rows);
    TRY(db_done(rows));
    if (!found)
        return fault(cx, ERR_NOT_FOUND, "param", "/test_clock", NULL);
    *ret_clock = clock;
    return OK;
}

static enum err collect(struct context *cx, struct db_rows *rows, struct test_clock_list *list)
{
    while (db_next(rows)) {
        struct test_clock *clock = ARENA_NEW(cx->arena, struct test_clock);
        *clock = clock_from_row(rows);
        list_push(cx->arena, list, clock);
    }
    return db_done(rows);
}

enum err clock_insert(struct context *cx, const struct test_clock *clock)
{
    return db_run(cx, "INSERT INTO test_clock (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_ARGS(db_text(clock->id), db_text(clock->name), db_instant(clock->now_at),
                          db_instant(clock->target_at), db_integer(1),
                          db_instant(clock->created_at)));
}

enum err clock_load(struct context *cx, const char *id, struct test_clock *ret_clock)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT " COLUMNS " FROM test_clock WHERE id = $1",
                  DB_ARGS(db_text(id))));
    return take_one(cx, &rows, ret_clock);
}

enum err clock_lock(struct context *cx, const char *id, struct test_clock *ret_clock)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "UPDATE test_clock SET version = version WHERE id = $1 RETURNING " COLUMNS,
                  DB_ARGS(db_text(id))));
    return take_one(cx, &rows, ret_clock);
}

enum err clock_save(struct context *cx, struct test_clock *clock)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE test_clock SET now_at = $1, target_at = $2, version = version + 1"
                     " WHERE id = $3 AND version = $4",
                     DB_ARGS(db_instant(clock->now_at), db_instant(clock->target_at),
                             db_text(clock->id), db_integer(clock->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/test_clock", NULL);
    clock->version++;
    return OK;
}

enum err clock_delete(struct context *cx, const struct test_clock *clock)
{
    int64_t touched;
    TRY(db_run(cx, "UPDATE organization SET clock = NULL WHERE clock = $1",
               DB_ARGS(db_text(clock->id))));
    TRY(db_run_count(cx, "DELETE FROM test_clock WHERE id = $1 AND version = $2",
                     DB_ARGS(db_text(clock->id), db_integer(clock->version)), &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/test_clock", NULL);
    return OK;
}

enum err clock_list_page(struct context *cx, const char *after, const char *before, int64_t limit,
                         struct test_clock_list *list)
{
    struct db_rows rows;
    if (before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM test_clock WHERE id > $1 ORDER BY id ASC LIMIT $2",
                      DB_ARGS(db_text(before), db_integer(limit))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS " FROM test_clock WHERE $1 = '' OR id < $1"
                      " ORDER BY id DESC LIMIT $2",
                      DB_ARGS(db_text(after), db_integer(limit))));
    }
    return collect(cx, &rows, list);
}

enum err clock_list_busy(struct context *cx, int64_t limit, struct test_clock_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM test_clock c WHERE target_at IS NOT NULL"
                  " OR EXISTS (SELECT 1 FROM organization o WHERE o.clock = c.id"
                  " AND o.clock_at < c.now_at AND o.due_failures < $1) ORDER BY id LIMIT $2",
                  DB_ARGS(db_integer(DUE_FAILURES_MAX), db_integer(limit))));
    return collect(cx, &rows, list);
}

enum err clock_count_advancing(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(
        cx, ret_count, "SELECT COUNT(*) FROM test_clock WHERE target_at IS NOT NULL", DB_NO_ARGS);
}

enum err clock_count_progress(struct context *cx, const struct test_clock *clock,
                              struct clock_progress *ret_progress)
{
    struct db_rows rows;
    struct clock_progress progress = {0};
    TRY(db_select(cx, &rows,
                  "SELECT COUNT(*), COUNT(CASE WHEN clock_at >= $1 THEN 1 END),"
                  " COUNT(CASE WHEN clock_at < $1 AND due_failures >= $2"
                  " AND (due_claim IS NULL OR due_claimed_until <= $3) THEN 1 END)"
                  " FROM organization WHERE clock = $4",
                  DB_ARGS(db_instant(clock_leads_to(clock)), db_integer(DUE_FAILURES_MAX),
                          db_instant(cx->wall), db_text(clock->id))));
    if (db_next(&rows)) {
        progress.organizations = db_get_integer(&rows, 0);
        progress.done = db_get_integer(&rows, 1);
        progress.parked = db_get_integer(&rows, 2);
    }
    TRY(db_done(&rows));
    *ret_progress = progress;
    return OK;
}

/* The walk ------------------------------------------------------------------------------------- */

#define IS_FREE "(due_claimed_until IS NULL OR due_claimed_until <= $3)"

enum err clock_claim(struct context *cx, const struct test_clock *clock, const char *claim,
                     struct due_customer **ret_customer)
{
    struct db_rows rows;
    struct due_customer *customer = NULL;
    TRY(db_select(cx, &rows,
                  "UPDATE organization SET due_claim = $1, due_claimed_until = $2,"
                  " due_failures = due_failures + 1 WHERE " IS_FREE " AND id ="
                  " (SELECT id FROM organization WHERE clock = $4 AND clock_at < $5"
                  " AND due_failures < $6 AND " IS_FREE
                  " ORDER BY due_failures, clock_at, id LIMIT 1) RETURNING id, clock_at",
                  DB_ARGS(db_text(claim), db_instant(cx->wall + CLOCK_LEASE_MS),
                          db_instant(cx->wall), db_text(clock->id),
                          db_instant(clock_leads_to(clock)), db_integer(DUE_FAILURES_MAX))));
    if (db_next(&rows)) {
        customer = ARENA_NEW(cx->arena, struct due_customer);
        customer->id = db_get_text(&rows, 0);
        customer->due_at = db_get_instant(&rows, 1);
    }
    *ret_customer = customer;
    return db_done(&rows);
}

enum err clock_reach(struct context *cx, instant at)
{
    return db_run(cx,
                  "UPDATE organization SET clock_at = $1, now_at = $1"
                  " WHERE id = $2 AND clock IS NOT NULL AND clock_at < $1",
                  DB_ARGS(db_instant(at), db_text(cx->customer)));
}

enum err clock_arrive(struct context *cx, const struct test_clock *clock, bool *ret_arrived)
{
    int64_t count;
    TRY(db_run_count(cx,
                     "UPDATE test_clock SET now_at = target_at, target_at = NULL,"
                     " version = version + 1 WHERE id = $1 AND target_at = $2"
                     " AND NOT EXISTS (SELECT 1 FROM organization WHERE clock = $1"
                     " AND clock_at < $2 AND (due_failures < $3 OR due_claimed_until > $4))",
                     DB_ARGS(db_text(clock->id), db_instant(clock->target_at),
                             db_integer(DUE_FAILURES_MAX), db_instant(cx->wall)),
                     &count));
    *ret_arrived = count == 1;
    return OK;
}
