#include "engine/sim_do.h"

#include <string.h>

#include "base/limits.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/seller.h"
#include "db/db.h"
#include "engine/sim_store.h"
#include "engine/sim_world.h"
#include "invoice/invoice_store.h"

enum {
    STEP_MS = 180000, /* of the clock on the wall; an attempt takes a second of it */
    ATTEMPT_MS = 1000,
    NUMBERS_EVERY = 10,
    DOCTOR_EVERY = 1000,
    REVIEW_OF = 4, /* one command of so many goes through a review */
};

/* The seller of every simulation of this kind. */
static const struct seller SELLER = {
    .name = "Seller",
    .country = "FR",
    .time_zone = "Europe/Paris",
    .payment_terms_days = 30,
    .sepa_notice_days = 14,
    .cancel_licenses_max = 25,
};

/* The world ------------------------------------------------------------------------------------ */

instant sim_now(const struct sim_world *world)
{
    bool is_in_real_time = world->slot == NULL || world->slot < world->slots + SIM_REAL_TIME;
    return is_in_real_time ? world->wall : world->slot->now;
}

void sim_begin(struct sim_world *world, int64_t attempt)
{
    struct context *cx = &world->cx;
    struct sim_dice ids = sim_dice_of(world->options->seed, SIM_IDS, world->step);
    arena_reset(cx->arena);
    cx->now = sim_now(world);
    cx->wall = world->wall + attempt * ATTEMPT_MS;
    cx->customer = world->slot != NULL && world->slot->customer ? world->slot->customer : "";
    cx->providers = world->slot != NULL ? &world->slot->providers : NULL;
    cx->cause = "sim";
    fault_clear(cx);
    id_seed_number(&cx->ids, ids.state + (uint64_t)attempt);
}

struct context sim_look(const struct sim_world *world)
{
    struct context look = world->cx;
    look.arena = world->step_arena;
    look.now = sim_now(world);
    look.customer = world->slot != NULL && world->slot->customer ? world->slot->customer : "";
    look.fault = (struct fault){0};
    return look;
}

bool sim_is_refusal(enum err err)
{
    switch (err_kind(err)) {
    case ERR_KIND_INPUT:
    case ERR_KIND_MISSING:
    case ERR_KIND_STATE:
    case ERR_KIND_RULE:
    case ERR_KIND_PRECONDITION:
        return true;
    case ERR_KIND_NONE:
    case ERR_KIND_AUTH:
    case ERR_KIND_PERMISSION:
    case ERR_KIND_LIMIT:
    case ERR_KIND_STORE:
    case ERR_KIND_INTERNAL:
        break;
    }
    return false;
}

/* Steps ---------------------------------------------------------------------------------------- */

/* The kind that the dice show: one after another takes its weight. */
static const struct sim_kind *throw_kind(struct sim_world *world)
{
    const struct sim_kind *const tables[] = {SIM_COMMANDS, SIM_OTHERS};
    int64_t weight = 0;
    for (int t = 0; t < 2; t++) {
        for (const struct sim_kind *kind = tables[t]; kind->name != NULL; kind++)
            weight += kind->weight;
    }
    int64_t shown = sim_below(&world->dice, weight);
    for (int t = 0; t < 2; t++) {
        for (const struct sim_kind *kind = tables[t]; kind->name != NULL; kind++) {
            if (shown < kind->weight)
                return kind;
            shown -= kind->weight;
        }
    }
    return SIM_COMMANDS;
}

static enum err prepare(struct sim_world *world, const struct sim_kind *kind, struct sim_act *act)
{
    if (kind->act != NULL)
        return kind->act(world, act);
    act->command.kind = COMMAND_DUE;
    TRY(kind->make(world, &act->command));
    if (act->command.kind == COMMAND_DUE)
        return OK;
    bool is_reviewed = sim_chance(&world->dice, 1, REVIEW_OF);
    act->run = is_reviewed ? sim_run_review : sim_run_command;
    act->is_keyed = act->is_stoppable = !is_reviewed;
    act->number = sim_chance(&world->dice, 1, 2) ? 0 : sim_below(&world->dice, 5);
    return OK;
}

