/* The epoll thread's side of a request. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/http_private.h"

/* ── Beginning ────────────────────────────────────────────────────────────────────────── */

static struct arena *take_arena(struct server *server)
{
    if (server->free_arena_count > 0)
        return server->free_arenas[--server->free_arena_count];
    return arena_create(REQUEST_ARENA_MAX);
}

static void give_arena(struct server *server, struct arena *arena)
{
    if (server->free_arena_count == HTTP_ARENAS_KEPT) {
        arena_free(arena);
        return;
    }
    arena_reset(arena);
    server->free_arenas[server->free_arena_count++] = arena;
}

/* Every exchange gets a stretch of ids of its own, far longer than it needs. */
static struct id_source take_ids(struct server *server)
{
    const uint64_t stretch = (uint64_t)1 << 32;
    struct id_source ids = server->ids;
    server->ids.low += stretch;
    if (server->ids.low < stretch)
        server->ids.high++;
    return ids;
}

static struct context new_context(struct server *server, struct arena *arena)
{
    int64_t wall = clock_wall_ms();
    struct context cx = {
        .arena = arena,
        .now = wall,
        .wall = wall,
        .actor = {.kind = ACTOR_NONE, .id = "", .customer = ""},
        .customer = "",
        .language = "en",
        .cause = "",
        .ids = take_ids(server),
    };
    return cx;
}

/* The size of the body that is to come, when the client names it. */
static uint64_t announced_size(struct MHD_Connection *connection)
{
    const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    return text != NULL ? strtoull(text, NULL, 10) : 0; /* the library checked the digits */
}

static enum err read_head(struct exchange *exchange, const char *url, const char *method,
                          uint64_t announced)
{
    struct context *cx = &exchange->cx;
    struct http_request *request = &exchange->request;
    request->path = arena_copy(cx->arena, url);
    enum err err = request_read_head(cx, exchange->connection, request);
    cx->language = request_language(request->accept_language);
    TRY(err);
    err = router_match(cx, exchange->server->config, method, request, &exchange->allow);
    const char *chosen = http_is_page(request) ? http_preferred_language(cx, request) : NULL;
    cx->language = chosen != NULL ? chosen : cx->language;
    TRY(err);
    bool large = (request->route->flags & ROUTE_LARGE_BODY) != 0;
    exchange->body_max = large ? CATALOG_BODY_MAX : BODY_MAX;
    if (announced > exchange->body_max)
        return fault(cx, ERR_TOO_LARGE, NULL);
    return request_read_query(cx, exchange->connection, request);
}

static struct exchange *begin_exchange(struct server *server, struct MHD_Connection *connection)
{
    struct arena *arena = take_arena(server);
    struct exchange *exchange = ARENA_NEW(arena, struct exchange);
    exchange->server = server;
    exchange->connection = connection;
    exchange->cx = new_context(server, arena);
    exchange->body = buf_create(arena);
    exchange->body_max = BODY_MAX;
    exchange->began_us = clock_monotonic_us();
    snprintf(exchange->request.request_id, sizeof exchange->request.request_id, "%s",
             id_next(&exchange->cx, "req"));
    atomic_fetch_add(&server->in_flight, 1);
    return exchange;
}

/* ── Answering ────────────────────────────────────────────────────────────────────────── */

void exchange_refuse(struct exchange *exchange, enum err err)
{
    struct context *cx = &exchange->cx;
    if (cx->fault.code != err) {
        fault_clear(cx);
        err = fault(cx, err, NULL);
    }
    exchange->refusal = err;
    if (err_http_status(err) >= 500)
        log_line(LOG_ERROR, "request_failed", "request_id", exchange->request.request_id, "path",
                 exchange->request.route != NULL ? exchange->request.route->path : "", "code",
                 err_code(err), NULL);
    exchange->reply = (struct http_reply){0};
    const struct http_hooks *hooks = &exchange->server->config->hooks;
    if (hooks->refuse != NULL && http_is_page(&exchange->request))
        hooks->refuse(cx, &exchange->request, &exchange->reply);
    else
        http_reply_fault(cx, &exchange->request, &exchange->reply);
    if (exchange->allow != NULL)
        http_reply_header(&exchange->reply, "Allow", exchange->allow);
}

static bool has_header(const struct http_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (strcasecmp(reply->headers[i].name, name) == 0)
            return true;
    return false;
}

/* Pages take everything from this server, no script and no style stands in them, and no other
 * site may frame them. */
static void add_page_headers(struct MHD_Response *response)
{
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self';"
                            " img-src 'self' data:; connect-src 'self'; form-action 'self';"
                            " base-uri 'none'; frame-ancestors 'none'");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(response, "Vary",
                            "Accept-Encoding, HX-Request, HX-Target, Accept-Language, Cookie");
}

