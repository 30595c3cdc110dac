#include "engine/available_do.h"

#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "engine/decide_parts.h"
#include "order/order_store.h"
#include "subscription/subscription_store.h"

/* A state with what eligibility looks at, and nothing else. */
static enum err load_state(struct context *cx, const char *account, struct state *state)
{
    TRY(account_load_all(cx, &state->accounts));
    struct account *found = state_find_account(state, account);
    if (found == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    TRY(catalog_load_current(cx, &state->current));
    TRY(subscription_load_held(cx, &state->subscriptions));
    TRY(order_load_pending(cx, &state->orders));
    state->issue_at = cx->now;
    state_use_account(state, found, cx->now);
    return OK;
}

enum err available_list(struct context *cx, const char *account, struct availability **ret_items,
                        size_t *ret_count)
{
    struct state *state = ARENA_NEW(cx->arena, struct state);
    TRY(load_state(cx, account, state));
    struct eligibility_input input = decide_holdings(cx, state, NULL);
    eligibility_list(cx, &input, ret_items, ret_count);
    return OK;
}

/* On an agreement account a traditional add-on's `connects_to` is a requirement (rules §3). */
static bool is_for(const struct offer *addon, const char *offer)
{
    return offer_ids_have(&addon->connects_to, offer) ||
           offer_ids_have(&addon->requires_any, offer) ||
           offer_ids_have(&addon->requires_all, offer);
}

enum err available_list_for(struct context *cx, const struct subscription *sub,
                            struct availability **ret_items, size_t *ret_count)
{
    struct state *state = ARENA_NEW(cx->arena, struct state);
    TRY(load_state(cx, sub->account, state));
    struct eligibility_input input = decide_holdings(cx, state, NULL);
    const struct holding *base = NULL;
    for (size_t i = 0; i < input.holding_count; i++) {
        if (strcmp(input.holdings[i].subscription, sub->id) == 0)
            base = &input.holdings[i];
    }
    size_t offer_count = state->current->offer_count;
    struct availability *items = ARENA_ARRAY(cx->arena, struct availability, offer_count);
    size_t count = 0;
    for (size_t i = 0; i < offer_count && base != NULL; i++) {
        const struct offer *addon = &state->current->offers[i];
        bool connects =
            addon->kind == OFFER_TRADITIONAL_ADDON && input.account_type == ACCOUNT_CLASSIC;
        if (connects ? !offer_ids_have(&addon->connects_to, sub->offer)
                     : !is_for(addon, sub->offer))
            continue;
        eligibility_judge(cx, &input, addon, connects ? base : NULL, NULL, &items[count]);
        count += items[count].available;
    }
    *ret_items = items;
    *ret_count = count;
    return OK;
}
