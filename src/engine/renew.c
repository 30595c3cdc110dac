#include "engine/renew.h"

#include <assert.h>
#include <string.h>

#include "engine/announce.h"
#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/renewal.h"

const char *renew_method(const struct state *state, const struct subscription *sub)
{
    const char *id = sub->payment_method ? sub->payment_method
                                         : state_find_account(state, sub->account)->default_method;
    const struct payment_method *method = id ? state_find_method(state, id) : NULL;
    return method != NULL && !method->removed ? id : NULL;
}

bool renew_is_wanted(const struct state *state, const struct subscription *sub)
{
    if (!sub->recurring_billing)
        return false;
    if (sub->status != SUBSCRIPTION_TRIAL)
        return true;
    return renew_method(state, sub) != NULL;
}

const struct catalog *renew_choose_version(const struct state *state,
                                           const struct subscription *sub, civil_day start_on)
{
    const struct catalog *own = state_catalog(state, sub->catalog);
    const struct price *own_price =
        offer_find_price(state_offer(state, sub), sub->currency, sub->term, sub->billing);
    assert(own_price != NULL);
    struct money own_amount = price_whole_period(own_price, sub->quantity);
    const struct catalog *chosen = own;
    for (size_t i = 0; i < state->catalogs.count; i++) {
        const struct catalog *catalog = state->catalogs.items[i];
        if (catalog->number <= chosen->number || catalog->number > state->current->number)
            continue;
        const struct offer *offer = catalog_find_offer(catalog, sub->offer);
        const struct price *price =
            offer ? offer_find_price(offer, sub->currency, sub->term, sub->billing) : NULL;
        if (price == NULL)
            continue;
        bool dearer = money_compare(price_whole_period(price, sub->quantity), own_amount) > 0;
        if (!dearer || catalog->published_on + NOTICE_DAYS <= start_on)
            chosen = catalog;
    }
    return chosen;
}

/* What the next period is paid with; a trial has no method of its own before it is converted. */
static const char *renew_pays_with(const struct state *state, const struct subscription *sub)
{
    return sub->status == SUBSCRIPTION_TRIAL ? renew_method(state, sub) : sub->payment_method;
}

static bool renew_same_method(const struct state *state, const struct subscription *a,
                              const struct subscription *b)
{
    const char *one = renew_pays_with(state, a);
    const char *other = renew_pays_with(state, b);
    return strcmp(one ? one : "", other ? other : "") == 0;
}

/* What shares a document with `first` (rules §6: classic, one per order and payment method;
 * agreement, one per account and method). */
static bool renew_is_in_group(const struct state *state, struct subscription *sub,
                              struct subscription *first)
{
    struct subscription *family = state_family(state, sub);
    if (family->status != SUBSCRIPTION_ACTIVE && family->status != SUBSCRIPTION_TRIAL)
        return false;
    if (sub->status != family->status || sub->period_end != first->period_end)
        return false;
    if (family->period_end >= family->term_end && !renew_is_wanted(state, family))
        return false;
    if (strcmp(sub->account, first->account) != 0 || !renew_same_method(state, sub, first))
        return false;
    return state_find_account(state, sub->account)->type == ACCOUNT_AGREEMENT ||
           strcmp(sub->order, first->order) == 0;
}

static bool renew_begins_term(const struct subscription *sub)
{
    return sub->status == SUBSCRIPTION_ACTIVE && sub->period_end >= sub->term_end;
}

/* One that joined while its parent moved on follows it, also to what its parent pays by now. */
static void renew_follow(const struct state *state, struct subscription *sub)
{
    const struct subscription *parent = state_family(state, sub);
    if (!renew_begins_term(sub) || parent->period_end <= sub->period_end)
        return;
    const struct offer *offer = catalog_find_offer(state->current, sub->offer);
    bool differs = parent->term != sub->term || parent->billing != sub->billing;
    if (differs && offer != NULL &&
        offer_find_price(offer, sub->currency, parent->term, parent->billing) != NULL) {
        sub->term = parent->term;
        sub->billing = parent->billing;
        sub->catalog = state->current->number;
    } else {
        sub->catalog = renew_choose_version(state, sub, sub->term_end)->number;
    }
}

static void renew_one(struct context *cx, struct state *state, struct document *document,
                      struct subscription *sub, civil_day on)
{
    if (sub->status == SUBSCRIPTION_TRIAL) {
        trial_convert(cx, state, document, sub);
        return;
    }
    bill_close_period(state, sub);
    if (sub->period_end == on)
        subscription_move_on(sub, DAY_NONE, DAY_NONE);
    row_touch(&sub->row);
    bill_charge(cx, state, document, sub, sub->period_start, LINE_RENEWAL);
    announce_period(cx, state, sub, sub->period_start == sub->term_start);
}

/* What a new term makes of a family, before the days of its children move on; those of its parent
 * do so at once, for what is to end with it. */
static void renew_term(struct context *cx, struct state *state, struct subscription *sub)
{
    if (sub->parent != NULL || !renew_begins_term(sub))
        return;
    const struct chosen_end end = renewal_apply(cx, state, sub);
    subscription_move_on(sub, end.on, end.anchor_on);
}

void renew_group(struct context *cx, struct state *state, struct subscription *first)
{
    struct bill_for to = {
        .account = state_find_account(state, first->account),
        .order = first->order,
        .payment_method = renew_pays_with(state, first),
    };
    struct document *document = bill_begin(cx, state, &to);
    struct subscription_list group = {0};
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (renew_is_in_group(state, sub, first))
            list_push(cx->arena, &group, sub);
    }
    assert(group.count > 0);
    const civil_day on = first->period_end;
    for (size_t i = 0; i < group.count; i++)
        renew_follow(state, group.items[i]);
    for (size_t i = 0; i < group.count; i++)
        renew_term(cx, state, group.items[i]);
    for (size_t i = 0; i < group.count; i++) {
        if (group.items[i]->status != SUBSCRIPTION_DELETED) /* a new plan made it needless */
            renew_one(cx, state, document, group.items[i], on);
    }
    if (bill_total(cx, state, document))
        bill_issue(cx, state, document, NULL);
    decide_flag_requirements(cx, state);
}
