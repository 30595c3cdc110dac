#include "db/db.h"

#include "base/log.h"
#include "db/db_driver.h"

/* Opening and closing -------------------------------------------------------------------------- */

static bool names_postgres(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

enum err db_open(struct context *cx, struct db **ret_db, const char *where, enum db_mode mode,
                 bool create)
{
    struct arena *arena = arena_create(DB_ARENA_MAX);
    struct db *db = ARENA_NEW(arena, struct db);
    db->arena = arena;
    db->driver = names_postgres(where) ? &db_driver_postgres : &db_driver_sqlite;
    enum err err = db->driver->open(cx, db, where, mode, create);
    if (err != OK)
        db_close(db);
    else
        *ret_db = db;
    return err;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_release(db);
    db->driver->close(db);
    arena_free(db->arena);
}

enum db_kind db_kind(const struct db *db)
{
    return db->driver->kind;
}

void db_set_writer(struct db *db, struct db_writer_port *port)
{
    db->writer = port;
}

void db_set_stop(struct db *db, struct db_stop *stop)
{
    db->stop = stop;
}

void db_set_record(struct db *db, struct arena *arena, struct db_record *record)
{
    db->record = record;
    db->record_arena = arena;
}

bool db_in_transaction(const struct db *db)
{
    return db->depth > 0;
}

void db_log(const char *what, const char *code, const char *sql)
{
    log_line(LOG_ERROR, "store_error", "said", what != NULL ? what : "", "code",
             code != NULL ? code : "", "sql", sql != NULL ? sql : "", NULL);
}

/* Prepared statements -------------------------------------------------------------------------- */

static size_t place_of(const char *sql, size_t capacity)
{
    uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & (capacity - 1);
}

static struct db_prepared *prepared_probe(struct db_prepared *slots, size_t capacity,
                                          const char *sql)
{
    size_t i = place_of(sql, capacity);
    while (slots[i].sql != NULL && slots[i].sql != sql)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static void prepared_grow(struct db *db)
{
    size_t capacity = db->prepared_capacity == 0 ? 256 : db->prepared_capacity * 2;
    struct db_prepared *slots = ARENA_ARRAY(db->arena, struct db_prepared, capacity);
    for (size_t i = 0; i < db->prepared_capacity; i++) {
        if (db->prepared[i].sql != NULL)
            *prepared_probe(slots, capacity, db->prepared[i].sql) = db->prepared[i];
    }
    db->prepared = slots;
    db->prepared_capacity = capacity;
}

struct db_prepared *db_prepared_find(struct db *db, const char *sql)
{
    if (db->prepared_count * 2 >= db->prepared_capacity)
        prepared_grow(db);
    struct db_prepared *prepared = prepared_probe(db->prepared, db->prepared_capacity, sql);
    if (prepared->sql == NULL) {
        prepared->sql = sql;
        prepared->copy = arena_copy(db->arena, sql);
        db->prepared_count++;
    }
    /* Another text at the same address was no literal: running the old one would be worse. */
    assert(strcmp(prepared->copy, sql) == 0);
    return prepared;
}

/* Parameters ----------------------------------------------------------------------------------- */

struct db_value db_text(const char *text)
{
    return (struct db_value){.type = DB_TEXT, .is_null = text == NULL, .text = text};
}

struct db_value db_integer(int64_t value)
{
    return (struct db_value){.type = DB_INTEGER, .integer = value};
}

struct db_value db_null_integer(void)
{
    return (struct db_value){.type = DB_INTEGER, .is_null = true};
}

struct db_value db_day(civil_day day)
{
    struct db_value value = {.type = DB_TEXT, .is_null = day == DAY_NONE};
    if (!value.is_null)
        day_format(day, value.day);
    return value;
}

struct db_value db_instant(instant at)
{
    return at == INSTANT_NONE ? db_null_integer() : db_integer(at);
}

struct db_value db_bool(bool value)
{
    return db_integer(value ? 1 : 0);
}

const char *db_value_text(const struct db_value *value)
{
    return value->text != NULL ? value->text : value->day;
}

/* Running -------------------------------------------------------------------------------------- */

enum err db_check_stop(struct context *cx)
{
    return cx->db->stop != NULL && cx->db->stop->stopped ? fault(cx, ERR_STORE_UNAVAILABLE, NULL)
                                                         : OK;
}

enum err db_stop_commit(struct context *cx)
{
    struct db_stop *stop = cx->db->stop;
    if (stop == NULL)
        return OK;
    stop->commits++;
    stop->stopped = stop->after_commit && stop->commits == stop->at;
    return db_check_stop(cx);
}

static enum err stop_statement(struct context *cx)
{
    struct db_stop *stop = cx->db->stop;
    if (!stop->stopped)
        stop->statements++;
    if (!stop->after_commit && stop->statements == stop->at)
        stop->stopped = true;
    return db_check_stop(cx);
}

static void record_statement(struct db *db, const char *sql, struct db_args args)
{
    struct arena *arena = db->record_arena;
    struct db_value *values = ARENA_ARRAY(arena, struct db_value, args.count + 1);
    struct db_recorded *recorded = ARENA_NEW(arena, struct db_recorded);
    for (size_t i = 0; i < args.count; i++) {
        values[i] = args.values[i];
        if (values[i].type == DB_TEXT && !values[i].is_null)
            values[i].text = arena_copy(arena, db_value_text(&args.values[i]));
    }
    *recorded = (struct db_recorded){.sql = sql, .values = values, .count = args.count};
    list_push(arena, db->record, recorded);
}

/* Refuses a statement when the transaction is spoilt. */
static enum err begin_statement(struct context *cx, const char *sql, struct db_args args)
{
    assert(cx->db != NULL && args.count <= DB_ARGS_MAX);
    if (cx->db->stop != NULL)
        TRY(stop_statement(cx));
    if (cx->db->record != NULL)
        record_statement(cx->db, sql, args);
    if (cx->db->failed != OK)
        return fault(cx, cx->db->failed, NULL);
    return OK;
}

static enum err end_statement(struct db *db, enum err err)
{
    if (err != OK && db->depth > 0)
        db->failed = err;
    return err;
}

enum err db_run(struct context *cx, const char *sql, struct db_args args)
{
    TRY(begin_statement(cx, sql, args));
    return end_statement(cx->db, cx->db->driver->run(cx, cx->db, sql, args, NULL));
}

enum err db_run_count(struct context *cx, const char *sql, struct db_args args, int64_t *ret_count)
{
    TRY(begin_statement(cx, sql, args));
    return end_statement(cx->db, cx->db->driver->run(cx, cx->db, sql, args, ret_count));
}

enum err db_execute(struct context *cx, const char *sql)
{
    TRY(begin_statement(cx, sql, DB_NO_ARGS));
    return end_statement(cx->db, cx->db->driver->execute(cx, cx->db, sql));
}

enum err db_control(struct context *cx, const char *sql)
{
    TRY(begin_statement(cx, sql, DB_NO_ARGS));
    return end_statement(cx->db, cx->db->driver->control(cx, cx->db, sql));
}

/* Selecting ------------------------------------------------------------------------------------ */

static struct db_cursor *cursor_open(struct db *db)
{
    struct db_cursor *cursor = db->free;
    if (cursor == NULL)
        cursor = ARENA_NEW(db->arena, struct db_cursor);
    else
        db->free = cursor->next;
    *cursor = (struct db_cursor){.next = db->open, .depth = db->depth};
    db->open = cursor;
    return cursor;
}

static void cursor_close(struct db *db, struct db_cursor *cursor)
{
    struct db_cursor **link = &db->open;
    while (*link != cursor)
        link = &(*link)->next;
    *link = cursor->next;
    cursor->next = db->free;
    db->free = cursor;
}

void db_release_from(struct db *db, int depth)
{
    struct db_cursor *next = NULL;
    for (struct db_cursor *cursor = db->open; cursor != NULL; cursor = next) {
        next = cursor->next;
        if (cursor->depth < depth)
            continue;
        db->driver->abandon(db, cursor);
        cursor_close(db, cursor);
    }
}

void db_release(struct db *db)
{
    db_release_from(db, 0);
}

enum err db_select(struct context *cx, struct db_rows *ret_rows, const char *sql,
                   struct db_args args)
{
    struct db *db = cx->db;
    TRY(begin_statement(cx, sql, args));
    struct db_cursor *cursor = cursor_open(db);
    enum err err = db->driver->select(cx, db, cursor, sql, args);
    if (err != OK) {
        cursor_close(db, cursor);
        return end_statement(db, err);
    }
    *ret_rows = (struct db_rows){.cx = cx, .db = db, .cursor = cursor, .state = OK};
    return OK;
}

bool db_next(struct db_rows *rows)
{
    if (rows->cursor == NULL || rows->state != OK)
        return false;
    enum err err = OK;
    if (rows->db->driver->next(rows->cx, rows->db, rows->cursor, &err))
        return true;
    /* Closed already here, so that a caller who forgets db_done holds nothing back. */
    rows->db->driver->abandon(rows->db, rows->cursor);
    cursor_close(rows->db, rows->cursor);
    rows->cursor = NULL;
    rows->state = end_statement(rows->db, err);
    return false;
}

enum err db_done(struct db_rows *rows)
{
    if (rows->cursor == NULL)
        return rows->state;
    enum err err = rows->state;
    if (err == OK)
        err = rows->db->driver->end(rows->cx, rows->db, rows->cursor);
    rows->db->driver->abandon(rows->db, rows->cursor);
    cursor_close(rows->db, rows->cursor);
    rows->cursor = NULL;
    rows->state = end_statement(rows->db, err);
    return rows->state;
}

/* Columns -------------------------------------------------------------------------------------- */

static void refuse_value(struct db_rows *rows, int column, const char *wanted)
{
    db_log(arena_print(rows->cx->arena, "column %d is not %s", column, wanted), NULL, NULL);
    rows->state = fault(rows->cx, ERR_INTERNAL, NULL);
}

bool db_is_null(struct db_rows *rows, int column)
{
    assert(rows->cursor != NULL);
    return rows->db->driver->is_null(rows->cursor, column);
}

const char *db_get_text(struct db_rows *rows, int column)
{
    const char *text = NULL;
    if (db_is_null(rows, column))
        return NULL;
    if (!rows->db->driver->get_text(rows->cursor, column, &text)) {
        refuse_value(rows, column, "a text without NUL");
        return "";
    }
    return arena_copy(rows->cx->arena, text);
}

int64_t db_get_integer(struct db_rows *rows, int column)
{
    int64_t value = 0;
    if (!db_is_null(rows, column) && !rows->db->driver->get_integer(rows->cursor, column, &value))
        refuse_value(rows, column, "an integer");
    return value;
}

bool db_get_bool(struct db_rows *rows, int column)
{
    return db_get_integer(rows, column) != 0;
}

civil_day db_get_day(struct db_rows *rows, int column)
{
    const char *text = NULL;
    civil_day day = DAY_NONE;
    if (db_is_null(rows, column))
        return DAY_NONE;
    if (!rows->db->driver->get_text(rows->cursor, column, &text) || !day_parse(text, &day))
        refuse_value(rows, column, "a day");
    return day;
}

instant db_get_instant(struct db_rows *rows, int column)
{
    return db_is_null(rows, column) ? INSTANT_NONE : db_get_integer(rows, column);
}

enum err db_one_integer(struct context *cx, int64_t *ret_value, const char *sql,
                        struct db_args args)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, sql, args));
    bool found = db_next(&rows);
    int64_t value = found ? db_get_integer(&rows, 0) : 0;
    TRY(db_done(&rows));
    if (!found)
        return ERR_NOT_FOUND;
    *ret_value = value;
    return OK;
}

enum err db_one_text(struct context *cx, const char **ret_text, const char *sql,
                     struct db_args args)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, sql, args));
    bool found = db_next(&rows);
    const char *text = found ? db_get_text(&rows, 0) : NULL;
    TRY(db_done(&rows));
    if (!found)
        return ERR_NOT_FOUND;
    *ret_text = text;
    return OK;
}
