/* The baseline of renewals: the very statements with which the engine writes a renewal, recorded
 * once for each kind of customer and run again for all others by SQLite's own library and nothing
 * else. So the rows, their sizes and the order of writing are the engine's by themselves, whatever
 * columns it gets. */
#pragma once

#include "app/bench.h"
#include "db/db.h"

/* The ids that a customer has before it renews, in this order; NULL where it has none. */
enum { REPLAY_OWN_IDS = 9, REPLAY_NEW_IDS_MAX = 64, REPLAY_KINDS = 2 };
struct replay_customer {
    const char *own[REPLAY_OWN_IDS];
    size_t kind; /* 0: without an add-on, 1: with one */
};

/* A parameter: an id that the customer has, a new one, the next document number, or as it was. */
enum replay_place { REPLAY_LITERAL, REPLAY_OWN, REPLAY_NEW, REPLAY_NUMBER };
struct replay_value {
    enum replay_place place;
    size_t index;       /* REPLAY_OWN, REPLAY_NEW: which */
    const char *prefix; /* REPLAY_NEW */
    const struct db_value *literal;
};
struct replay_statement {
    const char *sql;
    const struct replay_value *values;
    size_t count;
};
LIST_TYPE(replay_script, struct replay_statement);

/* Makes a script of what was recorded while `sample` renewed: without the statements that read, and
 * those by which nodes share out the customers. `number`: of the sample's new document. */
struct replay_script replay_compile(struct context *cx, const struct db_record *record,
                                    const struct replay_customer *sample, int64_t number);

/* Loads at most `limit` customers after one, with whatever is due, from cx->db. */
enum err replay_load_customers(struct context *cx, const char *after, size_t limit,
                               struct replay_customer **ret_customers, size_t *ret_count);

struct replay {
    const char *where;
    struct replay_script scripts[REPLAY_KINDS];
    int64_t batch;  /* customers in a commit */
    int64_t number; /* of the last document */
    struct context cx;
};

/* Runs the script of each customer, in commits of a batch. */
enum err replay_run(struct replay *replay, const struct replay_customer *customers, size_t count,
                    struct bench_round *ret_round);
