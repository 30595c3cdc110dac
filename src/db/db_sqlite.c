/* SQLite: one file, WAL, every commit on disk before it is answered. */
#include <sqlite3.h>

#include "db/db_driver.h"

enum { PLACE_SIZE = 16 }; /* "$64" */

struct sqlite {
    sqlite3 *handle;
    enum db_mode mode;
    struct sqlite_statement *spare; /* room of temporary statements that have ended */
};

struct sqlite_statement {
    struct sqlite_statement *next; /* among the spare ones */
    sqlite3_stmt *handle;
    bool is_busy;            /* a select still reads from it */
    bool is_temporary;       /* its twin in the cache was busy */
    bool has_row;            /* the first step of a select found one that was not given yet */
    int count;               /* of parameters */
    int places[DB_ARGS_MAX]; /* SQLite's number of $1, $2, … */
};

static struct sqlite *sqlite_of(struct db *db)
{
    return db->connection;
}

/* Errors --------------------------------------------------------------------------------------- */

static enum err error_of(const struct sqlite *sqlite, int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return ERR_STORE_FULL;
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       code == SQLITE_CONSTRAINT_ROWID
                   ? ERR_STORE_CONFLICT
                   : ERR_INTERNAL;
    case SQLITE_READONLY: /* a reader that writes is our fault, a file that cannot be is not */
        return sqlite->mode == DB_READER ? ERR_INTERNAL : ERR_STORE_UNAVAILABLE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_ABORT:
        return ERR_STORE_UNAVAILABLE;
    default:
        return ERR_INTERNAL;
    }
}

/* Records what the connection says of its last call. */
static enum err sqlite_fault(struct context *cx, struct db *db, int code, const char *sql)
{
    struct sqlite *sqlite = sqlite_of(db);
    enum err err = error_of(sqlite, code);
    if (err != ERR_STORE_CONFLICT)
        db_log(sqlite3_errmsg(sqlite->handle), sqlite3_errstr(code), sql);
    /* A full disk and the like end the whole transaction at once. */
    if (db->depth > 0 && sqlite3_get_autocommit(sqlite->handle))
        db->lost = true;
    return fault(cx, err, NULL);
}

/* Opening and closing -------------------------------------------------------------------------- */

static const char *const SETTINGS_WRITER =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
    "PRAGMA case_sensitive_like = ON"; /* as PostgreSQL compares */
static const char *const SETTINGS_READER =
    "PRAGMA query_only = ON; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
    "PRAGMA case_sensitive_like = ON";

static enum err sqlite_open(struct context *cx, struct db *db, const char *where, enum db_mode mode,
                            bool create)
{
    struct sqlite *sqlite = ARENA_NEW(db->arena, struct sqlite);
    sqlite->mode = mode;
    db->connection = sqlite;
    /* Counting the bytes in use takes a lock that all connections share, twice for each piece of
     * memory. Only before the library's first use; afterwards it says no and nothing happens. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(where, &sqlite->handle, flags, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(sqlite->handle, 1);
        sqlite3_busy_timeout(sqlite->handle, DB_BUSY_WAIT_MS);
        /* "text" in double quotes is a column's name and nothing else, as in PostgreSQL. */
        sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        const char *settings = mode == DB_READER ? SETTINGS_READER : SETTINGS_WRITER;
        code = sqlite3_exec(sqlite->handle, settings, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK)
        return OK;
    enum err err = error_of(sqlite, code);
    const char *reason = sqlite3_errmsg(sqlite->handle);
    db_log(reason, sqlite3_errstr(code), NULL);
    return fault(cx, err, "reason", reason, NULL);
}

static void sqlite_close(struct db *db)
{
    struct sqlite *sqlite = sqlite_of(db);
    if (sqlite == NULL || sqlite->handle == NULL)
        return;
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(sqlite->handle, NULL)) != NULL)
        sqlite3_finalize(statement);
    sqlite3_close(sqlite->handle);
}

/* Statements ----------------------------------------------------------------------------------- */

/* Learns SQLite's numbers of $1, $2, …: it counts parameters as they first appear. */
static bool learn_places(struct sqlite_statement *statement)
{
    statement->count = sqlite3_bind_parameter_count(statement->handle);
    if (statement->count > DB_ARGS_MAX)
        return false;
    for (int i = 0; i < statement->count; i++) {
        char name[PLACE_SIZE];
        snprintf(name, sizeof(name), "$%d", i + 1);
        statement->places[i] = sqlite3_bind_parameter_index(statement->handle, name);
        if (statement->places[i] == 0)
            return false;
    }
    return true;
}

