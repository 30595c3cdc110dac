/* One answer for one key (api, Manners). The key belongs to the actor: `scope` is its id.
 *
 * A row is written in the transaction of the handler, so it is there exactly when what the
 * handler did is there, and a second request with the key waits for that transaction or sees
 * its answer. Only a route with a finish leaves a row in the state `running`, with the
 * handler's answer in it: should the finish never end, that answer is the truth. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "http/http_private.h"

enum { SWEEP_ROWS = 500, SWEEP_ROUNDS_MAX = 200 };

/* What makes a request the same request. */
static const char *request_hash(struct context *cx, const struct http_request *request)
{
    struct buf buf = buf_create(cx->arena);
    buf_print(&buf, "%d %s\n%s\n", (int)request->method, request->path,
              request->organization != NULL ? request->organization : "");
    for (size_t i = 0; i < request->query_count; i++)
        buf_print(&buf, "%s=%s\n", request->query[i].name, request->query[i].value);
    buf_add_text(&buf, "\n");
    buf_add(&buf, request->body, request->body_size);
    char text[HASH_TEXT_SIZE];
    hash_bytes(buf_text(&buf), buf.size, text);
    return arena_copy(cx->arena, text);
}

/* ── Headers as one text, a line each ─────────────────────────────────────────────────── */

static const char *join_headers(struct arena *arena, const struct http_reply *reply)
{
    struct buf buf = buf_create(arena);
    for (size_t i = 0; i < reply->header_count; i++)
        buf_print(&buf, "%s: %s\n", reply->headers[i].name, reply->headers[i].value);
    return buf_text(&buf);
}

static void split_headers(struct arena *arena, const char *text, struct http_reply *reply)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        char *name = arena_copy_bytes(arena, text, size);
        char *value = strstr(name, ": ");
        assert(value != NULL); /* join_headers wrote it */
        *value = '\0';
        http_reply_header(reply, name, value + 2);
        text += size;
        text += *text == '\n';
    }
}

/* ── The key ──────────────────────────────────────────────────────────────────────────── */

/* Takes the key when nobody has it, or had it longer than a day ago. */
static enum err take_key(struct context *cx, const struct http_request *request, const char *hash,
                         bool *ret_taken)
{
    int64_t count;
    TRY(db_run_count(cx,
                     "INSERT INTO idempotency (scope, key, request_hash, state, created_at)"
                     " VALUES ($1, $2, $3, 'running', $4)"
                     " ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash,"
                     " state = 'running', status = NULL, created_at = excluded.created_at"
                     " WHERE idempotency.created_at < $5",
                     DB_ARGS(db_text(cx->actor.id), db_text(request->idempotency_key),
                             db_text(hash), db_integer(cx->wall),
                             db_integer(cx->wall - IDEMPOTENCY_LIFE_MS)),
                     &count));
    *ret_taken = count == 1;
    return OK;
}

struct kept {
    const char *hash;
    bool running;
    int64_t created_at;
    struct http_reply reply;
};

static enum err load_kept(struct context *cx, const struct http_request *request,
                          struct kept *ret_kept)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT request_hash, state, created_at, status, content_type, headers, body"
                  " FROM idempotency WHERE scope = $1 AND key = $2",
                  DB_ARGS(db_text(cx->actor.id), db_text(request->idempotency_key))));
    bool found = db_next(&rows);
    if (found) {
        *ret_kept = (struct kept){
            .hash = db_get_text(&rows, 0),
            .running = strcmp(db_get_text(&rows, 1), "running") == 0,
            .created_at = db_get_integer(&rows, 2),
            .reply = {.status = (int)db_get_integer(&rows, 3),
                      .content_type = db_get_text(&rows, 4),
                      .body = db_get_text(&rows, 6)},
        };
        split_headers(cx->arena, db_get_text(&rows, 5), &ret_kept->reply);
        ret_kept->reply.body_size = strlen(ret_kept->reply.body);
    }
    TRY(db_done(&rows));
    return found ? OK : ERR_NOT_FOUND;
}

