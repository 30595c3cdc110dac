#include <sqlite3.h>

#include "app/bench_bare.h"
#include "base/clock.h"

enum { BATCH_MAX = 256 };

/* Those of the server's writer (db/db_sqlite.c). */
static const char *const SETTINGS =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY";

struct bare_file {
    sqlite3 *handle;
    sqlite3_stmt *statements[BARE_ROWS_MAX];
    struct bare_order *orders; /* of the batch */
};

static enum err sqlite_fail(const struct bare_file *file)
{
    return bench_fail("SQLite says: %s", sqlite3_errmsg(file->handle));
}

static enum err open_file(struct bare_file *file, const char *where)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(where, &file->handle, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(file->handle, SETTINGS, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(file);
    for (size_t i = 0; i < BARE_ROW_COUNT; i++) {
        if (sqlite3_prepare_v3(file->handle, BARE_ROWS[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &file->statements[i], NULL) != SQLITE_OK)
            return sqlite_fail(file);
    }
    return OK;
}

static void close_file(struct bare_file *file)
{
    for (size_t i = 0; i < BARE_ROW_COUNT; i++)
        sqlite3_finalize(file->statements[i]);
    sqlite3_close(file->handle);
}

/* The places of a statement are in order of first use, so that $1 is SQLite's first. */
static int bind_value(sqlite3_stmt *statement, int place, const struct bare_value *value)
{
    switch (value->kind) {
    case BARE_INTEGER:
        return sqlite3_bind_int64(statement, place, value->integer);
    case BARE_TEXT:
        return sqlite3_bind_text(statement, place, value->text, -1, SQLITE_STATIC);
    case BARE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, place);
}

static enum err write_row(const struct bare_file *file, size_t i, const struct bare_order *order)
{
    const struct bare_row *row = &BARE_ROWS[i];
    sqlite3_stmt *statement = file->statements[i];
    for (size_t j = 0; j < row->value_count; j++) {
        struct bare_value value = bare_resolve(&row->values[j], order);
        if (bind_value(statement, (int)j + 1, &value) != SQLITE_OK)
            return sqlite_fail(file);
    }
    if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK)
        return sqlite_fail(file);
    if (sqlite3_changes(file->handle) != 1)
        return bench_fail("the row list writes no row: %s", row->sql);
    return OK;
}

static enum err write_rows(const struct bare_file *file, bool numbers,
                           const struct bare_order *order)
{
    for (size_t i = 0; i < BARE_ROW_COUNT; i++) {
        if ((BARE_ROWS[i].what == BARE_NUMBERS) == numbers)
            TRY(write_row(file, i, order));
    }
    return OK;
}

static enum err execute(const struct bare_file *file, const char *sql)
{
    bool done = sqlite3_exec(file->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
    return done ? OK : sqlite_fail(file);
}

/* The server numbers in a later transaction of a batch; here it is the same one, which is
 * cheaper. */
static enum err write_batch(struct bare *bare, const struct bare_file *file, size_t count)
{
    TRY(execute(file, "BEGIN IMMEDIATE"));
    for (size_t i = 0; i < count; i++) {
        bare_next_order(bare, &file->orders[i]);
        TRY(write_rows(file, false, &file->orders[i]));
    }
    for (size_t i = 0; i < count; i++)
        TRY(write_rows(file, true, &file->orders[i]));
    return execute(file, "COMMIT");
}

static enum err write_batches(struct context *cx, struct bare *bare, const struct bare_file *file,
                              int64_t duration_us, struct bench_round *round)
{
    size_t batch = bare->batch < 1 ? 1 : bare->batch > BATCH_MAX ? BATCH_MAX : (size_t)bare->batch;
    int64_t began_us = clock_monotonic_us();
    while (round->elapsed_us < duration_us) {
        TRY(bench_check_interrupted(cx));
        TRY(write_batch(bare, file, batch));
        round->count += (int64_t)batch;
        round->elapsed_us = clock_monotonic_us() - began_us;
    }
    return OK;
}

enum err bare_run_sqlite(struct context *cx, void *arg, int64_t duration_us,
                         struct bench_round *ret_round)
{
    struct bare *bare = arg;
    struct bare_file file = {.orders = ARENA_ARRAY(cx->arena, struct bare_order, BATCH_MAX)};
    struct bench_round round = {0};
    enum err err = open_file(&file, bare->where);
    if (err == OK)
        err = write_batches(cx, bare, &file, duration_us, &round);
    close_file(&file);
    if (err == OK)
        *ret_round = round;
    return err;
}
