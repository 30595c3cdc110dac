#include "engine/family_change.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "engine/decide_parts.h"
#include "subscription/subscription_json.h"

static bool is_child_of(const struct subscription *sub, const struct subscription *parent)
{
    return sub->parent != NULL && strcmp(sub->parent, parent->id) == 0 &&
           sub->status != SUBSCRIPTION_DELETED && sub->row != ROW_REMOVED;
}

/* Adds a name to a list that a sentence shows. */
static const char *name_offer(struct context *cx, const char *names, const char *offer)
{
    return arena_print(cx->arena, "%s%s%s", names, names[0] ? ", " : "", offer);
}

/* ── The plan ─────────────────────────────────────────────────────────────────────────── */

/* The list of the version on sale; of its own when that no longer has the offer (ADR 0004). */
static bool may_change_to(const struct state *state, const struct subscription *parent,
                          const char *offer)
{
    const struct offer *own = catalog_find_offer(state->current, parent->offer);
    if (own == NULL)
        own = state_offer(state, parent);
    return offer_ids_have(&own->change_to, offer);
}

/* "plan_change_not_possible (not in change_to …)"; what no version ever had is not found. */
static enum err find_target(struct context *cx, const struct state *state,
                            const struct subscription *parent, const char *offer,
                            const struct offer **ret_offer)
{
    const struct offer *target = catalog_find_offer(state->current, offer);
    if (target == NULL && !decide_was_once_sold(state, offer))
        return fault(cx, ERR_NOT_FOUND, "param", "/offer", "offer", offer, NULL);
    if (!may_change_to(state, parent, offer))
        return fault(cx, ERR_PLAN_CHANGE_NOT_POSSIBLE, "param", "/offer", "offer", offer, NULL);
    if (target == NULL)
        return decide_refuse_not_on_sale(cx, "/offer", offer);
    *ret_offer = target;
    return OK;
}

static bool has_feature(const struct offer *offer, const struct feature *wanted)
{
    for (size_t i = 0; i < offer->feature_count; i++) {
        const struct feature *feature = &offer->features[i];
        if (feature->type == FEATURE_SWITCH && strcmp(feature->name, wanted->name) == 0)
            return true;
    }
    return false;
}

/* "whose features are all switches that the new offer has"; one that says nothing of what it
 * gives is not thought needless. */
static bool is_needless(const struct offer *child, const struct offer *plan)
{
    for (size_t i = 0; i < child->feature_count; i++) {
        const struct feature *feature = &child->features[i];
        if (feature->type != FEATURE_SWITCH || !has_feature(plan, feature))
            return false;
    }
    return child->feature_count > 0;
}

/* "carried … dropped … blocks" (rules §3.6). A child connects by its own version or by the one on
 * sale; one that awaits its payment can only be carried. */
static enum family_fate find_fate(const struct state *state, const struct subscription *child,
                                  const struct offer *plan)
{
    const struct offer *own = state_offer(state, child);
    const struct offer *on_sale = catalog_find_offer(state->current, child->offer);
    if (offer_ids_have(&own->connects_to, plan->id) ||
        (on_sale != NULL && offer_ids_have(&on_sale->connects_to, plan->id)))
        return FATE_KEPT;
    if (child->status != SUBSCRIPTION_PLANNED && is_needless(own, plan))
        return FATE_DROPPED;
    return FATE_BLOCKING;
}

/* What eligibility sees when the parent is out, and so are the children that are dropped; the
 * parent with its new plan stands for itself, as a line of a cart. */
