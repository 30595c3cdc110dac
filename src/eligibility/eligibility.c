#include "eligibility/eligibility.h"

#include "eligibility/eligibility_held.h"
#include "eligibility/eligibility_reasons.h"

/* One offer being judged. */
struct judgement {
    struct context *cx;
    const struct eligibility_input *input;
    const struct held *held;
    const struct offer *offer;
    bool connects;           /* it has to be connected to a base (rules §3) */
    struct held_item *bases; /* possible bases: narrowed from step to step */
    size_t base_count;
    struct reason_list *reasons;
};

/* The table of rules §2, row by row ------------------------------------------------------------
 *
 * judge_offer, at the end, calls them in its order. */

/* not_on_sale: "not in its sale window, end of sale". */
static void judge_sale(struct judgement *j)
{
    if (!offer_is_on_sale(j->offer, j->input->today) && !j->input->ignore_sale_and_country)
        reason_add(j->reasons, REASON_NOT_ON_SALE);
}

/* country: "not sold in the account's country". */
static void judge_country(struct judgement *j)
{
    if (!offer_is_sold_in(j->offer, j->input->country) && !j->input->ignore_sale_and_country)
        reason_add(j->reasons, REASON_COUNTRY);
}

/* currency: "no price in the account's currency". */
static void judge_currency(struct judgement *j)
{
    if (!offer_has_currency(j->offer, j->input->currency))
        reason_add(j->reasons, REASON_CURRENCY);
}

/* One of the things that must be held. */
struct condition {
    const struct offer_ids *ids;
    bool all;     /* all of them; else any one, if there are any */
    bool as_base; /* to connect to, on the account that pays; else anywhere */
};
enum { CONDITION_COUNT = 3 };

/* "`requires`: condition on the customer: any_of and/or all_of offers"; "(traditional) no base
 * of connects_to is held". On an agreement account "connects_to counts as one more
 * requires.any_of" (rules §1 to §3). */
static void list_conditions(const struct judgement *j,
                            struct condition ret_conditions[CONDITION_COUNT])
{
    const struct offer *offer = j->offer;
    ret_conditions[0] = (struct condition){.ids = &offer->requires_any};
    ret_conditions[1] = (struct condition){.ids = &offer->requires_all, .all = true};
    ret_conditions[2] = (struct condition){.ids = &offer->connects_to, .as_base = j->connects};
}

static bool counts(const struct judgement *j, const struct condition *condition, size_t i,
                   enum sense sense)
{
    const struct tally *tally = &j->held->tallies[condition->ids->indexes[i]];
    return (condition->as_base ? tally->as_base[sense] : tally->customer[sense]) > 0;
}

static bool condition_is_met(const struct judgement *j, const struct condition *condition,
                             enum sense sense)
{
    size_t met = 0;
    for (size_t i = 0; i < condition->ids->count; i++)
        met += counts(j, condition, i, sense);
    return met == condition->ids->count || (!condition->all && met > 0);
}

static bool all_are_met(const struct judgement *j,
                        const struct condition conditions[CONDITION_COUNT], enum sense sense)
{
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        if (!condition_is_met(j, &conditions[i], sense))
            return false;
    return true;
}

/* requires: "the condition is not met, or (traditional) no base of `connects_to` is held; lists
 * what would do".
 * base_not_active: "instead of `requires`, when counting everything held that is not deleted
 * (trial, past due, expired, disabled, scheduled, payment awaited) would meet it". */
static void judge_requires(struct judgement *j)
{
    struct condition conditions[CONDITION_COUNT];
    list_conditions(j, conditions);
    if (all_are_met(j, conditions, HELD))
        return;
    bool would_be_met = all_are_met(j, conditions, NOT_DELETED);
    reason_add(j->reasons, would_be_met ? REASON_BASE_NOT_ACTIVE : REASON_REQUIRES);
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        const struct offer_ids *ids = conditions[i].ids;
        if (condition_is_met(j, &conditions[i], HELD))
            continue;
        for (size_t k = 0; k < ids->count; k++)
            if (!counts(j, &conditions[i], k, HELD) &&
                (!would_be_met || counts(j, &conditions[i], k, NOT_DELETED)))
                reason_name_offer(j->reasons, ids->indexes[k]);
    }
}

