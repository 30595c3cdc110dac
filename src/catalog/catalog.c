/* Finding things in a catalogue, and what a price makes of a quantity (rules §1, §6). */
#include "catalog/catalog.h"

#include "base/limits.h"

const struct offer *catalog_find_offer(const struct catalog *catalog, const char *id)
{
    size_t low = 0;
    size_t high = catalog->offer_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct offer *offer = &catalog->offers[catalog->by_id[middle]];
        int order = strcmp(offer->id, id);
        if (order == 0)
            return offer;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct price *offer_find_price(const struct offer *offer, const char *currency,
                                     enum term term, enum billing billing)
{
    for (size_t i = 0; i < offer->price_count; i++) {
        const struct price *price = &offer->prices[i];
        if (price->term == term && price->billing == billing &&
            strcmp(price->currency, currency) == 0)
            return price;
    }
    return NULL;
}

bool offer_has_currency(const struct offer *offer, const char *currency)
{
    for (size_t i = 0; i < offer->price_count; i++) {
        if (strcmp(offer->prices[i].currency, currency) == 0)
            return true;
    }
    return false;
}

bool offer_is_sold_in(const struct offer *offer, const char *country)
{
    if (offer->countries == NULL)
        return true;
    for (size_t i = 0; i < offer->country_count; i++) {
        if (strcmp(offer->countries[i], country) == 0)
            return true;
    }
    return false;
}

bool offer_is_on_sale(const struct offer *offer, civil_day today)
{
    if (offer->end_of_sale)
        return false;
    if (offer->sale_from != DAY_NONE && today < offer->sale_from)
        return false;
    return offer->sale_until == DAY_NONE || today <= offer->sale_until;
}

int64_t offer_setup_minor(const struct offer *offer, const char *currency)
{
    for (size_t i = 0; i < offer->setup_count; i++) {
        if (strcmp(offer->setups[i].currency, currency) == 0)
            return offer->setups[i].amount_minor;
    }
    return 0;
}

bool offer_ids_have(const struct offer_ids *ids, const char *id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp(ids->items[i], id) == 0)
            return true;
    }
    return false;
}

const char *offer_kind_format(enum offer_kind kind)
{
    switch (kind) {
    case OFFER_BASE:
        return "base";
    case OFFER_TRADITIONAL_ADDON:
        return "traditional_addon";
    case OFFER_STANDALONE_ADDON:
        return "standalone_addon";
    }
    return "";
}

/* Every unit at the price of the step that the whole quantity reaches. */
static struct unit_price volume_unit(const struct price *price, int64_t quantity)
{
    size_t i = 0;
    while (i + 1 < price->tier_count && quantity > price->tiers[i].up_to)
        i++;
    return price->tiers[i].unit;
}

static size_t split_graduated(const struct price *price, int64_t quantity,
                              struct price_part ret_parts[PRICE_PARTS_MAX])
{
    int64_t before = 0; /* units that earlier steps have taken */
    size_t count = 0;
    while (count < price->tier_count && before < quantity) {
        const struct tier *tier = &price->tiers[count];
        int64_t last = quantity < tier->up_to ? quantity : tier->up_to;
        ret_parts[count] = (struct price_part){tier->unit, last - before, (int)count};
        before = last;
        count++;
    }
    return count;
}

size_t price_split(const struct price *price, int64_t quantity,
                   struct price_part ret_parts[PRICE_PARTS_MAX])
{
    static_assert((int)PRICE_PARTS_MAX >= (int)TIERS_MAX, "each step is one part");
    assert(quantity >= 0 && quantity <= QUANTITY_MAX);
    if (quantity == 0)
        return 0;
    switch (price->tier_mode) {
    case TIER_GRADUATED:
        return split_graduated(price, quantity, ret_parts);
    case TIER_VOLUME:
        ret_parts[0] = (struct price_part){volume_unit(price, quantity), quantity, 0};
        return 1;
    case TIER_NONE:
        break;
    }
    ret_parts[0] = (struct price_part){price->unit, quantity, 0};
    return 1;
}

struct money price_whole_period(const struct price *price, int64_t quantity)
{
    struct price_part parts[PRICE_PARTS_MAX];
    size_t count = price_split(price, quantity, parts);
    struct money total = money_zero(price->currency);
    for (size_t i = 0; i < count; i++) {
        struct money line = money_fraction(parts[i].unit, parts[i].quantity, 1, 1, price->currency);
        total = money_add(total, line);
    }
    return total;
}

static bool is_same_price(const struct price *a, const struct price *b)
{
    if (a->tier_mode != b->tier_mode || a->tier_count != b->tier_count ||
        a->unit.micros != b->unit.micros)
        return false;
    for (size_t i = 0; i < a->tier_count; i++) {
        if (a->tiers[i].up_to != b->tiers[i].up_to ||
            a->tiers[i].unit.micros != b->tiers[i].unit.micros)
            return false;
    }
    return true;
}

bool catalog_prices_differ(const struct catalog *before, const struct catalog *after)
{
    for (size_t i = 0; i < after->offer_count; i++) {
        const struct offer *offer = &after->offers[i];
        const struct offer *old = catalog_find_offer(before, offer->id);
        for (size_t p = 0; p < offer->price_count; p++) {
            const struct price *price = &offer->prices[p];
            const struct price *was =
                old ? offer_find_price(old, price->currency, price->term, price->billing) : NULL;
            if (was == NULL || !is_same_price(was, price))
                return true;
        }
    }
    return false;
}
