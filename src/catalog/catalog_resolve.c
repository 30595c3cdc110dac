#include "catalog/catalog.h"

static void resolve_ids(struct arena *arena, const struct catalog *catalog, struct offer_ids *ids)
{
    uint32_t *indexes = ARENA_ARRAY(arena, uint32_t, ids->count);
    for (size_t i = 0; i < ids->count; i++) {
        const struct offer *offer = catalog_find_offer(catalog, ids->items[i]);
        indexes[i] = offer ? (uint32_t)offer->index : OFFER_UNKNOWN;
    }
    ids->indexes = indexes;
}

void catalog_resolve(struct arena *arena, const struct catalog *catalog, struct offer *offers)
{
    for (size_t i = 0; i < catalog->offer_count; i++) {
        struct offer *offer = &offers[i];
        struct offer_ids *lists[] = {&offer->connects_to, &offer->requires_any,
                                     &offer->requires_all, &offer->excludes, &offer->change_to};
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
            resolve_ids(arena, catalog, lists[k]);
    }
}
