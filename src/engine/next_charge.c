#include "engine/next_charge.h"

#include <assert.h>

#include "engine/decide_parts.h"
#include "engine/renew.h"
#include "engine/renewal.h"

/* Says whether another period of the family follows. */
static bool goes_on(const struct state *state, const struct subscription *family)
{
    bool lives = family->status == SUBSCRIPTION_ACTIVE || family->status == SUBSCRIPTION_TRIAL ||
                 family->status == SUBSCRIPTION_SCHEDULED;
    if (!lives || family->row == ROW_REMOVED)
        return false;
    return family->period_end < family->term_end || renew_is_wanted(state, family);
}

/* What a whole period of it costs when the next one of its term begins, or its first. */
static struct money whole_period(const struct state *state, const struct subscription *sub)
{
    bool converts = sub->status == SUBSCRIPTION_TRIAL;
    int64_t quantity = converts ? trial_quantity(state, sub) : sub->quantity;
    const struct offer *offer = state_offer(state, sub);
    const struct price *price = offer_find_price(offer, sub->currency, sub->term, sub->billing);
    assert(price != NULL); /* the version was chosen because it has the price */
    return price_whole_period(price, quantity);
}

/* Adds those of the family, or `only` one, in the term that goes on. */
static bool add_period(const struct state *state, const struct subscription *family,
                       const struct subscription *only, struct next_charge *next)
{
    bool found = false;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        bool counts = state_family(state, member) == family && member->status == family->status;
        if (!counts || (only != NULL && member != only))
            continue;
        next->net = money_add(next->net, whole_period(state, member));
        found = true;
    }
    return found;
}

/* The same in the term that a renewal begins: planned as it will be, with the version that it takes
 * and what is scheduled (rules §1, §4). */
static bool add_renewal(struct context *cx, const struct state *state, struct subscription *family,
                        const struct subscription *only, struct next_charge *next)
{
    bool found = false;
    const struct renewal renewal = renewal_plan(cx, state, family);
    next->term = renewal.change.members[0].term;
    next->billing = renewal.change.members[0].billing;
    for (size_t i = 0; i < renewal.change.count; i++) {
        const struct family_member *member = &renewal.change.members[i];
        if (member->fate == FATE_DROPPED || (only != NULL && member->sub != only))
            continue;
        next->net = money_add(next->net, renewal_amount(state, &renewal, i));
        found = true;
    }
    return found;
}

static bool next_charge(struct context *cx, const struct state *state, struct subscription *family,
                        const struct subscription *only, struct next_charge *ret_next)
{
    if (!goes_on(state, family))
        return false;
    struct next_charge next = {
        .on = family->period_end,
        .net = money_zero(family->currency),
        .term = family->term,
        .billing = family->billing,
    };
    bool renews = family->status != SUBSCRIPTION_TRIAL && family->period_end >= family->term_end;
    bool found = renews ? add_renewal(cx, state, family, only, &next)
                        : add_period(state, family, only, &next);
    *ret_next = next;
    return found;
}

bool next_charge_of_family(struct context *cx, const struct state *state,
                           struct subscription *family, struct next_charge *ret_next)
{
    return family->parent == NULL && next_charge(cx, state, family, NULL, ret_next);
}

bool next_charge_of(struct context *cx, const struct state *state, struct subscription *sub,
                    struct next_charge *ret_next)
{
    return next_charge(cx, state, state_family(state, sub), sub, ret_next);
}