static void add_headers(struct exchange *exchange, struct MHD_Response *response)
{
    const struct http_reply *reply = &exchange->reply;
    for (size_t i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    if (reply->body_size > 0)
        MHD_add_response_header(response, "Content-Type",
                                reply->content_type != NULL ? reply->content_type
                                                            : "application/json");
    MHD_add_response_header(response, "X-Request-Id", exchange->request.request_id);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (http_is_page(&exchange->request))
        add_page_headers(response);
    if (!has_header(reply, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", "no-store");
    if (atomic_load(&exchange->server->stopping))
        MHD_add_response_header(response, "Connection", "close");
}

/* The answer is sent from the arena, which lives until exchange_completed. */
static enum MHD_Result send_reply(struct exchange *exchange)
{
    struct http_reply *reply = &exchange->reply;
    exchange->stage = EXCHANGE_ANSWERED;
    if (reply->status == 0)
        reply->status = reply->body_size > 0 ? MHD_HTTP_OK : MHD_HTTP_NO_CONTENT;
    void *body = (void *)(uintptr_t)reply->body; /* is only read; the library has no const */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->body_size, body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    add_headers(exchange, response);
    deadline_set(exchange->server, exchange->connection, true);
    enum MHD_Result queued =
        MHD_queue_response(exchange->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* After the resume the exchange is the epoll thread's. */
void exchange_answer(struct exchange *exchange)
{
    http_pack(&exchange->cx, &exchange->request, &exchange->reply);
    exchange->stage = EXCHANGE_ANSWERED;
    MHD_resume_connection(exchange->connection);
}

/* ── Between ──────────────────────────────────────────────────────────────────────────── */

/* A body that is not wanted is read away all the same, within bounds: a client that is still
 * sending would not see an answer. */
static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t size)
{
    struct server *server = exchange->server;
    exchange->body_seen += size;
    if (exchange->body_seen > HTTP_DRAIN_MAX)
        return MHD_NO;
    if (exchange->refusal != OK)
        return MHD_YES;
    if (exchange->body_seen > exchange->body_max) {
        exchange->refusal = fault(&exchange->cx, ERR_TOO_LARGE, NULL);
    } else if (server->bodies_size + size > HTTP_BODIES_MAX) {
        exchange->refusal = fault(&exchange->cx, ERR_STORE_UNAVAILABLE, NULL);
    } else {
        buf_add(&exchange->body, data, size);
        server->bodies_size += size;
    }
    return MHD_YES;
}

static bool is_inline(const struct exchange *exchange)
{
    return (exchange->request.route->flags & ROUTE_INLINE) != 0 &&
           exchange->server->kind == DB_SQLITE;
}

/* The whole request is here. */
static enum MHD_Result dispatch(struct exchange *exchange)
{
    struct server *server = exchange->server;
    struct http_request *request = &exchange->request;
    request->body = buf_text(&exchange->body);
    request->body_size = exchange->body.size;
    if (exchange->refusal == OK)
        exchange->refusal = request_check_body(&exchange->cx, exchange->connection, request);
    if (exchange->refusal != OK) {
        exchange_refuse(exchange, exchange->refusal);
        return send_reply(exchange);
    }
    bool writes = (request->route->flags & ROUTE_WRITE) != 0;
    bool outside = (request->route->flags & ROUTE_OUTSIDE) != 0;
    if (!writes && is_inline(exchange)) {
        enum err err = work_read(&exchange->job, server->inline_reader.members[0].db);
        assert(err == OK);
        return send_reply(exchange);
    }
    exchange->job.run = writes ? work_write : outside ? work_outside : work_read;
    exchange->job.end = writes ? work_end_write : work_end_read;
    exchange->job.wakes_tick = writes;
    exchange->stage = EXCHANGE_WORKING;
    deadline_set(server, exchange->connection, false);
    MHD_suspend_connection(exchange->connection);
    struct queue *queue = writes    ? &server->writers.queue
                          : outside ? &server->thinkers.queue
                                    : &server->readers.queue;
    if (!queue_push(queue, &exchange->job)) {
        exchange_refuse(exchange, ERR_STORE_UNAVAILABLE);
        exchange_answer(exchange);
    }
    return MHD_YES;
}

/* libmicrohttpd calls this for the head, for every piece of the body, once at the end of it,
 * and again after a resume. An answer at the first call would close the connection. */
enum MHD_Result exchange_access(void *cls, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload_data,
                                size_t *upload_data_size, void **state)
{
    (void)version;
    struct server *server = cls;
    struct exchange *exchange = *state;
    if (exchange == NULL) {
        exchange = begin_exchange(server, connection);
        *state = exchange;
        deadline_set(server, connection, true);
        uint64_t announced = announced_size(connection);
        exchange->refusal = read_head(exchange, url, method, announced);
        if (announced <= HTTP_DRAIN_MAX)
            return MHD_YES;
        exchange_refuse(exchange, exchange->refusal);
        return send_reply(exchange);
    }
    if (*upload_data_size > 0) {
        size_t size = *upload_data_size;
        *upload_data_size = 0;
        return take_body(exchange, upload_data, size);
    }
    if (exchange->stage == EXCHANGE_ANSWERED)
        return send_reply(exchange);
    return dispatch(exchange);
}

static void log_exchange(const struct exchange *exchange)
{
    char status[16], took_us[24];
    if (!log_wants(LOG_DEBUG))
        return;
    snprintf(status, sizeof status, "%d", exchange->reply.status);
    snprintf(took_us, sizeof took_us, "%" PRId64, clock_monotonic_us() - exchange->began_us);
    log_line(LOG_DEBUG, "request", "request_id", exchange->request.request_id, "path",
             exchange->request.route != NULL ? exchange->request.route->path : "", "status", status,
             "took_us", took_us, NULL);
}

void exchange_completed(void *cls, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct server *server = cls;
    struct exchange *exchange = *state;
    if (exchange == NULL)
        return;
    log_exchange(exchange);
    *state = NULL;
    deadline_set(server, connection, true);
    server->bodies_size -= exchange->body.size;
    atomic_fetch_add(&server->stats->requests, 1);
    give_arena(server, exchange->cx.arena);
    atomic_fetch_sub(&server->in_flight, 1);
}
