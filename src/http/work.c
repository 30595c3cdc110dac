/* What the threads do with an exchange: who asks, then the handler, in a transaction when the
 * route writes. */
#include "base/log.h"
#include "http/http_private.h"

bool work_store_failed(enum err err)
{
    return err == ERR_STORE_UNAVAILABLE || err == ERR_STORE_FULL;
}

/* The exchange is the thread's alone from taking it off a queue to handing it on. */
static struct exchange *exchange_of(struct job *job)
{
    return (struct exchange *)job;
}

static enum err admit(struct exchange *exchange)
{
    const struct http_hooks *hooks = &exchange->server->config->hooks;
    exchange->request.rehearse = hooks->rehearse;
    if (hooks->prepare != NULL)
        hooks->prepare(&exchange->cx, hooks->app);
    if (hooks->authorize != NULL)
        TRY(hooks->authorize(&exchange->cx, &exchange->request));
    return OK;
}

/* Makes the page's body, while the store can still be read. */
static void render(struct exchange *exchange)
{
    const struct http_hooks *hooks = &exchange->server->config->hooks;
    if (exchange->reply.template != NULL)
        hooks->render(&exchange->cx, &exchange->request, &exchange->reply);
}

/* What a route's row says is to be run for it. */
static http_handler handler_of(const struct exchange *exchange)
{
    const struct http_route *route = exchange->request.route;
    bool is_rehearsed = (route->flags & ROUTE_REHEARSE) != 0;
    return is_rehearsed ? exchange->server->config->hooks.rehearse : route->handler;
}

/* The handler, behind the door; who has to say who they are first is told where. */
static enum err run_admitted(struct exchange *exchange, enum err admitted, http_handler handler)
{
    const struct http_hooks *hooks = &exchange->server->config->hooks;
    if (admitted == ERR_UNAUTHENTICATED && hooks->turn_away != NULL &&
        http_is_page(&exchange->request)) {
        fault_clear(&exchange->cx);
        handler = hooks->turn_away;
    } else if (admitted != OK) {
        return admitted;
    }
    TRY(handler(&exchange->cx, &exchange->request, &exchange->reply));
    render(exchange);
    return OK;
}

static void tell_seen(struct exchange *exchange)
{
    const struct http_hooks *hooks = &exchange->server->config->hooks;
    const struct http_session *session = exchange->request.session;
    if (session == NULL || !session->slides || session->is_over)
        return;
    if (hooks->seen(&exchange->cx, session) != OK)
        log_line(LOG_ERROR, "session_not_seen", "request_id", exchange->request.request_id, NULL);
}

/* ── Reading ──────────────────────────────────────────────────────────────────────────── */

enum err work_read(struct job *job, struct db *db)
{
    struct exchange *exchange = exchange_of(job);
    exchange->cx.db = db;
    enum err err = db_read_begin(&exchange->cx);
    if (err == OK)
        err = run_admitted(exchange, admit(exchange), exchange->request.route->handler);
    if (err == OK && http_query(&exchange->request, "expand") != NULL)
        err = exchange->server->config->hooks.expand(&exchange->cx, &exchange->request,
                                                     &exchange->reply);
    db_read_end(&exchange->cx);
    if (err != OK)
        exchange_refuse(exchange, err);
    tell_seen(exchange);
    db_release(db);
    exchange->cx.db = NULL;
    return OK;
}

enum err work_outside(struct job *job, struct db *db)
{
    struct exchange *exchange = exchange_of(job);
    exchange->cx.db = db;
    enum err err = run_admitted(exchange, admit(exchange), exchange->request.route->handler);
    if (err != OK)
        exchange_refuse(exchange, err);
    db_release(db);
    exchange->cx.db = NULL;
    return OK;
}

void work_end_read(struct job *job, enum err outcome)
{
    struct exchange *exchange = exchange_of(job);
    if (outcome != OK)
        exchange_refuse(exchange, outcome);
    exchange_answer(exchange);
}

