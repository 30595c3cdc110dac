/* Judging the lines of an order: resolve what each says, then shape, base, reasons, price,
 * quantity, line by line; the first refusal is the answer (rules §2, last paragraph). */
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "engine/decide_parts.h"

static enum err line_fault(struct context *cx, size_t index, const char *member, const char *what)
{
    return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "/lines/%zu/%s", index, member),
                 "value", what, NULL);
}

/* Finds what connect_to names: a subscription of the account, or a line of this order. */
static void draft_resolve_base(const struct state *state, const struct order_request *request,
                               struct order_draft *drafts, struct order_draft *draft)
{
    const char *named = draft->request->connect_to;
    if (named == NULL)
        return;
    draft->base = state_find_subscription(state, named);
    if (draft->base != NULL)
        return;
    for (size_t i = 0; i < request->line_count; i++) {
        const char *name = request->lines[i].name;
        if (name != NULL && strcmp(name, named) == 0 && &drafts[i] != draft) {
            draft->base_draft = &drafts[i];
            return;
        }
    }
    draft->base_is_unknown = true;
}

/* The price of a line that is not connected: what it names, or the only one it can mean. */
static void draft_resolve_price(const struct state *state, struct order_draft *draft)
{
    size_t fitting = 0;
    for (size_t i = 0; i < draft->offer->price_count; i++) {
        const struct price *price = &draft->offer->prices[i];
        bool fits = strcmp(price->currency, state->account->currency) == 0 &&
                    (draft->term == TERM_NONE || draft->term == price->term) &&
                    (draft->billing == BILLING_NONE || draft->billing == price->billing);
        if (!fits)
            continue;
        fitting++;
        draft->price = price;
    }
    draft->price_is_ambiguous = fitting > 1;
    if (fitting == 1) {
        draft->term = draft->price->term;
        draft->billing = draft->price->billing;
    }
}

/* A connected add-on takes its base's term, billing and start. */
static void draft_resolve_connected(const struct state *state, struct order_draft *draft)
{
    draft->term = draft->base ? draft->base->term : draft->base_draft->term;
    draft->billing = draft->base ? draft->base->billing : draft->base_draft->billing;
    draft->start_on = draft->base_draft ? draft->base_draft->start_on : state->today;
    draft->price =
        offer_find_price(draft->offer, state->account->currency, draft->term, draft->billing);
}

static bool draft_is_connected(const struct state *state, const struct order_draft *draft)
{
    return draft->offer != NULL && draft->offer->kind == OFFER_TRADITIONAL_ADDON &&
           state->account->type == ACCOUNT_CLASSIC &&
           (draft->base != NULL || draft->base_draft != NULL);
}

static void draft_make_holding(struct context *cx, const struct state *state,
                               struct holding *holding, struct order_draft *draft, size_t index)
{
    const char *name = draft->request->name;
    bool connected = draft_is_connected(state, draft);
    *holding = (struct holding){
        .subscription = name ? name : arena_print(cx->arena, "#%zu", index),
        .name = name ? name : arena_print(cx->arena, "#%zu", index),
        .offer = draft->offer->id,
        .account = state->account->id,
        .status = draft->request->trial ? SUBSCRIPTION_TRIAL : SUBSCRIPTION_ACTIVE,
        .in_cart = true,
        .start_on = draft->start_on,
        .quantity = draft->quantity,
        .term = draft->term,
        .billing = draft->billing,
    };
    if (connected && draft->base != NULL)
        holding->parent = draft->base->id;
    if (connected && draft->base_draft != NULL)
        holding->parent = draft->base_draft->request->name;
    draft->holding = holding;
}

static void draft_resolve(const struct state *state, const struct order_request *request,
                          struct order_draft *drafts, size_t index)
{
    struct order_draft *draft = &drafts[index];
    draft->request = &request->lines[index];
    draft->offer = catalog_find_offer(state->current, draft->request->offer);
    draft->term = draft->request->term;
    draft->billing = draft->request->billing;
    draft->quantity = draft->request->quantity;
    draft->ends_on = DAY_NONE;
    draft->start_on =
        draft->request->start_on == DAY_NONE ? state->today : draft->request->start_on;
    if (draft->offer == NULL)
        return;
    if (draft->request->trial)
        draft->quantity = draft->offer->trial_quantity;
    draft_resolve_base(state, request, drafts, draft);
    if (!draft_is_connected(state, draft))
        draft_resolve_price(state, draft);
}

