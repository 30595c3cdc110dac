#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>

#include "app/bench_bare.h"
#include "base/clock.h"

/* The server's tick numbers what many commits left, one tick at a time; so does one connection
 * here. */
enum { CONNECTIONS = 32, NUMBERED_FROM = 100, NUMBERED_MAX = 500, ORDERS_KEPT = 2048 };
enum { WAIT_MS = 1000, INTEGER_SIZE = 32 };

struct bare_link {
    PGconn *connection;
    struct bare_order *order; /* under way; NULL: none, or numbers */
    bool is_numbering;
    bool is_busy;
};

struct bare_server {
    struct bare *bare;
    struct bare_link links[CONNECTIONS];
    struct bare_order *orders;              /* ORDERS_KEPT of them, each in one place below */
    struct bare_order *free[ORDERS_KEPT];   /* not in use */
    struct bare_order *placed[ORDERS_KEPT]; /* to be numbered */
    size_t free_count;
    size_t placed_count;
    size_t numbering_count; /* of the first of `placed`, under way */
    int64_t until_us;
    int64_t count;
    int busy;
};

static enum err postgres_fail(const struct bare_link *link)
{
    return bench_fail("PostgreSQL says: %s", PQerrorMessage(link->connection));
}

/* Opening ------------------------------------------------------------------------------------ */

static const char *statement_name(size_t i, char ret_name[INTEGER_SIZE])
{
    snprintf(ret_name, INTEGER_SIZE, "row_%zu", i);
    return ret_name;
}

/* The server takes parameters as bigint and text, as the driver does (db/db_postgres.c). */
static enum err prepare_row(const struct bare_link *link, size_t i)
{
    enum { OID_INT8 = 20, OID_TEXT = 25 };
    const struct bare_row *row = &BARE_ROWS[i];
    char name[INTEGER_SIZE];
    Oid types[BARE_VALUES_MAX];
    assert(row->value_count <= BARE_VALUES_MAX);
    for (size_t j = 0; j < row->value_count; j++) {
        const struct bare_value *value = &row->values[j];
        bool is_integer = value->is_field ? value->field >= BARE_NOW : value->kind == BARE_INTEGER;
        bool is_known = value->is_field || value->kind != BARE_NULL;
        types[j] = !is_known ? 0 : is_integer ? OID_INT8 : OID_TEXT;
    }
    PGresult *result = PQprepare(link->connection, statement_name(i, name), row->sql,
                                 (int)row->value_count, types);
    bool prepared = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return prepared ? OK : postgres_fail(link);
}

static enum err open_link(struct bare_link *link, const char *where)
{
    link->connection = PQconnectdb(where);
    if (PQstatus(link->connection) != CONNECTION_OK)
        return postgres_fail(link);
    for (size_t i = 0; i < BARE_ROW_COUNT; i++)
        TRY(prepare_row(link, i));
    if (PQsetnonblocking(link->connection, 1) != 0 || PQenterPipelineMode(link->connection) != 1)
        return postgres_fail(link);
    return OK;
}

static void close_links(struct bare_server *server)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        PQfinish(server->links[i].connection);
}

/* Sending ------------------------------------------------------------------------------------ */

static enum err send_row(const struct bare_link *link, size_t i, const struct bare_order *order)
{
    const struct bare_row *row = &BARE_ROWS[i];
    const char *values[BARE_VALUES_MAX];
    char integers[BARE_VALUES_MAX][INTEGER_SIZE];
    char name[INTEGER_SIZE];
    for (size_t j = 0; j < row->value_count; j++) {
        struct bare_value value = bare_resolve(&row->values[j], order);
        values[j] = value.kind == BARE_TEXT ? value.text : NULL;
        if (value.kind != BARE_INTEGER)
            continue;
        snprintf(integers[j], INTEGER_SIZE, "%" PRId64, value.integer);
        values[j] = integers[j];
    }
    if (PQsendQueryPrepared(link->connection, statement_name(i, name), (int)row->value_count,
                            values, NULL, NULL, 0) != 1)
        return postgres_fail(link);
    return OK;
}

static enum err send_rows(const struct bare_link *link, bool numbers,
                          const struct bare_order *order)
{
    for (size_t i = 0; i < BARE_ROW_COUNT; i++) {
        if ((BARE_ROWS[i].what == BARE_NUMBERS) == numbers)
            TRY(send_row(link, i, order));
    }
    return OK;
}

static enum err send_text(const struct bare_link *link, const char *sql)
{
    int sent = PQsendQueryParams(link->connection, sql, 0, NULL, NULL, NULL, NULL, 0);
    return sent == 1 ? OK : postgres_fail(link);
}

static enum err begin_transaction(struct bare_server *server, struct bare_link *link,
                                  bool is_numbering)
{
    link->is_numbering = is_numbering;
    link->is_busy = true;
    server->busy++;
    return send_text(link, "BEGIN");
}

static enum err send_commit(const struct bare_link *link)
{
    TRY(send_text(link, "COMMIT"));
    return PQpipelineSync(link->connection) == 1 ? OK : postgres_fail(link);
}