static enum err prepare(struct context *cx, struct db *db, const char *sql,
                        struct sqlite_statement *statement)
{
    unsigned flags = statement->is_temporary ? 0 : SQLITE_PREPARE_PERSISTENT;
    int code = sqlite3_prepare_v3(sqlite_of(db)->handle, sql, -1, flags, &statement->handle, NULL);
    if (code != SQLITE_OK)
        return sqlite_fault(cx, db, code, sql);
    if (statement->handle != NULL && learn_places(statement))
        return OK;
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
    db_log("its parameters are not $1, $2, …", NULL, sql);
    return fault(cx, ERR_INTERNAL, NULL);
}

static void statement_give(struct db *db, struct sqlite_statement *statement)
{
    struct sqlite *sqlite = sqlite_of(db);
    statement->is_busy = false;
    if (!statement->is_temporary) {
        sqlite3_reset(statement->handle);
        return;
    }
    sqlite3_finalize(statement->handle);
    statement->next = sqlite->spare;
    sqlite->spare = statement;
}

static struct sqlite_statement *temporary_create(struct db *db)
{
    struct sqlite *sqlite = sqlite_of(db);
    struct sqlite_statement *statement = sqlite->spare;
    if (statement == NULL)
        statement = ARENA_NEW(db->arena, struct sqlite_statement);
    else
        sqlite->spare = statement->next;
    *statement = (struct sqlite_statement){.is_temporary = true};
    return statement;
}

/* Finds or prepares the statement; a second one when an outer select is reading from it. */
static enum err statement_take(struct context *cx, struct db *db, const char *sql,
                               struct sqlite_statement **ret_statement)
{
    struct db_prepared *prepared = db_prepared_find(db, sql);
    struct sqlite_statement *statement = prepared->statement;
    if (statement == NULL) {
        statement = ARENA_NEW(db->arena, struct sqlite_statement);
        prepared->statement = statement;
    } else if (statement->is_busy) {
        statement = temporary_create(db);
    }
    if (statement->handle == NULL)
        TRY(prepare(cx, db, sql, statement));
    *ret_statement = statement;
    return OK;
}

/* `lifetime`: SQLITE_STATIC when the statement ends before the parameters do. */
static int bind_value(const struct sqlite_statement *statement, int i, const struct db_value *value,
                      sqlite3_destructor_type lifetime)
{
    int place = statement->places[i];
    if (value->is_null)
        return sqlite3_bind_null(statement->handle, place);
    if (value->type == DB_INTEGER)
        return sqlite3_bind_int64(statement->handle, place, value->integer);
    return sqlite3_bind_text(statement->handle, place, db_value_text(value), -1, lifetime);
}

static enum err bind_all(struct context *cx, struct db *db, const char *sql,
                         const struct sqlite_statement *statement, struct db_args args,
                         sqlite3_destructor_type lifetime)
{
    if (args.count != (size_t)statement->count) {
        db_log("it has another number of parameters", NULL, sql);
        return fault(cx, ERR_INTERNAL, NULL);
    }
    for (int i = 0; i < statement->count; i++) {
        int code = bind_value(statement, i, &args.values[i], lifetime);
        if (code != SQLITE_OK)
            return sqlite_fault(cx, db, code, sql);
    }
    return OK;
}

/* Finds the statement and fills in its parameters. */
static enum err statement_fill(struct context *cx, struct db *db, const char *sql,
                               struct db_args args, sqlite3_destructor_type lifetime,
                               struct sqlite_statement **ret_statement)
{
    struct sqlite_statement *statement = NULL;
    TRY(statement_take(cx, db, sql, &statement));
    enum err err = bind_all(cx, db, sql, statement, args, lifetime);
    if (err != OK)
        statement_give(db, statement);
    else
        *ret_statement = statement;
    return err;
}

static enum err sqlite_run(struct context *cx, struct db *db, const char *sql, struct db_args args,
                           int64_t *ret_count)
{
    struct sqlite_statement *statement = NULL;
    TRY(statement_fill(cx, db, sql, args, SQLITE_STATIC, &statement));
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement->handle);
    enum err err = code == SQLITE_DONE ? OK : sqlite_fault(cx, db, code, sql);
    if (err == OK && ret_count != NULL)
        *ret_count = sqlite3_changes64(sqlite_of(db)->handle);
    statement_give(db, statement);
    return err;
}

