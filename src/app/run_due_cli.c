#include "app/run_due_cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/limits.h"
#include "customer/customer_store.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"

enum { NUMBERS_AT_ONCE = 500 };

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

static enum err number_documents(struct context *cx)
{
    int64_t count = NUMBERS_AT_ONCE;
    while (count == NUMBERS_AT_ONCE)
        TRY(invoice_number_due(cx, NUMBERS_AT_ONCE, &count));
    return OK;
}

/* What failed three times: shown, and left for somebody to look at. */
static enum err print_parked(struct context *cx)
{
    const char **ids;
    size_t count;
    TRY(organization_list_parked(cx, &ids, &count));
    for (size_t i = 0; i < count; i++)
        printf("parked %s\n", ids[i]);
    return OK;
}

/* A batch of customers at a time; says on the way how far it is. */
static enum err walk(struct context *cx, instant at)
{
    int64_t done = 0, customers = 1, failed, failures = 0;
    while (customers > 0) {
        TRY(engine_run_all_due(cx, at, true, &customers, &failed));
        TRY(number_documents(cx));
        done += customers - failed;
        failures += failed;
        if (customers == DUE_BATCH_MAX)
            fprintf(stderr, "%" PRId64 " customers done\n", done);
    }
    printf("%" PRId64 " customers done, %" PRId64 " failures\n", done, failures);
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
