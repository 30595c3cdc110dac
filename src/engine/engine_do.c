#include "engine/engine_do.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "customer/clock_store.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "engine/decision_json.h"
#include "engine/engine_store.h"
#include "order/order_store.h"
#include "order/quote_do.h"

/* ── One command ──────────────────────────────────────────────────────────────────────── */

struct command_work {
    const struct command *command;
    struct engine_run *run;
    bool is_locked; /* the customer, since before it was brought up to now */
    instant now;    /* until when everything due is done */
    bool is_late;   /* out: its time has moved on meanwhile; nothing was done */
};

/* What a review of the command is bound to; reads the decision, and the state after it. */
static struct quote_terms command_terms(struct context *cx, const struct state *state,
                                        const struct engine_run *run)
{
    return (struct quote_terms){
        .subject = run->subject,
        .result = decision_text(cx, state, &run->decision),
        .today = state->account ? state->today : zone_day(cx->seller->time_zone, cx->now),
    };
}

/* Compares what would be done with what the review showed (rules §7, Review). */
static enum err command_check_quote(struct context *cx, const struct state *state,
                                    const struct engine_run *run)
{
    const struct quote_terms terms = command_terms(cx, state, run);
    const struct order *order = run->decision.order;
    return quote_take(cx, run->token, &terms, order ? order->id : cx->cause);
}

static enum err command_keep_quote(struct context *cx, const struct state *state,
                                   struct engine_run *run)
{
    if (run->subject == NULL)
        return OK;
    const struct quote_terms terms = command_terms(cx, state, run);
    return quote_keep(cx, &terms, &run->ret_token, &run->ret_expires_at);
}

/* Decides on a state of its own as if the order's payment succeeded: what a review shows, and
 * what its order is compared with. */
static enum err command_decide_shown(struct context *cx, const struct command *command,
                                     struct engine_run *run, struct state **ret_state)
{
    run->decision.complete_orders = true;
    TRY(state_load_locked(cx, command, ret_state));
    return decide(cx, *ret_state, command, &run->decision);
}

/* Who was not locked all along is looked at again. */
static enum err command_look_again(struct context *cx, struct command_work *work)
{
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    work->is_late = cx->now > work->now;
    return engine_check_clock(cx, &organization);
}

static enum err command_work(struct context *cx, void *arg)
{
    struct command_work *work = arg;
    struct engine_run *run = work->run;
    run->decision = (struct decision){0};
    struct state *state;
    if (!work->is_locked)
        TRY(command_look_again(cx, work));
    if (work->is_late)
        return OK;
    if (run->preview || run->token != NULL) {
        TRY(command_decide_shown(cx, work->command, run, &state));
        run->state = state;
        if (run->preview)
            return command_keep_quote(cx, state, run);
        TRY(command_check_quote(cx, state, run));
        run->decision = (struct decision){0};
    }
    TRY(state_load_locked(cx, work->command, &state));
    TRY(decide(cx, state, work->command, &run->decision));
    TRY(state_save(cx, state));
    run->state = state;
    return OK;
}

static enum err customer_look(struct context *cx, struct organization *ret_organization);
static enum err run_due_of(struct context *cx, const struct organization *organization,
                           instant not_before, instant until, bool walk);
static enum err run_due_after(struct context *cx, instant not_before, instant until, bool walk);

/* Parked, until somebody lets it be tried again. */
static enum err check_left_behind(struct context *cx)
{
    struct parked_work parked;
    enum err err = due_load_parked(cx, &parked);
    if (err != ERR_NOT_FOUND)
        return err;
    fault_clear(cx);
    return fault(cx, ERR_CLOCK_ADVANCING, NULL);
}

enum err engine_check_clock(struct context *cx, const struct organization *organization)
{
    struct test_clock clock;
    if (organization->clock == NULL)
        return OK;
    TRY(clock_load(cx, organization->clock, &clock));
    if (clock.target_at != INSTANT_NONE)
        return fault(cx, ERR_CLOCK_ADVANCING, NULL);
    return organization->clock_at < clock.now_at ? check_left_behind(cx) : OK;
}

/* Locks the customer for all that follows; outside of a transaction nothing can be held, and the
 * command's own looks again. */
static enum err command_look(struct context *cx, struct command_work *work,
                             struct organization *ret_organization)
{
    work->is_locked = db_in_transaction(cx->db);
    if (work->is_locked)
        TRY(organization_lock(cx, ret_organization));
    else
        TRY(customer_look(cx, ret_organization));
    work->now = cx->now;
    work->is_late = false;
    return engine_check_clock(cx, ret_organization);
}

