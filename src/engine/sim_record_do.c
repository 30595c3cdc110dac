/* Writing down what one customer of the world does, for who shrinks a failure. */
#include "customer/customer_store.h"
#include "engine/sim_timeline.h"
#include "engine/sim_world.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"

static struct sim_timeline *timeline_of(const struct sim_world *world)
{
    return world->options->ret_timeline;
}

static bool is_theirs(const struct sim_world *world)
{
    return world->slot - world->slots == timeline_of(world)->slot;
}

void sim_record_sign_up(struct sim_world *world)
{
    if (timeline_of(world) != NULL && is_theirs(world))
        sim_timeline_begin(timeline_of(world),
                           sim_catalog(world->step_arena, world->form, world->version));
}

/* The accounts as they are, and what each is paid by. */
static enum err record_accounts(struct sim_world *world)
{
    struct sim_timeline *timeline = timeline_of(world);
    struct context look = sim_look(world);
    struct method_list methods = {0};
    look.arena = timeline->arena;
    look.customer = world->slots[timeline->slot].customer;
    timeline->accounts = timeline->paid_by_card = (struct account_list){0};
    TRY(account_load_all(&look, &timeline->accounts));
    TRY(method_load_all(&look, &methods));
    for (size_t i = 0; i < timeline->accounts.count; i++) {
        struct account *account = timeline->accounts.items[i];
        for (size_t m = 0; m < methods.count && account->default_method != NULL; m++) {
            const struct payment_method *method = methods.items[m];
            if (strcmp(method->id, account->default_method) == 0 && method->kind == METHOD_CARD)
                list_push(timeline->arena, &timeline->paid_by_card, account);
        }
    }
    return OK;
}

static enum err record_own(struct sim_world *world, const struct sim_kind *kind,
                           const struct sim_act *act)
{
    struct sim_timeline *timeline = timeline_of(world);
    struct context look = sim_look(world);
    struct subscription_list held = {0};
    instant now = sim_now(world);
    if (strcmp(kind->name, "provider") == 0)
        sim_timeline_payments(timeline, now, world->slot->providers.decline);
    if (act->run == NULL)
        return OK;
    if (kind->make == NULL) {
        bool is_jump = strcmp(kind->name, "jump") == 0 && !act->is_of_all;
        sim_timeline_run(timeline, is_jump ? act->command.until : now);
        return OK;
    }
    TRY(subscription_load_all(&look, &held));
    sim_timeline_command(timeline, now, &act->command, &held);
    return OK;
}

enum err sim_record_step(struct sim_world *world, const struct sim_kind *kind,
                         const struct sim_act *act)
{
    struct sim_timeline *timeline = timeline_of(world);
    if (timeline == NULL || timeline->catalog == NULL)
        return OK;
    struct sim_slot *theirs = &world->slots[timeline->slot];
    bool is_in_real_time = timeline->slot < SIM_REAL_TIME;
    TRY(record_accounts(world));
    if (kind->act == sim_act_publish) {
        instant at = is_in_real_time ? world->wall : theirs->now;
        sim_timeline_publish(timeline, at,
                             sim_catalog(world->step_arena, world->form, world->version));
        return OK;
    }
    if (is_theirs(world) || (act->is_of_all && is_in_real_time))
        return record_own(world, kind, act);
    return OK;
}
