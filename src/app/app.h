/* Wiring: what lives as long as the program, and contexts that know of it. */
#pragma once

#include "base/context.h"
#include "db/db.h"
#include "tax/vat_provider_do.h"

/* What every unit of work on one store shares. */
struct app {
    struct arena *arena;
    struct catalog_cache *catalogs;
    struct lock *lock;              /* around `seller`, which a tick takes anew when it changed */
    const struct seller *seller;    /* never gone while the program runs: requests use it */
    struct vat_service vat_service; /* whom to ask about VAT numbers */
    instant due_at;                 /* of the tick: when work that falls due was last looked for */
    instant tidy_at;                /* and when what has aged was last removed */
};

/* Once for each process: digests and sentences. */
void app_start(void);

/* A context for a command of the operator: no store, the clock on the wall, random ids. */
struct context app_context(struct arena *arena);

/* Reads what `app` holds from the store of `cx`, which is at this program's schema, and gives it
 * to `cx`. app_end frees what has to be freed. */
enum err app_open(struct context *cx, struct app *ret_app);
void app_end(struct app *app);

/* Takes the seller's settings anew when somebody changed them: no node follows later than its next
 * tick. */
enum err app_refresh(struct context *cx, struct app *app);

/* Gives a context the store's cache and settings: http_hooks.prepare. */
void app_prepare(struct context *cx, void *app);
