/* Looking whether everything holds: after each step what it touched, and now and then all. */
#include "customer/customer_store.h"
#include "engine/doctor_do.h"
#include "engine/sim_store.h"
#include "engine/sim_world.h"

void sim_violate(struct sim_world *world, const char *check, const char *where)
{
    struct sim_result *result = world->result;
    result->violation_count++;
    if (world->slot != NULL)
        world->slot->is_broken = true;
    if (result->violations.count == SIM_VIOLATIONS_MAX)
        return;
    struct arena *arena = world->answer_arena;
    struct sim_violation *violation = ARENA_NEW(arena, struct sim_violation);
    *violation = (struct sim_violation){
        .step = world->step,
        .check = arena_copy(arena, check),
        .where = arena_copy(arena, where),
        .slot = world->slot != NULL ? world->slot - world->slots : -1,
    };
    list_push(arena, &result->violations, violation);
}

/* One violation for all that the doctor found at once: what is told first explains the rest. */
static void tell_doctor(struct sim_world *world, const struct doctor *doctor)
{
    if (doctor->fault_count == 0)
        return;
    const struct doctor_fault *first = doctor->faults.items[0];
    sim_violate(world, arena_print(world->step_arena, "doctor %s", first->check),
                arena_print(world->step_arena, "%s: expected %s, found %s", first->where,
                            first->expected != NULL ? first->expected : "nothing",
                            first->found != NULL ? first->found : "nothing"));
}

/* What documents froze is read now and then: a step does not touch it. */
enum { FROZEN_EVERY = 8 };

static enum err load_version(struct sim_world *world, const struct sim_slot *slot,
                             int64_t *ret_version)
{
    struct context look = sim_look(world);
    struct organization organization;
    look.customer = slot->customer;
    TRY(organization_load(&look, &organization));
    *ret_version = organization.version;
    return OK;
}

enum err sim_check_slot(struct sim_world *world, struct sim_slot *slot)
{
    struct context look = sim_look(world);
    struct doctor doctor;
    look.customer = slot->customer;
    if (slot->customer == NULL || slot->is_broken)
        return OK;
    TRY(load_version(world, slot, &slot->version));
    TRY(world->step % FROZEN_EVERY == 0 ? doctor_run_customer(&look, &doctor)
                                        : doctor_run_customer_rows(&look, &doctor));
    tell_doctor(world, &doctor);
    int64_t kept;
    TRY(sim_count_kept(&look, &kept));
    if (kept > 0 && doctor.fault_count == 0)
        sim_violate(world, "refund", "credit is kept that had to go back");
    return OK;
}

/* Whatever the engine does, it locks the customer's row first, and so counts its version up. */
enum err sim_check_moved(struct sim_world *world)
{
    int64_t version;
    TRY(load_version(world, world->slot, &version));
    return version == world->slot->version ? OK : sim_check_slot(world, world->slot);
}

/* Once something does not hold, the whole would only say so again. */
enum err sim_check_all(struct sim_world *world)
{
    struct context look = sim_look(world);
    struct doctor doctor;
    if (world->result->violation_count > 0)
        return OK;
    world->slot = NULL;
    TRY(doctor_run(&look, &doctor));
    tell_doctor(world, &doctor);
    return OK;
}

enum err sim_take_facts(struct sim_world *world, const struct sim_act *act, uint64_t *ret_facts)
{
    struct context look = sim_look(world);
    uint64_t sum = 0;
    for (int i = 0; i < SIM_SLOTS; i++) {
        struct sim_slot *slot = &world->slots[i];
        bool is_meant = act->is_of_all ? i < SIM_REAL_TIME : slot == world->slot;
        uint64_t facts = 0;
        look.customer = slot->customer;
        if (is_meant && slot->customer != NULL)
            TRY(sim_facts(&look, &facts));
        sum += facts;
    }
    *ret_facts = sum;
    return OK;
}
