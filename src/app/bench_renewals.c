/* Renewals: documents, ledger and events, numbered, beside the same statements alone. */
#include "app/bench.h"
#include "app/bench_replay.h"
#include "app/bench_store.h"
#include "app/bench_world.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/limits.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"

enum {
    ROUNDS = 5,
    WARM_UP_OF = 25,          /* that part of the customers is not counted */
    ADDON_OF = 5,             /* one customer of so many has an add-on */
    FILL_AT_ONCE = 500,       /* customers in a transaction */
    CUSTOMERS_IN_COMMIT = 25, /* as the engine does on SQLite (due_do.c) */
    PAGE = 5000,              /* customers that the baseline knows at a time */
    CALLS_MAX = 1 << 20,
};

/* Bought on the 5th of February; what is due before the renewal, the revenue of the month, is done
 * beforehand. The two customers whose renewal is recorded bought on the two days before. */
#define BOUGHT_ON day_of(2026, 2, 5)
#define RENEWED_ON day_of(2026, 3, 5)

struct renewals_bench {
    const struct bench_options *options;
    struct bench_result *result;
    struct bench_store store;      /* the engine's */
    struct bench_store bare_store; /* a copy of it, for the baseline */
    struct bench_world world;
    struct arena *work; /* of one call of the engine, or one piece of filling */
    struct arena *page; /* of some customers of the baseline */
    struct replay replay;
    const char *after;           /* the customer that the baseline renewed last */
    int64_t calls_us[CALLS_MAX]; /* of a customer, on average, in each call of a round */
    size_t call_count;
    int64_t resident_kb;  /* before the first round */
    int64_t figure_count; /* renewed by the engine */
    int64_t bare_count;   /* and by the baseline */
};

static instant at_noon(civil_day day)
{
    return (instant)day * MS_PER_DAY + MS_PER_DAY / 2;
}

/* Customers of a round, the first of which warms up: whole claims of the engine. */
static int64_t round_size(const struct renewals_bench *bench, bool is_first)
{
    int64_t parts = is_first ? WARM_UP_OF : ROUNDS;
    int64_t claims = (bench->options->size / parts + DUE_BATCH_MAX - 1) / DUE_BATCH_MAX;
    return claims * DUE_BATCH_MAX;
}

/* A context for a piece of work, in memory of its own. */
static struct context work_begin(const struct context *cx, const struct renewals_bench *bench)
{
    struct context work = *cx;
    arena_reset(bench->work);
    work.arena = bench->work;
    work.customer = "";
    return work;
}

/* What is due ------------------------------------------------------------------------------- */

static void note_call(struct renewals_bench *bench, int64_t elapsed_us, int64_t customers)
{
    if (customers > 0 && bench->call_count < CALLS_MAX)
        bench->calls_us[bench->call_count++] = elapsed_us / customers;
}

/* Does what is due, for at least `wanted` customers if so many are left, and numbers it. */
static enum err run_due(struct context *cx, struct renewals_bench *bench, instant until,
                        int64_t wanted, int64_t *ret_count)
{
    int64_t customers = 1;
    *ret_count = 0;
    while (customers > 0 && *ret_count < wanted) {
        struct context work = work_begin(cx, bench);
        int64_t failed, began_us = clock_monotonic_us();
        TRY(bench_check_interrupted(cx));
        work.now = until;
        work.wall = clock_wall_ms();
        TRY(engine_run_all_due(&work, until, false, &customers, &failed));
        if (failed > 0)
            return bench_fail("%" PRId64 " customers could not be renewed", failed);
        note_call(bench, clock_monotonic_us() - began_us, customers);
        *ret_count += customers;
        cx->ids = work.ids;
        if (*ret_count % NUMBER_BATCH_MAX == 0)
            TRY(invoice_number_due(&work, INT64_MAX));
    }
    struct context work = work_begin(cx, bench);
    return invoice_number_due(&work, INT64_MAX);
}

/* Filling ------------------------------------------------------------------------------------ */

static struct order_request order_of(bool with_addon)
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
    return (struct order_request){.lines = LINES, .line_count = with_addon ? 2 : 1};
}

/* Signs up some who all buy the same. */
static enum err fill(struct context *cx, struct renewals_bench *bench, civil_day bought_on,
                     size_t count, bool with_addon)
{
    const struct order_request order = order_of(with_addon);
    struct context work = work_begin(cx, bench);
    struct bench_world world = bench->world;
    work.now = at_noon(bought_on);
    work.wall = clock_wall_ms();
    enum err err = bench_world_fill(&work, &world, count, &order);
    cx->ids = work.ids;
    return err == OK ? OK : bench_fail("a customer could not be made");
}