static struct eligibility_input holdings_after(struct context *cx, const struct state *state,
                                               const struct family_change *change,
                                               const struct holding **ret_self)
{
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    size_t kept = 0;
    for (size_t i = 0; i < input.holding_count; i++) {
        struct holding holding = holdings[i];
        bool is_dropped = false;
        for (size_t m = 0; m < change->count; m++) {
            const struct family_member *member = &change->members[m];
            if (strcmp(member->sub->id, holding.subscription) == 0)
                is_dropped = member->fate == FATE_DROPPED;
        }
        if (is_dropped)
            continue;
        if (strcmp(holding.subscription, change->members[0].sub->id) == 0) {
            holding.offer = change->members[0].offer;
            holding.in_cart = true;
            holding.start_on = state->today;
            *ret_self = &holdings[kept];
        }
        holdings[kept++] = holding;
    }
    input.holding_count = kept;
    return input;
}

/* The new plan is ordered: what §2 says of it holds, and so do its bounds. */
static enum err check_plan(struct context *cx, const struct state *state,
                           const struct family_change *change, const struct offer *plan,
                           int64_t quantity)
{
    const struct holding *self = NULL;
    struct eligibility_input input = holdings_after(cx, state, change, &self);
    struct availability judged;
    eligibility_judge(cx, &input, plan, NULL, self, &judged);
    if (!judged.available)
        return decide_refuse_reasons(cx, &judged, "");
    return eligibility_check_quantity(cx, plan, eligibility_quantity(&input, plan), quantity);
}

static enum err check_blocking(struct context *cx, const struct family_change *change)
{
    const char *names = "";
    for (size_t i = 0; i < change->count; i++) {
        if (change->members[i].fate == FATE_BLOCKING)
            names = name_offer(cx, names, change->members[i].offer);
    }
    if (names[0] == '\0')
        return OK;
    return fault(cx, ERR_PLAN_CHANGE_BLOCKED, "param", "/offer", "offers", names, NULL);
}

/* ── Term and billing ─────────────────────────────────────────────────────────────────── */

/* "the same if it has such a price, else the shortest that has" (formats, `billing`). */
static enum term choose_term(const struct offer *offer, const struct subscription *parent,
                             enum billing billing)
{
    if (offer_find_price(offer, parent->currency, parent->term, billing) != NULL)
        return parent->term;
    static const enum term SHORTEST_FIRST[] = {TERM_P1M, TERM_P1Y, TERM_P3Y};
    for (size_t i = 0; i < sizeof SHORTEST_FIRST / sizeof *SHORTEST_FIRST; i++) {
        if (offer_find_price(offer, parent->currency, SHORTEST_FIRST[i], billing) != NULL)
            return SHORTEST_FIRST[i];
    }
    return TERM_NONE;
}

/* "children follow or, if one has no such price, the change is refused, naming the add-ons" */
static enum err check_children_prices(struct context *cx, const struct state *state,
                                      const struct family_change *change)
{
    const char *names = "";
    for (size_t i = 1; i < change->count; i++) {
        const struct family_member *member = &change->members[i];
        const struct offer *offer = catalog_find_offer(state->current, member->offer);
        const struct price *price =
            offer ? offer_find_price(offer, member->sub->currency, member->term, member->billing)
                  : NULL;
        if (member->fate == FATE_KEPT && price == NULL)
            names = name_offer(cx, names, member->offer);
    }
    if (names[0] == '\0')
        return OK;
    return fault(cx, ERR_BILLING_FREQUENCY_UNSUPPORTED, "param", "/billing", "offer", names, NULL);
}

/* ── The whole ────────────────────────────────────────────────────────────────────────── */

/* The members with what the wish makes of them. `plan`: the parent's offer afterwards. */
static void list_members(struct context *cx, const struct state *state, struct subscription *parent,
                         const struct offer *plan, bool new_plan, struct family_change *change)
{
    struct family_member *first = &change->members[0];
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (!is_child_of(sub, parent))
            continue;
        change->members[change->count++] = (struct family_member){
            .sub = sub,
            .fate = new_plan ? find_fate(state, sub, plan) : FATE_KEPT,
            .offer = sub->offer,
            .catalog = change->new_billing ? state->current->number : sub->catalog,
            .term = first->term,
            .billing = first->billing,
        };
    }
    (void)cx;
}

