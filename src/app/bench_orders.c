/* Orders over HTTP, durable, beside their rows by bare statements. */
#include <time.h>

#include "app/bench.h"
#include "app/bench_bare.h"
#include "app/bench_child.h"
#include "app/bench_load.h"
#include "app/bench_store.h"
#include "app/bench_world.h"
#include "base/clock.h"
#include "base/embed.h"
#include "http/http.h"

/* Customers hold few subscriptions each; so there are many of them. */
enum { CUSTOMERS = 2000, NUMBERING_WAIT_US = 30000000, NUMBERING_STEP_MS = 5, REQUEST_MAX = 1024 };

/* A base and an add-on on it, in one order: the rows of bench_rows.def. */
static const char BODY[] =
    "{\"account\":\"%s\",\"payment_method\":\"%s\",\"lines\":["
    "{\"name\":\"base\",\"offer\":\"standard\",\"quantity\":10,\"term\":\"P1M\","
    "\"billing\":\"monthly\"},"
    "{\"name\":\"add-on\",\"offer\":\"extra-storage\",\"quantity\":100,"
    "\"connect_to\":\"base\"}]}";

struct orders_bench {
    const struct bench_options *options;
    struct bench_result *result;
    struct bench_store store;      /* the server's */
    struct bench_store bare_store; /* the same customers, for the baseline */
    struct bench_world world;
    struct bench_world bare_world;
    struct bench_child server;
    struct load load;
    struct bare bare;
    struct db *reader; /* of the server's store */
    int64_t requests;
    int64_t numbering_us; /* longest wait for the last number after a round */
};

static void write_request(void *arg, struct buf *text)
{
    struct orders_bench *bench = arg;
    int64_t number = bench->requests++;
    const struct bench_customer *customer =
        &bench->world.customers[(size_t)number % bench->world.count];
    char body[REQUEST_MAX];
    int size = snprintf(body, sizeof body, BODY, customer->account, customer->method);
    buf_print(text,
              "POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
              "Idempotency-Key: order-%" PRId64 "\r\nContent-Type: application/json\r\n"
              "Content-Length: %d\r\n\r\n%s",
              customer->secret, number, size, body);
}

/* The two sides ------------------------------------------------------------------------------ */

/* Numbers are given soon after the commit: what is left of that must not run beside the
 * baseline. */
static enum err await_numbers(struct context *cx, struct orders_bench *bench)
{
    struct context own = *cx;
    own.db = bench->reader;
    int64_t began_us = clock_monotonic_us();
    int64_t unnumbered = 1;
    while (unnumbered > 0) {
        const struct timespec step = {.tv_nsec = NUMBERING_STEP_MS * 1000000L};
        TRY(bench_check_interrupted(cx));
        TRY(bench_store_count_unnumbered(&own, &unnumbered));
        int64_t waited_us = clock_monotonic_us() - began_us;
        if (waited_us > NUMBERING_WAIT_US)
            return bench_fail("%" PRId64 " documents were not numbered", unnumbered);
        if (waited_us > bench->numbering_us)
            bench->numbering_us = waited_us;
        nanosleep(&step, NULL);
    }
    return OK;
}

static enum err run_server(struct context *cx, void *arg, int64_t duration_us,
                           struct bench_round *ret_round)
{
    struct orders_bench *bench = arg;
    TRY(load_run(cx, &bench->load, duration_us, ret_round));
    return await_numbers(cx, bench);
}

static int64_t observed_batch(const struct bench_child *server)
{
    int64_t commits = server->stats->commits;
    return commits > 0 ? (server->stats->works + commits / 2) / commits : 1;
}

static enum err run_bare(struct context *cx, void *arg, int64_t duration_us,
                         struct bench_round *ret_round)
{
    struct orders_bench *bench = arg;
    bench->bare.batch = observed_batch(&bench->server);
    bench->bare.reply = bench->load.sample;
    if (bench->options->server != NULL)
        return bare_run_postgres(cx, &bench->bare, duration_us, ret_round);
    return bare_run_sqlite(cx, &bench->bare, duration_us, ret_round);
}

/* What must hold afterwards ------------------------------------------------------------------ */

