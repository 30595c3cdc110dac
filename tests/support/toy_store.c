#include "support/toy_store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/message.h"
#include "db/db.h"
#include "http/http_private.h"

static struct toy_shared *shared;

/* ── Handlers ─────────────────────────────────────────────────────────────────────────── */

static enum err reply_thing(struct context *cx, struct http_reply *reply, int status,
                            const char *id, const char *value)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "id", id);
    json_put_text(&w, "value", value);
    json_close_object(&w);
    http_reply_json(reply, status, &w);
    return OK;
}

static enum err get_hello(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    (void)request;
    return reply_thing(cx, reply, 200, "hello", cx->language);
}

static enum err list_things(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct http_page page;
    TRY(http_page_read(cx, request, &page));
    return reply_thing(cx, reply, 200, page.after, arena_print(cx->arena, "%d", (int)page.limit));
}

static enum err load_thing(struct context *cx, const char *id, const char **ret_value,
                           int64_t *ret_version)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT value, version FROM toy_thing WHERE id = $1",
                  DB_ARGS(db_text(id))));
    bool found = db_next(&rows);
    if (found) {
        *ret_value = db_get_text(&rows, 0);
        *ret_version = db_get_integer(&rows, 1);
    }
    TRY(db_done(&rows));
    return found ? OK : fault(cx, ERR_NOT_FOUND, NULL);
}

static enum err get_thing(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    const char *value;
    int64_t version;
    TRY(load_thing(cx, request->path_values[0], &value, &version));
    http_reply_version(cx, reply, version);
    return reply_thing(cx, reply, 200, request->path_values[0], value);
}

static enum err change_thing(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    const char *value, *id = request->path_values[0];
    int64_t version;
    struct json_reader r;
    TRY(load_thing(cx, id, &value, &version));
    TRY(http_check_version(cx, request, version));
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "value", REQUIRED, &value));
    TRY(json_done(&r));
    TRY(db_run(cx, "UPDATE toy_thing SET value = $1, version = version + 1 WHERE id = $2",
               DB_ARGS(db_text(value), db_text(id))));
    http_reply_version(cx, reply, version + 1);
    return reply_thing(cx, reply, 200, id, value);
}

static enum err delete_thing(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    reply->status = 204;
    return db_run(cx, "DELETE FROM toy_thing WHERE id = $1",
                  DB_ARGS(db_text(request->path_values[0])));
}

static enum err insert_thing(struct context *cx, const char *id, const char *value)
{
    return db_run(cx, "INSERT INTO toy_thing (id, value, version) VALUES ($1, $2, 1)",
                  DB_ARGS(db_text(id), db_text(value)));
}

static enum err create_thing(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    const char *id, *value;
    struct json_reader r;
    atomic_fetch_add(&shared->runs, 1);
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "id", REQUIRED, &id));
    TRY(json_text(&r, "value", REQUIRED, &value));
    TRY(json_done(&r));
    TRY(insert_thing(cx, id, value));
    http_reply_header(reply, "Location", arena_print(cx->arena, "/v1/things/%s", id));
    return reply_thing(cx, reply, 201, id, value);
}

static enum err create_slowly(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    usleep(TOY_SLOW_MS * 1000);
    return create_thing(cx, request, reply);
}

static enum err refuse_thing(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    (void)request;
    (void)reply;
    static const char *const offers[] = {"base", "other"};
    static const struct reason reasons[] = {{"excluded_by", offers, 2}, {"country", NULL, 0}};
    atomic_fetch_add(&shared->runs, 1);
    TRY(insert_thing(cx, "refused", "must not stay"));
    enum err err =
        fault(cx, ERR_QUANTITY_OUT_OF_RANGE, "param", "/quantity", "min", "1", "max", "300", NULL);
    cx->fault.reasons = reasons;
    cx->fault.reason_count = 2;
    cx->fault.detail = "[1]";
    return err;
}

static enum err fail_thing(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    (void)request;
    (void)reply;
    atomic_fetch_add(&shared->runs, 1);
    TRY(insert_thing(cx, "failed", "must not stay"));
    return fault(cx, ERR_INTERNAL, NULL);
}

/* ── With a finish ────────────────────────────────────────────────────────────────────── */

