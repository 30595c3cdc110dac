#include "support/race_store.h"

#include <pthread.h>
#include <time.h>

#include "catalog/catalog_store.h"

enum { HOLD_MS = 300 }; /* for the attempt to get to the lock */

static void *run_attempt(void *arg)
{
    struct race *race = arg;
    race->err = race->alone ? race->attempt(&race->cx, race->arg)
                            : db_transact(&race->cx, race->attempt, race->arg);
    return NULL;
}

struct hold {
    struct race *race;
    pthread_t thread;
};

static enum err hold_work(struct context *cx, void *arg)
{
    struct hold *hold = arg;
    const struct timespec pause = {.tv_nsec = (long)HOLD_MS * 1000000};
    TRY(hold->race->rival(cx, hold->race->arg));
    assert_int_equal(pthread_create(&hold->thread, NULL, run_attempt, hold->race), 0);
    nanosleep(&pause, NULL);
    return OK;
}

enum err race_run(struct store *store, struct race *race)
{
    struct hold hold = {.race = race};
    race->cx = store_context(store, DB_WRITER);
    race->cx.customer = store->cx.customer;
    race->cx.seller = store->cx.seller;
    race->cx.catalogs = catalog_cache_create();
    id_seed_number(&race->cx.ids, 2);
    assert_int_equal(db_transact(&store->cx, hold_work, &hold), OK);
    assert_int_equal(pthread_join(hold.thread, NULL), 0);
    return race->err;
}

void race_end(struct race *race)
{
    catalog_cache_free(race->cx.catalogs);
    store_context_close(&race->cx);
}
