/* Random catalogues. They are valid by construction: what is published is never refused. */
#include "base/json.h"
#include "engine/sim.h"

enum { CURRENCIES_MAX = 3, OFFERS_OF_KIND_MAX = 4 };

/* Terms and billings that a price may have, by bit of an offer's `combinations`. */
static const struct combination {
    const char *term;
    const char *billing;
    int64_t months;
} COMBINATIONS[] = {
    {"P1M", "monthly", 1}, {"P1Y", "monthly", 1}, {"P1Y", "yearly", 12},
    {"P3Y", "monthly", 1}, {"P3Y", "yearly", 12}, {"P3Y", "upfront", 36},
};
enum { COMBINATION_COUNT = sizeof COMBINATIONS / sizeof *COMBINATIONS };

static const char *const MORE_CURRENCIES[] = {"USD", "GBP", "JPY", "KWD"};

/* The dice of a catalogue: how offers depend on each other is thrown once, prices each time. */
struct maker {
    struct arena *arena;
    struct json_writer w;
    struct sim_dice form;
    struct sim_dice prices;
    int64_t version;
    const char *currencies[CURRENCIES_MAX];
    size_t currency_count;
    int64_t base_count;
    uint64_t combinations[OFFERS_OF_KIND_MAX]; /* of the bases */
};

static size_t choose_currencies(int64_t seed, const char *currencies[CURRENCIES_MAX])
{
    struct sim_dice dice = sim_dice_of(seed, SIM_CATALOG, -1);
    size_t count = 0;
    currencies[count++] = "EUR";
    int64_t first = sim_below(&dice, 4);
    currencies[count++] = MORE_CURRENCIES[first];
    if (sim_chance(&dice, 1, 2))
        currencies[count++] = MORE_CURRENCIES[(first + 1 + sim_below(&dice, 3)) % 4];
    return count;
}

const char *sim_currency(struct sim_dice *dice, int64_t seed)
{
    const char *currencies[CURRENCIES_MAX];
    size_t count = choose_currencies(seed, currencies);
    return currencies[sim_below(dice, (int64_t)count)];
}

/* Prices --------------------------------------------------------------------------------------- */

static void put_unit_amount(struct maker *m, int64_t months)
{
    int64_t minor = sim_between(&m->prices, 1, 3000) * months;
    if (sim_chance(&m->prices, 1, 5))
        json_put_text(&m->w, "unit_amount",
                      arena_print(m->arena, "%d.%06d", (int)(minor / 100),
                                  (int)sim_below(&m->prices, 1000000)));
    else
        json_put_integer(&m->w, "unit_amount", minor);
}

static void put_tiers(struct maker *m, int64_t months)
{
    int64_t up_to = 0;
    int64_t steps = sim_between(&m->prices, 1, 3);
    json_open_object(&m->w, "tiers");
    json_put_text(&m->w, "mode", sim_chance(&m->prices, 1, 2) ? "graduated" : "volume");
    json_open_array(&m->w, "steps");
    for (int64_t i = 0; i <= steps; i++) {
        json_open_object(&m->w, NULL);
        up_to += sim_between(&m->prices, 1, 12);
        if (i < steps)
            json_put_integer(&m->w, "up_to", up_to);
        put_unit_amount(m, months);
        json_close_object(&m->w);
    }
    json_close_array(&m->w);
    json_close_object(&m->w);
}

static void put_prices(struct maker *m, uint64_t combinations)
{
    json_open_array(&m->w, "prices");
    for (size_t c = 0; c < m->currency_count; c++) {
        for (size_t i = 0; i < COMBINATION_COUNT; i++) {
            if ((combinations >> i & 1) == 0)
                continue;
            json_open_object(&m->w, NULL);
            json_put_text(&m->w, "currency", m->currencies[c]);
            json_put_text(&m->w, "term", COMBINATIONS[i].term);
            json_put_text(&m->w, "billing", COMBINATIONS[i].billing);
            if (sim_chance(&m->prices, 1, 6))
                put_tiers(m, COMBINATIONS[i].months);
            else
                put_unit_amount(m, COMBINATIONS[i].months);
            json_close_object(&m->w);
        }
    }
    json_close_array(&m->w);
}

