/* What is due for everybody. A node claims some customers, works them off one after another, and
 * gives the claims back. The attempt is counted with the claim: what takes the process down with it
 * was counted too, and is claimed alone from then on, so that it is parked alone (rules §4, The
 * engine). */
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "customer/due_store.h"
#include "db/db.h"
#include "engine/engine_do.h"

/* Customers that are worked off in one commit on SQLite, a savepoint for each due item: what a
 * commit costs there is shared, and others wait no longer than for so many. On PostgreSQL each
 * item is a transaction, so that no customer stays locked for another's sake. */
enum { DUE_CUSTOMERS_IN_COMMIT = 25 };

struct due_batch {
    struct due_claim claim;
    struct due_customer_list customers;
    bool walk;
    struct arena *arena; /* of one customer's work: a server that comes back late has much to do */
    size_t begin, end;   /* the slice that is worked off */
};

static bool is_of_store(enum err err)
{
    return err == ERR_STORE_UNAVAILABLE || err == ERR_STORE_FULL;
}

/* Works one customer off; a failure is noted, and stops nobody else. Errors: the store's. */
static enum err work_off(struct context *cx, struct due_batch *batch, struct due_customer *customer)
{
    struct context own = *cx;
    arena_reset(batch->arena);
    own.arena = batch->arena;
    own.customer = customer->id;
    own.now = batch->claim.until;
    own.cause = "";
    customer->error = NULL;
    enum err err = engine_run_due(&own, batch->claim.until, batch->walk);
    cx->ids = own.ids;
    if (is_of_store(err))
        return fault(cx, err, NULL); /* its own fault goes with the arena */
    if (err == OK)
        return OK;
    customer->error = err_code(err);
    customer->subject = arena_copy(cx->arena, own.cause);
    log_line(LOG_ERROR, "due_failed", "customer", customer->id, "code", customer->error, "subject",
             customer->subject, NULL);
    return OK;
}

static enum err give_back(struct context *cx, void *arg)
{
    const struct due_batch *batch = arg;
    for (size_t i = batch->begin; i < batch->end; i++)
        TRY(due_give_back(cx, batch->claim.id, batch->customers.items[i]));
    return OK;
}

static enum err run_slice(struct context *cx, void *arg)
{
    struct due_batch *batch = arg;
    for (size_t i = batch->begin; i < batch->end; i++)
        TRY(work_off(cx, batch, batch->customers.items[i]));
    return db_transact(cx, give_back, batch);
}

static enum err run_next_slice(struct context *cx, struct due_batch *batch)
{
    size_t left = batch->customers.count - batch->begin;
    batch->end =
        batch->begin + (left < DUE_CUSTOMERS_IN_COMMIT ? left : (size_t)DUE_CUSTOMERS_IN_COMMIT);
    /* A walk asks providers on its way, which nobody does inside of a transaction. */
    if (db_kind(cx->db) == DB_SQLITE && !batch->walk)
        return db_transact(cx, run_slice, batch);
    return run_slice(cx, batch);
}

static enum err return_rest(struct context *cx, void *arg)
{
    const struct due_batch *batch = arg;
    for (size_t i = batch->begin; i < batch->customers.count; i++)
        TRY(due_return(cx, batch->claim.id, batch->customers.items[i]->id));
    return OK;
}

/* Where the store gives way nobody's work has failed. When it can't even be told so, the claims
 * lapse by themselves. */
static enum err run_batch(struct context *cx, struct due_batch *batch)
{
    enum err err = OK;
    for (batch->begin = 0; batch->begin < batch->customers.count && err == OK;
         batch->begin = err == OK ? batch->end : batch->begin)
        err = run_next_slice(cx, batch);
    if (err == OK)
        return OK;
    struct fault kept = cx->fault;
    enum err returned = db_transact(cx, return_rest, batch);
    if (returned != OK)
        log_line(LOG_WARNING, "claims_not_returned", "code", err_code(returned), NULL);
    cx->fault = kept;
    return err;
}

static enum err claim_work(struct context *cx, void *arg)
{
    struct due_batch *batch = arg;
    batch->customers = (struct due_customer_list){0};
    return due_claim(cx, &batch->claim, &batch->customers);
}

/* Those whose last attempt went well, many together; when there are none, one of the others. */
static enum err claim_next(struct context *cx, struct due_batch *batch)
{
    batch->claim.id = id_next(cx, "clm");
    batch->claim.after_fault = false;
    batch->claim.limit = DUE_BATCH_MAX;
    TRY(db_transact(cx, claim_work, batch));
    if (batch->customers.count > 0)
        return OK;
    batch->claim.after_fault = true;
    batch->claim.limit = 1;
    return db_transact(cx, claim_work, batch);
}

enum err engine_run_all_due(struct context *cx, instant until, bool walk, int64_t *ret_customers,
                            int64_t *ret_failed)
{
    struct due_batch batch = {.claim = {.until = until}, .walk = walk};
    *ret_customers = *ret_failed = 0;
    TRY(claim_next(cx, &batch));
    if (batch.customers.count == 0)
        return OK;
    batch.arena = arena_create(REQUEST_ARENA_MAX);
    enum err err = run_batch(cx, &batch);
    arena_free(batch.arena);
    TRY(err);
    *ret_customers = (int64_t)batch.customers.count;
    for (size_t i = 0; i < batch.customers.count; i++)
        *ret_failed += batch.customers.items[i]->error != NULL ? 1 : 0;
    return OK;
}

/* What is parked ------------------------------------------------------------------------------- */

static const char *parked_data(struct context *cx, const struct parked_work *parked)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "code", parked->error);
    json_put_text(&w, "subject", parked->subject);
    json_put_integer(&w, "attempts", parked->attempts);
    json_close_object(&w);
    return json_end(&w);
}

static enum err tell_parked(struct context *cx, void *arg)
{
    const struct parked_work *parked = arg;
    struct organization organization;
    bool marked;
    TRY(organization_lock(cx, &organization));
    TRY(due_mark_parked(cx, &marked));
    if (!marked)
        return OK;
    log_line(LOG_ERROR, "work_parked", "customer", parked->customer, "code", parked->error,
             "subject", parked->subject, NULL);
    return organization_announce(cx, &organization, "work.parked", parked->customer,
                                 parked_data(cx, parked));
}

enum err engine_tell_parked(struct context *cx)
{
    struct parked_work_list list = {0};
    TRY(due_list_untold(cx, PARKED_TOLD_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct context own = *cx;
        own.customer = list.items[i]->customer;
        enum err err = db_transact(&own, tell_parked, list.items[i]);
        cx->ids = own.ids;
        if (err != OK) /* what parked it may stop this too; the others are told all the same */
            log_line(LOG_ERROR, "telling_parked_failed", "customer", own.customer, "code",
                     err_code(err), NULL);
    }
    return OK;
}

static enum err retry_work(struct context *cx, void *arg)
{
    struct parked_work *parked = arg;
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    TRY(due_load_parked(cx, parked));
    TRY(due_unpark(cx));
    return organization_announce(cx, &organization, "work.unparked", parked->customer,
                                 parked_data(cx, parked));
}

enum err engine_retry_parked(struct context *cx, struct parked_work *ret_parked)
{
    return db_transact(cx, retry_work, ret_parked);
}