/* ── Writing ──────────────────────────────────────────────────────────────────────────── */

static bool needs_finish(const struct exchange *exchange)
{
    return exchange->request.route->finish != NULL && exchange->reply.carry != NULL;
}

static enum err run_handler(struct context *cx, void *arg)
{
    struct exchange *exchange = arg;
    return handler_of(exchange)(cx, &exchange->request, &exchange->reply);
}

/* A refusal is an answer too, and the same request gets it again; not when the same request
 * may well succeed later. */
static bool is_kept(enum err err)
{
    enum err_kind kind = err_kind(err);
    return err_http_status(err) < 500 && kind != ERR_KIND_AUTH && kind != ERR_KIND_PERMISSION &&
           kind != ERR_KIND_LIMIT && kind != ERR_KIND_STORE;
}

/* The key and what was done under it are one transaction. What a refusing handler wrote is
 * undone by its own savepoint; the key, with the refusal as its answer, stays. */
static enum err run_keyed(struct context *cx, struct exchange *exchange)
{
    const struct http_request *request = &exchange->request;
    bool claimed = false;
    TRY(idempotency_claim(cx, request, &claimed, &exchange->reply));
    if (!claimed)
        return OK;
    enum err err = db_transact(cx, run_handler, exchange);
    if (err != OK && !is_kept(err))
        return err;
    if (err != OK)
        exchange_refuse(exchange, err);
    return idempotency_save(cx, request, &exchange->reply, err == OK && needs_finish(exchange));
}

/* May run several times (DB_RETRIES_MAX), so each try begins afresh. */
static enum err run_write(struct context *cx, void *arg)
{
    struct exchange *exchange = arg;
    exchange->reply = (struct http_reply){0};
    exchange->refusal = OK;
    fault_clear(cx);
    enum err admitted = admit(exchange);
    if (admitted == OK && exchange->request.idempotency_key != NULL)
        return run_keyed(cx, exchange);
    return run_admitted(exchange, admitted, handler_of(exchange));
}

enum err work_write(struct job *job, struct db *db)
{
    struct exchange *exchange = exchange_of(job);
    struct context *cx = &exchange->cx;
    cx->db = db;
    enum err err = db_transact(cx, run_write, exchange);
    cx->db = NULL;
    if (err != OK)
        exchange_refuse(exchange, err);
    return work_store_failed(err) ? err : OK;
}

void work_end_write(struct job *job, enum err outcome)
{
    struct exchange *exchange = exchange_of(job);
    if (outcome != OK && exchange->refusal != outcome)
        exchange_refuse(exchange, outcome);
    if (exchange->refusal == OK && needs_finish(exchange)) {
        exchange->job.run = work_finish;
        exchange->job.end = work_end_read;
        if (queue_push(&exchange->server->outbound.queue, &exchange->job))
            return;
    }
    exchange_answer(exchange);
}

/* ── Finishing ────────────────────────────────────────────────────────────────────────── */

enum err work_finish(struct job *job, struct db *db)
{
    struct exchange *exchange = exchange_of(job);
    struct context *cx = &exchange->cx;
    const struct http_request *request = &exchange->request;
    struct http_reply committed = exchange->reply;
    cx->db = db;
    fault_clear(cx);
    enum err err = request->route->finish(cx, request, &exchange->reply);
    if (err == OK)
        render(exchange);
    bool failed = err != OK && !is_kept(err);
    if (failed) {
        log_line(LOG_ERROR, "finish_failed", "request_id", request->request_id, "code",
                 err_code(err), NULL);
        exchange->reply = committed;
    } else if (err != OK) {
        exchange_refuse(exchange, err);
    }
    if (!failed && request->idempotency_key != NULL)
        err = idempotency_settle(cx, request, &exchange->reply);
    if (!failed && work_store_failed(err))
        log_line(LOG_ERROR, "idempotency_not_settled", "request_id", request->request_id, NULL);
    db_release(db);
    cx->db = NULL;
    return OK;
}