static void put_setup(struct maker *m)
{
    json_open_array(&m->w, "setup");
    for (size_t c = 0; c < m->currency_count; c++) {
        json_open_object(&m->w, NULL);
        json_put_text(&m->w, "currency", m->currencies[c]);
        json_put_integer(&m->w, "amount", sim_below(&m->prices, 5000));
        json_close_object(&m->w);
    }
    json_close_array(&m->w);
}

/* Offers --------------------------------------------------------------------------------------- */

static const char *name_offer(struct maker *m, const char *kind, int64_t number)
{
    return arena_print(m->arena, "%s%d", kind, (int)number);
}

static void put_ids(struct maker *m, const char *member, const char *kind, uint64_t bits)
{
    json_open_array(&m->w, member);
    for (int64_t i = 0; i < OFFERS_OF_KIND_MAX; i++) {
        if (bits >> i & 1)
            json_put_text(&m->w, NULL, name_offer(m, kind, i));
    }
    json_close_array(&m->w);
}

static void put_quantity(struct maker *m, bool may_be_relative)
{
    int64_t step = sim_chance(&m->form, 1, 6) ? 5 : 1;
    bool is_relative = sim_chance(&m->form, 1, 4) && may_be_relative;
    json_open_object(&m->w, "quantity");
    json_put_integer(&m->w, "min", step);
    json_put_integer(&m->w, "max", sim_between(&m->form, 20, 200));
    json_put_integer(&m->w, "step", step);
    if (is_relative) {
        json_put_integer(&m->w, "min_percent_of_base", sim_below(&m->form, 20));
        json_put_integer(&m->w, "max_percent_of_base", sim_between(&m->form, 100, 400));
    }
    json_close_object(&m->w);
}

/* What all kinds have. */
static void begin_offer(struct maker *m, const char *id, const char *kind, const char *unit)
{
    static const char *const PRORATIONS[] = {"day", "day", "day", "day", "none", "full"};
    static const int64_t GRACES[] = {30, 30, 0, 7};
    static const int64_t DISABLES[] = {90, 90, 10, 0};
    static const char *const CATEGORIES[] = {"standard", "standard", "reduced"};
    json_open_object(&m->w, NULL);
    json_put_text(&m->w, "id", id);
    json_put_text(&m->w, "kind", kind);
    json_open_object(&m->w, "name");
    json_put_text(&m->w, "en", id);
    json_put_text(&m->w, "fr", id);
    json_close_object(&m->w);
    json_put_text(&m->w, "unit", unit);
    json_put_text(&m->w, "proration", PRORATIONS[sim_below(&m->form, 6)]);
    json_put_integer(&m->w, "grace_days", GRACES[sim_below(&m->form, 4)]);
    json_put_integer(&m->w, "disabled_days", DISABLES[sim_below(&m->form, 4)]);
    json_put_text(&m->w, "tax_category", CATEGORIES[sim_below(&m->form, 3)]);
    if (sim_chance(&m->prices, 1, 12) && m->version > 1)
        json_put_bool(&m->w, "end_of_sale", true);
    if (sim_chance(&m->form, 1, 5))
        put_setup(m);
}

static void put_trial(struct maker *m)
{
    json_open_object(&m->w, "trial");
    json_put_integer(&m->w, "days", sim_between(&m->form, 1, 40));
    json_put_integer(&m->w, "quantity", sim_between(&m->form, 1, 4) * 5);
    json_close_object(&m->w);
}

static void put_base(struct maker *m, int64_t number)
{
    begin_offer(m, name_offer(m, "base", number), "base", "user");
    put_quantity(m, false);
    if (sim_chance(&m->form, 1, 2))
        put_trial(m);
    uint64_t all = (UINT64_C(1) << m->base_count) - 1;
    put_ids(m, "change_to", "base", all & ~(UINT64_C(1) << number));
    m->combinations[number] = 1 | sim_throw(&m->form) % (1 << COMBINATION_COUNT);
    put_prices(m, m->combinations[number]);
    json_close_object(&m->w);
}

