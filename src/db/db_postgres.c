/* PostgreSQL: all statements go through libpq's pipeline.
 *
 * A statement whose result nobody waits for (BEGIN, db_run inside a transaction) is only sent;
 * the next one that needs an answer brings those of all before it, in one round trip. When one
 * fails the server leaves out the rest up to that point, so nothing runs on a false premise.
 */
#include <libpq-fe.h>
#include <poll.h>

#include "db/db_driver.h"

enum {
    NAME_SIZE = 16,
    INTEGER_SIZE = 24,
    QUEUE_MAX = 256,    /* statements sent ahead of their answers */
    QUEUE_PER_CALL = 2, /* one to prepare, one to run */
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_NUMERIC = 1700, /* sums of bigint */
};

struct postgres_statement {
    char name[NAME_SIZE];
    uint64_t known_by; /* the connection that has prepared it; 0: none */
    size_t count;      /* of parameters */
};

/* Something sent whose answer has not come yet. */
struct postgres_sent {
    const char *sql;
    struct postgres_statement *prepares; /* NULL unless it is the preparation of this one */
};

struct postgres {
    PGconn *handle;
    uint64_t connection; /* counts the connections made */
    uint64_t statements; /* counts the names given */
    struct postgres_sent sent[QUEUE_MAX + QUEUE_PER_CALL];
    size_t sent_count;
};

static struct postgres *postgres_of(struct db *db)
{
    return db->connection;
}

/* Errors --------------------------------------------------------------------------------------- */

static bool is_one_of(const char *state, const char *const *states)
{
    while (*states != NULL && strcmp(state, *states) != 0)
        states++;
    return *states != NULL;
}

/* By the SQLSTATE (PostgreSQL's manual, appendix A). */
static enum err error_of(const char *state)
{
    static const char *const unavailable[] = {"25006", "55P03", "57014", "58030", NULL};
    static const char *const internal[] = {"08P01", NULL}; /* wrong number of parameters */
    static const char *const conflict[] = {"23505", "40001", "40P01", NULL};
    if (is_one_of(state, internal))
        return ERR_INTERNAL;
    if (is_one_of(state, conflict))
        return ERR_STORE_CONFLICT;
    if (strcmp(state, "53100") == 0)
        return ERR_STORE_FULL;
    if (is_one_of(state, unavailable) || strncmp(state, "08", 2) == 0 ||
        strncmp(state, "53", 2) == 0 || strncmp(state, "57P", 3) == 0)
        return ERR_STORE_UNAVAILABLE;
    return ERR_INTERNAL;
}

/* Records what the server or, when `result` is NULL, libpq says. */
static enum err postgres_fault(struct context *cx, struct db *db, const PGresult *result,
                               const char *sql)
{
    struct postgres *postgres = postgres_of(db);
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    bool is_broken = PQstatus(postgres->handle) != CONNECTION_OK;
    enum err err = is_broken ? ERR_STORE_UNAVAILABLE : ERR_INTERNAL;
    if (state != NULL)
        err = error_of(state);
    if (state != NULL && strncmp(state, "40", 2) == 0)
        db->retry = true;
    if (err != ERR_STORE_CONFLICT)
        db_log(result != NULL ? PQresultErrorMessage(result) : PQerrorMessage(postgres->handle),
               state, sql);
    return fault(cx, err, NULL);
}

/* Connecting ----------------------------------------------------------------------------------- */

/* After connecting: says no notices, and no matter what the server's default is, reads what is
 * committed (the account's row is locked first, so nothing more is needed). */
static bool set_up(struct postgres *postgres)
{
    static const char *const settings =
        "SET client_min_messages = warning;"
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED";
    postgres->connection++;
    postgres->sent_count = 0;
    if (PQstatus(postgres->handle) != CONNECTION_OK)
        return false;
    PGresult *result = PQexec(postgres->handle, settings);
    bool is_set = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return is_set && PQenterPipelineMode(postgres->handle) == 1;
}

static void log_notice(void *db, const PGresult *result)
{
    (void)db;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    db_log(PQresultErrorMessage(result), state, NULL);
}