enum err family_judge(struct context *cx, const struct state *state, struct subscription *parent,
                      const struct family_wish *wish, int64_t quantity,
                      struct family_change *ret_change)
{
    const struct offer *plan = catalog_find_offer(state->current, parent->offer);
    if (wish->offer != NULL)
        TRY(find_target(cx, state, parent, wish->offer, &plan));
    enum err no_price = wish->offer && wish->billing == BILLING_NONE
                            ? ERR_PLAN_CHANGE_NOT_POSSIBLE
                            : ERR_BILLING_FREQUENCY_UNSUPPORTED;
    enum term term = wish->term;
    enum billing billing = wish->billing != BILLING_NONE ? wish->billing : parent->billing;
    if (term == TERM_NONE && wish->billing == BILLING_NONE)
        term = parent->term;
    else if (term == TERM_NONE && plan != NULL)
        term = choose_term(plan, parent, billing);
    if (plan == NULL || offer_find_price(plan, parent->currency, term, billing) == NULL) {
        return fault(cx, no_price, "param", wish->offer ? "/offer" : "/billing", "offer",
                     wish->offer ? wish->offer : parent->offer, NULL);
    }
    struct family_change change = {
        .members = ARENA_ARRAY(cx->arena, struct family_member, state->subscriptions.count),
        .count = 1,
        .new_billing = term != parent->term || billing != parent->billing,
    };
    change.members[0] = (struct family_member){
        .sub = parent,
        .offer = plan->id,
        .catalog = state->current->number,
        .term = term,
        .billing = billing,
    };
    list_members(cx, state, parent, plan, wish->offer != NULL, &change);
    if (wish->offer != NULL) {
        TRY(fault_blame(cx, check_plan(cx, state, &change, plan, quantity), "/offer"));
        TRY(check_blocking(cx, &change));
    }
    if (change.new_billing)
        TRY(check_children_prices(cx, state, &change));
    *ret_change = change;
    return OK;
}

void family_apply(struct subscription *sub, const struct family_member *member)
{
    sub->offer = member->offer;
    sub->catalog = member->catalog;
    sub->term = member->term;
    sub->billing = member->billing;
    row_touch(&sub->row);
}

bool family_member_changes(const struct family_member *member, bool new_billing)
{
    return new_billing || strcmp(member->offer, member->sub->offer) != 0;
}

bool family_is_changing(const struct state *state, struct subscription *sub)
{
    const struct subscription *family = state_family(state, sub);
    for (size_t i = 0; i < state->orders.count; i++) {
        const struct order *order = state->orders.items[i];
        for (size_t l = 0; order_is_pending(order) && l < order->lines.count; l++) {
            struct subscription *member =
                state_find_subscription(state, order->lines.items[l]->subscription);
            if (member != NULL && state_family(state, member) == family)
                return true;
        }
    }
    return false;
}

void family_drop(struct context *cx, struct state *state, struct subscription *sub)
{
    sub->recurring_billing = false;
    sub->ended_by = ENDED_BY_PLAN_CHANGE;
    sub->past_due_at = INSTANT_NONE;
    state_set_status(cx, state, sub, SUBSCRIPTION_DELETED, "subscription.deleted");
}

void family_announce(struct context *cx, struct state *state, const struct subscription *sub,
                     const struct subscription *before)
{
    struct json_writer now = json_begin(cx->arena);
    struct json_writer was = json_begin(cx->arena);
    bool new_plan = strcmp(sub->offer, before->offer) != 0;
    json_open_object(&now, NULL);
    json_open_object(&was, NULL);
    subscription_put_plan(&now, sub);
    subscription_put_plan(&was, before);
    json_close_object(&now);
    json_close_object(&was);
    state_event(cx, state, new_plan ? "subscription.plan_changed" : "subscription.billing_changed",
                sub->id, json_end(&now), json_end(&was));
}
