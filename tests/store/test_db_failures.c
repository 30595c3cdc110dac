/* Stores that give way: full, locked, read-only, gone; and transactions that collide. */
#include "db/db.h"
#include "support/store.h"

static const char *const ADD_ENTRY = "INSERT INTO entry (id, note) VALUES ($1, $2)";

static struct context *entry_store(void **state)
{
    struct store *store = *state;
    assert_int_equal(db_run(&store->cx,
                            "CREATE TABLE entry (id text NOT NULL PRIMARY KEY, note text)",
                            DB_NO_ARGS),
                     OK);
    return &store->cx;
}

static int64_t count(struct context *cx)
{
    int64_t entries = -1;
    assert_int_equal(db_one_integer(cx, &entries, "SELECT COUNT(*) FROM entry", DB_NO_ARGS), OK);
    return entries;
}

static enum err add_named(struct context *cx, void *name)
{
    return db_run(cx, ADD_ENTRY, DB_ARGS(db_text(name), db_text("")));
}

static enum err add_first(struct context *cx, void *arg)
{
    (void)arg;
    char name[] = "first";
    return add_named(cx, name);
}

/* A process that stops ------------------------------------------------------------------------- */

static enum err add_two(struct context *cx, void *arg)
{
    char second[] = "second";
    TRY(db_transact(cx, add_first, arg));
    return add_named(cx, second);
}

static enum err try_two(struct context *cx, struct db_stop *stop)
{
    db_set_stop(cx->db, stop);
    enum err err = db_transact(cx, add_two, NULL);
    if (stop->stopped)
        assert_int_equal(db_transact(cx, add_first, NULL), ERR_STORE_UNAVAILABLE);
    db_set_stop(cx->db, NULL);
    assert_false(db_in_transaction(cx->db));
    return err;
}

/* Before each statement and before the commit: nothing is left; after the commit: all of it. */
static void test_stops(void **state)
{
    struct context *cx = entry_store(state);
    struct db_stop lost = {.at = 1, .after_commit = true};
    struct db_stop stop = {0};
    int64_t at = 1;
    for (stop.at = at; try_two(cx, &stop) != OK; stop = (struct db_stop){.at = ++at}) {
        assert_true(stop.stopped);
        assert_int_equal(stop.statements, at);
        assert_int_equal(stop.commits, 0);
        assert_int_equal(count(cx), 0);
    }
    assert_int_equal(at, 6); /* a savepoint, a row, its release, a row, COMMIT; no sixth */
    assert_int_equal(count(cx), 2);
    assert_int_equal(db_run(cx, "DELETE FROM entry", DB_NO_ARGS), OK);
    assert_int_equal(try_two(cx, &lost), ERR_STORE_UNAVAILABLE);
    assert_int_equal(lost.commits, 1);
    assert_int_equal(count(cx), 2);
}

/* SQLite --------------------------------------------------------------------------------------- */

/* Leaves room for `more` pages in the file. */
static void limit_pages(struct context *cx, int64_t more)
{
    int64_t pages = 0;
    assert_int_equal(db_one_integer(cx, &pages, "PRAGMA page_count", DB_NO_ARGS), OK);
    const char *sql = arena_print(cx->arena, "PRAGMA max_page_count = %" PRId64, pages + more);
    assert_int_equal(db_one_integer(cx, &pages, sql, DB_NO_ARGS), OK);
}

static enum err add_too_much(struct context *cx, void *arg)
{
    (void)arg;
    const char *note = arena_print(cx->arena, "%02000d", 0);
    for (int i = 0; i < 200; i++)
        TRY(db_run(cx, ADD_ENTRY,
                   DB_ARGS(db_text(arena_print(cx->arena, "e%d", i)), db_text(note))));
    return OK;
}

static void test_full_disk(void **state)
{
    struct context *cx = entry_store(state);
    limit_pages(cx, 8);
    assert_int_equal(db_transact(cx, add_too_much, NULL), ERR_STORE_FULL);
    assert_int_equal(cx->fault.code, ERR_STORE_FULL);
    assert_false(db_in_transaction(cx->db));
    assert_int_equal(count(cx), 0);
    assert_int_equal(db_transact(cx, add_first, NULL), OK);
    limit_pages(cx, 1000);
    assert_int_equal(db_transact(cx, add_too_much, NULL), OK);
    assert_int_equal(count(cx), 201);
}

/* SQLite ends the whole transaction by itself: what follows must not run outside of one. */
static void test_full_disk_ends_batch(void **state)
{
    struct context *cx = entry_store(state);
    limit_pages(cx, 8);
    assert_int_equal(db_batch_begin(cx), OK);
    assert_int_equal(db_transact(cx, add_first, NULL), OK);
    assert_int_equal(db_transact(cx, add_too_much, NULL), ERR_STORE_FULL);
    char name[] = "later";
    assert_int_equal(db_transact(cx, add_named, name), ERR_STORE_FULL);
    assert_int_equal(db_batch_commit(cx), ERR_STORE_FULL);
    assert_false(db_in_transaction(cx->db));
    assert_int_equal(count(cx), 0);
    assert_int_equal(db_transact(cx, add_named, name), OK);
    assert_int_equal(count(cx), 1);
}

