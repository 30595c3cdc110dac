/* Random orders. What the rules make of them is the engine's business: most are meant to be
 * accepted, some to be refused. */
#include "engine/sim.h"

#include "subscription/subscription.h"

enum { LINES_MAX = 6 };

struct order_maker {
    struct sim_dice *dice;
    struct arena *arena;
    const struct sim_shelf *shelf;
    struct order_request_line *lines;
    size_t count;
};

int64_t sim_quantity(struct sim_dice *dice, const struct offer *offer, int64_t now)
{
    int64_t step = offer->quantity_step;
    if (sim_chance(dice, 1, 15))
        return sim_between(dice, -1, offer->quantity_max + 5);
    int64_t near = now > 0 && sim_chance(dice, 1, 2) ? now + sim_between(dice, -3, 3) * step
                                                     : sim_between(dice, 1, 25) * step;
    if (near > offer->quantity_max)
        near = offer->quantity_max / step * step;
    return near < offer->quantity_min ? offer->quantity_min : near;
}

static const struct offer *pick_offer(struct order_maker *m, enum offer_kind kind)
{
    const struct catalog *catalog = m->shelf->catalog;
    size_t start = (size_t)sim_below(m->dice, (int64_t)catalog->offer_count);
    for (size_t i = 0; i < catalog->offer_count; i++) {
        const struct offer *offer = &catalog->offers[(start + i) % catalog->offer_count];
        if (offer->kind == kind)
            return offer;
    }
    return NULL;
}

static struct order_request_line *add_line(struct order_maker *m, const struct offer *offer)
{
    struct order_request_line *line = &m->lines[m->count];
    *line = (struct order_request_line){
        .name = arena_print(m->arena, "%s.%zu", m->shelf->name, m->count),
        .offer = offer->id,
        .quantity = sim_quantity(m->dice, offer, 0),
        .start_on = DAY_NONE,
    };
    m->count++;
    return line;
}

/* One of the prices in the account's currency; the monthly one is wanted more often, for its
 * periods end sooner. */
static void choose_price(struct order_maker *m, const struct offer *offer,
                         struct order_request_line *line)
{
    size_t start = (size_t)sim_below(m->dice, (int64_t)offer->price_count);
    bool wants_short = sim_chance(m->dice, 1, 2);
    for (size_t i = 0; i < offer->price_count; i++) {
        const struct price *price = &offer->prices[(start + i) % offer->price_count];
        if (strcmp(price->currency, m->shelf->account->currency) != 0)
            continue;
        line->term = price->term;
        line->billing = price->billing;
        if (!wants_short || price->term == TERM_P1M)
            return;
    }
}

static bool is_related(const struct offer *addon, const char *base)
{
    return addon->kind == OFFER_TRADITIONAL_ADDON ? offer_ids_have(&addon->connects_to, base)
                                                  : offer_ids_have(&addon->requires_any, base);
}

/* An add-on to a base, which is a line or something held. */
static void add_addon(struct order_maker *m, const char *base_offer, const char *base)
{
    const struct catalog *catalog = m->shelf->catalog;
    bool is_classic = m->shelf->account->type == ACCOUNT_CLASSIC;
    size_t start = (size_t)sim_below(m->dice, (int64_t)catalog->offer_count);
    for (size_t i = 0; i < catalog->offer_count && m->count < LINES_MAX; i++) {
        const struct offer *addon = &catalog->offers[(start + i) % catalog->offer_count];
        if (!is_related(addon, base_offer))
            continue;
        struct order_request_line *line = add_line(m, addon);
        if (addon->kind == OFFER_TRADITIONAL_ADDON && is_classic)
            line->connect_to = base;
        else
            choose_price(m, addon, line);
        return;
    }
}

/* On an agreement account the first term may end with that of another subscription, or with a
 * month. */
static void choose_end(struct order_maker *m, struct order_request_line *line)
{
    const struct subscription_list *held = m->shelf->held;
    if (m->shelf->account->type != ACCOUNT_AGREEMENT || !sim_chance(m->dice, 1, 4))
        return;
    if (held->count > 0 && sim_chance(m->dice, 1, 2)) {
        line->ends_with = held->items[sim_below(m->dice, (int64_t)held->count)]->id;
        return;
    }
    char day[DAY_TEXT_SIZE];
    day_format(m->shelf->today + (civil_day)sim_between(m->dice, 0, 400), day);
    line->ends_with = arena_print(m->arena, "%.7s", day);
}

static void add_base(struct order_maker *m)
{
    const struct offer *offer = pick_offer(m, OFFER_BASE);
    struct order_request_line *line = add_line(m, offer);
    choose_price(m, offer, line);
    choose_end(m, line);
    if (sim_chance(m->dice, 1, 12))
        line->start_on = m->shelf->today + (civil_day)sim_between(m->dice, -1, 40);
    for (int64_t more = sim_below(m->dice, 3); more > 0; more--)
        add_addon(m, line->offer, line->name);
}

static const struct subscription *pick_held(struct order_maker *m)
{
    const struct subscription_list *held = m->shelf->held;
    return held->count > 0 ? held->items[sim_below(m->dice, (int64_t)held->count)] : NULL;
}

static void add_to_held(struct order_maker *m)
{
    const struct subscription *sub = pick_held(m);
    if (sub == NULL)
        add_base(m);
    else
        add_addon(m, sub->offer, sub->id);
    if (m->count == 0)
        add_base(m);
}

/* Any offer, with or without what it needs. */
static void add_anything(struct order_maker *m)
{
    const struct catalog *catalog = m->shelf->catalog;
    const struct offer *offer = &catalog->offers[sim_below(m->dice, (int64_t)catalog->offer_count)];
    const struct subscription *sub = pick_held(m);
    struct order_request_line *line = add_line(m, offer);
    if (sim_chance(m->dice, 1, 2))
        choose_price(m, offer, line);
    if (sim_chance(m->dice, 1, 2) && sub != NULL)
        line->connect_to = sub->id;
}

static void add_trial(struct order_maker *m)
{
    const struct offer *offer =
        pick_offer(m, sim_chance(m->dice, 2, 3) ? OFFER_BASE : OFFER_STANDALONE_ADDON);
    struct order_request_line *line = add_line(m, offer);
    choose_price(m, offer, line);
    line->trial = true;
}

struct order_request sim_order(struct sim_dice *dice, struct arena *arena,
                               const struct sim_shelf *shelf)
{
    struct order_maker m = {
        .dice = dice,
        .arena = arena,
        .shelf = shelf,
        .lines = ARENA_ARRAY(arena, struct order_request_line, LINES_MAX),
    };
    int64_t way = sim_below(dice, 10);
    if (way < 4)
        add_base(&m);
    else if (way < 8)
        add_to_held(&m);
    else if (way == 8)
        add_anything(&m);
    else
        add_trial(&m);
    return (struct order_request){.lines = m.lines, .line_count = m.count};
}
