#include "app/bench_replay.h"

#include <sqlite3.h>

#include "base/clock.h"

enum { STATEMENTS_MAX = 128, ID_PREFIX_SIZE = 3 };

/* Compiling ---------------------------------------------------------------------------------- */

struct compiler {
    struct context *cx;
    const struct replay_customer *sample;
    int64_t number;
    const char *news[REPLAY_NEW_IDS_MAX]; /* ids that the renewal made */
    size_t new_count;
};

static bool is_any_id(const char *text)
{
    const char *bar = strchr(text, '_');
    if (bar == NULL || bar - text != ID_PREFIX_SIZE)
        return false;
    const char prefix[] = {text[0], text[1], text[2], '\0'};
    return id_is(text, prefix);
}

static struct replay_value compile_value(struct compiler *c, const struct db_value *value,
                                         bool numbers)
{
    struct replay_value compiled = {.literal = value};
    if (numbers && value->type == DB_INTEGER && !value->is_null && value->integer == c->number)
        compiled.place = REPLAY_NUMBER;
    if (value->type == DB_INTEGER || value->is_null || !is_any_id(value->text))
        return compiled;
    for (size_t i = 0; i < REPLAY_OWN_IDS; i++) {
        if (c->sample->own[i] != NULL && strcmp(c->sample->own[i], value->text) == 0)
            return (struct replay_value){.place = REPLAY_OWN, .index = i};
    }
    size_t index = 0;
    while (index < c->new_count && strcmp(c->news[index], value->text) != 0)
        index++;
    if (index == c->new_count) {
        assert(c->new_count < REPLAY_NEW_IDS_MAX);
        c->news[c->new_count++] = value->text;
    }
    const char *prefix = arena_print(c->cx->arena, "%.*s", ID_PREFIX_SIZE, value->text);
    return (struct replay_value){.place = REPLAY_NEW, .index = index, .prefix = prefix};
}

/* Claims are between nodes: who works alone needs none. */
static bool is_for_one(const char *sql)
{
    return strncmp(sql, "SELECT", strlen("SELECT")) != 0 && strstr(sql, "(SELECT") == NULL &&
           strstr(sql, "due_claim") == NULL;
}

struct replay_script replay_compile(struct context *cx, const struct db_record *record,
                                    const struct replay_customer *sample, int64_t number)
{
    struct compiler c = {.cx = cx, .sample = sample, .number = number};
    struct replay_script script = {0};
    for (size_t i = 0; i < record->count; i++) {
        const struct db_recorded *recorded = record->items[i];
        bool is_control = recorded->count == 0; /* savepoints and commits */
        if (is_control || !is_for_one(recorded->sql))
            continue;
        struct replay_value *values = ARENA_ARRAY(cx->arena, struct replay_value, recorded->count);
        struct replay_statement *statement = ARENA_NEW(cx->arena, struct replay_statement);
        for (size_t j = 0; j < recorded->count; j++)
            values[j] =
                compile_value(&c, &recorded->values[j], strstr(recorded->sql, "number") != NULL);
        *statement = (struct replay_statement){recorded->sql, values, recorded->count};
        list_push(cx->arena, &script, statement);
    }
    assert(script.count <= STATEMENTS_MAX);
    return script;
}

/* Customers ---------------------------------------------------------------------------------- */

enum err replay_load_customers(struct context *cx, const char *after, size_t limit,
                               struct replay_customer **ret_customers, size_t *ret_count)
{
    enum { ADDON = 4 };
    struct db_rows rows;
    size_t count = 0;
    struct replay_customer *customers = ARENA_ARRAY(cx->arena, struct replay_customer, limit);
    TRY(db_select(cx, &rows,
                  "SELECT o.id, a.id, m.id, s.id, c.id, r.id, d.id, l.id, k.id FROM organization o"
                  " JOIN account a ON a.customer = o.id JOIN payment_method m ON m.customer = o.id"
                  " JOIN subscription s ON s.customer = o.id AND s.parent IS NULL"
                  " LEFT JOIN subscription c ON c.customer = o.id AND c.parent = s.id"
                  " JOIN orders r ON r.customer = o.id"
                  " JOIN document d ON d.customer = o.id AND d.order_id = r.id"
                  " JOIN document_line l ON l.customer = o.id AND l.document = d.id"
                  " AND l.position = 1"
                  " LEFT JOIN document_line k ON k.customer = o.id AND k.document = d.id"
                  " AND k.position = 2 WHERE o.id > $1 ORDER BY o.id, d.id LIMIT $2",
                  DB_ARGS(db_text(after), db_integer((int64_t)limit))));
    while (db_next(&rows)) {
        struct replay_customer *customer = &customers[count++];
        for (int i = 0; i < REPLAY_OWN_IDS; i++)
            customer->own[i] = db_get_text(&rows, i);
        customer->kind = customer->own[ADDON] != NULL ? 1 : 0;
    }
    TRY(db_done(&rows));
    *ret_customers = customers;
    *ret_count = count;
    return OK;
}