static enum err start_paying(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    const char *id = request->path_values[0];
    TRY(insert_thing(cx, id, "processing"));
    reply->carry = arena_copy(cx->arena, id);
    return reply_thing(cx, reply, 202, id, "processing");
}

struct payment {
    const struct http_request *request;
    struct http_reply *reply;
};

static enum err run_payment(struct context *cx, void *arg)
{
    struct payment *payment = arg;
    const char *id = payment->reply->carry;
    TRY(db_run(cx, "UPDATE toy_thing SET value = 'paid' WHERE id = $1", DB_ARGS(db_text(id))));
    TRY(reply_thing(cx, payment->reply, 201, id, "paid"));
    return http_idempotency_keep(cx, payment->request, payment->reply);
}

static enum err finish_paying(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct payment payment = {request, reply};
    usleep(TOY_SLOW_MS * 1000);
    return db_transact(cx, run_payment, &payment);
}

static enum err finish_breaking(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    (void)request;
    reply->status = 500;
    return fault(cx, ERR_INTERNAL, NULL);
}

/* ── A disk that fills ────────────────────────────────────────────────────────────────── */

static enum err set_disk(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    bool full = strcmp(request->path_values[0], "full") == 0;
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = full ? 1 : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    return reply_thing(cx, reply, 200, "disk", request->path_values[0]);
}

/* ── The application ──────────────────────────────────────────────────────────────────── */

#define WRITES(method, path, handler, finish, flags)                                               \
    {                                                                                              \
        method, path, handler, finish, 0, ROUTE_WRITE | (flags), "", NULL, NULL, NULL, NULL        \
    }
#define READS(path, handler, flags, query)                                                         \
    {                                                                                              \
        HTTP_GET, path, handler, NULL, 0, flags, "", NULL, NULL, query, NULL                       \
    }

static const struct http_route routes[] = {
    READS("/v1/hello", get_hello, ROUTE_INLINE | ROUTE_PUBLIC, NULL),
    READS("/v1/things", list_things, 0, "limit after before"),
    READS("/v1/things/{id}", get_thing, 0, NULL),
    READS("/v1/disk/{state}", set_disk, ROUTE_INLINE, NULL),
    WRITES(HTTP_PATCH, "/v1/things/{id}", change_thing, NULL, ROUTE_PREVIEW),
    WRITES(HTTP_DELETE, "/v1/things/{id}", delete_thing, NULL, 0),
    WRITES(HTTP_POST, "/v1/things", create_thing, NULL, 0),
    WRITES(HTTP_POST, "/v1/things/refuse", refuse_thing, NULL, 0),
    WRITES(HTTP_POST, "/v1/things/fail", fail_thing, NULL, 0),
    WRITES(HTTP_POST, "/v1/things/slow", create_slowly, NULL, 0),
    WRITES(HTTP_POST, "/v1/things/{id}/pay", start_paying, finish_paying, 0),
    WRITES(HTTP_POST, "/v1/things/{id}/break", start_paying, finish_breaking, 0),
};

static enum err authorize(struct context *cx, struct http_request *request)
{
    static const char bearer[] = "Bearer ";
    const char *given = request->authorization;
    if (given != NULL && strncmp(given, bearer, sizeof bearer - 1) == 0) {
        cx->actor.id = given + sizeof bearer - 1;
        return OK;
    }
    if ((request->route->flags & ROUTE_PUBLIC) != 0)
        return OK;
    return fault(cx, ERR_UNAUTHENTICATED, NULL);
}

static void tick(struct context *cx, void *app)
{
    (void)cx;
    atomic_fetch_add(&((struct toy_shared *)app)->ticks, 1);
}

static struct context new_context(struct arena *arena)
{
    return (struct context){.arena = arena, .language = "en", .actor = {.id = ""}};
}

static enum err empty_store(struct context *cx, void *arg)
{
    (void)arg;
    TRY(db_run(cx, "DROP TABLE IF EXISTS toy_thing", DB_NO_ARGS));
    TRY(db_run(cx, "CREATE TABLE toy_thing (id text PRIMARY KEY, value text, version bigint)",
               DB_NO_ARGS));
    return db_run(cx, "DELETE FROM idempotency", DB_NO_ARGS);
}

