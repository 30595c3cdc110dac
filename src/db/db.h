/* The store, at the level of statements: one SQL text for SQLite and PostgreSQL.
 *
 * SQL is written once: parameters $1, $2, … in order of first use, types text and bigint only,
 * RETURNING and ON CONFLICT as both databases know them. Statements are prepared once per
 * connection and found again by the address of their literal, so `sql` must be a literal.
 * A store is used by one thread at a time.
 *
 *     struct db_rows rows;
 *     TRY(db_select(cx, &rows, "SELECT id, quantity FROM subscription WHERE customer = $1",
 *                   DB_ARGS(db_text(cx->customer))));
 *     while (db_next(&rows)) {
 *         const char *id = db_get_text(&rows, 0);
 *         …
 *     }
 *     TRY(db_done(&rows));
 *
 * Errors of every function: ERR_STORE_UNAVAILABLE (lost, locked out, i/o), ERR_STORE_FULL (disk
 * full), ERR_STORE_CONFLICT (a uniqueness lost against someone else), ERR_INTERNAL (the
 * statement itself is wrong). They are recorded as faults; what the database said is logged.
 *
 * A statement that failed inside a transaction spoils it, on both databases alike: whatever
 * follows answers with the same error until the transaction, or the db_transact around the
 * statement, is left. Who expects a conflict says ON CONFLICT, or opens a db_transact for it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

struct db;
struct db_cursor;

enum db_kind { DB_SQLITE, DB_POSTGRES };

/* How a SQLite connection will be used; on PostgreSQL all connections are alike. */
enum db_mode { DB_WRITER, DB_READER };

/* Opens a store: a file's path, ":memory:", or postgresql://…. `create` allows a new file.
 * The caller closes it. Never checks the schema: db_migrate does. A lost connection to
 * PostgreSQL is opened again by the next statement outside a transaction. */
enum err db_open(struct context *cx, struct db **ret_db, const char *where, enum db_mode mode,
                 bool create);
void db_close(struct db *db);
enum db_kind db_kind(const struct db *db);

/* Ends the selects that were left open, as an early return between db_select and db_done does.
 * Whoever owns the connection calls it after each unit of work; db_transact does it for the
 * selects inside it. A select left open keeps a SQLite connection reading the past. */
void db_release(struct db *db);

/* Brings the schema up to this program's version: numbered files of db/migrations, forward
 * only, each in its own transaction, recorded with its hash in `schema_migration`. Refuses a
 * store of a newer program and a migration whose text has changed: ERR_STORE_VERSION, whose
 * argument `reason` says which. */
enum err db_migrate(struct context *cx);
/* ERR_STORE_VERSION, whose `reason` says what is missing, when the store is not at this
 * program's schema. */
enum err db_check_schema(struct context *cx);
/* The names of the tables, in order. */
enum err db_list_tables(struct context *cx, const char ***ret_names, size_t *ret_count);
/* Drops every table, so that the store is as empty as a new one: for simulations. The connection
 * has prepared statements that no longer hold, so it is closed afterwards. */
enum err db_drop_tables(struct context *cx);

/* A parameter, always of one of two types, NULL or not. Texts must live until the call returns.
 * The same place of a statement gets the same type each time. */
enum db_type { DB_TEXT, DB_INTEGER };
struct db_value {
    enum db_type type;
    bool is_null;
    const char *text; /* NULL when it is in `day` */
    int64_t integer;
    char day[DAY_TEXT_SIZE];
};
struct db_value db_text(const char *text); /* NULL gives SQL's NULL */
struct db_value db_integer(int64_t value);
struct db_value db_null_integer(void);  /* SQL's NULL where an integer is expected */
struct db_value db_day(civil_day day);  /* as text "2026-01-13"; DAY_NONE gives NULL */
struct db_value db_instant(instant at); /* as integer ms; INSTANT_NONE gives NULL */
struct db_value db_bool(bool value);    /* integer 0 or 1 */

enum { DB_ARGS_MAX = 64 };
struct db_args {
    const struct db_value *values;
    size_t count;
};
#define DB_ARGS(...)                                                                               \
    ((struct db_args){(const struct db_value[]){__VA_ARGS__},                                      \
                      sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)})
#define DB_NO_ARGS ((struct db_args){NULL, 0})

/* Runs a statement that returns no rows. Inside a transaction on PostgreSQL it is only sent:
 * its error comes from the next db_select or db_run_count, or from the end of the innermost
 * db_transact. */
enum err db_run(struct context *cx, const char *sql, struct db_args args);
/* The same, and tells how many rows it touched. */
enum err db_run_count(struct context *cx, const char *sql, struct db_args args, int64_t *ret_count);

/* Runs a statement that returns rows (SELECT, or anything with RETURNING). Rows are read with
 * db_next until it says false; then db_done tells whether that was the end or an error. A
 * select may be abandoned early by db_done. Selects may be nested, also of one statement. Do
 * not change the rows that a select is still reading: SQLite may or may not show the change. */