/* Running ------------------------------------------------------------------------------------ */

/* Those of the server's writer (db/db_sqlite.c). */
static const char *const SETTINGS =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY";

struct replay_file {
    sqlite3 *handle;
    sqlite3_stmt *statements[REPLAY_KINDS][STATEMENTS_MAX];
};

static enum err sqlite_fail(const struct replay_file *file)
{
    return bench_fail("SQLite says: %s", sqlite3_errmsg(file->handle));
}

static enum err open_file(struct replay_file *file, const struct replay *replay)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(replay->where, &file->handle, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(file->handle, SETTINGS, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(file);
    for (size_t k = 0; k < REPLAY_KINDS; k++) {
        for (size_t i = 0; i < replay->scripts[k].count; i++) {
            if (sqlite3_prepare_v3(file->handle, replay->scripts[k].items[i]->sql, -1,
                                   SQLITE_PREPARE_PERSISTENT, &file->statements[k][i],
                                   NULL) != SQLITE_OK)
                return sqlite_fail(file);
        }
    }
    return OK;
}

static void close_file(struct replay_file *file)
{
    for (size_t k = 0; k < REPLAY_KINDS; k++) {
        for (size_t i = 0; i < STATEMENTS_MAX; i++)
            sqlite3_finalize(file->statements[k][i]);
    }
    sqlite3_close(file->handle);
}

static int bind_literal(sqlite3_stmt *statement, int place, const struct db_value *value)
{
    if (value->is_null)
        return sqlite3_bind_null(statement, place);
    if (value->type == DB_INTEGER)
        return sqlite3_bind_int64(statement, place, value->integer);
    return sqlite3_bind_text(statement, place, value->text, -1, SQLITE_STATIC);
}

static int bind_value(struct replay *replay, const struct replay_customer *customer,
                      const char **news, sqlite3_stmt *statement, size_t i,
                      const struct replay_value *value)
{
    int place = (int)i + 1; /* places are in order of first use (db/db.h) */
    switch (value->place) {
    case REPLAY_OWN:
        return sqlite3_bind_text(statement, place, customer->own[value->index], -1, SQLITE_STATIC);
    case REPLAY_NEW:
        if (news[value->index] == NULL)
            news[value->index] = id_next(&replay->cx, value->prefix);
        return sqlite3_bind_text(statement, place, news[value->index], -1, SQLITE_STATIC);
    case REPLAY_NUMBER:
        return sqlite3_bind_int64(statement, place, replay->number);
    case REPLAY_LITERAL:
        break;
    }
    return bind_literal(statement, place, value->literal);
}

static enum err write_customer(struct replay *replay, struct replay_file *file,
                               const struct replay_customer *customer)
{
    const struct replay_script *script = &replay->scripts[customer->kind];
    const char *news[REPLAY_NEW_IDS_MAX] = {0};
    arena_reset(replay->cx.arena);
    replay->number++;
    for (size_t i = 0; i < script->count; i++) {
        const struct replay_statement *recorded = script->items[i];
        sqlite3_stmt *statement = file->statements[customer->kind][i];
        for (size_t j = 0; j < recorded->count; j++) {
            if (bind_value(replay, customer, news, statement, j, &recorded->values[j]) != SQLITE_OK)
                return sqlite_fail(file);
        }
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) /* RETURNING */
            code = sqlite3_step(statement);
        if (code != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK)
            return sqlite_fail(file);
        if (sqlite3_changes(file->handle) != 1)
            return bench_fail("a recorded statement writes no row: %s", recorded->sql);
    }
    return OK;
}

static enum err execute(const struct replay_file *file, const char *sql)
{
    bool done = sqlite3_exec(file->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
    return done ? OK : sqlite_fail(file);
}

static enum err write_all(struct replay *replay, struct replay_file *file,
                          const struct replay_customer *customers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i % (size_t)replay->batch == 0)
            TRY(execute(file, "BEGIN IMMEDIATE"));
        TRY(write_customer(replay, file, &customers[i]));
        if ((i + 1) % (size_t)replay->batch == 0 || i + 1 == count)
            TRY(execute(file, "COMMIT"));
    }
    return OK;
}

enum err replay_run(struct replay *replay, const struct replay_customer *customers, size_t count,
                    struct bench_round *ret_round)
{
    struct replay_file file = {0};
    enum err err = open_file(&file, replay);
    int64_t began_us = clock_monotonic_us();
    if (err == OK)
        err = write_all(replay, &file, customers, count);
    int64_t elapsed_us = clock_monotonic_us() - began_us;
    close_file(&file);
    if (err == OK)
        *ret_round = (struct bench_round){.count = (int64_t)count, .elapsed_us = elapsed_us};
    return err;
}