struct fill_piece {
    struct renewals_bench *bench;
    int64_t customers;
};

/* Every fifth with an add-on, so that each commit has some. */
static enum err fill_piece(struct context *cx, void *arg)
{
    struct fill_piece *piece = arg;
    for (int64_t i = 0; i < piece->customers; i += ADDON_OF) {
        TRY(fill(cx, piece->bench, BOUGHT_ON, ADDON_OF - 1, false));
        TRY(fill(cx, piece->bench, BOUGHT_ON, 1, true));
    }
    return OK;
}

static enum err fill_all(struct context *cx, struct renewals_bench *bench)
{
    int64_t left = round_size(bench, true) + ROUNDS * round_size(bench, false);
    TRY(fill(cx, bench, BOUGHT_ON - 2, 1, false));
    TRY(fill(cx, bench, BOUGHT_ON - 1, 1, true));
    for (; left > 0; left -= FILL_AT_ONCE) {
        struct fill_piece piece = {bench, left < FILL_AT_ONCE ? left : FILL_AT_ONCE};
        TRY(db_transact(cx, fill_piece, &piece));
    }
    struct context work = work_begin(cx, bench);
    return invoice_number_due(&work, INT64_MAX);
}

/* Recording ---------------------------------------------------------------------------------- */

static enum err record(struct context *cx, struct renewals_bench *bench, size_t kind,
                       const struct replay_customer *sample)
{
    struct db_record recorded = {0};
    int64_t count, number;
    assert(sample->kind == kind);
    db_set_record(cx->db, cx->arena, &recorded);
    enum err err =
        run_due(cx, bench, at_noon(RENEWED_ON - REPLAY_KINDS + (civil_day)kind), 1, &count);
    db_set_record(cx->db, NULL, NULL);
    TRY(err);
    if (count != 1)
        return bench_fail("one customer was to be renewed, not %" PRId64, count);
    TRY(bench_store_last_number(cx, &number));
    bench->replay.scripts[kind] = replay_compile(cx, &recorded, sample, number);
    bench->replay.number = number;
    bench->after = sample->own[0];
    return OK;
}

/* The customers whose renewal is recorded are the first of all. */
static enum err prepare(struct context *cx, struct renewals_bench *bench)
{
    struct replay_customer *samples;
    size_t found;
    int64_t count;
    TRY(fill_all(cx, bench));
    TRY(run_due(cx, bench, at_noon(day_of(2026, 3, 1)), INT64_MAX, &count));
    TRY(replay_load_customers(cx, "", REPLAY_KINDS, &samples, &found));
    assert(found == REPLAY_KINDS);
    for (size_t kind = 0; kind < REPLAY_KINDS; kind++)
        TRY(record(cx, bench, kind, &samples[kind]));
    return bench_store_copy(cx, &bench->store, &bench->bare_store);
}

/* The two sides ------------------------------------------------------------------------------ */

static int compare_integers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static enum err run_engine(struct context *cx, void *arg, int64_t duration_us,
                           struct bench_round *ret_round)
{
    struct renewals_bench *bench = arg;
    int64_t wanted = round_size(bench, bench->figure_count == 0);
    struct bench_round round = {0};
    (void)duration_us;
    if (bench->figure_count == 0)
        bench->resident_kb = bench_resident_kb();
    bench->call_count = 0;
    int64_t began_us = clock_monotonic_us();
    TRY(run_due(cx, bench, at_noon(RENEWED_ON), wanted, &round.count));
    round.elapsed_us = clock_monotonic_us() - began_us;
    bench->figure_count += round.count;
    if (bench->call_count == 0)
        return bench_fail("nobody was left to renew");
    qsort(bench->calls_us, bench->call_count, sizeof *bench->calls_us, compare_integers);
    round.p50_us = bench->calls_us[bench->call_count / 2];
    round.p99_us = bench->calls_us[bench->call_count * 99 / 100];
    *ret_round = round;
    return OK;
}

static enum err load_page(struct context *cx, struct renewals_bench *bench, size_t count,
                          struct replay_customer **ret_customers)
{
    struct context own = *cx;
    size_t found;
    arena_reset(bench->page);
    own.arena = bench->page;
    TRY(db_open(&own, &own.db, bench->bare_store.where, DB_READER, false));
    enum err err = replay_load_customers(&own, bench->after, count, ret_customers, &found);
    db_close(own.db);
    cx->fault = own.fault;
    TRY(err);
    return found == count ? OK : bench_fail("customers are missing in the copy");
}

