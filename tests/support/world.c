#include "support/world.h"

#include "base/buf.h"
#include "base/limits.h"
#include "support/pure.h"

static const char *const BASES[] = {"suite", "plus", "files", "field"};
static const char *const TRADITIONAL[] = {"archive", "region", "search", "storage"};
static const char *const STANDALONE[] = {"calls", "guides", "phone", "rooms", "world"};

enum { OFFER_COUNT = 13, HOLDINGS_MAX = 12, CART_MAX = 3 };

/* SplitMix64 (Steele, Lea and Flood, 2014). */
size_t world_pick(struct world *world, size_t limit)
{
    uint64_t z = world->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % limit);
}

static bool one_in(struct world *world, size_t chances)
{
    return world_pick(world, chances) == 0;
}

/* Up to `most` different ids among the offers of [from, to), in any order. */
static struct offer_ids pick_ids(struct world *world, size_t from, size_t to, size_t most,
                                 size_t self)
{
    const char **items = ARENA_ARRAY(world->arena, const char *, most + 1);
    struct offer_ids ids = {.items = items};
    for (size_t tries = world_pick(world, most + 1); tries > 0; tries--) {
        size_t at = from + world_pick(world, to - from);
        if (at != self && !offer_ids_have(&ids, world->offers[at].id))
            items[ids.count++] = world->offers[at].id;
    }
    return ids;
}

static void pick_prices(struct world *world, struct offer *offer)
{
    static const struct {
        enum term term;
        enum billing billing;
    } WAYS[] = {
        {TERM_P1M, BILLING_MONTHLY}, {TERM_P1Y, BILLING_MONTHLY}, {TERM_P1Y, BILLING_YEARLY}};
    struct price *prices = ARENA_ARRAY(world->arena, struct price, 6);
    for (size_t i = 0; i < 6; i++) {
        if (one_in(world, 3))
            continue;
        prices[offer->price_count++] = (struct price){
            .currency = "EUR",
            .term = WAYS[i % 3].term,
            .billing = WAYS[i % 3].billing,
            .unit = {(int64_t)(i + 1) * 1000000},
        };
        if (i >= 3)
            memcpy(prices[offer->price_count - 1].currency, "USD", CURRENCY_SIZE);
    }
    offer->prices = prices;
}

static void pick_sale(struct world *world, struct offer *offer)
{
    static const char *const FRANCE_BELGIUM[] = {"FR", "BE"};
    offer->sale_from = offer->sale_until = DAY_NONE;
    if (one_in(world, 6))
        offer->sale_from = pure_day("2026-01-31") + (civil_day)world_pick(world, 3);
    if (one_in(world, 6))
        offer->sale_until = pure_day("2026-01-31") + (civil_day)world_pick(world, 3);
    offer->end_of_sale = one_in(world, 15);
    if (one_in(world, 5)) {
        offer->countries = FRANCE_BELGIUM;
        offer->country_count = 2;
    }
}

static void pick_quantity(struct world *world, struct offer *offer)
{
    offer->quantity_min = 1 + (int64_t)world_pick(world, 4);
    offer->quantity_max = one_in(world, 2) ? QUANTITY_MAX : 20 + (int64_t)world_pick(world, 50);
    offer->quantity_step = one_in(world, 2) ? 1 : 1 + (int64_t)world_pick(world, 5);
    if (one_in(world, 3))
        offer->min_percent_of_base = 1 + (int64_t)world_pick(world, 60);
    if (one_in(world, 3))
        offer->max_percent_of_base = 30 + (int64_t)world_pick(world, 200);
}