static enum err sqlite_execute(struct context *cx, struct db *db, const char *sql)
{
    int code = sqlite3_exec(sqlite_of(db)->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fault(cx, db, code, sql);
}

/* Prepared, for it is run several times in each request. */
static enum err sqlite_control(struct context *cx, struct db *db, const char *sql)
{
    return sqlite_run(cx, db, sql, DB_NO_ARGS, NULL);
}

/* IMMEDIATE: who is going to write waits for its turn here, not halfway. */
static enum err sqlite_begin(struct context *cx, struct db *db)
{
    return sqlite_control(cx, db, "BEGIN IMMEDIATE");
}

/* Selects -------------------------------------------------------------------------------------- */

/* One step; at the end or at an error the statement is reset, so that it holds no lock. */
static bool step(struct context *cx, struct db *db, struct sqlite_statement *statement,
                 enum err *ret_err)
{
    int code = sqlite3_step(statement->handle);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        *ret_err = sqlite_fault(cx, db, code, sqlite3_sql(statement->handle));
    sqlite3_reset(statement->handle);
    return false;
}

/* The first step is made here: what a statement with RETURNING changes, it changes then, and
 * its errors come at the same place as from PostgreSQL. */
static enum err sqlite_select(struct context *cx, struct db *db, struct db_cursor *cursor,
                              const char *sql, struct db_args args)
{
    struct sqlite_statement *statement = NULL;
    TRY(statement_fill(cx, db, sql, args, SQLITE_TRANSIENT, &statement));
    enum err err = OK;
    statement->has_row = step(cx, db, statement, &err);
    if (err != OK) {
        statement_give(db, statement);
        return err;
    }
    statement->is_busy = true;
    cursor->handle = statement;
    return OK;
}

static bool sqlite_next(struct context *cx, struct db *db, struct db_cursor *cursor,
                        enum err *ret_err)
{
    struct sqlite_statement *statement = cursor->handle;
    bool found = statement->has_row;
    if (found && cursor->row > 0)
        found = step(cx, db, statement, ret_err);
    statement->has_row = found;
    cursor->row++;
    return found;
}

/* A statement that changes rows is run to its end; reading may stop anywhere. */
static enum err sqlite_end(struct context *cx, struct db *db, struct db_cursor *cursor)
{
    struct sqlite_statement *statement = cursor->handle;
    enum err err = OK;
    if (sqlite3_stmt_readonly(statement->handle))
        return OK;
    while (sqlite_next(cx, db, cursor, &err))
        continue;
    return err;
}

static void sqlite_abandon(struct db *db, struct db_cursor *cursor)
{
    statement_give(db, cursor->handle);
}

static sqlite3_stmt *handle_of(struct db_cursor *cursor)
{
    struct sqlite_statement *statement = cursor->handle;
    return statement->handle;
}

static bool sqlite_is_null(struct db_cursor *cursor, int column)
{
    return sqlite3_column_type(handle_of(cursor), column) == SQLITE_NULL;
}

static bool sqlite_get_text(struct db_cursor *cursor, int column, const char **ret_text)
{
    const char *text = (const char *)sqlite3_column_text(handle_of(cursor), column);
    int size = sqlite3_column_bytes(handle_of(cursor), column);
    if (text == NULL || strlen(text) != (size_t)size)
        return false;
    *ret_text = text;
    return true;
}

static bool sqlite_get_integer(struct db_cursor *cursor, int column, int64_t *ret_value)
{
    if (sqlite3_column_type(handle_of(cursor), column) != SQLITE_INTEGER)
        return false;
    *ret_value = sqlite3_column_int64(handle_of(cursor), column);
    return true;
}

const struct db_driver db_driver_sqlite = {
    .kind = DB_SQLITE,
    .lock_schema = NULL,
    .has_table = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
    .list_tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .control = sqlite_control,
    .execute = sqlite_execute,
    .run = sqlite_run,
    .select = sqlite_select,
    .next = sqlite_next,
    .end = sqlite_end,
    .abandon = sqlite_abandon,
    .is_null = sqlite_is_null,
    .get_text = sqlite_get_text,
    .get_integer = sqlite_get_integer,
};