/* Keeps the possible bases that pass; when none is left, that is a reason, and the steps after
 * have nothing to say: "the step that leaves none gives its reason, and later steps give none". */
static void narrow_bases(struct judgement *j,
                         bool (*passes)(const struct judgement *j, const struct held_item *base),
                         enum reason_code code)
{
    size_t kept = 0;
    for (size_t i = 0; i < j->base_count; i++)
        if (passes(j, &j->bases[i]))
            j->bases[kept++] = j->bases[i];
    if (kept == 0 && j->base_count > 0) {
        reason_add(j->reasons, code);
        for (size_t i = 0; i < j->base_count; i++)
            reason_name_offer(j->reasons, j->bases[i].offer);
    }
    j->base_count = kept;
}

/* price: "traditional: no price for the currency, term and billing of any possible base". */
static bool has_price(const struct judgement *j, const struct held_item *base)
{
    return offer_find_price(j->offer, j->input->currency, base->holding->term,
                            base->holding->billing) != NULL;
}

static void judge_price(struct judgement *j)
{
    narrow_bases(j, has_price, REASON_PRICE);
}

/* excluded_by: "an excluded offer is held"; everything not deleted counts. */
static void judge_excluded(struct judgement *j)
{
    const struct offer_ids *excludes = &j->offer->excludes;
    struct condition any = {.ids = excludes};
    if (excludes->count == 0 || !condition_is_met(j, &any, NOT_DELETED))
        return;
    reason_add(j->reasons, REASON_EXCLUDED_BY);
    for (size_t i = 0; i < excludes->count; i++)
        if (counts(j, &any, i, NOT_DELETED))
            reason_name_offer(j->reasons, excludes->indexes[i]);
}

/* limit_per_customer: "reached"; everything not deleted counts. */
static void judge_limit(struct judgement *j)
{
    int64_t limit = j->offer->limit_per_customer;
    if (limit > 0 && j->held->tallies[j->offer->index].customer[NOT_DELETED] >= limit)
        reason_add(j->reasons, REASON_LIMIT_PER_CUSTOMER);
}

/* already_on_base: "every possible base carries `per_base` of it". */
static bool has_room(const struct judgement *j, const struct held_item *base)
{
    return held_on_base(j->held, j->offer, base->holding) < j->offer->per_base;
}

static void judge_already_on_base(struct judgement *j)
{
    narrow_bases(j, has_room, REASON_ALREADY_ON_BASE);
}

/* change_pending: "an order or plan change on the base is under way (one scheduled for renewal is
 * not)". */
static bool is_settled(const struct judgement *j, const struct held_item *base)
{
    (void)j;
    return !base->holding->change_pending;
}

static void judge_change_pending(struct judgement *j)
{
    narrow_bases(j, is_settled, REASON_CHANGE_PENDING);
}

/* The judgement -------------------------------------------------------------------------------- */

/* The first narrowing, "held": bases of connects_to on the account that pays. */
static void find_bases(struct judgement *j)
{
    const struct offer_ids *connects_to = &j->offer->connects_to;
    j->base_count = 0;
    for (size_t i = 0; j->connects && i < connects_to->count; i++) {
        const struct tally *tally = &j->held->tallies[connects_to->indexes[i]];
        for (uint32_t k = 0; k < tally->as_base[HELD]; k++)
            j->bases[j->base_count++] = j->held->bases[tally->first_base + k];
    }
}