static void test_locked_file(void **state)
{
    struct context *cx = entry_store(state);
    struct context other = store_context(*state, DB_WRITER);
    int64_t wait_ms = 0;
    assert_int_equal(db_one_integer(&other, &wait_ms, "PRAGMA busy_timeout", DB_NO_ARGS), OK);
    assert_int_equal(wait_ms, DB_BUSY_WAIT_MS);
    assert_int_equal(db_one_integer(&other, &wait_ms, "PRAGMA busy_timeout = 20", DB_NO_ARGS), OK);
    assert_int_equal(db_batch_begin(cx), OK);
    assert_int_equal(db_transact(&other, add_first, NULL), ERR_STORE_UNAVAILABLE);
    char name[] = "alone";
    assert_int_equal(add_named(&other, name), ERR_STORE_UNAVAILABLE);
    assert_int_equal(count(&other), 0);
    db_batch_rollback(cx);
    assert_int_equal(db_transact(&other, add_first, NULL), OK);
    assert_int_equal(count(cx), 1);
    store_context_close(&other);
}

static void test_settings(void **state)
{
    struct context *cx = entry_store(state);
    const char *mode = NULL;
    int64_t value = 0;
    assert_int_equal(db_one_text(cx, &mode, "PRAGMA journal_mode", DB_NO_ARGS), OK);
    assert_string_equal(mode, "wal");
    assert_int_equal(db_one_integer(cx, &value, "PRAGMA synchronous", DB_NO_ARGS), OK);
    assert_int_equal(value, 2); /* FULL */
    assert_int_equal(db_one_integer(cx, &value, "PRAGMA foreign_keys", DB_NO_ARGS), OK);
    assert_int_equal(value, 1);
}

static void test_reader_cannot_write(void **state)
{
    struct context *cx = entry_store(state);
    struct context reader = store_context(*state, DB_READER);
    assert_int_equal(add_first(&reader, NULL), ERR_INTERNAL);
    assert_int_equal(db_transact(&reader, add_first, NULL), ERR_INTERNAL);
    assert_int_equal(count(cx), 0);
    assert_int_equal(count(&reader), 0);
    store_context_close(&reader);
}

static void test_no_such_file(void **state)
{
    struct store *store = *state;
    struct db *db = NULL;
    const char *where = arena_print(store->cx.arena, "%s/none.db", store->place);
    assert_int_equal(db_open(&store->cx, &db, where, DB_WRITER, false), ERR_STORE_UNAVAILABLE);
    assert_null(db);
    assert_non_null(fault_arg(&store->cx.fault, "reason"));
    assert_int_equal(access(where, F_OK), -1);
    assert_int_equal(db_open(&store->cx, &db, "/dev/null/none.db", DB_WRITER, true),
                     ERR_STORE_UNAVAILABLE);
}

static void test_file_that_is_no_store(void **state)
{
    struct store *store = *state;
    struct db *db = NULL;
    const char *where = arena_print(store->cx.arena, "%s/text.db", store->place);
    FILE *file = fopen(where, "w");
    assert_non_null(file);
    for (int i = 0; i < 100; i++)
        assert_true(fputs("This is no database at all, but a text of some length.\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(db_open(&store->cx, &db, where, DB_WRITER, true), ERR_STORE_UNAVAILABLE);
    assert_null(db);
    unlink(where);
}

/* PostgreSQL ----------------------------------------------------------------------------------- */

static void kill_connection(void **state, struct context *cx)
{
    struct context other = store_context(*state, DB_WRITER);
    int64_t pid = 0;
    int64_t alive = 1;
    assert_int_equal(db_one_integer(cx, &pid, "SELECT pg_backend_pid()", DB_NO_ARGS), OK);
    assert_int_equal(
        db_run(&other, "SELECT pg_terminate_backend($1::int)", DB_ARGS(db_integer(pid))), OK);
    while (alive > 0)
        assert_int_equal(db_one_integer(&other, &alive,
                                        "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = $1",
                                        DB_ARGS(db_integer(pid))),
                         OK);
    store_context_close(&other);
}

struct killing {
    void **state;
    bool with_select;
};

static enum err lose_connection(struct context *cx, void *arg)
{
    const struct killing *killing = arg;
    int64_t value = 0;
    TRY(add_first(cx, NULL));
    kill_connection(killing->state, cx);
    char name[] = "second";
    TRY(add_named(cx, name));
    return killing->with_select ? db_one_integer(cx, &value, "SELECT 1", DB_NO_ARGS) : OK;
}

static void test_lost_in_transaction(void **state)
{
    struct context *cx = entry_store(state);
    for (int i = 0; i < 4; i++) {
        struct killing killing = {state, i % 2 == 0};
        assert_int_equal(db_transact(cx, lose_connection, &killing), ERR_STORE_UNAVAILABLE);
        assert_int_equal(cx->fault.code, ERR_STORE_UNAVAILABLE);
        assert_false(db_in_transaction(cx->db));
        assert_int_equal(count(cx), 0);
    }
    assert_int_equal(db_transact(cx, add_first, NULL), OK);
    assert_int_equal(count(cx), 1);
}

static enum err lose_in_savepoint(struct context *cx, void *arg)
{
    char outer[] = "outer";
    TRY(add_named(cx, outer));
    assert_int_equal(db_transact(cx, lose_connection, arg), ERR_STORE_UNAVAILABLE);
    char name[] = "third";
    assert_int_equal(db_transact(cx, add_named, name), ERR_STORE_UNAVAILABLE);
    return OK;
}

static void test_lost_in_savepoint(void **state)
{
    struct context *cx = entry_store(state);
    struct killing killing = {state, false};
    assert_int_equal(db_transact(cx, lose_in_savepoint, &killing), ERR_STORE_UNAVAILABLE);
    assert_int_equal(count(cx), 0);
}

/* Between units of work nobody notices: the connection is made again, statements too. */
static void test_lost_while_idle(void **state)
{
    struct context *cx = entry_store(state);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count(cx), i);
        kill_connection(state, cx);
        assert_int_equal(db_transact(cx, add_named, arena_print(cx->arena, "after %d", i)), OK);
        kill_connection(state, cx);
        assert_int_equal(count(cx), i + 1);
    }
}

