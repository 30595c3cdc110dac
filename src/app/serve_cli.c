#include "app/serve_cli.h"

#include "app/app.h"
#include "app/authorize.h"
#include "app/expand.h"
#include "app/metrics_api.h"
#include "app/page.h"
#include "app/rehearse.h"
#include "app/routes.h"
#include "app/tick_job.h"
#include "http/http.h"

/* Readers wait for the disk and outbound calls for providers; workers each hold a connection to
 * PostgreSQL. More in one commit than a batch makes the first wait too long. */
enum { READERS = 4, WORKERS = 16, OUTBOUND = 16, BATCH_MAX = 256 };

struct serve_options {
    const char *store;
    const char *listen;
    bool dev;
};

static enum err usage_fault(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex serve: %s", what), NULL);
}

static enum err options_parse(struct context *cx, int argc, char **argv,
                              struct serve_options *ret_options)
{
    struct serve_options options = {.listen = "127.0.0.1:8420"};
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--dev") == 0) {
            options.dev = true;
            i--;
            continue;
        }
        const char **place = strcmp(argv[i], "--store") == 0    ? &options.store
                             : strcmp(argv[i], "--listen") == 0 ? &options.listen
                                                                : NULL;
        if (place == NULL || i + 1 == argc) {
            return usage_fault(
                cx, arena_print(cx->arena, "%s is no option, or lacks its value", argv[i]));
        }
        *place = argv[i + 1];
    }
    if (options.store == NULL)
        return usage_fault(cx, "--store WHERE is missing");
    *ret_options = options;
    return OK;
}

/* The first connection brings the schema up to date and reads the settings. */
static enum err prepare_store(struct context *cx, struct app *ret_app)
{
    TRY(db_migrate(cx));
    return app_open(cx, ret_app);
}

enum err serve_run(struct context *cx, const char *store, const char *listen,
                   struct http_stats *stats)
{
    struct app app;
    static struct http_stats own_stats; /* of the one server of the process */
    stats = stats != NULL ? stats : &own_stats;
    metrics_start(stats);
    page_start(false);
    TRY(db_open(cx, &cx->db, store, DB_WRITER, true));
    enum err err = prepare_store(cx, &app);
    db_close(cx->db);
    cx->db = NULL;
    TRY(err);
    const struct http_config config = {
        .listen = listen,
        .store = store,
        .reader_count = READERS,
        .worker_count = WORKERS,
        .outbound_count = OUTBOUND,
        .batch_max = BATCH_MAX,
        .stats = stats,
        .routes = ROUTES,
        .route_count = ROUTE_COUNT,
        .hooks = {.authorize = authorize,
                  .prepare = app_prepare,
                  .rehearse = rehearse,
                  .expand = expand,
                  .turn_away = page_turn_away,
                  .render = page_render,
                  .refuse = page_refuse,
                  .seen = page_seen,
                  .tick = tick_job,
                  .errand = errand_job,
                  .app = &app},
    };
    err = http_serve(cx, &config);
    app_end(&app);
    return err;
}

enum err serve_cli(struct context *cx, int argc, char **argv)
{
    struct serve_options options;
    TRY(options_parse(cx, argc, argv, &options));
    page_start(options.dev);
    return serve_run(cx, options.store, options.listen, NULL);
}