/* What the step touched: its customer, or all who live in real time. */
static enum err check_touched(struct sim_world *world, const struct sim_kind *kind,
                              const struct sim_act *act)
{
    TRY(kind->make != NULL ? sim_check_moved(world) : sim_check_slot(world, world->slot));
    for (int i = 0; i < SIM_REAL_TIME && act->is_of_all; i++) {
        world->slot = &world->slots[i];
        TRY(sim_check_slot(world, world->slot));
    }
    return OK;
}

static enum err number_documents(struct sim_world *world)
{
    sim_begin(world, 90);
    return invoice_number_due(&world->cx, INT64_MAX);
}

static enum err note_digest(struct sim_world *world, const struct sim_kind *kind,
                            const struct sim_act *act)
{
    struct context look = sim_look(world);
    struct organization organization;
    uint64_t *digest = &world->result->digest;
    TRY(organization_load(&look, &organization));
    *digest = sim_mix_text(*digest, kind->name);
    *digest = sim_mix(*digest, (uint64_t)act->outcome);
    *digest = sim_mix(*digest, (uint64_t)organization.event_seq);
    *digest = sim_mix(*digest, (uint64_t)organization.due_at);
    return OK;
}

static enum err run_kind(struct sim_world *world)
{
    const struct sim_kind *kind = throw_kind(world);
    struct sim_act act = {0};
    struct sim_slot *slot = world->slot;
    slot->steps_left--;
    TRY(prepare(world, kind, &act));
    bool concerns_all = act.is_of_all || kind->act == sim_act_publish;
    if (world->options->ret_slots != NULL && concerns_all)
        world->options->ret_slots[world->step] = -1;
    TRY(sim_record_step(world, kind, &act));
    if (act.run != NULL)
        TRY(sim_perform(world, &act));
    if (act.run != NULL)
        TRY(check_touched(world, kind, &act));
    world->slot = slot;
    return note_digest(world, kind, &act);
}

static enum err run_step(struct sim_world *world)
{
    arena_reset(world->step_arena);
    world->dice = sim_dice_of(world->options->seed, SIM_STEP, world->step);
    world->slot = &world->slots[sim_below(&world->dice, SIM_SLOTS)];
    world->wall += STEP_MS;
    if (world->options->ret_slots != NULL)
        world->options->ret_slots[world->step] = (signed char)(world->slot - world->slots);
    sim_begin(world, 0);
    bool is_free =
        world->slot->customer == NULL || world->slot->is_broken || world->slot->steps_left <= 0;
    TRY(is_free ? sim_sign_up(world) : run_kind(world));
    return world->step % NUMBERS_EVERY == 0 ? number_documents(world) : OK;
}

/* Sellers -------------------------------------------------------------------------------------- */

static enum err open_store(struct sim_world *world)
{
    const char *where = world->options->store;
    TRY(db_open(&world->cx, &world->cx.db, where ? where : ":memory:", DB_WRITER, true));
    world->cx.catalogs = catalog_cache_create();
    return OK;
}

static void close_store(struct sim_world *world)
{
    if (world->cx.db == NULL)
        return;
    catalog_cache_free(world->cx.catalogs);
    db_close(world->cx.db);
    world->cx.db = NULL;
}

/* The next seller has an empty store. */
static enum err empty_store(struct sim_world *world)
{
    enum err err = world->options->store != NULL ? db_drop_tables(&world->cx) : OK;
    close_store(world);
    TRY(err);
    return open_store(world);
}

static enum err refuse_full_store(struct sim_world *world)
{
    struct context *cx = &world->cx;
    const struct catalog *catalog;
    TRY(db_migrate(cx));
    enum err err = catalog_load_current(cx, &catalog);
    if (err == OK)
        return fault(cx, ERR_INVALID, "param", "--store", "value", "must be empty", NULL);
    if (err != ERR_NOT_FOUND)
        return err;
    fault_clear(cx);
    return OK;
}

