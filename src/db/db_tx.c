/* Transactions: one story, one transaction; nested ones are savepoints.
 *
 * db->depth counts them. All savepoints have one name: both databases take the innermost. */
#include "base/log.h"
#include "db/db_driver.h"

enum { PAUSE_FIRST_MS = 2, PAUSE_MAX_MS = 100 };

static enum err tx_begin(struct context *cx)
{
    struct db *db = cx->db;
    db->failed = OK;
    db->lost = false;
    db->retry = false;
    TRY(db_check_stop(cx));
    TRY(db->driver->begin(cx, db));
    db->depth = 1;
    return OK;
}

/* Undoes the whole transaction. The fault that led here is kept. */
static void tx_rollback(struct context *cx)
{
    struct db *db = cx->db;
    struct fault kept = cx->fault;
    db_release_from(db, 1);
    if (!db->lost && db->driver->control(cx, db, "ROLLBACK") != OK)
        log_line(LOG_WARNING, "rollback_failed", NULL);
    cx->fault = kept;
    db->depth = 0;
    db->failed = OK;
    db->lost = false;
}

static enum err tx_commit(struct context *cx)
{
    struct db *db = cx->db;
    db_release_from(db, 1);
    /* Refused when a statement has failed, even if the work did not mind. */
    enum err err = db_control(cx, "COMMIT");
    if (err != OK) {
        tx_rollback(cx);
        return err;
    }
    db->depth = 0;
    return db_stop_commit(cx);
}

static enum err transact_once(struct context *cx, db_work work, void *arg)
{
    TRY(tx_begin(cx));
    enum err err = work(cx, arg);
    if (err == OK)
        return tx_commit(cx);
    tx_rollback(cx);
    return err;
}

/* Longer each time, so that those who collided stop doing so. */
static void pause_before_retry(int attempt)
{
    int64_t pause_ms = (int64_t)PAUSE_FIRST_MS << attempt;
    if (pause_ms > PAUSE_MAX_MS)
        pause_ms = PAUSE_MAX_MS;
    struct timespec pause = {.tv_nsec = (long)pause_ms * 1000000};
    nanosleep(&pause, NULL);
}

static enum err transact_outermost(struct context *cx, db_work work, void *arg)
{
    enum err err = transact_once(cx, work, arg);
    for (int attempt = 0; err != OK && cx->db->retry && attempt < DB_RETRIES_MAX; attempt++) {
        pause_before_retry(attempt);
        fault_clear(cx);
        err = transact_once(cx, work, arg);
    }
    return err;
}

/* Undoes what was done since the innermost savepoint. The fault that led here is kept. */
static void savepoint_rollback(struct context *cx)
{
    struct db *db = cx->db;
    struct fault kept = cx->fault;
    db_release_from(db, db->depth);
    db->depth--;
    if (db->lost)
        return;
    enum err err = db->driver->control(cx, db, "ROLLBACK TO SAVEPOINT work");
    if (err == OK)
        err = db->driver->control(cx, db, "RELEASE SAVEPOINT work");
    db->failed = err;
    cx->fault = kept;
}

static enum err transact_nested(struct context *cx, db_work work, void *arg)
{
    struct db *db = cx->db;
    TRY(db_control(cx, "SAVEPOINT work"));
    db->depth++;
    enum err err = work(cx, arg);
    db_release_from(db, db->depth);
    if (err == OK)
        err = db_control(cx, "RELEASE SAVEPOINT work");
    if (err != OK)
        savepoint_rollback(cx);
    else
        db->depth--;
    return err;
}

enum err db_rehearse(struct context *cx, db_work work, void *arg)
{
    struct db *db = cx->db;
    assert(db->depth > 0);
    TRY(db_control(cx, "SAVEPOINT work"));
    db->depth++;
    enum err err = transact_nested(cx, work, arg); /* its end says what went wrong inside */
    savepoint_rollback(cx);
    return err != OK ? err : db->failed;
}

enum err db_read_begin(struct context *cx)
{
    struct db *db = cx->db;
    assert(db->depth == 0 && !db->reading);
    if (db->driver->kind != DB_SQLITE)
        return OK;
    TRY(db->driver->control(cx, db, "BEGIN"));
    db->reading = true;
    return OK;
}

void db_read_end(struct context *cx)
{
    struct db *db = cx->db;
    if (!db->reading)
        return;
    struct fault kept = cx->fault;
    db->reading = false;
    db_release(db);
    if (db->driver->control(cx, db, "COMMIT") != OK &&
        db->driver->control(cx, db, "ROLLBACK") != OK)
        log_line(LOG_WARNING, "rollback_failed", NULL);
    cx->fault = kept;
}

/* A transaction that only reads; whatever is begun inside it is a savepoint. */
static enum err snapshot_of_postgres(struct context *cx, db_work work, void *arg)
{
    TRY(tx_begin(cx));
    enum err err = db_control(cx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    if (err == OK)
        err = work(cx, arg);
    if (err == OK)
        return tx_commit(cx);
    tx_rollback(cx);
    return err;
}

enum err db_snapshot(struct context *cx, db_work work, void *arg)
{
    struct db *db = cx->db;
    if (db->depth > 0 || db->reading)
        return work(cx, arg);
    if (db->driver->kind != DB_SQLITE)
        return snapshot_of_postgres(cx, work, arg);
    TRY(db_read_begin(cx));
    enum err err = work(cx, arg);
    db_read_end(cx);
    return err;
}

enum err db_transact(struct context *cx, db_work work, void *arg)
{
    struct db *db = cx->db;
    if (db->depth > 0)
        return transact_nested(cx, work, arg);
    db_read_end(cx); /* or what follows would not see what the work wrote */
    if (db->writer != NULL)
        return db->writer->run(db->writer, cx, work, arg);
    return transact_outermost(cx, work, arg);
}

enum err db_batch_begin(struct context *cx)
{
    assert(cx->db->depth == 0);
    return tx_begin(cx);
}

enum err db_batch_commit(struct context *cx)
{
    assert(cx->db->depth == 1);
    return tx_commit(cx);
}

void db_batch_rollback(struct context *cx)
{
    assert(cx->db->depth == 1);
    tx_rollback(cx);
}