static void pick_offer(struct world *world, size_t i)
{
    struct offer *offer = &world->offers[i];
    enum { AFTER_BASES = 4, AFTER_TRADITIONAL = 8 };
    offer->kind = i < AFTER_BASES         ? OFFER_BASE
                  : i < AFTER_TRADITIONAL ? OFFER_TRADITIONAL_ADDON
                                          : OFFER_STANDALONE_ADDON;
    if (offer->kind == OFFER_TRADITIONAL_ADDON) {
        offer->connects_to = pick_ids(world, 0, AFTER_BASES, 3, i);
        if (offer->connects_to.count == 0)
            offer->connects_to = (struct offer_ids){.items = BASES, .count = 1};
    }
    if (offer->kind != OFFER_BASE && one_in(world, 2))
        offer->requires_any = pick_ids(world, 0, OFFER_COUNT, 3, i);
    if (offer->kind != OFFER_BASE && one_in(world, 3))
        offer->requires_all = pick_ids(world, 0, OFFER_COUNT, 2, i);
    if (one_in(world, 4))
        offer->excludes = pick_ids(world, 0, OFFER_COUNT, 2, i);
    offer->per_base = 1 + (int64_t)world_pick(world, 2);
    if (one_in(world, 4))
        offer->limit_per_customer = 1 + (int64_t)world_pick(world, 2);
    pick_sale(world, offer);
    pick_quantity(world, offer);
    pick_prices(world, offer);
}

static void pick_catalog(struct world *world)
{
    const char *ids[OFFER_COUNT];
    memcpy(ids, BASES, sizeof BASES);
    memcpy(ids + 4, TRADITIONAL, sizeof TRADITIONAL);
    memcpy(ids + 8, STANDALONE, sizeof STANDALONE);
    world->offers = ARENA_ARRAY(world->arena, struct offer, OFFER_COUNT);
    for (size_t i = 0; i < OFFER_COUNT; i++)
        world->offers[i].id = ids[i];
    for (size_t i = 0; i < OFFER_COUNT; i++)
        pick_offer(world, i);
    world->catalog = world_catalog(world->arena, world->offers, OFFER_COUNT);
}

/* A base of the account that the add-on can be put on, if one is found. */
static const struct holding *pick_parent(struct world *world, const struct offer *offer,
                                         const struct holding *child)
{
    for (size_t tries = 8; tries > 0 && world->holding_count > 0; tries--) {
        const struct holding *base = &world->holdings[world_pick(world, world->holding_count)];
        if (offer_ids_have(&offer->connects_to, base->offer) &&
            strcmp(base->account, child->account) == 0)
            return base;
    }
    return NULL;
}

static enum subscription_status pick_status(struct world *world)
{
    if (!one_in(world, 3))
        return SUBSCRIPTION_ACTIVE;
    return (enum subscription_status)world_pick(world, SUBSCRIPTION_STATUS_COUNT);
}

static void pick_holding(struct world *world, bool in_cart)
{
    struct holding *holding = &world->holdings[world->holding_count];
    const struct offer *offer = &world->offers[world_pick(world, OFFER_COUNT)];
    civil_day today = world->input.today;
    *holding = (struct holding){
        .subscription = arena_print(world->arena, "sub_%zu", world->holding_count),
        .name = arena_print(world->arena, "%c%zu", (char)('a' + world_pick(world, 26)),
                            world->holding_count),
        .offer = one_in(world, 20) ? "forgotten" : offer->id,
        .account = one_in(world, 4) && !in_cart ? "acc_other" : "acc_this",
        .status = in_cart ? SUBSCRIPTION_ACTIVE : pick_status(world),
        .change_pending = one_in(world, 8) && !in_cart,
        .in_cart = in_cart,
        .start_on = one_in(world, 2) ? DAY_NONE : today,
        .quantity = 1 + (int64_t)world_pick(world, 40),
        .term = one_in(world, 2) ? TERM_P1M : TERM_P1Y,
        .billing = one_in(world, 4) ? BILLING_YEARLY : BILLING_MONTHLY,
    };
    holding->past_due = holding->status == SUBSCRIPTION_ACTIVE && one_in(world, 6) && !in_cart;
    if (in_cart && one_in(world, 6))
        holding->status = SUBSCRIPTION_TRIAL;
    if (in_cart && one_in(world, 4))
        holding->start_on = today + (civil_day)world_pick(world, 3);
    const struct holding *parent = pick_parent(world, offer, holding);
    if (parent)
        holding->parent = parent->subscription;
    world->holding_count++;
}