/* As many customers as the engine has renewed in its round before; to read who they are is not
 * counted. */
static enum err run_bare(struct context *cx, void *arg, int64_t duration_us,
                         struct bench_round *ret_round)
{
    struct renewals_bench *bench = arg;
    struct bench_round sum = {0}, page;
    (void)duration_us;
    while (bench->bare_count < bench->figure_count) {
        int64_t left = bench->figure_count - bench->bare_count;
        size_t count = (size_t)(left < PAGE ? left : PAGE);
        struct replay_customer *customers;
        TRY(bench_check_interrupted(cx));
        TRY(load_page(cx, bench, count, &customers));
        TRY(replay_run(&bench->replay, customers, count, &page));
        sum.count += page.count;
        sum.elapsed_us += page.elapsed_us;
        bench->bare_count += (int64_t)count;
        bench->after = arena_copy(cx->arena, customers[count - 1].own[0]);
    }
    *ret_round = sum;
    return OK;
}

/* What must hold afterwards ------------------------------------------------------------------ */

/* Both sides have renewed the same customers: so both stores have as many rows of everything. */
static enum err check_rows(struct context *cx, const struct renewals_bench *bench)
{
    struct table_rows_list own, bare;
    TRY(bench_store_count(cx, &bench->store, &own));
    TRY(bench_store_count(cx, &bench->bare_store, &bare));
    for (size_t i = 0; i < own.count; i++) {
        if (own.items[i]->count != bare.items[i]->count)
            return bench_fail("the engine has %" PRId64 " rows of %s, the baseline %" PRId64,
                              own.items[i]->count, own.items[i]->table, bare.items[i]->count);
    }
    for (size_t kind = 0; kind < REPLAY_KINDS; kind++)
        bench_note(cx, bench->result, "%zu rows written for a renewal %s an add-on",
                   bench->replay.scripts[kind].count, kind == 0 ? "without" : "with");
    return OK;
}

static enum err compare(struct context *cx, struct renewals_bench *bench)
{
    const struct bench_side figure = {run_engine, bench};
    const struct bench_side baseline = {run_bare, bench};
    TRY(bench_compare(cx, bench->options, &figure, &baseline, bench->result));
    bench_note(cx, bench->result, "%" PRId64 " subscriptions, a fifth with an add-on",
               bench->options->size);
    bench_note(cx, bench->result, "memory: %" PRId64 " KB before, %" PRId64 " KB after",
               bench->resident_kb, bench_resident_kb());
    return OK;
}

/* Runs on the engine's store, which is opened again when it has been copied. */
static enum err compare_on_store(struct context *cx, struct renewals_bench *bench)
{
    const struct embed *catalog = embed_find("demo/catalog.json");
    assert(catalog != NULL);
    cx->now = at_noon(BOUGHT_ON - 3);
    TRY(bench_world_open(cx, bench->store.where, (const char *)catalog->data, catalog->size,
                         &bench->world));
    enum err err = prepare(cx, bench);
    if (err == OK)
        err = compare(cx, bench);
    bench_world_close(cx, &bench->world);
    return err == OK ? check_rows(cx, bench) : err;
}

enum err bench_renewals(struct context *cx, const struct bench_options *options,
                        struct bench_result *result)
{
    struct renewals_bench *bench = ARENA_NEW(cx->arena, struct renewals_bench);
    struct context own = *cx;
    if (options->server != NULL)
        return fault(cx, ERR_USAGE, "value", "annex bench: renewals are measured on SQLite", NULL);
    *bench = (struct renewals_bench){.options = options, .result = result};
    bench->work = arena_create(REQUEST_ARENA_MAX);
    bench->page = arena_create(REQUEST_ARENA_MAX);
    enum err err = bench_store_create(cx, NULL, &bench->store);
    if (err == OK)
        err = bench_store_create(cx, NULL, &bench->bare_store);
    bench->replay =
        (struct replay){.where = bench->bare_store.where, .batch = CUSTOMERS_IN_COMMIT, .cx = *cx};
    bench->replay.cx.arena = arena_create(REQUEST_ARENA_MAX);
    if (err == OK)
        err = compare_on_store(&own, bench);
    cx->fault = own.fault;
    bench_store_remove(cx, &bench->bare_store);
    bench_store_remove(cx, &bench->store);
    arena_free(bench->replay.cx.arena);
    arena_free(bench->page);
    arena_free(bench->work);
    return err;
}
