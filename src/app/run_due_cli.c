#include "app/run_due_cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/clock.h"
#include "base/limits.h"
#include "customer/due_store.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"

enum { PAUSE_MS = 200, PROGRESS_EVERY_US = 1000000 };

struct run_due_options {
    const char *store;
    instant at; /* INSTANT_NONE: now */
};

static enum err usage_fault(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex run-due: %s", what), NULL);
}

static enum err options_parse(struct context *cx, int argc, char **argv,
                              struct run_due_options *ret_options)
{
    struct run_due_options options = {.at = INSTANT_NONE};
    for (int i = 1; i < argc; i += 2) {
        bool is_store = strcmp(argv[i], "--store") == 0;
        bool is_at = strcmp(argv[i], "--at") == 0;
        if (i + 1 == argc || (!is_store && !is_at))
            return usage_fault(
                cx, arena_print(cx->arena, "%s is no option, or lacks its value", argv[i]));
        if (is_store)
            options.store = argv[i + 1];
        else if (!instant_parse(argv[i + 1], &options.at))
            return usage_fault(cx, "--at must be an instant such as 2026-01-13T21:55:18Z");
    }
    if (options.store == NULL)
        return usage_fault(cx, "--store WHERE is missing");
    *ret_options = options;
    return OK;
}

/* How far it is, said once a second to whoever watches. */
struct progress {
    int64_t total; /* that waited at the beginning */
    int64_t done;
    int64_t failures;
    int64_t told_us;
};

static void progress_tell(struct progress *progress)
{
    int64_t now_us = clock_monotonic_us();
    if (now_us - progress->told_us < PROGRESS_EVERY_US)
        return;
    progress->told_us = now_us;
    fprintf(stderr, "%" PRId64 " of %" PRId64 " customers done, %" PRId64 " failures\n",
            progress->done, progress->total, progress->failures);
}

/* What failed three times: shown, and left for somebody to look at. */
static enum err print_parked(struct context *cx)
{
    struct parked_work_list list = {0};
    struct parked_query query = {.mode = PARKED_ALL, .after = "", .limit = PAGE_MAX};
    do {
        list = (struct parked_work_list){0};
        TRY(due_list_parked(cx, &query, &list));
        if (list.count > 0)
            query.after = list.items[list.count - 1]->customer;
        for (size_t i = 0; i < list.count; i++) {
            const struct parked_work *parked = list.items[i];
            printf("parked %s: %s at %s after %" PRId64 " attempts\n", parked->customer,
                   parked->error[0] ? parked->error : "the program stopped",
                   parked->subject[0] ? parked->subject : "a place not known", parked->attempts);
        }
    } while (list.count == PAGE_MAX);
    return OK;
}

/* One round; says whether something may still have to be done: what another node has claimed, or
 * what rests after a failure. */
static enum err walk_round(struct context *cx, instant at, struct progress *progress,
                           bool *ret_goes_on)
{
    const struct timespec pause = {.tv_nsec = (long)PAUSE_MS * 1000000};
    int64_t customers, failed, waiting;
    cx->wall = clock_wall_ms();
    TRY(engine_run_all_due(cx, at, true, &customers, &failed));
    TRY(invoice_number_due(cx, INT64_MAX));
    progress->done += customers - failed;
    progress->failures += failed;
    progress_tell(progress);
    *ret_goes_on = customers > 0;
    if (customers > 0)
        return OK;
    TRY(due_count(cx, at, &waiting));
    *ret_goes_on = waiting > 0;
    if (waiting > 0)
        nanosleep(&pause, NULL);
    return OK;
}

static enum err walk(struct context *cx, instant at)
{
    struct progress progress = {.told_us = clock_monotonic_us()};
    struct context own = *cx; /* the memory of one round after another */
    own.arena = arena_create(COMMAND_ARENA_MAX);
    bool goes_on = true;
    enum err err = due_count(cx, at, &progress.total);
    while (err == OK && goes_on) {
        arena_reset(own.arena);
        err = walk_round(&own, at, &progress, &goes_on);
    }
    if (err == OK)
        err = engine_tell_parked(&own);
    arena_free(own.arena);
    if (err != OK)
        return fault(cx, err, NULL); /* its own fault goes with the arena */
    printf("%" PRId64 " customers done, %" PRId64 " failures\n", progress.done, progress.failures);
    return print_parked(cx);
}

static enum err run_on_store(struct context *cx, instant at)
{
    struct app app;
    TRY(db_migrate(cx));
    TRY(app_open(cx, &app));
    cx->actor = (struct actor){.kind = ACTOR_ENGINE, .id = "engine", .customer = ""};
    enum err err = walk(cx, at);
    app_end(&app);
    return err;
}

enum err run_due_cli(struct context *cx, int argc, char **argv)
{
    struct run_due_options options;
    TRY(options_parse(cx, argc, argv, &options));
    TRY(db_open(cx, &cx->db, options.store, DB_WRITER, false));
    enum err err = run_on_store(cx, options.at == INSTANT_NONE ? cx->wall : options.at);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
