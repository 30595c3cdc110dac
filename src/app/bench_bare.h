/* The baseline of orders: the very rows that an order writes (bench_rows.def), by prepared
 * statements of the database's own library and nothing else. The schema, the indexes, the
 * customers and the settings of the connection are those of the server's store. */
#pragma once

#include "app/bench.h"
#include "app/bench_world.h"

/* What differs from order to order. */
enum bare_field {
    /* Texts. */
    BARE_CUSTOMER,
    BARE_ACCOUNT,
    BARE_METHOD,
    BARE_KEY,
    BARE_TODAY,
    BARE_PERIOD_END,
    BARE_REPLY,
    BARE_FROZEN,
    BARE_HASH,
    /* Texts that are ids: BARE_ORDER to BARE_REQUEST. */
    BARE_ORDER,
    BARE_BASE,
    BARE_ADDON,
    BARE_DOCUMENT,
    BARE_LINE_1,
    BARE_LINE_2,
    BARE_ENTRY,
    BARE_EVENT_1,
    BARE_EVENT_2,
    BARE_EVENT_3,
    BARE_EVENT_4,
    BARE_EVENT_5,
    BARE_REQUEST,
    /* Integers. */
    BARE_NOW,
    BARE_DAY_AGO,
    BARE_DUE_AT,
    BARE_SEQ_1,
    BARE_SEQ_2,
    BARE_SEQ_3,
    BARE_SEQ_4,
    BARE_SEQ_5,
    BARE_NUMBER,
    BARE_FIELD_COUNT
};
enum { BARE_IDS = BARE_REQUEST - BARE_ORDER + 1, BARE_ID_SIZE = 40 };

struct bare_order {
    const char *texts[BARE_NOW];
    int64_t integers[BARE_FIELD_COUNT]; /* only from BARE_NOW on */
    char ids[BARE_IDS][BARE_ID_SIZE];
};

enum bare_kind { BARE_TEXT, BARE_INTEGER, BARE_NULL };
struct bare_value {
    enum bare_kind kind;
    bool is_field;
    enum bare_field field;
    const char *text; /* literals */
    int64_t integer;
};

enum bare_what { BARE_INSERTS, BARE_UPDATES, BARE_NUMBERS };
struct bare_row {
    const char *table;
    enum bare_what what;
    const char *sql;
    const struct bare_value *values;
    size_t value_count;
};
extern const struct bare_row BARE_ROWS[];
extern const size_t BARE_ROW_COUNT;
enum { BARE_ROWS_MAX = 64, BARE_VALUES_MAX = 40 };

/* Rows that one order inserts into a table. */
int64_t bare_inserts(const char *table);

struct bare {
    const char *where;
    const struct bench_customer *customers;
    size_t customer_count;
    const char *reply; /* body of the server's answer, kept under the idempotency key */
    int64_t batch;     /* orders in one transaction (SQLite) */

    size_t next;       /* number of the next order */
    struct context cx; /* for ids; with an arena of its own */
    char today[DAY_TEXT_SIZE];
    char period_end[DAY_TEXT_SIZE];
    const char *frozen;
};

struct bare bare_create(struct context *cx, const char *where, const struct bench_world *world);
void bare_end(struct bare *bare);
/* Makes the values of the next order. */
void bare_next_order(struct bare *bare, struct bare_order *ret_order);

/* Resolves a value: its kind, and where it is. */
struct bare_value bare_resolve(const struct bare_value *value, const struct bare_order *order);

/* Places orders for so long: one connection, one thread, `batch` orders in a commit; or, with
 * PostgreSQL, 32 connections, a transaction each, sent in one go. A `struct bench_side` whose
 * argument is a struct bare. */
enum err bare_run_sqlite(struct context *cx, void *bare, int64_t duration_us,
                         struct bench_round *ret_round);
enum err bare_run_postgres(struct context *cx, void *bare, int64_t duration_us,
                           struct bench_round *ret_round);
