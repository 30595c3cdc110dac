/* What is read over HTTP, beside a constant reply of the same library and size. */
#include "app/bench.h"
#include "app/bench_catalog.h"
#include "app/bench_child.h"
#include "app/bench_load.h"
#include "app/bench_store.h"
#include "app/bench_world.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/limits.h"
#include "engine/decide_parts.h"
#include "engine/engine_store.h"

enum { PROBE_US = 20000, CHECK_CUSTOMERS = 200, PURE_US = 200000, PURE_AT_ONCE = 100 };

struct reads_bench {
    const struct bench_options *options;
    struct bench_result *result;
    struct bench_store store;
    struct bench_world world;
    const char *const *requests; /* sent in turn */
    size_t request_count;
    size_t next;
};

static void write_request(void *arg, struct buf *text)
{
    struct reads_bench *bench = arg;
    buf_add_text(text, bench->requests[bench->next++ % bench->request_count]);
}

static const char *get_request(struct context *cx, const struct bench_customer *customer,
                               const char *path)
{
    return arena_print(cx->arena,
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
                       path, customer->secret);
}

/* Measuring ---------------------------------------------------------------------------------- */

static enum err compare_with(struct context *cx, struct reads_bench *bench, struct load *load)
{
    struct bench_child constant = {0};
    size_t size = (size_t)(load->answered_bytes / load->answered);
    TRY(bench_child_constant(cx, size, &constant));
    struct load other = load_create(cx, constant.port, write_request, bench);
    other.stays_awake = true;
    const struct bench_side figure = {load_run, load};
    const struct bench_side baseline = {load_run, &other};
    enum err err = bench_compare(cx, bench->options, &figure, &baseline, bench->result);
    int64_t cpu_us = bench_child_stop(&constant);
    bench_note(cx, bench->result, "answers of %zu bytes", size);
    bench_note_processor(cx, bench->result, "constant reply", cpu_us, other.answered);
    return err;
}

/* The constant reply is as long as an answer on average, so some come first. */
static enum err compare(struct context *cx, struct reads_bench *bench)
{
    struct bench_child server = {0};
    struct bench_round probe;
    TRY(bench_child_serve(cx, bench->store.where, &server));
    struct load load = load_create(cx, server.port, write_request, bench);
    load.stays_awake = true;
    enum err err = load_run(cx, &load, PROBE_US, &probe);
    if (err == OK)
        err = compare_with(cx, bench, &load);
    bench_note_processor(cx, bench->result, "server", bench_child_stop(&server), load.answered);
    return err;
}

/* check: a key, a feature, the subscriptions as they are now --------------------------------- */

static enum err fill_check(struct context *cx, struct reads_bench *bench)
{
    static const struct order_request_line LINES[] = {
        {.name = "base",
         .offer = "standard",
         .quantity = 10,
         .term = TERM_P1M,
         .billing = BILLING_MONTHLY,
         .start_on = DAY_NONE},
        {.name = "add-on",
         .offer = "extra-storage",
         .quantity = 100,
         .connect_to = "base",
         .start_on = DAY_NONE},
    };
    static const char *const FEATURES[] = {"mail", "storage_gb", "mailbox_gb", "calls_world"};
    const struct order_request order = {.lines = LINES, .line_count = 2};
    const struct embed *catalog = embed_find("demo/catalog.json");
    assert(catalog != NULL);
    TRY(bench_world_open(cx, bench->store.where, (const char *)catalog->data, catalog->size,
                         &bench->world));
    enum err err = bench_world_fill(cx, &bench->world, CHECK_CUSTOMERS, &order);
    bench_world_close(cx, &bench->world);
    TRY(err);
    const char **requests = ARENA_ARRAY(cx->arena, const char *, CHECK_CUSTOMERS);
    for (size_t i = 0; i < CHECK_CUSTOMERS; i++) {
        const struct bench_customer *customer = &bench->world.customers[i];
        requests[i] =
            get_request(cx, customer,
                        arena_print(cx->arena, "/v1/entitlements/check?organization=%s&feature=%s",
                                    customer->organization, FEATURES[i % 4]));
    }
    bench->requests = requests;
    bench->request_count = CHECK_CUSTOMERS;
    return OK;
}

enum err bench_check(struct context *cx, const struct bench_options *options,
                     struct bench_result *result)
{
    struct reads_bench bench = {.options = options, .result = result};
    enum err err = bench_store_create(cx, options->server, &bench.store);
    if (err == OK)
        err = fill_check(cx, &bench);
    if (err == OK)
        err = compare(cx, &bench);
    bench_store_remove(cx, &bench.store);
    return err;
}

/* availability: 500 offers, 50 subscriptions ------------------------------------------------- */

/* How long the decision itself takes, without store and wire. */
static enum err time_judging(struct context *cx, const struct bench_customer *customer,
                             struct bench_result *result)
{
    struct context own = *cx;
    struct state *state;
    own.customer = customer->organization;
    TRY(state_load_read(&own, &state));
    state_use_account(state, state_find_account(state, customer->account), own.now);
    struct eligibility_input input = decide_holdings(&own, state, NULL);
    if (input.holding_count != BENCH_HELD || input.catalog->offer_count != BENCH_OFFERS)
        return bench_fail("%zu subscriptions and %zu offers instead of %d and %d",
                          input.holding_count, input.catalog->offer_count, BENCH_HELD,
                          BENCH_OFFERS);
    own.arena = arena_create(REQUEST_ARENA_MAX);
    int64_t began_us = clock_monotonic_us();
    int64_t took_us = 0, calls = 0;
    size_t count = 0, available = 0;
    while (took_us < PURE_US) {
        struct availability *items = NULL;
        for (int i = 0; i < PURE_AT_ONCE; i++) {
            arena_reset(own.arena);
            eligibility_list(&own, &input, &items, &count);
        }
        available = 0;
        for (size_t i = 0; i < count; i++)
            available += items[i].available;
        calls += PURE_AT_ONCE;
        took_us = clock_monotonic_us() - began_us;
    }
    arena_free(own.arena);
    int64_t tenths = took_us * 10 / calls;
    bench_note(cx, result, "the pure function alone: %" PRId64 ".%" PRId64 " us a call",
               tenths / 10, tenths % 10);
    bench_note(cx, result, "%zu offers, %zu of them available", count, available);
    return OK;
}

static enum err fill_availability(struct context *cx, struct reads_bench *bench)
{
    const char *catalog = bench_catalog(cx);
    const struct order_request order = bench_catalog_order(cx);
    TRY(bench_world_open(cx, bench->store.where, catalog, strlen(catalog), &bench->world));
    enum err err = bench_world_fill(cx, &bench->world, 1, &order);
    if (err == OK)
        err = time_judging(cx, &bench->world.customers[0], bench->result);
    bench_world_close(cx, &bench->world);
    TRY(err);
    const struct bench_customer *customer = &bench->world.customers[0];
    const char **requests = ARENA_ARRAY(cx->arena, const char *, 1);
    requests[0] = get_request(
        cx, customer, arena_print(cx->arena, "/v1/availability?account=%s", customer->account));
    bench->requests = requests;
    bench->request_count = 1;
    return OK;
}

enum err bench_availability(struct context *cx, const struct bench_options *options,
                            struct bench_result *result)
{
    struct reads_bench bench = {.options = options, .result = result};
    enum err err = bench_store_create(cx, options->server, &bench.store);
    if (err == OK)
        err = fill_availability(cx, &bench);
    if (err == OK)
        err = compare(cx, &bench);
    bench_store_remove(cx, &bench.store);
    return err;
}