static int64_t count_of(const struct table_rows_list *tables, const char *table)
{
    for (size_t i = 0; i < tables->count; i++) {
        if (strcmp(tables->items[i]->table, table) == 0)
            return tables->items[i]->count;
    }
    return 0;
}

/* Every order that was acknowledged is there, and no other; and the baseline writes as many rows
 * into each table as the server did. */
static enum err check_rows(struct context *cx, const struct orders_bench *bench,
                           const struct table_rows_list *before)
{
    struct table_rows_list after;
    TRY(bench_store_count(cx, &bench->store, &after));
    int64_t answered = bench->load.answered;
    int64_t written = count_of(&after, "orders") - count_of(before, "orders");
    int64_t rows = 0;
    if (written != answered)
        return bench_fail("%" PRId64 " orders acknowledged, %" PRId64 " written", answered,
                          written);
    for (size_t i = 0; i < after.count; i++) {
        const char *table = after.items[i]->table;
        int64_t grown = after.items[i]->count - count_of(before, table);
        int64_t listed = bare_inserts(table);
        bool is_counter = strcmp(table, "number_series") == 0;
        rows += grown;
        if (!is_counter && grown != listed * answered)
            return bench_fail("bench_rows.def lists %" PRId64 " rows of %s an order; %" PRId64
                              " orders wrote %" PRId64,
                              listed, table, answered, grown);
    }
    bench_note(cx, bench->result, "%" PRId64 " orders acknowledged, %" PRId64 " written", answered,
               written);
    int64_t tenths = rows * 10 / (answered > 0 ? answered : 1);
    bench_note(cx, bench->result, "%" PRId64 ".%" PRId64 " rows an order", tenths / 10,
               tenths % 10);
    return OK;
}

/* Running ------------------------------------------------------------------------------------ */

static enum err prepare_store(struct context *cx, const struct bench_options *options,
                              struct bench_store *store, struct bench_world *world)
{
    const struct embed *catalog = embed_find("demo/catalog.json");
    assert(catalog != NULL);
    TRY(bench_store_create(cx, options->server, store));
    TRY(bench_world_open(cx, store->where, (const char *)catalog->data, catalog->size, world));
    enum err err = bench_world_fill(cx, world, CUSTOMERS, NULL);
    bench_world_close(cx, world);
    return err;
}

static enum err compare(struct context *cx, struct orders_bench *bench)
{
    const struct bench_side figure = {run_server, bench};
    const struct bench_side baseline = {run_bare, bench};
    struct table_rows_list before;
    TRY(bench_store_count(cx, &bench->store, &before));
    bench->load = load_create(cx, bench->server.port, write_request, bench);
    TRY(bench_compare(cx, bench->options, &figure, &baseline, bench->result));
    TRY(check_rows(cx, bench, &before));
    bench_note(cx, bench->result, "%" PRId64 " in a commit, on average",
               observed_batch(&bench->server));
    bench_note(cx, bench->result, "documents numbered within %" PRId64 " ms after the last order",
               bench->numbering_us / 1000);
    return OK;
}

static enum err compare_on_store(struct context *cx, struct orders_bench *bench)
{
    TRY(bench_child_serve(cx, bench->store.where, &bench->server));
    enum err err = db_open(cx, &bench->reader, bench->store.where, DB_READER, false);
    if (err == OK) {
        err = compare(cx, bench);
        db_close(bench->reader);
    }
    int64_t processor_us = bench_child_stop(&bench->server);
    bench_note_processor(cx, bench->result, "server", processor_us, bench->load.answered);
    return err;
}

enum err bench_orders(struct context *cx, const struct bench_options *options,
                      struct bench_result *result)
{
    struct orders_bench bench = {.options = options, .result = result};
    enum err err = prepare_store(cx, options, &bench.store, &bench.world);
    if (err == OK)
        err = prepare_store(cx, options, &bench.bare_store, &bench.bare_world);
    if (err == OK) {
        bench.bare = bare_create(cx, bench.bare_store.where, &bench.bare_world);
        err = compare_on_store(cx, &bench);
        bare_end(&bench.bare);
    }
    bench_store_remove(cx, &bench.bare_store);
    bench_store_remove(cx, &bench.store);
    return err;
}
