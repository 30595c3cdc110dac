#include "engine/renewal.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "engine/bill.h"
#include "engine/decide_parts.h"
#include "engine/renew.h"
#include "engine/schedule.h"

static void renewal_fail(struct context *cx, struct renewal *renewal,
                         struct scheduled_change *change)
{
    renewal->failures[renewal->failure_count++] = (struct renewal_failure){change, cx->fault};
    fault_clear(cx);
}

/* ── Plan and billing ─────────────────────────────────────────────────────────────────── */

/* The family as it is; its versions are chosen later. */
static void renewal_keep(const struct state *state, struct subscription *parent,
                         struct family_change *change)
{
    change->members[0].sub = parent;
    change->count = 1;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (sub != parent && state_family(state, sub) == parent && sub->status == parent->status &&
            sub->row != ROW_REMOVED)
            change->members[change->count++].sub = sub;
    }
    for (size_t i = 0; i < change->count; i++) {
        struct family_member *member = &change->members[i];
        member->offer = member->sub->offer;
        member->catalog = member->sub->catalog;
        member->term = member->sub->term;
        member->billing = member->sub->billing;
    }
}

/* Tries the wish; what it makes of children that await payment is left to them. */
static bool renewal_try(struct context *cx, const struct state *state, struct subscription *parent,
                        const struct scheduled_change *plan, const struct scheduled_change *billing,
                        int64_t quantity, struct renewal *renewal)
{
    struct family_wish wish = {0};
    struct family_change judged;
    if (plan != NULL)
        wish = (struct family_wish){plan->offer, plan->term, plan->billing};
    if (billing != NULL) {
        wish.term = billing->term;
        wish.billing = billing->billing;
    }
    if (family_judge(cx, state, parent, &wish, quantity, &judged) != OK)
        return false;
    renewal->change.new_billing = judged.new_billing;
    renewal->change.count = 0;
    for (size_t i = 0; i < judged.count; i++) {
        if (judged.members[i].sub->status == parent->status)
            renewal->change.members[renewal->change.count++] = judged.members[i];
    }
    return true;
}

static void renewal_plan_family(struct context *cx, const struct state *state,
                                struct subscription *parent, struct renewal *renewal)
{
    struct scheduled_change *plan = schedule_find(state, parent, SCHEDULE_PLAN);
    struct scheduled_change *billing = schedule_find(state, parent, SCHEDULE_BILLING);
    const struct scheduled_change *total = schedule_find(state, parent, SCHEDULE_QUANTITY);
    int64_t quantity = total ? total->quantity : parent->quantity;
    renewal_keep(state, parent, &renewal->change);
    if (plan == NULL && billing == NULL)
        return;
    if (renewal_try(cx, state, parent, plan, billing, quantity, renewal))
        return;
    if (plan == NULL || billing == NULL) {
        renewal_fail(cx, renewal, plan ? plan : billing);
        return;
    }
    fault_clear(cx);
    if (!renewal_try(cx, state, parent, plan, NULL, quantity, renewal)) {
        renewal_fail(cx, renewal, plan);
        if (!renewal_try(cx, state, parent, NULL, billing, quantity, renewal))
            renewal_fail(cx, renewal, billing);
        return;
    }
    struct renewal unused = *renewal; /* the plan alone is possible: the billing is what is not */
    unused.change.members =
        ARENA_ARRAY(cx->arena, struct family_member, state->subscriptions.count + 1);
    if (!renewal_try(cx, state, parent, plan, billing, quantity, &unused))
        renewal_fail(cx, renewal, billing);
}

/* ── Quantities ───────────────────────────────────────────────────────────────────────── */

static const struct offer *renewal_offer(const struct state *state, const struct renewal *renewal,
                                         size_t index)
{
    const struct family_member *member = &renewal->change.members[index];
    const struct offer *offer =
        catalog_find_offer(state_catalog(state, member->catalog), member->offer);
    assert(offer != NULL); /* the version was chosen because it has the offer */
    return offer;
}

/* What is held when the term begins. */
static struct eligibility_input renewal_holdings(struct context *cx, const struct state *state,
                                                 const struct renewal *renewal)
{
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    for (size_t i = 0; i < input.holding_count; i++) {
        for (size_t m = 0; m < renewal->change.count; m++) {
            const struct family_member *member = &renewal->change.members[m];
            if (strcmp(member->sub->id, holdings[i].subscription) != 0)
                continue;
            holdings[i].offer = member->offer;
            holdings[i].quantity = renewal->quantities[m];
        }
    }
    return input;
}

