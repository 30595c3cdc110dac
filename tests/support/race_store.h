/* Two who want the same: a rival takes its locks, an attempt of another connection runs into them,
 * and the rival commits. On SQLite the attempt waits before it looks at anything; on PostgreSQL
 * where it meets the lock.
 *
 *     struct race race = {.attempt = spend, .rival = take_all, .arg = &purse};
 *     assert_int_equal(race_run(store, &race), ERR_…);
 *     race_end(&race);
 */
#pragma once

#include "support/store.h"

struct race {
    struct context cx; /* of the attempt */
    db_work attempt;
    db_work rival;
    bool alone; /* the attempt is in no transaction of the caller's */
    void *arg;  /* of both */
    enum err err;
};

/* Runs both and returns what the attempt did; its context lives until race_end. */
enum err race_run(struct store *store, struct race *race);
void race_end(struct race *race);
