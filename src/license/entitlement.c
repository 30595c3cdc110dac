#include "license/entitlement.h"

#include <stdlib.h>
#include <string.h>

int64_t entitlement_amount(const struct feature *feature, int64_t quantity)
{
    bool is_counted = feature->type == FEATURE_QUOTA && feature->per == PER_UNIT;
    return is_counted ? feature->value * quantity : feature->value;
}

static void add_feature(struct entitlement *entitlement, const struct feature *feature,
                        int64_t quantity)
{
    int64_t value = entitlement_amount(feature, quantity);
    switch (feature->type) {
    case FEATURE_SWITCH:
        return;
    case FEATURE_LIMIT:
        if (value > entitlement->value)
            entitlement->value = value;
        return;
    case FEATURE_QUOTA:
        entitlement->value += value;
        return;
    }
}

bool entitlement_is_of_user(struct entitlement_source *source, bool holds_license)
{
    if (source->offer->scope != SCOPE_USER)
        return true;
    source->quantity = 1;
    return holds_license;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **entitlement_names(struct arena *arena, const struct entitlement_source *sources,
                               size_t count, size_t *ret_count)
{
    size_t room = 0, all = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        room += sources[i].offer->feature_count;
    const char **names = ARENA_ARRAY(arena, const char *, room);
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < sources[i].offer->feature_count; f++)
            names[all++] = sources[i].offer->features[f].name;
    }
    qsort(names, all, sizeof *names, compare_names);
    for (size_t i = 0; i < all; i++) {
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    }
    *ret_count = kept;
    return names;
}

/* A quota may come both for each unit and for the subscription. Says whether there is any. */
static bool add_source(struct entitlement *entitlement, const struct entitlement_source *source,
                       const char *name)
{
    bool grants = false;
    for (size_t i = 0; i < source->offer->feature_count; i++) {
        const struct feature *feature = &source->offer->features[i];
        if (strcmp(feature->name, name) != 0)
            continue;
        grants = entitlement->entitled = true;
        entitlement->type = feature->type;
        add_feature(entitlement, feature, source->quantity);
    }
    return grants;
}

struct entitlement entitlement_judge(struct entitlement_source *sources, size_t count,
                                     const char *name)
{
    struct entitlement entitlement = {.until = DAY_NONE};
    bool ends = true;
    for (size_t i = 0; i < count; i++) {
        sources[i].grants = add_source(&entitlement, &sources[i], name);
        if (!sources[i].grants)
            continue;
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

const struct feature *entitlement_find_quota(const struct offer *offer)
{
    for (size_t i = 0; i < offer->feature_count; i++) {
        if (offer->features[i].type == FEATURE_QUOTA)
            return &offer->features[i];
    }
    return NULL;
}

bool entitlement_is_storage(const struct offer *offer)
{
    return offer->scope == SCOPE_TENANT && strcmp(offer->unit, "gigabyte") == 0 &&
           entitlement_find_quota(offer) != NULL;
}

civil_day entitlement_until(enum subscription_status status, bool recurring_billing,
                            civil_day term_end, civil_day status_on, civil_day grace_days)
{
    if (status == SUBSCRIPTION_EXPIRED)
        return status_on + grace_days;
    return recurring_billing ? DAY_NONE : term_end + grace_days;
}