static enum err renewal_check_quantity(struct context *cx, const struct state *state,
                                       const struct renewal *renewal, size_t index)
{
    struct eligibility_input input = renewal_holdings(cx, state, renewal);
    struct subscription *sub = renewal->change.members[index].sub;
    int64_t quantity = renewal->quantities[index];
    const struct offer *offer = renewal_offer(state, renewal, index);
    TRY(eligibility_check_quantity(cx, offer, eligibility_quantity(&input, offer), quantity));
    if (quantity > sub->quantity)
        return decide_check_on_sale(cx, state, renewal->change.members[index].offer);
    if (quantity < sub->quantity)
        return decide_check_dependants(cx, state, sub, &input);
    return OK;
}

/* Those that cannot be are taken back, until what is left holds together. */
static void renewal_plan_quantities(struct context *cx, const struct state *state,
                                    struct renewal *renewal)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < renewal->change.count && !changed; i++) {
            struct subscription *sub = renewal->change.members[i].sub;
            struct scheduled_change *change = schedule_find(state, sub, SCHEDULE_QUANTITY);
            if (change == NULL || renewal->quantities[i] == sub->quantity ||
                renewal_check_quantity(cx, state, renewal, i) == OK)
                continue;
            renewal_fail(cx, renewal, change);
            renewal->quantities[i] = sub->quantity;
            changed = true;
        }
    }
}

/* ── Versions ─────────────────────────────────────────────────────────────────────────── */

/* "the newest version … of the quantity in force": that of the term that begins. What has another
 * plan or billing takes the version on sale, which family_judge has said. */
static void renewal_choose_versions(const struct state *state, struct renewal *renewal)
{
    for (size_t i = 0; i < renewal->change.count; i++) {
        struct family_member *member = &renewal->change.members[i];
        if (family_member_changes(member, renewal->change.new_billing))
            continue;
        struct subscription then = *member->sub;
        then.quantity = renewal->quantities[i];
        member->catalog = renew_choose_version(state, &then, then.term_end)->number;
    }
}

/* ── The end ──────────────────────────────────────────────────────────────────────────── */

/* Says whether it is to end, by way of others or not, with itself. One that ends later in its
 * present term says itself when; only one that is renewed by then looks further. */
static bool renewal_is_circular(const struct state *state, const struct subscription *sub)
{
    const struct subscription *at = sub;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct scheduled_change *change = schedule_find(state, at, SCHEDULE_END);
        const struct subscription *other =
            change ? state_find_subscription(state, change->ends_with) : NULL;
        if (other == NULL || other->term_end > at->term_end)
            return false;
        if (other == sub)
            return true;
        at = other;
    }
    return false;
}

static bool renewal_find_end(struct context *cx, const struct state *state,
                             const struct subscription *sub, enum term term,
                             const struct scheduled_change *change, struct chosen_end *ret_end)
{
    const struct end_wish wish = {
        .with = change->ends_with,
        .account = sub->account,
        .start_on = sub->term_end,
        .term = term,
        .at_renewal = true,
    };
    return !renewal_is_circular(state, sub) && end_find(cx, state, &wish, ret_end);
}

/* The end that waits for the renewal of a subscription, if one does and can be. */
static struct chosen_end renewal_end(struct context *cx, const struct state *state,
                                     const struct subscription *sub, enum term term)
{
    struct chosen_end end = {DAY_NONE, DAY_NONE};
    const struct scheduled_change *change = schedule_find(state, sub, SCHEDULE_END);
    if (change != NULL && !renewal_find_end(cx, state, sub, term, change, &end))
        end = (struct chosen_end){DAY_NONE, DAY_NONE};
    return end;
}

static void renewal_plan_end(struct context *cx, const struct state *state,
                             struct subscription *parent, struct renewal *renewal)
{
    struct scheduled_change *change = schedule_find(state, parent, SCHEDULE_END);
    renewal->end = renewal_end(cx, state, parent, renewal->change.members[0].term);
    if (change == NULL || renewal->end.on != DAY_NONE)
        return;
    (void)end_refuse(cx, state, change->ends_with, "/ends_with");
    renewal_fail(cx, renewal, change);
}

static struct renewal renewal_begin(struct context *cx, const struct state *state)
{
    size_t most = state->subscriptions.count + 1;
    return (struct renewal){
        .change = {.members = ARENA_ARRAY(cx->arena, struct family_member, most)},
        .quantities = ARENA_ARRAY(cx->arena, int64_t, most),
        .failures = ARENA_ARRAY(cx->arena, struct renewal_failure, most + RENEWAL_KINDS),
    };
}

