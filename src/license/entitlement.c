#include "license/entitlement.h"

#include <stdlib.h>
#include <string.h>

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
                            civil_day term_end, civil_day status_on, civil_day grace_days)
{
    if (status == SUBSCRIPTION_EXPIRED)
        return status_on + grace_days;
    return recurring_billing ? DAY_NONE : term_end + grace_days;
}
