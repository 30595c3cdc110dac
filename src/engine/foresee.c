#include "engine/foresee.h"

#include <string.h>

#include "base/json.h"
#include "engine/renew.h"
#include "engine/renewal.h"
#include "engine/schedule.h"

/* A price to come; `catalog` 0: the present one goes on, as far as one can see. */
struct foreseen {
    int64_t catalog;
    civil_day on;
    struct money amount; /* of a whole period of the quantity that is there then */
    struct money before; /* the same at the present price */
};

/* A plan or billing that waits for the renewal has its own price, which its review showed. */
static bool foresee_is_replaced(const struct state *state, const struct subscription *family)
{
    return schedule_find(state, family, SCHEDULE_PLAN) != NULL ||
           schedule_find(state, family, SCHEDULE_BILLING) != NULL;
}

static bool foresee_renews(const struct state *state, struct subscription *sub)
{
    const struct subscription *family = state_family(state, sub);
    bool lives = sub->status == SUBSCRIPTION_ACTIVE || sub->status == SUBSCRIPTION_TRIAL;
    return lives && sub->row != ROW_REMOVED && sub->status == family->status &&
           renew_is_wanted(state, family) && !foresee_is_replaced(state, family);
}

static struct money foresee_amount(const struct state *state, const struct subscription *sub)
{
    const struct price *price =
        offer_find_price(state_offer(state, sub), sub->currency, sub->term, sub->billing);
    return price_whole_period(price, sub->quantity);
}

/* Renewal by renewal, as long as a version is too young for one of them; of the subscription's own
 * account, whichever is in use, or none is. */
static struct foreseen foresee(struct context *cx, const struct state *any,
                               struct subscription *sub)
{
    struct foreseen foreseen = {.on = DAY_NONE, .amount = money_zero(sub->currency)};
    if (sub->catalog >= any->current->number || !foresee_renews(any, sub))
        return foreseen;
    struct state own = *any;
    const struct state *state = &own;
    state_use_account(&own, state_find_account(any, sub->account), cx->now);
    struct subscription then = *sub;
    const struct scheduled_change *total = schedule_find(state, sub, SCHEDULE_QUANTITY);
    then.quantity = total ? total->quantity : sub->quantity;
    struct money present = foresee_amount(state, &then);
    const civil_day settled_on = state->current->published_on + NOTICE_DAYS;
    for (civil_day on = sub->term_end;;) {
        then.catalog = renew_choose_version(state, &then, on)->number;
        struct money amount = foresee_amount(state, &then);
        if (money_compare(amount, present) != 0)
            return (struct foreseen){then.catalog, on, amount, present};
        if (on >= settled_on)
            return foreseen;
        on = renewal_end_after(cx, state, sub, on).on;
    }
}

/* From which version it comes does not matter: one that costs the same wakes nobody. */
static bool foresee_is_known(const struct subscription *sub, const struct foreseen *foreseen)
{
    if (sub->next_catalog == 0 || foreseen->catalog == 0)
        return sub->next_catalog == foreseen->catalog;
    return sub->next_price_on == foreseen->on &&
           money_compare(sub->next_price, foreseen->amount) == 0;
}

/* Not when the same price comes from another version, nor when the quantity makes it another. */
static bool foresee_is_news(const struct subscription *sub, const struct foreseen *foreseen)
{
    if (foreseen->catalog == 0)
        return false;
    bool is_other = sub->next_catalog != foreseen->catalog &&
                    money_compare(sub->next_price, foreseen->amount) != 0;
    return sub->next_catalog == 0 || sub->next_price_on != foreseen->on || is_other;
}

static void foresee_announce(struct context *cx, struct state *state,
                             const struct subscription *sub, const struct foreseen *foreseen)
{
    struct json_writer w = json_begin(cx->arena);
    struct json_writer before = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "offer", sub->offer);
    json_put_day(&w, "from", foreseen->on);
    json_put_money(&w, "amount", foreseen->amount);
    json_close_object(&w);
    json_open_object(&before, NULL);
    json_put_money(&before, "amount", foreseen->before);
    json_close_object(&before);
    state_event(cx, state, "subscription.price_announced", sub->id, json_end(&w),
                json_end(&before));
}

void foresee_prices(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        struct foreseen foreseen = foresee(cx, state, sub);
        bool is_known = foresee_is_known(sub, &foreseen);
        sub->only_foreseen = !is_known && sub->row == ROW_STORED;
        if (is_known)
            continue;
        bool is_news = foresee_is_news(sub, &foreseen);
        sub->next_catalog = foreseen.catalog;
        sub->next_price_on = foreseen.on;
        sub->next_price = foreseen.amount;
        if (sub->row != ROW_REMOVED)
            row_touch(&sub->row);
        if (is_news)
            foresee_announce(cx, state, sub, &foreseen);
    }
}

/* Just after its version was published, or at the customer's own present when that is later. */
instant foresee_due_at(struct context *cx, const struct state *state)
{
    const struct organization *organization = &state->organization;
    struct state newest = *state;
    newest.current = state->catalogs.items[state->catalogs.count - 1];
    instant at = newest.current->published_at + 1;
    if (organization->clock_at != INSTANT_NONE || organization->now_at > at)
        at = organization->now_at != INSTANT_NONE ? organization->now_at : organization->clock_at;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        const struct foreseen foreseen = foresee(cx, &newest, sub);
        if (!foresee_is_known(sub, &foreseen))
            return at;
    }
    return INSTANT_NONE;
}
