/* Requirements alone, compared by id: the offer may be of an earlier version of the catalogue,
 * whose places are others. */
#include "eligibility/eligibility_held.h"

static bool is_held(const struct eligibility_input *input, const char *offer)
{
    for (size_t i = 0; i < input->holding_count; i++)
        if (holding_counts(&input->holdings[i], HELD, input->today) &&
            strcmp(input->holdings[i].offer, offer) == 0)
            return true;
    return false;
}

static bool list_is_met(const struct eligibility_input *input, const struct offer_ids *ids,
                        bool all)
{
    size_t met = 0;
    for (size_t i = 0; i < ids->count; i++)
        met += is_held(input, ids->items[i]);
    return met == ids->count || (!all && met > 0);
}

bool eligibility_meets_requirements(struct context *cx, const struct eligibility_input *input,
                                    const struct offer *offer)
{
    (void)cx;
    return list_is_met(input, &offer->requires_any, false) &&
           list_is_met(input, &offer->requires_all, true) &&
           (input->account_type == ACCOUNT_CLASSIC ||
            list_is_met(input, &offer->connects_to, false));
}