static bool prepare_store(const char *store)
{
    struct arena *arena = arena_create(REQUEST_ARENA_MAX);
    struct context cx = new_context(arena);
    assert_int_equal(db_open(&cx, &cx.db, store, DB_WRITER, true), OK);
    assert_int_equal(db_migrate(&cx), OK);
    assert_int_equal(db_transact(&cx, empty_store, NULL), OK);
    bool sqlite = db_kind(cx.db) == DB_SQLITE;
    db_close(cx.db);
    arena_free(arena);
    return sqlite;
}

[[gnu::noreturn]] static void serve(const char *store, int out)
{
    dup2(out, STDOUT_FILENO);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error, not a signal */
    struct arena *arena = arena_create(REQUEST_ARENA_MAX);
    struct context cx = new_context(arena);
    struct http_config config = {
        .listen = "127.0.0.1:0",
        .store = store,
        .reader_count = 2,
        .worker_count = 4,
        .outbound_count = 4,
        .batch_max = 64,
        .client_wait_ms = TOY_CLIENT_WAIT_MS,
        .stats = &shared->stats,
        .routes = routes,
        .route_count = sizeof routes / sizeof routes[0],
        .hooks = {.authorize = authorize, .tick = tick, .app = shared},
    };
    enum err err = http_serve(&cx, &config);
    arena_free(arena);
    exit(err == OK ? 0 : 1);
}

struct toy toy_start(void)
{
    const char *store = getenv("ANNEX_STORE");
    assert_non_null(store);
    hash_start();
    message_start();
    struct toy toy = {.sqlite = prepare_store(store)};
    toy.shared =
        mmap(NULL, sizeof *toy.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(toy.shared, MAP_FAILED);
    shared = toy.shared;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    toy.pid = fork();
    assert_true(toy.pid >= 0);
    if (toy.pid == 0)
        serve(store, ends[1]);
    close(ends[1]);
    char line[128] = "";
    FILE *out = fdopen(ends[0], "r");
    assert_non_null(fgets(line, sizeof line, out));
    fclose(out);
    static const char said[] = "listening on http://127.0.0.1:";
    assert_memory_equal(line, said, sizeof said - 1);
    toy.port = (int)strtol(line + sizeof said - 1, NULL, 10);
    return toy;
}

int toy_stop(struct toy *toy)
{
    int status = -1;
    kill(toy->pid, SIGTERM);
    waitpid(toy->pid, &status, 0);
    munmap(toy->shared, sizeof *toy->shared);
    return status;
}

/* ── Past the server ──────────────────────────────────────────────────────────────────── */

static enum err run_count(struct context *cx, void *arg)
{
    return db_one_integer(cx, arg, "SELECT count(*) FROM toy_thing", DB_NO_ARGS);
}

static enum err run_count_keys(struct context *cx, void *arg)
{
    return db_one_integer(cx, arg, "SELECT count(*) FROM idempotency", DB_NO_ARGS);
}

static enum err run_age_keys(struct context *cx, void *arg)
{
    return db_run(cx, "UPDATE idempotency SET created_at = created_at - $1",
                  DB_ARGS(db_integer(*(int64_t *)arg)));
}

static enum err run_disconnect(struct context *cx, void *arg)
{
    return db_one_integer(cx, arg,
                          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                          " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                          DB_NO_ARGS);
}

static enum err run_sweep_keys(struct context *cx, void *arg)
{
    (void)arg;
    return idempotency_sweep(cx);
}

/* Runs the work on a connection of its own. */
static void run_past_server(db_work work, int64_t *arg)
{
    struct arena *arena = arena_create(REQUEST_ARENA_MAX);
    struct context cx = new_context(arena);
    cx.wall = clock_wall_ms();
    assert_int_equal(db_open(&cx, &cx.db, getenv("ANNEX_STORE"), DB_WRITER, false), OK);
    assert_int_equal(db_transact(&cx, work, arg), OK);
    db_close(cx.db);
    arena_free(arena);
}

int64_t toy_count(void)
{
    int64_t count = -1;
    run_past_server(run_count, &count);
    return count;
}

int64_t toy_count_keys(void)
{
    int64_t count = -1;
    run_past_server(run_count_keys, &count);
    return count;
}

void toy_age_keys(int64_t by_ms)
{
    run_past_server(run_age_keys, &by_ms);
}

void toy_sweep_keys(void)
{
    run_past_server(run_sweep_keys, NULL);
}

void toy_disconnect(void)
{
    int64_t count;
    run_past_server(run_disconnect, &count);
}
