#include "engine/schedule.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "engine/decide_parts.h"
#include "engine/renewal.h"

struct scheduled_change *schedule_find(const struct state *state, const struct subscription *sub,
                                       enum schedule_kind kind)
{
    for (size_t i = 0; i < state->schedules.count; i++) {
        struct scheduled_change *change = state->schedules.items[i];
        if (change->row != ROW_REMOVED && change->kind == kind &&
            strcmp(change->subscription, sub->id) == 0)
            return change;
    }
    return NULL;
}

static void schedule_announce(struct context *cx, struct state *state,
                              const struct scheduled_change *change, const char *type)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "kind", schedule_kind_format(change->kind));
    json_put_text(&w, "scheduled_change", change->id);
    json_close_object(&w);
    state_event(cx, state, type, change->subscription, json_end(&w), NULL);
}

void schedule_drop(const struct state *state, const struct subscription *sub)
{
    for (size_t i = 0; i < state->schedules.count; i++) {
        struct scheduled_change *change = state->schedules.items[i];
        if (strcmp(change->subscription, sub->id) == 0)
            change->row = ROW_REMOVED;
    }
}

/* The member of a request that asks for each kind. */
static const char *const MEMBERS[] = {
    [SCHEDULE_QUANTITY] = "/quantity",
    [SCHEDULE_PLAN] = "/offer",
    [SCHEDULE_BILLING] = "/billing",
    [SCHEDULE_END] = "/ends_with",
};

/* What no offer sells has no price with which the renewal could be planned. */
static enum err schedule_check_quantity(struct context *cx, const struct state *state,
                                        const struct subscription *sub, int64_t quantity)
{
    struct holding *holdings;
    if (quantity >= 0 && quantity <= QUANTITY_MAX)
        return OK;
    const struct offer *offer = state_offer(state, sub);
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    struct quantity_bounds bounds = eligibility_quantity(&input, offer);
    return fault_blame(cx, eligibility_check_quantity(cx, offer, bounds, quantity), "/quantity");
}

/* What would go wrong at the renewal is refused now. */
static enum err schedule_check(struct context *cx, const struct state *state,
                               struct subscription *sub, const struct scheduled_change *change)
{
    struct renewal renewal = renewal_plan(cx, state, state_family(state, sub));
    for (size_t i = 0; i < renewal.failure_count; i++) {
        if (renewal.failures[i].change != change)
            continue;
        cx->fault = renewal.failures[i].fault;
        return fault_blame(cx, cx->fault.code, MEMBERS[change->kind]);
    }
    return OK;
}

enum err schedule_put(struct context *cx, struct state *state, const struct command *command,
                      enum schedule_kind kind)
{
    struct subscription *sub = state_find_subscription(state, command->subscription);
    if (!sub->recurring_billing)
        return fault(cx, ERR_RECURRING_BILLING_OFF, "param", "/when", NULL);
    if (kind == SCHEDULE_QUANTITY)
        TRY(schedule_check_quantity(cx, state, sub, command->quantity));
    struct scheduled_change *before = schedule_find(state, sub, kind);
    if (before != NULL)
        before->row = ROW_REMOVED;
    struct scheduled_change *change = ARENA_NEW(cx->arena, struct scheduled_change);
    *change = (struct scheduled_change){
        .id = id_next(cx, "sch"),
        .subscription = sub->id,
        .kind = kind,
        .quantity = command->quantity,
        .offer = command->offer,
        .term = command->term,
        .billing = command->billing,
        .ends_with = command->ends_with,
        .created_at = cx->now,
        .row = ROW_NEW,
    };
    list_push(cx->arena, &state->schedules, change);
    TRY(schedule_check(cx, state, sub, change));
    schedule_announce(cx, state, change, "subscription.change_scheduled");
    row_touch(&sub->row);
    return OK;
}

enum err decide_unschedule(struct context *cx, struct state *state, const struct command *command,
                           struct decision *decision)
{
    (void)decision;
    struct subscription *sub = state_find_subscription(state, command->subscription);
    for (size_t i = 0; i < state->schedules.count; i++) {
        struct scheduled_change *change = state->schedules.items[i];
        if (strcmp(change->id, command->scheduled_change) != 0 ||
            strcmp(change->subscription, sub->id) != 0)
            continue;
        change->row = ROW_REMOVED;
        row_touch(&sub->row);
        schedule_announce(cx, state, change, "subscription.change_unscheduled");
        return OK;
    }
    return fault(cx, ERR_NOT_FOUND, "param", "/scheduled_change", NULL);
}
