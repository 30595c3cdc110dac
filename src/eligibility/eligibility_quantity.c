#include "eligibility/eligibility_held.h"

/* "relative to the seats (quantities) of held subscriptions named in `connects_to`
 * (traditional), else in `requires.any_of`, else in `all_of`" (rules §1). */
const struct offer_ids *quantity_seat_offers(const struct offer *offer)
{
    if (offer->kind == OFFER_TRADITIONAL_ADDON)
        return &offer->connects_to;
    return offer->requires_any.count > 0 ? &offer->requires_any : &offer->requires_all;
}

static int64_t divide_up(int64_t amount, int64_t by)
{
    return (amount + by - 1) / by;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* "both rounded up; a quantity is a multiple of `step`" (rules §1). */
struct quantity_bounds quantity_bounds_beside(const struct offer *offer, int64_t seats)
{
    int64_t min = greater(offer->quantity_min, divide_up(seats * offer->min_percent_of_base, 100));
    int64_t max = offer->quantity_max;
    int64_t step = offer->quantity_step;
    if (offer->max_percent_of_base > 0)
        max = lesser(max, divide_up(seats * offer->max_percent_of_base, 100));
    return (struct quantity_bounds){
        .min = divide_up(min, step) * step,
        .max = max / step * step,
        .step = step,
    };
}

/* By id: the offer may be of an earlier version of the catalogue. */
struct quantity_bounds eligibility_quantity(const struct eligibility_input *input,
                                            const struct offer *offer)
{
    const struct offer_ids *named = quantity_seat_offers(offer);
    int64_t seats = 0;
    for (size_t i = 0; i < input->holding_count; i++) {
        const struct holding *holding = &input->holdings[i];
        if (holding_counts(holding, HELD, input->today) && offer_ids_have(named, holding->offer))
            seats += holding->quantity;
    }
    return quantity_bounds_beside(offer, seats);
}

enum err eligibility_check_quantity(struct context *cx, const struct offer *offer,
                                    struct quantity_bounds bounds, int64_t quantity)
{
    if (quantity >= bounds.min && quantity <= bounds.max && quantity % bounds.step == 0)
        return OK;
    return fault(cx, ERR_QUANTITY_OUT_OF_RANGE, "offer", offer->id, "quantity",
                 arena_print(cx->arena, "%" PRId64, quantity), "min",
                 arena_print(cx->arena, "%" PRId64, bounds.min), "max",
                 arena_print(cx->arena, "%" PRId64, bounds.max), "step",
                 arena_print(cx->arena, "%" PRId64, bounds.step), NULL);
}