bool decide_was_once_sold(const struct state *state, const char *offer)
{
    for (size_t i = 0; i < state->catalogs.count; i++) {
        if (catalog_find_offer(state->catalogs.items[i], offer) != NULL)
            return true;
    }
    return false;
}

enum err decide_refuse_not_on_sale(struct context *cx, const char *param, const char *offer)
{
    enum err err = fault(cx, ERR_OFFER_NOT_AVAILABLE, "param", param, "offer", offer, NULL);
    struct reason *reason = ARENA_NEW(cx->arena, struct reason);
    reason->code = reason_code_format(REASON_NOT_ON_SALE);
    cx->fault.reasons = reason;
    cx->fault.reason_count = 1;
    return err;
}

static enum err check_offer(struct context *cx, const struct state *state,
                            const struct order_draft *draft, size_t index)
{
    if (draft->offer != NULL)
        return OK;
    const char *param = arena_print(cx->arena, "/lines/%zu/offer", index);
    const char *id = draft->request->offer;
    if (!decide_was_once_sold(state, id))
        return fault(cx, ERR_NOT_FOUND, "param", param, "offer", id, NULL);
    return decide_refuse_not_on_sale(cx, param, id);
}

/* What a line has to be whatever it connects to. */
static enum err check_shape(struct context *cx, const struct state *state,
                            const struct order_draft *draft, size_t index)
{
    TRY(check_offer(cx, state, draft, index));
    bool named = draft->request->connect_to != NULL;
    bool classic = state->account->type == ACCOUNT_CLASSIC;
    bool traditional = draft->offer->kind == OFFER_TRADITIONAL_ADDON;
    if (classic && traditional && !named)
        return line_fault(cx, index, "connect_to", "names the subscription it connects to");
    if (classic && named && !traditional)
        return line_fault(cx, index, "connect_to", "only a traditional add-on is connected");
    civil_day asked = draft->request->start_on;
    if (asked != DAY_NONE && asked < state->today)
        return line_fault(cx, index, "start_on", "must be today or later");
    if (asked != DAY_NONE && draft->request->trial && asked != state->today)
        return line_fault(cx, index, "start_on", "a trial starts today");
    return OK;
}

/* Whether it may be connected to what it names (rules §3). */
static enum err check_base(struct context *cx, const struct state *state,
                           const struct order_draft *draft, size_t index)
{
    const char *named = draft->request->connect_to;
    if (named == NULL)
        return OK;
    const char *param = arena_print(cx->arena, "/lines/%zu/connect_to", index);
    bool classic = state->account->type == ACCOUNT_CLASSIC;
    if (classic && draft->base_is_unknown)
        return fault(cx, ERR_NOT_FOUND, "param", param, "subscription", named, NULL);
    const char *base_offer = NULL;
    if (classic)
        base_offer = draft->base ? draft->base->offer : draft->base_draft->request->offer;
    bool is_elsewhere = draft->base && strcmp(draft->base->account, state->account->id) != 0;
    if (!classic || is_elsewhere || !offer_ids_have(&draft->offer->connects_to, base_offer))
        return fault(cx, ERR_ADDON_NOT_RELATED, "param", param, "offer", draft->offer->id,
                     "subscription", named, NULL);
    return OK;
}

/* A connected add-on begins with its base and has its term and billing; what is not connected
 * says them where the offer leaves a choice. */
static enum err check_term(struct context *cx, const struct state *state,
                           const struct order_draft *draft, size_t index)
{
    const struct order_request_line *request = draft->request;
    if (draft_is_connected(state, draft)) {
        if (request->start_on != DAY_NONE && request->start_on != draft->start_on)
            return line_fault(cx, index, "start_on", "a connected add-on starts with its base");
        if (request->term != TERM_NONE && request->term != draft->term)
            return line_fault(cx, index, "term", "a connected add-on has its base's term");
        if (request->billing != BILLING_NONE && request->billing != draft->billing)
            return line_fault(cx, index, "billing", "a connected add-on has its base's billing");
    } else if (draft->price_is_ambiguous) {
        return line_fault(cx, index, request->term == TERM_NONE ? "term" : "billing",
                          "more than one price fits: say term and billing");
    }
    return OK;
}

