/* Prices, their tiers, and setup amounts of an offer, as the file has them (rules §1, §6). */
#include "base/limits.h"
#include "catalog/catalog_reader.h"

static bool read_unit(struct catalog_reader *in, struct json_reader *r, struct unit_price *ret_unit)
{
    struct unit_price unit = {-1};
    if (!catalog_read_ok(in, json_unit_price(r, "unit_amount", REQUIRED, &unit)))
        return false;
    if (unit.micros < 0 || unit.micros > UNIT_PRICE_MAX_MICROS) {
        catalog_refuse_member(in, r, "unit_amount", "must be from 0 to %" PRId64,
                              UNIT_PRICE_MAX_MICROS / 1000000);
        return false;
    }
    *ret_unit = unit;
    return true;
}

/* `from` is the last unit of the step before. */
static bool read_step(struct catalog_reader *in, struct json_reader *r, int64_t from, bool is_last,
                      struct tier *tier)
{
    bool good = read_unit(in, r, &tier->unit);
    tier->up_to = QUANTITY_MAX;
    bool given = catalog_read_integer(in, r, "up_to", 1, QUANTITY_MAX, &tier->up_to);
    if (is_last && json_has(r, "up_to")) {
        catalog_refuse_member(in, r, "up_to", "the last step has none: it takes all that is left");
        good = false;
    } else if (!is_last && !json_has(r, "up_to")) {
        catalog_refuse_member(in, r, "up_to", "is missing: only the last step has none");
        good = false;
    } else if (!is_last && (!given || tier->up_to <= from)) {
        if (given)
            catalog_refuse_member(in, r, "up_to", "must be more than the %" PRId64 " before", from);
        good = false;
    }
    catalog_read_rest(in, r);
    return good;
}

static bool read_steps(struct catalog_reader *in, struct json_reader *r, struct price *price)
{
    size_t size = 0;
    if (!catalog_read_ok(in, json_array(r, "steps", REQUIRED, TIERS_MAX, &size)))
        return false;
    if (size == 0) {
        catalog_refuse_member(in, r, "steps", "needs at least one step");
        return false;
    }
    struct tier *tiers = ARENA_ARRAY(in->arena, struct tier, size);
    bool good = true;
    int64_t from = 0;
    for (size_t i = 0; i < size; i++) {
        struct json_reader item;
        if (!catalog_read_ok(in, json_array_object(r, "steps", i, &item)) ||
            !read_step(in, &item, from, i + 1 == size, &tiers[i])) {
            good = false;
            continue;
        }
        from = tiers[i].up_to;
    }
    price->tiers = tiers;
    price->tier_count = size;
    return good;
}

static bool read_tiers(struct catalog_reader *in, struct json_reader *r, struct price *price)
{
    static const char *const words[] = {"graduated", "volume", NULL};
    struct json_reader tiers;
    bool present = false;
    if (!catalog_read_ok(in, json_object(r, "tiers", REQUIRED, &tiers, &present)))
        return false;
    int mode = 0;
    bool good = catalog_read_choice(in, &tiers, "mode", REQUIRED, words, &mode);
    price->tier_mode = mode == 0 ? TIER_GRADUATED : TIER_VOLUME;
    good = read_steps(in, &tiers, price) && good;
    catalog_read_rest(in, &tiers);
    return good;
}

/* Either one amount for every unit, or tiers. */
static bool read_amount(struct catalog_reader *in, struct json_reader *r, struct price *price)
{
    bool has_tiers = json_has(r, "tiers");
    bool good = true;
    if (has_tiers)
        good = read_tiers(in, r, price);
    if (has_tiers && json_has(r, "unit_amount")) {
        (void)read_unit(in, r, &price->unit);
        catalog_refuse_member(in, r, "unit_amount", "must not stand beside tiers");
        return false;
    }
    if (!has_tiers)
        good = read_unit(in, r, &price->unit);
    return good;
}

static bool read_billing(struct catalog_reader *in, struct json_reader *r, struct price *price)
{
    static const char *const terms[] = {"P1M", "P1Y", "P3Y", NULL};
    static const char *const billings[] = {"monthly", "yearly", "upfront", NULL};
    int term = 0;
    int billing = 0;
    bool good = catalog_read_choice(in, r, "term", REQUIRED, terms, &term);
    good = catalog_read_choice(in, r, "billing", REQUIRED, billings, &billing) && good;
    if (!good)
        return false;
    price->term = term_parse(terms[term]);
    price->billing = billing_parse(billings[billing]);
    if (billing_fits(price->term, price->billing))
        return true;
    if (price->billing == BILLING_UPFRONT)
        catalog_refuse_member(in, r, "billing", "upfront is for terms over a year");
    else
        catalog_refuse_member(in, r, "billing", "%s is longer than the term %s", billings[billing],
                              terms[term]);
    return false;
}

static bool read_price(struct catalog_reader *in, struct json_reader *r, struct price *price)
{
    bool good = catalog_read_currency(in, r, price->currency);
    good = read_billing(in, r, price) && good;
    good = read_amount(in, r, price) && good;
    catalog_read_rest(in, r);
    return good;
}

static void read_price_list(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    size_t size = 0;
    if (!catalog_read_ok(in, json_array(r, "prices", REQUIRED, PRICES_MAX, &size)))
        return;
    if (size == 0)
        catalog_refuse_member(in, r, "prices", "needs at least one price: nobody could buy it");
    struct price *prices = ARENA_ARRAY(in->arena, struct price, size);
    offer->prices = prices;
    for (size_t i = 0; i < size; i++) {
        struct json_reader item;
        struct price price = {0};
        if (!catalog_read_ok(in, json_array_object(r, "prices", i, &item)) ||
            !read_price(in, &item, &price))
            continue;
        if (offer_find_price(offer, price.currency, price.term, price.billing)) {
            catalog_refuse(in, item.path + 1, "a second price for %s, %s, %s", price.currency,
                           term_format(price.term), billing_format(price.billing));
            continue;
        }
        prices[offer->price_count++] = price;
    }
}

static bool read_setup(struct catalog_reader *in, struct json_reader *r, struct setup_price *setup)
{
    bool good = catalog_read_currency(in, r, setup->currency);
    int64_t most = UNIT_PRICE_MAX_MICROS / 1000000;
    good =
        catalog_read_ok(in, json_integer(r, "amount", REQUIRED, 0, most, &setup->amount_minor)) &&
        good;
    catalog_read_rest(in, r);
    return good;
}

static bool setup_is_known(const struct offer *offer, const char *currency)
{
    for (size_t i = 0; i < offer->setup_count; i++) {
        if (strcmp(offer->setups[i].currency, currency) == 0)
            return true;
    }
    return false;
}

static void read_setup_list(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    size_t size = 0;
    if (!catalog_read_ok(in, json_array(r, "setup", OPTIONAL, PRICES_MAX, &size)) || size == 0)
        return;
    struct setup_price *setups = ARENA_ARRAY(in->arena, struct setup_price, size);
    offer->setups = setups;
    for (size_t i = 0; i < size; i++) {
        struct json_reader item;
        struct setup_price setup = {0};
        if (!catalog_read_ok(in, json_array_object(r, "setup", i, &item)) ||
            !read_setup(in, &item, &setup))
            continue;
        if (setup_is_known(offer, setup.currency))
            catalog_refuse(in, item.path + 1, "a second setup amount in %s", setup.currency);
        else
            setups[offer->setup_count++] = setup;
    }
}

void catalog_read_prices(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    read_setup_list(in, r, offer);
    read_price_list(in, r, offer);
}
