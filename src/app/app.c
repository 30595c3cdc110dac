#include "app/app.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/locale.h"
#include "base/lock.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/seller_store.h"

enum { SELLER_ARENA_MAX = 1 << 20 };

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

static void release_arena(void *arena)
{
    arena_free(arena);
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
    app.lock = lock_create(cx->arena);
    app.catalogs = catalog_cache_create();
    *ret_app = app;
    app_prepare(cx, ret_app);
    return OK;
}

void app_end(struct app *app)
{
    catalog_cache_free(app->catalogs);
}

/* Settings change a few times in the life of a program: what they were stays, for somebody may be
 * at work with it. */
enum err app_refresh(struct context *cx, struct app *app)
{
    struct context own = *cx;
    own.arena = arena_create(SELLER_ARENA_MAX);
    enum err err = seller_refresh(&own);
    if (err != OK || own.seller == cx->seller) {
        arena_free(own.arena);
        return err == OK ? OK : fault(cx, err, NULL);
    }
    arena_on_release(app->arena, release_arena, own.arena);
    lock_take(app->lock);
    app->seller = own.seller;
    lock_give(app->lock);
    cx->seller = own.seller;
    return OK;
}

void app_prepare(struct context *cx, void *arg)
{
    const struct app *app = arg;
    cx->catalogs = app->catalogs;
    lock_take(app->lock);
    cx->seller = app->seller;
    lock_give(app->lock);
}