static enum err kill_myself(struct context *cx, void *arg)
{
    (void)arg;
    TRY(add_first(cx, NULL));
    return db_run(cx, "SELECT pg_terminate_backend(pg_backend_pid())", DB_NO_ARGS);
}

static void test_killed_by_own_statement(void **state)
{
    struct context *cx = entry_store(state);
    int64_t value = 0;
    assert_int_equal(db_transact(cx, kill_myself, NULL), ERR_STORE_UNAVAILABLE);
    assert_int_equal(count(cx), 0);
    assert_int_equal(db_one_integer(cx, &value,
                                    "SELECT 1 FROM pg_terminate_backend(pg_backend_pid())",
                                    DB_NO_ARGS),
                     ERR_STORE_UNAVAILABLE);
    assert_int_equal(count(cx), 0);
}

static void test_no_server(void **state)
{
    struct store *store = *state;
    struct db *db = NULL;
    assert_int_equal(
        db_open(&store->cx, &db, "postgresql://annex@127.0.0.1:1/annex", DB_WRITER, true),
        ERR_STORE_UNAVAILABLE);
    assert_null(db);
    assert_non_null(fault_arg(&store->cx.fault, "reason"));
}

struct colliding {
    int runs;
    int collisions; /* of the first runs */
};

static enum err collide(struct context *cx, void *arg)
{
    struct colliding *colliding = arg;
    TRY(add_first(cx, NULL));
    if (colliding->runs++ >= colliding->collisions)
        return OK;
    return db_run(cx, "DO 'BEGIN RAISE EXCEPTION ''collided'' USING ERRCODE = ''40001''; END'",
                  DB_NO_ARGS);
}

static enum err collide_inside(struct context *cx, void *arg)
{
    return db_transact(cx, collide, arg);
}

static void test_collision_runs_again(void **state)
{
    struct context *cx = entry_store(state);
    struct colliding twice = {.collisions = 2};
    assert_int_equal(db_transact(cx, collide_inside, &twice), OK);
    assert_int_equal(twice.runs, 3);
    assert_int_equal(cx->fault.code, OK);
    assert_int_equal(count(cx), 1);
    assert_int_equal(db_run(cx, "DELETE FROM entry", DB_NO_ARGS), OK);
    struct colliding always = {.collisions = 1000};
    assert_int_equal(db_transact(cx, collide, &always), ERR_STORE_CONFLICT);
    assert_int_equal(always.runs, 1 + DB_RETRIES_MAX);
    assert_int_equal(count(cx), 0);
}

int main(void)
{
    const struct CMUnitTest sqlite[] = {
        EMPTY_STORE_TEST(test_full_disk),
        EMPTY_STORE_TEST(test_full_disk_ends_batch),
        EMPTY_STORE_TEST(test_locked_file),
        EMPTY_STORE_TEST(test_settings),
        EMPTY_STORE_TEST(test_reader_cannot_write),
        EMPTY_STORE_TEST(test_no_such_file),
        EMPTY_STORE_TEST(test_file_that_is_no_store),
    };
    const struct CMUnitTest postgres[] = {
        EMPTY_STORE_TEST(test_lost_in_transaction), EMPTY_STORE_TEST(test_lost_in_savepoint),
        EMPTY_STORE_TEST(test_lost_while_idle),     EMPTY_STORE_TEST(test_killed_by_own_statement),
        EMPTY_STORE_TEST(test_no_server),           EMPTY_STORE_TEST(test_collision_runs_again),
    };
    const struct CMUnitTest both[] = {EMPTY_STORE_TEST(test_stops)};
    return store_run_tests("failures", both, sizeof(both) / sizeof(both[0])) +
           store_run_tests_on(DB_SQLITE, "failures", sqlite, sizeof(sqlite) / sizeof(sqlite[0])) +
           store_run_tests_on(DB_POSTGRES, "failures", postgres,
                              sizeof(postgres) / sizeof(postgres[0]));
}
