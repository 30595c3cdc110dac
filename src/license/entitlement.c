#include "license/entitlement.h"

static const struct feature *find_feature(const struct offer *offer, const char *name)
{
    for (size_t i = 0; i < offer->feature_count; i++) {
        if (strcmp(offer->features[i].name, name) == 0)
            return &offer->features[i];
    }
    return NULL;
}

static void add_feature(struct entitlement *entitlement, const struct feature *feature,
                        int64_t quantity)
{
    int64_t value = feature->value;
    switch (feature->type) {
    case FEATURE_SWITCH:
        return;
    case FEATURE_LIMIT:
        if (value > entitlement->value)
            entitlement->value = value;
        return;
    case FEATURE_QUOTA:
        if (feature->per == PER_UNIT)
            value *= quantity;
        entitlement->value += value;
        return;
    }
}

struct entitlement entitlement_judge(struct entitlement_source *sources, size_t count,
                                     const char *name)
{
    struct entitlement entitlement = {.until = DAY_NONE};
    bool ends = true;
    for (size_t i = 0; i < count; i++) {
        const struct feature *feature = find_feature(sources[i].offer, name);
        sources[i].grants = feature != NULL;
        if (feature == NULL)
            continue;
        entitlement.entitled = true;
        entitlement.type = feature->type;
        add_feature(&entitlement, feature, sources[i].quantity);
        ends = ends && sources[i].until != DAY_NONE;
        if (sources[i].until > entitlement.until)
            entitlement.until = sources[i].until;
    }
    if (!ends)
        entitlement.until = DAY_NONE;
    if (entitlement.entitled && entitlement.type != FEATURE_SWITCH && entitlement.value == 0)
        entitlement.entitled = false;
    return entitlement;
}

civil_day entitlement_until(enum subscription_status status, bool recurring_billing,
                            civil_day term_end, civil_day status_on, const struct offer *offer)
{
    if (status == SUBSCRIPTION_EXPIRED)
        return status_on + (civil_day)offer->grace_days;
    return recurring_billing ? DAY_NONE : term_end + (civil_day)offer->grace_days;
}