static int64_t count_seats(const struct judgement *j)
{
    const struct offer_ids *named = quantity_seat_offers(j->offer);
    int64_t seats = 0;
    for (size_t i = 0; i < named->count; i++)
        seats += j->held->tallies[named->indexes[i]].seats;
    return seats;
}

static bool price_can_be_chosen(const struct judgement *j, const struct price *price)
{
    if (strcmp(price->currency, j->input->currency) != 0)
        return false;
    if (!j->connects)
        return true;
    for (size_t i = 0; i < j->base_count; i++) {
        const struct holding *base = j->bases[i].holding;
        if (price->term == base->term && price->billing == base->billing)
            return true;
    }
    return false;
}

/* "available, with the subscriptions it can connect to and the … prices allowed". */
static void answer_choices(struct judgement *j, struct availability *answer)
{
    const struct offer *offer = j->offer;
    answer->prices = ARENA_ARRAY(j->cx->arena, const struct price *, offer->price_count);
    for (size_t i = 0; i < offer->price_count; i++)
        if (price_can_be_chosen(j, &offer->prices[i]))
            answer->prices[answer->price_count++] = &offer->prices[i];
    if (j->base_count == 0)
        return;
    held_sort_by_name(j->bases, j->base_count);
    answer->connects_to = ARENA_ARRAY(j->cx->arena, const struct holding *, j->base_count);
    for (size_t i = 0; i < j->base_count; i++)
        answer->connects_to[answer->connects_to_count++] = j->bases[i].holding;
}

/* Judges one offer, row by row; the answer is empty so far. */
static void judge_offer(struct judgement *j, const struct offer *offer, struct availability *answer)
{
    assert(offer == &j->input->catalog->offers[offer->index]);
    j->offer = offer;
    j->connects =
        offer->kind == OFFER_TRADITIONAL_ADDON && j->input->account_type == ACCOUNT_CLASSIC;
    find_bases(j);
    reason_list_clear(j->reasons);

    judge_sale(j);
    judge_country(j);
    judge_currency(j);
    judge_requires(j);
    judge_price(j);
    judge_excluded(j);
    judge_limit(j);
    judge_already_on_base(j);
    judge_change_pending(j);

    answer->offer = offer;
    answer->quantity = quantity_bounds_beside(offer, count_seats(j));
    answer->available = j->reasons->count == 0;
    if (answer->available)
        answer_choices(j, answer);
    else
        reason_list_copy(j->cx, j->reasons, answer);
}

void eligibility_judge(struct context *cx, const struct eligibility_input *input,
                       const struct offer *offer, const struct holding *base,
                       const struct holding *self, struct availability *ret_availability)
{
    struct held held = held_count(cx, input, base, self);
    struct judgement j = {
        .cx = cx,
        .input = input,
        .held = &held,
        .bases = ARENA_ARRAY(cx->arena, struct held_item, held.base_count),
        .reasons = reason_list_create(cx, input->catalog),
    };
    *ret_availability = (struct availability){0};
    judge_offer(&j, offer, ret_availability);
}

void eligibility_list(struct context *cx, const struct eligibility_input *input,
                      struct availability **ret_items, size_t *ret_count)
{
    const struct catalog *catalog = input->catalog;
    struct held held = held_count(cx, input, NULL, NULL);
    struct judgement j = {
        .cx = cx,
        .input = input,
        .held = &held,
        .bases = ARENA_ARRAY(cx->arena, struct held_item, held.base_count),
        .reasons = reason_list_create(cx, catalog),
    };
    struct availability *items = ARENA_ARRAY(cx->arena, struct availability, catalog->offer_count);
    for (size_t i = 0; i < catalog->offer_count; i++)
        judge_offer(&j, &catalog->offers[i], &items[i]);
    *ret_items = items;
    *ret_count = catalog->offer_count;
}

bool eligibility_has_trial(const struct offer *offer, const char *const *trialed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(trialed[i], offer->id) == 0)
            return false;
    return offer->trial_days > 0;
}