enum err decide_refuse_reasons(struct context *cx, const struct availability *judged,
                               const char *base)
{
    const struct reason *first = &judged->reasons[0];
    const char *offers = "";
    for (size_t i = 0; i < first->offer_count; i++)
        offers = arena_print(cx->arena, "%s%s%s", offers, i ? ", " : "", first->offers[i]);
    enum err err = fault(cx, reason_error(judged->reason_codes[0]), "offer", judged->offer->id,
                         "offers", offers, "base", base, NULL);
    cx->fault.reasons = judged->reasons;
    cx->fault.reason_count = judged->reason_count;
    return err;
}

static enum err check_reasons(struct context *cx, const struct eligibility_input *input,
                              const struct order_draft *draft, struct quantity_bounds *ret_bounds)
{
    const struct holding *base = NULL;
    struct holding deleted_base;
    if (draft->holding->parent != NULL) {
        for (size_t i = 0; i < input->holding_count && base == NULL; i++) {
            if (strcmp(input->holdings[i].subscription, draft->holding->parent) == 0)
                base = &input->holdings[i];
        }
        if (base == NULL) { /* a deleted base is not held */
            deleted_base = (struct holding){
                .subscription = draft->base->id,
                .name = draft->base->name,
                .offer = draft->base->offer,
                .account = draft->base->account,
                .status = SUBSCRIPTION_DELETED,
                .term = draft->base->term,
                .billing = draft->base->billing,
            };
            base = &deleted_base;
        }
    }
    struct availability judged;
    eligibility_judge(cx, input, draft->offer, base, draft->holding, &judged);
    *ret_bounds = judged.quantity;
    return judged.available ? OK : decide_refuse_reasons(cx, &judged, base ? base->name : "");
}

static enum err check_trial(struct context *cx, const struct state *state,
                            const struct order_draft *draft, size_t index)
{
    const struct text_list *had = &state->trialed_offers;
    bool has_one = eligibility_has_trial(draft->offer, had->items, had->count);
    for (size_t i = 1; i <= index; i++) { /* the lines before it in the order */
        const struct order_draft *other = draft - i;
        has_one = has_one && !(other->request->trial && other->offer == draft->offer);
    }
    if (has_one)
        return OK;
    return fault(cx, ERR_TRIAL_NOT_AVAILABLE, "param",
                 arena_print(cx->arena, "/lines/%zu/trial", index), "offer", draft->offer->id,
                 NULL);
}

static enum err draft_judge(struct context *cx, const struct state *state,
                            const struct eligibility_input *input, struct order_draft *draft,
                            size_t index)
{
    TRY(check_shape(cx, state, draft, index));
    TRY(check_base(cx, state, draft, index));
    TRY(check_term(cx, state, draft, index));
    struct quantity_bounds bounds;
    TRY(fault_blame(cx, check_reasons(cx, input, draft, &bounds),
                    arena_print(cx->arena, "/lines/%zu/offer", index)));
    if (draft->price == NULL) {
        return fault(cx, ERR_BILLING_FREQUENCY_UNSUPPORTED, "param",
                     arena_print(cx->arena, "/lines/%zu/billing", index), "offer", draft->offer->id,
                     NULL);
    }
    TRY(order_find_end(cx, state, draft, index));
    if (draft->request->trial)
        return check_trial(cx, state, draft, index);
    return fault_blame(cx, eligibility_check_quantity(cx, draft->offer, bounds, draft->quantity),
                       arena_print(cx->arena, "/lines/%zu/quantity", index));
}

enum err order_judge(struct context *cx, struct state *state, const struct order_request *request,
                     struct order_draft **ret_drafts)
{
    if (request->line_count == 0 || request->line_count > CART_LINES_MAX) {
        return fault(cx, ERR_INVALID, "param", "/lines", "value",
                     arena_print(cx->arena, "must have 1 to %d lines", CART_LINES_MAX), NULL);
    }
    struct order_draft *drafts = ARENA_ARRAY(cx->arena, struct order_draft, request->line_count);
    for (size_t i = 0; i < request->line_count; i++)
        draft_resolve(state, request, drafts, i);
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    for (size_t i = 0; i < request->line_count; i++) {
        if (draft_is_connected(state, &drafts[i]))
            draft_resolve_connected(state, &drafts[i]);
        if (drafts[i].offer != NULL)
            draft_make_holding(cx, state, &holdings[input.holding_count++], &drafts[i], i);
    }
    for (size_t i = 0; i < request->line_count; i++)
        TRY(draft_judge(cx, state, &input, &drafts[i], i));
    *ret_drafts = drafts;
    return OK;
}