/* Sold with all that the first of its bases is sold with, and now and then with less. */
static void put_traditional(struct maker *m, int64_t number)
{
    int64_t first = sim_below(&m->form, m->base_count);
    uint64_t all = (UINT64_C(1) << m->base_count) - 1;
    begin_offer(m, name_offer(m, "addon", number), "traditional_addon",
                sim_chance(&m->form, 1, 2) ? "user" : "gigabyte");
    put_quantity(m, true);
    put_ids(m, "connects_to", "base", (sim_throw(&m->form) & all) | UINT64_C(1) << first);
    json_put_integer(&m->w, "per_base", sim_between(&m->form, 1, 2));
    if (number == 1 && sim_chance(&m->form, 1, 2)) {
        json_open_object(&m->w, "requires");
        put_ids(m, "all_of", "addon", 1);
        json_close_object(&m->w);
    }
    bool is_for_all = sim_chance(&m->form, 2, 3);
    put_prices(m, is_for_all ? (1 << COMBINATION_COUNT) - 1 : m->combinations[first]);
    json_close_object(&m->w);
}

/* The second requires or excludes the first; nothing depends on the others. */
static void put_standalone(struct maker *m, int64_t number)
{
    uint64_t all = (UINT64_C(1) << m->base_count) - 1;
    uint64_t bases = sim_throw(&m->form) & all;
    begin_offer(m, name_offer(m, "solo", number), "standalone_addon", "user");
    put_quantity(m, bases != 0);
    bool has_trial = sim_chance(&m->form, 1, 3);
    bool requires_first = sim_chance(&m->form, 1, 2) && number == 1;
    if (has_trial)
        put_trial(m);
    if (sim_chance(&m->form, 1, 4))
        json_put_integer(&m->w, "limit_per_customer", sim_between(&m->form, 1, 2));
    if (bases != 0 || requires_first) {
        json_open_object(&m->w, "requires");
        if (bases != 0)
            put_ids(m, "any_of", "base", bases);
        if (requires_first)
            put_ids(m, "all_of", "solo", 1);
        json_close_object(&m->w);
    }
    if (number == 1 && !requires_first)
        put_ids(m, "excludes", "solo", 1);
    put_prices(m, 1 | sim_throw(&m->form) % (1 << COMBINATION_COUNT));
    json_close_object(&m->w);
}

/* The whole ----------------------------------------------------------------------------------- */

static void put_rate(struct maker *m, const char *category, const char *percent, const char *from)
{
    json_open_object(&m->w, NULL);
    json_put_text(&m->w, "country", "FR");
    json_put_text(&m->w, "category", category);
    json_put_text(&m->w, "percent", percent);
    json_put_text(&m->w, "from", from);
    json_close_object(&m->w);
}

static void put_rates(struct maker *m)
{
    json_open_array(&m->w, "tax_rates");
    put_rate(m, "standard", "20", "2014-01-01");
    put_rate(m, "standard", "21.2", "2026-07-01");
    put_rate(m, "reduced", "5.5", "2014-01-01");
    json_close_array(&m->w);
}

const char *sim_catalog(struct arena *arena, int64_t seed, int64_t version)
{
    struct maker m = {
        .arena = arena,
        .w = json_begin(arena),
        .form = sim_dice_of(seed, SIM_CATALOG, 0),
        .prices = sim_dice_of(seed, SIM_CATALOG, version),
        .version = version,
    };
    m.currency_count = choose_currencies(seed, m.currencies);
    m.base_count = sim_between(&m.form, 2, OFFERS_OF_KIND_MAX);
    int64_t traditional = sim_between(&m.form, 2, OFFERS_OF_KIND_MAX);
    int64_t standalone = sim_between(&m.form, 2, OFFERS_OF_KIND_MAX);
    bool is_last_gone = version > 1 && sim_chance(&m.prices, 1, 4);

    json_open_object(&m.w, NULL);
    json_put_text(&m.w, "version", arena_print(arena, "v%d", (int)version));
    json_open_array(&m.w, "offers");
    for (int64_t i = 0; i < m.base_count; i++)
        put_base(&m, i);
    for (int64_t i = 0; i < traditional; i++)
        put_traditional(&m, i);
    for (int64_t i = 0; i < standalone - (is_last_gone && standalone > 2 ? 1 : 0); i++)
        put_standalone(&m, i);
    json_close_array(&m.w);
    put_rates(&m);
    json_close_object(&m.w);
    return json_end(&m.w);
}