struct db_rows {
    struct context *cx;
    struct db *db;
    struct db_cursor *cursor; /* the driver's; NULL once all rows were read */
    enum err state;
};
enum err db_select(struct context *cx, struct db_rows *ret_rows, const char *sql,
                   struct db_args args);
bool db_next(struct db_rows *rows);
enum err db_done(struct db_rows *rows);

/* Columns of the present row, from 0. Texts are copied to the arena of the context. A value
 * that is not of the type asked for ends the select: db_done returns ERR_INTERNAL. */
const char *db_get_text(struct db_rows *rows, int column); /* NULL for SQL's NULL */
int64_t db_get_integer(struct db_rows *rows, int column);  /* 0 for NULL */
bool db_get_bool(struct db_rows *rows, int column);
civil_day db_get_day(struct db_rows *rows, int column);   /* DAY_NONE for NULL */
instant db_get_instant(struct db_rows *rows, int column); /* INSTANT_NONE for NULL */
bool db_is_null(struct db_rows *rows, int column);

/* A select of one integer or text; ERR_NOT_FOUND without a fault when there is no row. */
enum err db_one_integer(struct context *cx, int64_t *ret_value, const char *sql,
                        struct db_args args);
enum err db_one_text(struct context *cx, const char **ret_text, const char *sql,
                     struct db_args args);

/* Says that several selects follow which belong together. On SQLite they see one state of the
 * store, and the file is locked once for all of them instead of once each, which costs as much as
 * a small select; on PostgreSQL nothing happens. Outside of transactions; a db_transact ends it.
 * db_read_end ends the selects that are open, and does nothing without a begin. */
enum err db_read_begin(struct context *cx);
void db_read_end(struct context *cx);

/* A unit of work on the store. */
typedef enum err (*db_work)(struct context *cx, void *arg);

/* Runs `work`, whose selects see the store at one moment, on PostgreSQL too: for rows that must fit
 * together. Inside a transaction, or a db_read_begin, they see what that sees. */
enum err db_snapshot(struct context *cx, db_work work, void *arg);

/* One story, one transaction: runs `work` inside one and commits when it returned OK, else
 * rolls back and returns the error and the fault of the work. Nested in another it is a
 * savepoint. On PostgreSQL a deadlock or serialisation failure runs `work` again (up to
 * DB_RETRIES_MAX times; the arena keeps what it took), so it sets its outputs afresh each time.
 *
 * An error means that nothing was changed, but for one case: when the connection to
 * PostgreSQL is lost during the commit itself nobody can tell, and the answer is
 * ERR_STORE_UNAVAILABLE. Requests repeat under their idempotency key.
 *
 * Where a writer thread owns the store (SQLite under `annex serve`), `cx->db` carries a port
 * to it (db_set_writer) and the work runs there: many callers' works share one commit, and
 * this returns only after that commit is on disk. `work` gets a context whose db writes. */
enum err db_transact(struct context *cx, db_work work, void *arg);

/* Runs `work` inside a transaction that is under way, as db_transact does, and undoes what it did
 * even when it returned OK. */
enum err db_rehearse(struct context *cx, db_work work, void *arg);

/* Inside a transaction or batch already? */
bool db_in_transaction(const struct db *db);

/* For whoever owns the writing connection and batches works (http/writer.c): an outer
 * transaction; db_transact inside it makes savepoints. When the store itself gives way (disk
 * full), the whole batch is lost: every later work and the commit answer with that error.
 * db_batch_commit rolls back when it fails. */
enum err db_batch_begin(struct context *cx);
enum err db_batch_commit(struct context *cx);
void db_batch_rollback(struct context *cx);

/* The port to a writer: runs the work elsewhere and waits for its commit. */
struct db_writer_port {
    enum err (*run)(struct db_writer_port *port, struct context *cx, db_work work, void *arg);
};
void db_set_writer(struct db *db, struct db_writer_port *port);

/* A process that stops at a chosen point, for simulations and tests: from then on every statement
 * answers ERR_STORE_UNAVAILABLE and nothing more is committed, as if the process were gone, until
 * the stop is taken off. Points are counted from 1: each statement, COMMIT among them; or, with
 * `after_commit`, each commit of an outermost transaction, which is then done and only its answer
 * lost. */
struct db_stop {
    int64_t at;         /* 0: never */
    bool after_commit;  /* `at` counts commits */
    int64_t statements; /* out: begun so far */
    int64_t commits;    /* out: done so far */
    bool stopped;       /* out */
};
/* `stop` stays the caller's and lives until NULL takes it off. */
void db_set_stop(struct db *db, struct db_stop *stop);

/* What is run, with its parameters: for who measures what the bare statements cost. */
struct db_recorded {
    const char *sql;
    const struct db_value *values;
    size_t count;
};
LIST_TYPE(db_record, struct db_recorded);
/* Adds every statement to `record`, in `arena`, until NULL takes it off. */
void db_set_record(struct db *db, struct arena *arena, struct db_record *record);

enum { DB_RETRIES_MAX = 10, DB_BUSY_WAIT_MS = 5000 };
