/* What db.c, db_tx.c and db_migrate.c ask of a database: private to db/. */
#pragma once

#include "db/db.h"

struct embed;

enum { DB_ARENA_MAX = 32 * 1024 * 1024 }; /* bytes of one connection's statements */

/* A select that is open. Cursors belong to the connection, not to the arena of a unit of work,
 * so that one that was never closed can still be ended. */
struct db_cursor {
    struct db_cursor *next; /* of the open ones, or of the free ones */
    void *handle;           /* the driver's */
    int64_t row;            /* rows given so far */
    int depth;              /* db->depth when it was opened */
};

/* A prepared statement, found by the address of its literal. */
struct db_prepared {
    const char *sql;
    const char *copy; /* to notice a text that is not a literal */
    void *statement;  /* the driver's; NULL before its first use */
};

struct db {
    const struct db_driver *driver;
    struct arena *arena; /* holds this struct and what lives as long as the connection */
    void *connection;    /* the driver's */
    struct db_writer_port *writer;
    struct db_stop *stop;     /* NULL: none */
    struct db_record *record; /* NULL: none */
    struct arena *record_arena;

    int depth;       /* 0: no transaction; 1: inside one; more: inside savepoints */
    enum err failed; /* why the transaction or savepoint can only be rolled back */
    bool reading;    /* between db_read_begin and db_read_end */
    bool lost;       /* the database has ended the transaction by itself */
    bool retry;      /* the transaction lost against another one and may run again */

    struct db_prepared *prepared; /* open addressing */
    size_t prepared_count;
    size_t prepared_capacity; /* 0 or a power of two */
    struct db_cursor *open;
    struct db_cursor *free;
};

struct db_driver {
    enum db_kind kind;
    const char *lock_schema; /* makes others wait who migrate; NULL when begin does that */
    const char *has_table;   /* counts the tables named $1 */
    const char *list_tables; /* their names, in order */

    enum err (*open)(struct context *cx, struct db *db, const char *where, enum db_mode mode,
                     bool create);
    void (*close)(struct db *db);

    /* Starts a transaction that may write. */
    enum err (*begin)(struct context *cx, struct db *db);
    /* Runs what begins, ends or undoes a transaction or savepoint: a literal, run often. */
    enum err (*control)(struct context *cx, struct db *db, const char *sql);
    /* Runs one statement without parameters that need not be a literal. */
    enum err (*execute)(struct context *cx, struct db *db, const char *sql);
    /* ret_count may be NULL: then the driver may answer later. */
    enum err (*run)(struct context *cx, struct db *db, const char *sql, struct db_args args,
                    int64_t *ret_count);

    /* Opens a select in the cursor; next says whether there is one more row, and sets the
     * error when there is not because of one; end leaves it early, running to its end what
     * changes rows; abandon gives back what the cursor holds, after all of these. */
    enum err (*select)(struct context *cx, struct db *db, struct db_cursor *cursor, const char *sql,
                       struct db_args args);
    bool (*next)(struct context *cx, struct db *db, struct db_cursor *cursor, enum err *ret_err);
    enum err (*end)(struct context *cx, struct db *db, struct db_cursor *cursor);
    void (*abandon)(struct db *db, struct db_cursor *cursor);

    /* The present row. A text lives until the next call; false: not of that type. */
    bool (*is_null)(struct db_cursor *cursor, int column);
    bool (*get_text)(struct db_cursor *cursor, int column, const char **ret_text);
    bool (*get_integer)(struct db_cursor *cursor, int column, int64_t *ret_value);
};

extern const struct db_driver db_driver_sqlite;
extern const struct db_driver db_driver_postgres;

/* db.c: finds the place of a statement in the connection's cache; valid until the next call. */
struct db_prepared *db_prepared_find(struct db *db, const char *sql);
/* db.c: the text of a parameter of type DB_TEXT that is not NULL. */
const char *db_value_text(const struct db_value *value);
/* db.c: ends the selects opened at this depth of transactions or deeper. */
void db_release_from(struct db *db, int depth);
/* db.c: runs DDL and the like, minding whether the transaction is spoilt; db_control does what
 * ends and begins savepoints. */
enum err db_execute(struct context *cx, const char *sql);
enum err db_control(struct context *cx, const char *sql);
/* db.c: refuses what a process that has stopped would no longer do; db_stop_commit counts a commit
 * that was done. */
enum err db_check_stop(struct context *cx);
enum err db_stop_commit(struct context *cx);

/* Logs what a database said. The business never sees it: it may hold data. */
void db_log(const char *what, const char *code, const char *sql);

/* db_migrate.c: db_migrate and db_check_schema with the given files, sorted by name. */
enum err db_migrate_files(struct context *cx, const struct embed *files, size_t count);
enum err db_check_files(struct context *cx, const struct embed *files, size_t count);