static enum err begin_seller(struct sim_world *world, int64_t number)
{
    struct sim_dice dice = sim_dice_of(world->options->seed, SIM_WORLD, number);
    TRY(world->seller < 0 ? open_store(world) : empty_store(world));
    TRY(refuse_full_store(world));
    arena_reset(world->arena);
    memset(world->slots, 0, sizeof world->slots);
    world->slot = NULL;
    world->seller = number;
    world->version = 0;
    world->wall = (instant)day_of(2025, 1, 1) * MS_PER_DAY + sim_below(&dice, 800) * MS_PER_DAY +
                  world->step % SIM_SELLER_STEPS * STEP_MS;
    world->form = sim_below(&dice, INT64_MAX);
    return sim_publish(world);
}

static enum err digest_all(struct sim_world *world)
{
    for (int i = 0; i < SIM_SLOTS; i++) {
        struct context look = sim_look(world);
        uint64_t facts = 0;
        look.customer = world->slots[i].customer;
        if (look.customer != NULL)
            TRY(sim_facts(&look, &facts));
        world->result->digest = sim_mix(world->result->digest, facts);
    }
    return OK;
}

static enum err end_seller(struct sim_world *world)
{
    if (world->seller < 0)
        return OK;
    arena_reset(world->step_arena);
    world->slot = NULL;
    TRY(number_documents(world));
    TRY(digest_all(world));
    return sim_check_all(world);
}

/* The whole ----------------------------------------------------------------------------------- */

/* What went wrong in the program itself is a violation like another, and the world goes on. */
static enum err judge(struct sim_world *world, enum err err)
{
    if (err == OK || err_kind(err) == ERR_KIND_STORE)
        return err;
    const char *value = fault_arg(&world->cx.fault, "value");
    sim_violate(world, "error",
                arena_print(world->step_arena, "%s %s", err_code(err), value ? value : ""));
    return OK;
}

static enum err run_included(struct sim_world *world)
{
    const struct sim_options *options = world->options;
    if (world->seller != world->step / SIM_SELLER_STEPS) {
        TRY(end_seller(world));
        TRY(begin_seller(world, world->step / SIM_SELLER_STEPS));
    }
    TRY(judge(world, run_step(world)));
    world->result->steps++;
    if (options->is_brief || (world->step + 1) % DOCTOR_EVERY != 0)
        return OK;
    arena_reset(world->step_arena);
    return sim_check_all(world);
}

static enum err run_steps(struct sim_world *world)
{
    const struct sim_options *options = world->options;
    for (world->step = 0; world->step < options->steps; world->step++) {
        if (options->included == NULL || options->included[world->step])
            TRY(run_included(world));
        else
            world->wall += STEP_MS; /* the steps that stay keep their time */
        if (options->is_brief && world->result->violation_count > 0)
            return OK;
    }
    return end_seller(world);
}

enum err sim_run(struct context *cx, const struct sim_options *options,
                 struct sim_result *ret_result)
{
    *ret_result = (struct sim_result){0};
    struct sim_world world = {
        .options = options,
        .result = ret_result,
        .arena = arena_create(SIMULATION_ARENA_MAX),
        .step_arena = arena_create(SIMULATION_ARENA_MAX),
        .answer_arena = cx->arena,
        .seller = -1,
        .cx = {.arena = arena_create(SIMULATION_ARENA_MAX),
               .actor = {.kind = ACTOR_OPERATOR, .id = "", .customer = ""},
               .customer = "",
               .language = "en",
               .seller = &SELLER},
    };
    sim_begin(&world, 0);
    enum err err = run_steps(&world);
    if (err != OK) {
        const char *what = fault_arg(&world.cx.fault, "value");
        err = fault(cx, err, "value", what ? what : "", NULL);
    }
    close_store(&world);
    arena_free(world.cx.arena);
    arena_free(world.step_arena);
    arena_free(world.arena);
    return err;
}