/* The length of the terms from the next renewal on. */
static enum term renewal_term(struct context *cx, const struct state *state,
                              struct subscription *parent)
{
    if (schedule_find(state, parent, SCHEDULE_PLAN) == NULL &&
        schedule_find(state, parent, SCHEDULE_BILLING) == NULL)
        return parent->term;
    struct renewal renewal = renewal_begin(cx, state);
    renewal_plan_family(cx, state, parent, &renewal);
    return renewal.change.members[0].term;
}

struct chosen_end renewal_end_after(struct context *cx, const struct state *state,
                                    struct subscription *sub, civil_day after_on)
{
    struct chosen_end end = {sub->term_end, sub->anchor_on};
    if (end.on > after_on)
        return end;
    enum term term = renewal_term(cx, state, sub);
    struct chosen_end next = renewal_end(cx, state, sub, term);
    if (next.on != DAY_NONE)
        end = next;
    else if (sub->status == SUBSCRIPTION_TRIAL)
        end.anchor_on = sub->term_end; /* its first term starts when the trial is over */
    while (end.on <= after_on)
        end.on = period_end(end.anchor_on, end.on, term_months(term));
    return end;
}

struct renewal renewal_plan(struct context *cx, const struct state *state,
                            struct subscription *parent)
{
    struct renewal renewal = renewal_begin(cx, state);
    renewal_plan_family(cx, state, parent, &renewal);
    bool has_quantities = false;
    for (size_t i = 0; i < renewal.change.count; i++) {
        const struct subscription *sub = renewal.change.members[i].sub;
        const struct scheduled_change *change = schedule_find(state, sub, SCHEDULE_QUANTITY);
        bool counts = change != NULL && renewal.change.members[i].fate == FATE_KEPT;
        renewal.quantities[i] = counts ? change->quantity : sub->quantity;
        has_quantities = has_quantities || counts;
    }
    renewal_choose_versions(state, &renewal);
    if (has_quantities) {
        renewal_plan_quantities(cx, state, &renewal);
        renewal_choose_versions(state, &renewal);
    }
    renewal_plan_end(cx, state, parent, &renewal);
    return renewal;
}

struct money renewal_amount(const struct state *state, const struct renewal *renewal, size_t index)
{
    const struct family_member *member = &renewal->change.members[index];
    if (member->fate == FATE_DROPPED)
        return money_zero(member->sub->currency);
    struct subscription then = *member->sub;
    family_apply(&then, member);
    then.quantity = renewal->quantities[index];
    subscription_move_on(&then, renewal->end.on, renewal->end.anchor_on);
    return bill_amount(state, &then, then.period_start);
}

/* ── Carrying it out ──────────────────────────────────────────────────────────────────── */

static void renewal_announce_failure(struct context *cx, struct state *state,
                                     const struct renewal_failure *failure)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "kind", schedule_kind_format(failure->change->kind));
    json_put_text(&w, "scheduled_change", failure->change->id);
    json_put_text(&w, "code", err_code(failure->fault.code));
    json_close_object(&w);
    state_event(cx, state, "subscription.scheduled_change_dropped", failure->change->subscription,
                json_end(&w), NULL);
}

static void renewal_apply_member(struct context *cx, struct state *state,
                                 const struct renewal *renewal, size_t index)
{
    const struct family_member *member = &renewal->change.members[index];
    struct subscription *sub = member->sub;
    if (member->fate == FATE_DROPPED) {
        family_drop(cx, state, sub);
        return;
    }
    struct subscription before = *sub;
    bool changes = family_member_changes(member, renewal->change.new_billing);
    family_apply(sub, member);
    if (changes)
        family_announce(cx, state, sub, &before);
    if (renewal->quantities[index] != sub->quantity)
        decide_set_quantity(cx, state, sub, renewal->quantities[index]);
}

struct chosen_end renewal_apply(struct context *cx, struct state *state,
                                struct subscription *parent)
{
    struct renewal renewal = renewal_plan(cx, state, parent);
    for (size_t i = 0; i < renewal.failure_count; i++)
        renewal_announce_failure(cx, state, &renewal.failures[i]);
    for (size_t i = 0; i < renewal.change.count; i++) {
        schedule_drop(state, renewal.change.members[i].sub);
        renewal_apply_member(cx, state, &renewal, i);
    }
    return renewal.end;
}