static enum err send_numbers(struct bare_server *server, struct bare_link *link)
{
    bool all = server->placed_count <= NUMBERED_MAX;
    server->numbering_count = all ? server->placed_count : NUMBERED_MAX;
    TRY(begin_transaction(server, link, true));
    for (size_t i = 0; i < server->numbering_count; i++)
        TRY(send_rows(link, true, server->placed[i]));
    return send_commit(link);
}

static enum err send_order(struct bare_server *server, struct bare_link *link)
{
    link->order = server->free[--server->free_count];
    bare_next_order(server->bare, link->order);
    TRY(begin_transaction(server, link, false));
    TRY(send_rows(link, false, link->order));
    return send_commit(link);
}

/* What an idle connection is to do: the last orders are numbered when all are placed. */
static enum err send_next(struct bare_server *server, struct bare_link *link)
{
    bool goes_on = clock_monotonic_us() < server->until_us;
    bool is_last = !goes_on && server->busy == 0 && server->placed_count > 0;
    if (server->numbering_count == 0 && (is_last || server->placed_count >= NUMBERED_FROM))
        return send_numbers(server, link);
    return goes_on && server->free_count > 0 ? send_order(server, link) : OK;
}

/* Receiving ---------------------------------------------------------------------------------- */

/* The transaction is on disk. */
static void end_transaction(struct bare_server *server, struct bare_link *link)
{
    link->is_busy = false;
    server->busy--;
    if (!link->is_numbering) {
        server->placed[server->placed_count++] = link->order;
        server->count++;
        return;
    }
    for (size_t i = 0; i < server->numbering_count; i++)
        server->free[server->free_count++] = server->placed[i];
    server->placed_count -= server->numbering_count;
    memmove(server->placed, server->placed + server->numbering_count,
            server->placed_count * sizeof *server->placed);
    server->numbering_count = 0;
}

/* Takes one result. A NULL stands between the results of two statements. */
static enum err take_result(struct bare_server *server, struct bare_link *link)
{
    PGresult *result = PQgetResult(link->connection);
    ExecStatusType status = PQresultStatus(result);
    bool wrong = result != NULL && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC;
    bool ends = result != NULL && status == PGRES_PIPELINE_SYNC;
    PQclear(result);
    if (wrong)
        return postgres_fail(link);
    if (ends)
        end_transaction(server, link);
    return OK;
}

static enum err work_link(struct bare_server *server, struct bare_link *link, short events)
{
    if ((events & POLLOUT) != 0 && PQflush(link->connection) < 0)
        return postgres_fail(link);
    if ((events & (POLLIN | POLLERR | POLLHUP)) != 0 && PQconsumeInput(link->connection) != 1)
        return postgres_fail(link);
    while (link->is_busy && !PQisBusy(link->connection))
        TRY(take_result(server, link));
    return OK;
}

static enum err poll_links(struct bare_server *server)
{
    struct pollfd polled[CONNECTIONS];
    for (size_t i = 0; i < CONNECTIONS; i++) {
        PGconn *connection = server->links[i].connection;
        int unsent = PQflush(connection);
        if (unsent < 0)
            return postgres_fail(&server->links[i]);
        polled[i].fd = PQsocket(connection);
        polled[i].events = (short)(unsent == 1 ? POLLIN | POLLOUT : POLLIN);
    }
    int ready = poll(polled, CONNECTIONS, WAIT_MS);
    for (size_t i = 0; i < CONNECTIONS && ready > 0; i++) {
        if (polled[i].revents != 0)
            TRY(work_link(server, &server->links[i], polled[i].revents));
    }
    return OK;
}

static enum err run_links(struct context *cx, struct bare_server *server)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        TRY(open_link(&server->links[i], server->bare->where));
    int64_t began_us = clock_monotonic_us();
    server->until_us += began_us;
    for (;;) {
        TRY(bench_check_interrupted(cx));
        for (size_t i = 0; i < CONNECTIONS; i++) {
            if (!server->links[i].is_busy)
                TRY(send_next(server, &server->links[i]));
        }
        if (server->busy == 0)
            return OK;
        TRY(poll_links(server));
    }
}

enum err bare_run_postgres(struct context *cx, void *arg, int64_t duration_us,
                           struct bench_round *ret_round)
{
    struct bare_server *server = ARENA_NEW(cx->arena, struct bare_server);
    server->bare = arg;
    server->until_us = duration_us;
    server->orders = ARENA_ARRAY(cx->arena, struct bare_order, ORDERS_KEPT);
    for (size_t i = 0; i < ORDERS_KEPT; i++)
        server->free[server->free_count++] = &server->orders[i];
    enum err err = run_links(cx, server);
    int64_t ended_us = clock_monotonic_us();
    close_links(server);
    TRY(err);
    *ret_round = (struct bench_round){
        .count = server->count,
        .elapsed_us = ended_us - (server->until_us - duration_us),
    };
    return OK;
}
