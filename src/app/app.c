#include "app/app.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/seller_store.h"

void app_start(void)
{
    hash_start();
    locale_start();
    message_start();
}

struct context app_context(struct arena *arena)
{
    int64_t wall = clock_wall_ms();
    struct context cx = {
        .arena = arena,
        .now = wall,
        .wall = wall,
        .actor = {.kind = ACTOR_OPERATOR, .id = "", .customer = ""},
        .customer = "",
        .language = "en",
        .cause = "",
    };
    id_seed_random(&cx.ids);
    return cx;
}

enum err app_open(struct context *cx, struct app *ret_app)
{
    struct app app = {
        .arena = cx->arena,
        .due_at = INSTANT_NONE,
        .tidy_at = INSTANT_NONE,
    };
    TRY(vat_service_read(cx, &app.vat_service));
    TRY(seller_load(cx, &app.seller));
    app.catalogs = catalog_cache_create();
    *ret_app = app;
    app_prepare(cx, ret_app);
    return OK;
}

void app_end(struct app *app)
{
    catalog_cache_free(app->catalogs);
}

void app_prepare(struct context *cx, void *arg)
{
    const struct app *app = arg;
    cx->catalogs = app->catalogs;
    cx->seller = app->seller;
}