enum err engine_command(struct context *cx, const struct command *command, struct engine_run *run)
{
    struct command_work work = {.command = command, .run = run};
    do {
        struct organization organization;
        TRY(command_look(cx, &work, &organization));
        TRY(run_due_of(cx, &organization, INSTANT_NONE, cx->now, false));
        TRY(db_transact(cx, command_work, &work));
    } while (work.is_late);
    return run->preview ? OK : run_due_after(cx, cx->now, cx->now, false);
}

enum err engine_bring_up(struct context *cx, struct organization *ret_organization)
{
    struct command_work work = {0};
    assert(db_in_transaction(cx->db));
    TRY(command_look(cx, &work, ret_organization));
    TRY(run_due_of(cx, ret_organization, INSTANT_NONE, cx->now, false));
    return organization_lock(cx, ret_organization); /* with the events of what was due */
}

/* ── What falls due ───────────────────────────────────────────────────────────────────── */

struct due_work {
    instant until;
    instant issue_at;   /* INSTANT_NONE: when it was due */
    instant not_before; /* what made it due, or was done before it */
    bool did_something;
};

/* One due item. Everything happens as of its own instant; only the documents bear the day of
 * their issue (rules §4, The engine). */
static enum err due_work(struct context *cx, void *arg)
{
    struct due_work *work = arg;
    struct command command = {.kind = COMMAND_DUE, .until = work->until};
    struct decision decision = {0};
    struct state *state;
    TRY(state_load(cx, &command, &state));
    instant at = state_due_at(cx, state);
    if (at == INSTANT_NONE || at > work->until) {
        work->did_something = false;
        if (at == state->organization.due_at)
            return OK;
        return state_save(cx, state);
    }
    cx->now = work->not_before = at > work->not_before ? at : work->not_before;
    state->issue_at = work->issue_at == INSTANT_NONE ? cx->now : work->issue_at;
    if (state->issue_at < state->organization.now_at) /* even for what was due before */
        state->issue_at = state->organization.now_at;
    TRY(decide(cx, state, &command, &decision));
    work->did_something = decision.did_something;
    return state_save(cx, state);
}

static enum err customer_look(struct context *cx, struct organization *ret_organization)
{
    TRY(organization_load(cx, ret_organization));
    if (ret_organization->now_at > cx->now)
        cx->now = ret_organization->now_at; /* its time never goes back (rules §0) */
    return OK;
}

static void release_arena(void *arena)
{
    arena_free(arena);
}

/* Memory for one due item after another: a customer in long arrears has many, each with a state of
 * its own. It stays until the caller's unit of work ends, for a fault may lie in it. */
static struct arena *due_arena(struct context *cx)
{
    struct arena *arena = arena_create(REQUEST_ARENA_MAX);
    arena_on_release(cx->arena, release_arena, arena);
    return arena;
}

/* Nothing happens before `not_before`: what a command of noon makes due at the start of its day (a
 * subscription cancelled that stays disabled for no days at all) is done at noon, and so is what
 * that makes due. */
static enum err run_due_of(struct context *cx, const struct organization *organization,
                           instant not_before, instant until, bool walk)
{
    bool near = organization->due_at != INSTANT_NONE && organization->due_at <= until;
    struct arena *arena = near ? due_arena(cx) : NULL;
    for (int steps = 0; near; steps++) {
        if (steps == DUE_STEPS_MAX)
            return fault(cx, ERR_INTERNAL, "value", "work that falls due without end", NULL);
        struct context own = *cx; /* its own now and cause */
        arena_reset(arena);
        own.arena = arena;
        own.actor = (struct actor){.kind = ACTOR_ENGINE, .id = "engine", .customer = cx->customer};
        struct due_work work = {
            .until = until,
            .issue_at = walk ? INSTANT_NONE : cx->now,
            .not_before = not_before,
        };
        enum err err = db_transact(&own, due_work, &work);
        not_before = work.not_before;
        if (err == OK && walk)
            err = engine_settle_payments(&own, NULL);
        cx->ids = own.ids;
        cx->fault = own.fault;
        if (err != OK)
            cx->cause = own.cause; /* what it failed at */
        TRY(err);
        near = work.did_something;
    }
    return OK;
}

static enum err run_due_after(struct context *cx, instant not_before, instant until, bool walk)
{
    struct organization organization;
    TRY(customer_look(cx, &organization));
    return run_due_of(cx, &organization, not_before, until, walk);
}

enum err engine_run_due(struct context *cx, instant until, bool walk)
{
    return run_due_after(cx, INSTANT_NONE, until, walk);
}