enum err idempotency_claim(struct context *cx, const struct http_request *request,
                           bool *ret_claimed, struct http_reply *ret_reply)
{
    const char *hash = request_hash(cx, request);
    bool taken;
    TRY(take_key(cx, request, hash, &taken));
    if (!taken) {
        struct kept kept;
        enum err err = load_kept(cx, request, &kept);
        if (err == ERR_NOT_FOUND) /* swept away between the two statements: try again */
            err = fault(cx, ERR_STORE_CONFLICT, NULL);
        TRY(err);
        if (strcmp(kept.hash, hash) != 0)
            return fault(cx, ERR_IDEMPOTENCY_KEY_REUSED, "param", "Idempotency-Key", NULL);
        if (kept.running && cx->wall - kept.created_at < IDEMPOTENCY_RUNNING_MS)
            return fault(cx, ERR_IDEMPOTENCY_RUNNING, "param", "Idempotency-Key", NULL);
        *ret_reply = kept.reply;
        http_reply_header(ret_reply, "Idempotent-Replayed", "true");
    }
    *ret_claimed = taken;
    return OK;
}

/* ── The answer ───────────────────────────────────────────────────────────────────────── */

static enum err save_reply(struct context *cx, const struct http_request *request,
                           const struct http_reply *reply, const char *state)
{
    return db_run(cx,
                  "UPDATE idempotency SET state = $1, status = $2, content_type = $3,"
                  " headers = $4, body = $5 WHERE scope = $6 AND key = $7",
                  DB_ARGS(db_text(state), db_integer(reply->status), db_text(reply->content_type),
                          db_text(join_headers(cx->arena, reply)),
                          db_text(reply->body != NULL ? reply->body : ""), db_text(cx->actor.id),
                          db_text(request->idempotency_key)));
}

enum err idempotency_save(struct context *cx, const struct http_request *request,
                          const struct http_reply *reply, bool running)
{
    return save_reply(cx, request, reply, running ? "running" : "done");
}

enum err http_idempotency_keep(struct context *cx, const struct http_request *request,
                               const struct http_reply *reply)
{
    if (request->idempotency_key == NULL)
        return OK;
    return save_reply(cx, request, reply, "done");
}

struct settling {
    const struct http_request *request;
    const struct http_reply *reply;
};

static enum err run_settling(struct context *cx, void *arg)
{
    const struct settling *settling = arg;
    return save_reply(cx, settling->request, settling->reply, "done");
}

enum err idempotency_settle(struct context *cx, const struct http_request *request,
                            const struct http_reply *reply)
{
    struct kept kept;
    TRY(load_kept(cx, request, &kept));
    if (!kept.running)
        return OK;
    struct settling settling = {request, reply};
    return db_transact(cx, run_settling, &settling);
}

/* ── Ageing ───────────────────────────────────────────────────────────────────────────── */

struct sweeping {
    int64_t count; /* rows removed by the round */
};

static enum err run_sweeping(struct context *cx, void *arg)
{
    struct sweeping *sweeping = arg;
    return db_run_count(cx,
                        "DELETE FROM idempotency WHERE (scope, key) IN"
                        " (SELECT scope, key FROM idempotency WHERE created_at < $1"
                        " ORDER BY created_at LIMIT $2)",
                        DB_ARGS(db_integer(cx->wall - IDEMPOTENCY_LIFE_MS), db_integer(SWEEP_ROWS)),
                        &sweeping->count);
}

enum err idempotency_sweep(struct context *cx)
{
    struct sweeping sweeping = {.count = SWEEP_ROWS};
    for (int i = 0; i < SWEEP_ROUNDS_MAX && sweeping.count == SWEEP_ROWS; i++)
        TRY(db_transact(cx, run_sweeping, &sweeping));
    return OK;
}