struct world *world_create(struct arena *arena, uint64_t seed)
{
    struct world *world = ARENA_NEW(arena, struct world);
    *world = (struct world){.arena = arena, .random = seed};
    pick_catalog(world);
    world->input = (struct eligibility_input){
        .catalog = &world->catalog,
        .account = "acc_this",
        .account_type = one_in(world, 4) ? ACCOUNT_AGREEMENT : ACCOUNT_CLASSIC,
        .country = one_in(world, 4) ? "DE" : "FR",
        .currency = one_in(world, 4) ? "USD" : "EUR",
        .today = pure_day("2026-02-01"),
        .ignore_sale_and_country = one_in(world, 8),
    };
    world->holdings = ARENA_ARRAY(arena, struct holding, HOLDINGS_MAX + CART_MAX);
    for (size_t i = world_pick(world, HOLDINGS_MAX + 1); i > 0; i--)
        pick_holding(world, false);
    for (size_t i = world_pick(world, CART_MAX + 1); i > 0; i--)
        pick_holding(world, true);
    world->input.holdings = world->holdings;
    world->input.holding_count = world->holding_count;
    return world;
}

/* Catalogues ----------------------------------------------------------------------------------- */

static void add_id(struct arena *arena, struct offer_ids *ids, const char *id)
{
    if (offer_ids_have(ids, id))
        return;
    const char **items = ARENA_ARRAY(arena, const char *, ids->count + 1);
    for (size_t i = 0; i < ids->count; i++)
        items[i] = ids->items[i];
    items[ids->count++] = id;
    ids->items = items;
}

static void sort_by_id(const struct offer *offers, uint32_t *by_id, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(offers[by_id[at - 1]].id, offers[i].id) > 0; at--)
            by_id[at] = by_id[at - 1];
        by_id[at] = (uint32_t)i;
    }
}

struct catalog world_catalog(struct arena *arena, struct offer *offers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        offers[i].index = i;
        for (size_t k = 0; k < count; k++)
            if (offer_ids_have(&offers[k].excludes, offers[i].id))
                add_id(arena, &offers[i].excludes, offers[k].id);
    }
    uint32_t *by_id = ARENA_ARRAY(arena, uint32_t, count);
    sort_by_id(offers, by_id, count);
    struct catalog catalog = {.offers = offers, .offer_count = count, .by_id = by_id};
    catalog_resolve(arena, &catalog, offers);
    return catalog;
}

/* Printing ------------------------------------------------------------------------------------- */

static void print_choices(struct buf *buf, const struct availability *answer)
{
    buf_print(buf, "available [");
    for (size_t i = 0; i < answer->connects_to_count; i++)
        buf_print(buf, "%s%s", i > 0 ? " " : "", answer->connects_to[i]->name);
    buf_print(buf, "] %" PRId64 "..%" PRId64 "/%" PRId64, answer->quantity.min,
              answer->quantity.max, answer->quantity.step);
    for (size_t i = 0; i < answer->price_count; i++)
        buf_print(buf, " %s/%s", term_format(answer->prices[i]->term),
                  billing_format(answer->prices[i]->billing));
}

const char *world_print(struct arena *arena, const struct availability *answer)
{
    struct buf buf = buf_create(arena);
    if (answer->available)
        print_choices(&buf, answer);
    for (size_t i = 0; i < answer->reason_count; i++) {
        const struct reason *reason = &answer->reasons[i];
        buf_print(&buf, "%s%s", i > 0 ? " " : "", reason->code);
        for (size_t k = 0; k < reason->offer_count; k++)
            buf_print(&buf, "%s%s", k > 0 ? "," : "(", reason->offers[k]);
        if (reason->offer_count > 0)
            buf_print(&buf, ")");
    }
    return buf_text(&buf);
}