static enum err postgres_open(struct context *cx, struct db *db, const char *where,
                              enum db_mode mode, bool create)
{
    (void)mode;
    (void)create;
    static const char *const names[] = {"fallback_application_name", "dbname", "client_encoding",
                                        NULL};
    const char *const values[] = {"annex", where, "UTF8", NULL};
    struct postgres *postgres = ARENA_NEW(db->arena, struct postgres);
    db->connection = postgres;
    postgres->handle = PQconnectdbParams(names, values, 1);
    PQsetNoticeReceiver(postgres->handle, log_notice, db);
    if (set_up(postgres))
        return OK;
    const char *reason = PQerrorMessage(postgres->handle);
    db_log(reason, NULL, NULL);
    return fault(cx, ERR_STORE_UNAVAILABLE, "reason", reason, NULL);
}

static void postgres_close(struct db *db)
{
    PQfinish(postgres_of(db)->handle);
}

static void take_sync(struct postgres *postgres)
{
    bool is_sync = false;
    while (!is_sync) {
        PGresult *result = PQgetResult(postgres->handle);
        is_sync = result == NULL || PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
}

/* An idle connection has nothing to say, unless the server has closed it: then it is asked. */
static bool is_alive(struct postgres *postgres)
{
    struct pollfd ready = {.fd = PQsocket(postgres->handle), .events = POLLIN};
    if (PQstatus(postgres->handle) != CONNECTION_OK)
        return false;
    if (poll(&ready, 1, 0) != 0 && PQpipelineSync(postgres->handle) == 1)
        take_sync(postgres);
    return PQstatus(postgres->handle) == CONNECTION_OK &&
           PQtransactionStatus(postgres->handle) == PQTRANS_IDLE;
}

/* Outside a transaction: connects again when the connection is of no more use. */
static enum err be_connected(struct context *cx, struct db *db)
{
    struct postgres *postgres = postgres_of(db);
    if (db->depth > 0 || is_alive(postgres))
        return OK;
    PQreset(postgres->handle);
    if (set_up(postgres))
        return OK;
    return postgres_fault(cx, db, NULL, NULL);
}

/* Sending and answers -------------------------------------------------------------------------- */

/* Notes what was sent, or that it could not be. */
static enum err note_sent(struct context *cx, struct db *db, int is_sent, const char *sql,
                          struct postgres_statement *prepares)
{
    struct postgres *postgres = postgres_of(db);
    if (is_sent != 1)
        return postgres_fault(cx, db, NULL, sql);
    postgres->sent[postgres->sent_count++] = (struct postgres_sent){sql, prepares};
    return OK;
}

static bool is_good(const PGresult *result)
{
    switch (PQresultStatus(result)) { /* of NULL: PGRES_FATAL_ERROR */
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return true;
    default:
        return false;
    }
}

/* Takes the answer of one statement, the whole of it. */
static PGresult *take_answer(struct postgres *postgres)
{
    PGresult *answer = PQgetResult(postgres->handle);
    PGresult *more = answer;
    while (more != NULL) {
        more = PQgetResult(postgres->handle);
        PQclear(more);
    }
    return answer;
}

/* Waits for the answers to all that was sent. The error is that of the first which failed;
 * *ret_last (may be NULL) gets the answer to the last, and the caller clears it. */
static enum err take_answers(struct context *cx, struct db *db, PGresult **ret_last)
{
    struct postgres *postgres = postgres_of(db);
    enum err err = OK;
    PGresult *last = NULL;
    if (PQpipelineSync(postgres->handle) != 1)
        err = postgres_fault(cx, db, NULL, NULL);
    for (size_t i = 0; i < postgres->sent_count; i++) {
        const struct postgres_sent *sent = &postgres->sent[i];
        PQclear(last);
        last = take_answer(postgres);
        if (is_good(last))
            continue;
        if (sent->prepares != NULL)
            sent->prepares->known_by = 0;
        if (err == OK)
            err = postgres_fault(cx, db, last, sent->sql);
    }
    take_sync(postgres);
    postgres->sent_count = 0;
    if (db->depth > 0 && PQstatus(postgres->handle) != CONNECTION_OK)
        db->lost = true;
    if (err == OK && ret_last != NULL)
        *ret_last = last;
    else
        PQclear(last);
    return err;
}

/* Statements ----------------------------------------------------------------------------------- */

static enum err send_prepare(struct context *cx, struct db *db, const char *sql,
                             struct db_args args, struct postgres_statement *statement)
{
    struct postgres *postgres = postgres_of(db);
    Oid types[DB_ARGS_MAX];
    for (size_t i = 0; i < args.count; i++)
        types[i] = args.values[i].type == DB_INTEGER ? OID_INT8 : OID_TEXT;
    /* Each preparation has a name of its own: of one that failed the server may know or not. */
    snprintf(statement->name, sizeof(statement->name), "a%" PRIu64, ++postgres->statements);
    int is_sent = PQsendPrepare(postgres->handle, statement->name, sql, (int)args.count, types);
    TRY(note_sent(cx, db, is_sent, sql, statement));
    statement->known_by = postgres->connection;
    return OK;
}

static enum err send_prepared(struct context *cx, struct db *db, const char *sql,
                              struct db_args args, const struct postgres_statement *statement)
{
    const char *texts[DB_ARGS_MAX];
    char integers[DB_ARGS_MAX][INTEGER_SIZE];
    for (size_t i = 0; i < args.count; i++) {
        const struct db_value *value = &args.values[i];
        texts[i] = NULL;
        if (value->is_null)
            continue;
        if (value->type == DB_TEXT) {
            texts[i] = db_value_text(value);
            continue;
        }
        snprintf(integers[i], sizeof(integers[i]), "%" PRId64, value->integer);
        texts[i] = integers[i];
    }
    int is_sent = PQsendQueryPrepared(postgres_of(db)->handle, statement->name, (int)args.count,
                                      texts, NULL, NULL, 0);
    return note_sent(cx, db, is_sent, sql, NULL);
}

/* The greatest n of $n outside quotes: the server would take more parameters than that. */
static size_t count_parameters(const char *sql)
{
    size_t most = 0;
    bool is_quoted = false;
    for (; *sql != '\0'; sql++) {
        if (*sql == '\'')
            is_quoted = !is_quoted;
        if (*sql != '$' || is_quoted)
            continue;
        size_t number = strtoul(sql + 1, NULL, 10);
        most = number > most ? number : most;
    }
    return most;
}

static struct postgres_statement *statement_find(struct db *db, const char *sql)
{
    struct db_prepared *prepared = db_prepared_find(db, sql);
    if (prepared->statement != NULL)
        return prepared->statement;
    struct postgres_statement *statement = ARENA_NEW(db->arena, struct postgres_statement);
    statement->count = count_parameters(sql);
    prepared->statement = statement;
    return statement;
}

static enum err send(struct context *cx, struct db *db, const char *sql, struct db_args args)
{
    struct postgres_statement *statement = statement_find(db, sql);
    if (statement->count != args.count) {
        db_log("it has another number of parameters", NULL, sql);
        return fault(cx, ERR_INTERNAL, NULL);
    }
    TRY(be_connected(cx, db));
    if (statement->known_by != postgres_of(db)->connection)
        TRY(send_prepare(cx, db, sql, args, statement));
    return send_prepared(cx, db, sql, args, statement);
}

static enum err postgres_run(struct context *cx, struct db *db, const char *sql,
                             struct db_args args, int64_t *ret_count)
{
    PGresult *result = NULL;
    TRY(send(cx, db, sql, args));
    bool may_wait = db->depth > 0 && ret_count == NULL;
    if (may_wait && postgres_of(db)->sent_count < QUEUE_MAX)
        return OK;
    TRY(take_answers(cx, db, &result));
    if (ret_count != NULL)
        *ret_count = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return OK;
}

static enum err send_text(struct context *cx, struct db *db, const char *sql)
{
    int is_sent = PQsendQueryParams(postgres_of(db)->handle, sql, 0, NULL, NULL, NULL, NULL, 0);
    return note_sent(cx, db, is_sent, sql, NULL);
}

static enum err postgres_begin(struct context *cx, struct db *db)
{
    TRY(be_connected(cx, db));
    return send_text(cx, db, "BEGIN");
}

static enum err postgres_execute(struct context *cx, struct db *db, const char *sql)
{
    PGresult *result = NULL;
    TRY(be_connected(cx, db));
    /* What failed before it would keep the server from undoing. */
    if (strncmp(sql, "ROLLBACK", 8) == 0 && postgres_of(db)->sent_count > 0)
        (void)take_answers(cx, db, NULL);
    TRY(send_text(cx, db, sql));
    TRY(take_answers(cx, db, &result));
    /* The server answers COMMIT of a spoilt transaction by undoing it, without an error. */
    bool is_undone = strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0;
    PQclear(result);
    return is_undone ? fault(cx, ERR_INTERNAL, NULL) : OK;
}

/* A savepoint is only sent, so that it travels with what follows; but not behind something that
 * may fail: its error belongs outside of the savepoint. */
static enum err postgres_control(struct context *cx, struct db *db, const char *sql)
{
    bool begins = strncmp(sql, "SAVEPOINT", strlen("SAVEPOINT")) == 0;
    if (begins && postgres_of(db)->sent_count == 0)
        return send_text(cx, db, sql);
    return postgres_execute(cx, db, sql);
}

/* Selects -------------------------------------------------------------------------------------- */

static enum err postgres_select(struct context *cx, struct db *db, struct db_cursor *cursor,
                                const char *sql, struct db_args args)
{
    PGresult *result = NULL;
    TRY(send(cx, db, sql, args));
    TRY(take_answers(cx, db, &result));
    cursor->handle = result;
    return OK;
}

static bool postgres_next(struct context *cx, struct db *db, struct db_cursor *cursor,
                          enum err *ret_err)
{
    (void)cx;
    (void)db;
    (void)ret_err;
    cursor->row++;
    return cursor->row <= PQntuples(cursor->handle);
}

static enum err postgres_end(struct context *cx, struct db *db, struct db_cursor *cursor)
{
    (void)cx;
    (void)db;
    (void)cursor;
    return OK;
}

static void postgres_abandon(struct db *db, struct db_cursor *cursor)
{
    (void)db;
    PQclear(cursor->handle);
}

static int row_of(const struct db_cursor *cursor)
{
    return (int)cursor->row - 1;
}

static bool postgres_is_null(struct db_cursor *cursor, int column)
{
    return PQgetisnull(cursor->handle, row_of(cursor), column) != 0;
}

static bool postgres_get_text(struct db_cursor *cursor, int column, const char **ret_text)
{
    *ret_text = PQgetvalue(cursor->handle, row_of(cursor), column);
    return true;
}

static bool postgres_get_integer(struct db_cursor *cursor, int column, int64_t *ret_value)
{
    const char *text = PQgetvalue(cursor->handle, row_of(cursor), column);
    char *end = NULL;
    switch (PQftype(cursor->handle, column)) {
    case OID_BOOL:
        *ret_value = text[0] == 't' ? 1 : 0;
        return true;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_NUMERIC:
        *ret_value = strtoll(text, &end, 10);
        return *end == '\0';
    default:
        return false;
    }
}

const struct db_driver db_driver_postgres = {
    .kind = DB_POSTGRES,
    .lock_schema = "SELECT pg_advisory_xact_lock(4720961)",
    .has_table = "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($1)",
    .list_tables = "SELECT CAST(tablename AS text) FROM pg_catalog.pg_tables"
                   " WHERE schemaname = current_schema() ORDER BY 1",
    .open = postgres_open,
    .close = postgres_close,
    .begin = postgres_begin,
    .control = postgres_control,
    .execute = postgres_execute,
    .run = postgres_run,
    .select = postgres_select,
    .next = postgres_next,
    .end = postgres_end,
    .abandon = postgres_abandon,
    .is_null = postgres_is_null,
    .get_text = postgres_get_text,
    .get_integer = postgres_get_integer,
};
