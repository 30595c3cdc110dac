/* Doing what a step came to, and stopping the process in the middle of it. A server's write is one
 * transaction under an idempotency key: what was lost vanishes whole, and what is asked for again
 * is done once. Work that falls due is many transactions: stopping anywhere and going on gives the
 * same lines, amounts and states (rules §4, The engine). */
#include "db/db.h"
#include "engine/engine_do.h"
#include "engine/sim_store.h"
#include "engine/sim_world.h"

enum { SETTLE_ROUNDS = 2, RETRIES_MAX = 3, COMMITS_MAX = 3 };

/* One attempt ---------------------------------------------------------------------------------- */

struct attempt {
    struct sim_world *world;
    struct sim_act *act;
};

static enum err run_act(struct context *cx, void *arg)
{
    const struct attempt *attempt = arg;
    (void)cx; /* the world's */
    return attempt->act->run(attempt->world, attempt->act);
}

/* The key and what was done under it are one transaction, a refusal with its answer too. */
static enum err run_keyed(struct context *cx, void *arg)
{
    struct attempt *attempt = arg;
    struct sim_act *act = attempt->act;
    const char *key = arena_print(cx->arena, "%d", (int)attempt->world->step);
    const char *answer;
    bool claimed;
    TRY(sim_key_claim(cx, key, &claimed));
    if (!claimed) {
        TRY(sim_key_load(cx, key, &answer));
        act->outcome = err_parse(answer);
        return OK;
    }
    act->outcome = db_transact(cx, run_act, attempt);
    if (act->outcome != OK && !sim_is_refusal(act->outcome))
        return act->outcome;
    return sim_key_save(cx, key, err_code(act->outcome));
}

/* What is refused is an outcome; other errors are returned. */
static enum err attempt(struct sim_world *world, struct sim_act *act, int64_t number)
{
    struct attempt attempt = {world, act};
    sim_begin(world, number);
    act->order = NULL;
    act->is_to_settle = false;
    act->outcome = OK;
    if (act->is_keyed)
        return db_transact(&world->cx, run_keyed, &attempt);
    enum err err = act->run(world, act);
    if (err != OK && !sim_is_refusal(err))
        return err;
    act->outcome = err;
    return OK;
}

/* What was asked of the providers is answered. */
static enum err settle_all(struct sim_world *world, int64_t number)
{
    for (int i = 0; i < SETTLE_ROUNDS; i++) {
        sim_begin(world, number + i);
        TRY(engine_settle_payments(&world->cx, NULL));
    }
    return OK;
}

/* With a stop ---------------------------------------------------------------------------------- */

/* Attempts have ids of their own, in this order. */
enum { FIRST = 0, REFERENCE = 10, STOPPED = 20, AGAIN = 30, SETTLING = 60, BEFORE = 70 };

struct trial {
    enum err outcome;
    uint64_t before;
    uint64_t after;     /* where no stop would have led */
    int64_t statements; /* that it took */
};

/* What would have happened: done, looked at, and undone. */
static enum err rehearse(struct sim_world *world, struct sim_act *act, struct trial *trial)
{
    struct db_stop count = {0};
    const instant now = world->slot->now;
    TRY(sim_take_facts(world, act, &trial->before));
    sim_begin(world, REFERENCE);
    TRY(db_batch_begin(&world->cx));
    db_set_stop(world->cx.db, &count);
    enum err err = attempt(world, act, REFERENCE);
    db_set_stop(world->cx.db, NULL);
    trial->statements = count.statements;
    trial->outcome = act->outcome;
    if (err == OK && !act->is_of_all)
        err = settle_all(world, SETTLING);
    if (err == OK)
        err = sim_take_facts(world, act, &trial->after);
    db_batch_rollback(&world->cx);
    world->slot->now = now;
    return err;
}

/* The process stops somewhere; says whether it did before the work was over. */
static enum err stop_somewhere(struct sim_world *world, struct sim_act *act,
                               const struct trial *trial, bool *ret_stopped, bool *ret_committed)
{
    struct sim_dice dice = sim_dice_of(world->options->seed, SIM_STOP, world->step);
    struct db_stop stop = {.after_commit = sim_chance(&dice, 1, 4)};
    stop.at = stop.after_commit ? sim_between(&dice, 1, act->is_keyed ? 1 : COMMITS_MAX)
                                : sim_between(&dice, 1, trial->statements + 1);
    db_set_stop(world->cx.db, &stop);
    enum err err = attempt(world, act, STOPPED);
    db_set_stop(world->cx.db, NULL);
    fault_clear(&world->cx);
    *ret_stopped = stop.stopped;
    *ret_committed = stop.commits > 0;
    return stop.stopped ? OK : err;
}

static void expect_facts(struct sim_world *world, uint64_t expected, uint64_t found,
                         const char *what)
{
    if (expected != found)
        sim_violate(world, "stop", what);
}

static enum err perform_stopped(struct sim_world *world, struct sim_act *act)
{
    struct trial trial;
    uint64_t facts;
    bool stopped, committed;
    if (!act->is_of_all)
        TRY(settle_all(world, BEFORE));
    TRY(rehearse(world, act, &trial));
    TRY(stop_somewhere(world, act, &trial, &stopped, &committed));
    world->result->faults += stopped ? 1 : 0;
    sim_begin(world, AGAIN);
    if (act->is_keyed && stopped && !committed) {
        TRY(sim_take_facts(world, act, &facts));
        expect_facts(world, trial.before, facts, "what was lost before its commit left something");
    }
    if (stopped)
        TRY(sim_check_slot(world, world->slot));
    if (stopped)
        TRY(attempt(world, act, AGAIN + 1));
    if (!act->is_of_all)
        TRY(settle_all(world, SETTLING));
    TRY(sim_take_facts(world, act, &facts));
    expect_facts(world, trial.after, facts, "done again after a stop it came to something else");
    if (act->outcome != trial.outcome)
        sim_violate(world, "stop",
                    arena_print(world->step_arena, "%s, but without a stop %s",
                                err_code(act->outcome), err_code(trial.outcome)));
    return OK;
}

/* Without -------------------------------------------------------------------------------------- */

/* A server asks the provider as soon as the order is placed. */
static enum err perform_whole(struct sim_world *world, struct sim_act *act)
{
    TRY(attempt(world, act, FIRST));
    bool asks = act->order != NULL || act->is_to_settle;
    return asks ? engine_settle_payments(&world->cx, act->order) : OK;
}

enum err sim_perform(struct sim_world *world, struct sim_act *act)
{
    struct sim_dice dice = sim_dice_of(world->options->seed, SIM_STOP, world->step);
    bool stops = act->is_stoppable && sim_chance(&dice, 1, 8);
    return stops ? perform_stopped(world, act) : perform_whole(world, act);
}
