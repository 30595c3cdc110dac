/* The walk of a test clock: its organisations, one claim at a time, take each due instant in turn
 * (rules §4, The engine). A piece of it is short, so that whoever drives it stays in control and a
 * claim can be short too; where a piece ends, or the process, the next goes on. */
#include "base/limits.h"
#include "base/log.h"
#include "customer/clock_store.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "engine/engine_do.h"

enum { INSTANTS_IN_PIECE = 50 };

struct piece {
    const struct test_clock *clock;
    const char *claim;
    struct due_customer *customer; /* claimed; NULL: nobody is left to claim */
    bool arrived;
};

static enum err claim_one(struct context *cx, void *arg)
{
    struct piece *piece = arg;
    return clock_claim(cx, piece->clock, piece->claim, &piece->customer);
}

static enum err reach(struct context *cx, void *arg)
{
    const struct piece *piece = arg;
    return clock_reach(cx, clock_leads_to(piece->clock));
}

static enum err give_back(struct context *cx, void *arg)
{
    const struct piece *piece = arg;
    return due_give_back(cx, piece->claim, piece->customer);
}

static enum err arrive(struct context *cx, void *arg)
{
    struct piece *piece = arg;
    return clock_arrive(cx, piece->clock, &piece->arrived);
}

/* What was asked of providers when the clock stood still is answered as of then. */
static enum err walk_customer(struct context *own, struct piece *piece)
{
    instant to = clock_leads_to(piece->clock);
    own->now = piece->customer->due_at;
    TRY(engine_settle_payments(own, NULL));
    for (int i = 0; i < INSTANTS_IN_PIECE; i++) {
        struct organization organization;
        arena_reset(own->arena);
        TRY(organization_load(own, &organization));
        if (organization.due_at == INSTANT_NONE || organization.due_at > to)
            return db_transact(own, reach, piece);
        own->now = organization.due_at;
        TRY(engine_run_due(own, organization.due_at, true));
    }
    return OK;
}

static bool is_of_store(enum err err)
{
    return err == ERR_STORE_UNAVAILABLE || err == ERR_STORE_FULL;
}

/* A failure is noted, and stops nobody else. */
static enum err work_off(struct context *cx, struct piece *piece)
{
    struct context own = *cx;
    own.arena = arena_create(REQUEST_ARENA_MAX);
    own.customer = piece->customer->id;
    own.cause = "";
    piece->customer->error = NULL;
    enum err err = walk_customer(&own, piece);
    cx->ids = own.ids;
    if (err != OK && !is_of_store(err)) {
        piece->customer->error = err_code(err);
        piece->customer->subject = arena_copy(cx->arena, own.cause);
        log_line(LOG_ERROR, "due_failed", "customer", own.customer, "code", piece->customer->error,
                 "subject", piece->customer->subject, NULL);
        err = OK;
    }
    arena_free(own.arena);
    if (err != OK)
        return fault(cx, err, NULL); /* its own fault goes with the arena */
    return db_transact(cx, give_back, piece);
}

enum err engine_walk_clock(struct context *cx, const char *id, struct test_clock *ret_clock,
                           bool *ret_worked)
{
    struct piece piece = {.clock = ret_clock, .claim = id_next(cx, "clm")};
    TRY(clock_load(cx, id, ret_clock));
    TRY(db_transact(cx, claim_one, &piece));
    *ret_worked = piece.customer != NULL;
    if (piece.customer != NULL)
        return work_off(cx, &piece);
    if (ret_clock->target_at == INSTANT_NONE)
        return OK;
    TRY(db_transact(cx, arrive, &piece));
    return piece.arrived ? clock_load(cx, id, ret_clock) : OK;
}
