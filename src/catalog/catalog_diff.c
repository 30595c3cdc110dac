/* What changes from one catalogue to another, a line each. */
#include "base/buf.h"
#include "catalog/catalog_file.h"
#include "catalog/catalog_members.h"

struct differ {
    struct arena *arena;
    struct buf out;
};

/* Prices -------------------------------------------------------------------------------------- */

/* "12.50": a unit price in the currency, with its usual decimals and more where it has more. */
static const char *unit_text(struct differ *diff, struct unit_price unit, const char *currency)
{
    enum { UNIT_DECIMALS = 6 };
    int decimals = currency_decimals(currency);
    char text[DECIMAL_SIZE];
    decimal_format(unit.micros, decimals + UNIT_DECIMALS, text);
    const char *point = strchr(text, '.');
    int missing = decimals - (point ? (int)strlen(point + 1) : 0);
    bool needs_point = point == NULL && missing > 0;
    return arena_print(diff->arena, "%s%s%.*s", text, needs_point ? "." : "",
                       missing > 0 ? missing : 0, "0000");
}

/* "12.50", or "graduated: to 10 90.00, then 80.00". */
static const char *price_text(struct differ *diff, const struct price *price)
{
    if (price->tier_mode == TIER_NONE)
        return unit_text(diff, price->unit, price->currency);
    struct buf text = buf_create(diff->arena);
    buf_add_text(&text, price->tier_mode == TIER_GRADUATED ? "graduated: " : "volume: ");
    for (size_t i = 0; i < price->tier_count; i++) {
        const struct tier *tier = &price->tiers[i];
        const char *unit = unit_text(diff, tier->unit, price->currency);
        if (i + 1 < price->tier_count)
            buf_print(&text, "to %" PRId64 " %s, ", tier->up_to, unit);
        else
            buf_print(&text, "%s%s", i > 0 ? "then " : "", unit);
    }
    return buf_text(&text);
}

static const struct price *same_price(const struct offer *offer, const struct price *price)
{
    return offer_find_price(offer, price->currency, price->term, price->billing);
}

static void diff_price(struct differ *diff, const struct offer *offer, const struct price *before,
                       const struct price *after)
{
    const struct price *price = after ? after : before;
    const char *old_text = before ? price_text(diff, before) : NULL;
    const char *new_text = after ? price_text(diff, after) : NULL;
    if (old_text && new_text && strcmp(old_text, new_text) == 0)
        return;
    buf_print(&diff->out, "~ %s: price %s %s %s ", offer->id, price->currency,
              term_format(price->term), billing_format(price->billing));
    if (old_text && new_text)
        buf_print(&diff->out, "%s → %s\n", old_text, new_text);
    else if (new_text)
        buf_print(&diff->out, "%s added\n", new_text);
    else
        buf_print(&diff->out, "%s removed\n", old_text);
}

static void diff_prices(struct differ *diff, const struct offer *before, const struct offer *after)
{
    for (size_t i = 0; i < after->price_count; i++)
        diff_price(diff, after, same_price(before, &after->prices[i]), &after->prices[i]);
    for (size_t i = 0; i < before->price_count; i++) {
        if (same_price(after, &before->prices[i]) == NULL)
            diff_price(diff, before, &before->prices[i], NULL);
    }
}

/* Offers -------------------------------------------------------------------------------------- */

/* The value of a member as the canonical file has it; "default" when it leaves it out. */
static const char *member_text(struct differ *diff, const struct offer_member *member,
                               const struct offer *offer)
{
    struct json_writer w = json_begin(diff->arena);
    json_open_object(&w, NULL);
    member->write(&w, offer);
    json_close_object(&w);
    const char *text = json_end(&w);
    size_t size = strlen(text);
    size_t before_value = strlen("{\"\":") + strlen(member->name);
    if (size <= before_value)
        return "default";
    return arena_copy_bytes(diff->arena, text + before_value, size - before_value - 1);
}

static void diff_offer(struct differ *diff, const struct offer *before, const struct offer *after)
{
    for (const struct offer_member *member = OFFER_MEMBERS; member->name; member++) {
        if (strcmp(member->name, "prices") == 0) {
            diff_prices(diff, before, after);
            continue;
        }
        const char *old_text = member_text(diff, member, before);
        const char *new_text = member_text(diff, member, after);
        if (strcmp(old_text, new_text) != 0)
            buf_print(&diff->out, "~ %s: %s %s → %s\n", after->id, member->name, old_text,
                      new_text);
    }
}

/* Offers that both have stand in another order. */
static bool is_reordered(const struct catalog *before, const struct catalog *after)
{
    size_t last = 0;
    for (size_t i = 0; i < after->offer_count; i++) {
        const struct offer *old_offer = catalog_find_offer(before, after->offers[i].id);
        if (old_offer == NULL)
            continue;
        if (old_offer->index < last)
            return true;
        last = old_offer->index;
    }
    return false;
}

static void diff_offers(struct differ *diff, const struct catalog *before,
                        const struct catalog *after)
{
    for (size_t i = 0; i < after->offer_count; i++) {
        const struct offer *new_offer = &after->offers[i];
        const struct offer *old_offer = catalog_find_offer(before, new_offer->id);
        if (old_offer)
            diff_offer(diff, old_offer, new_offer);
        else
            buf_print(&diff->out, "+ offer %s\n", new_offer->id);
    }
    for (size_t i = 0; i < before->offer_count; i++) {
        if (catalog_find_offer(after, before->offers[i].id) == NULL)
            buf_print(&diff->out, "- offer %s\n", before->offers[i].id);
    }
    if (is_reordered(before, after))
        buf_add_text(&diff->out, "~ offers stand in another order\n");
}

/* Tax rates ----------------------------------------------------------------------------------- */

static const char *rate_text(struct differ *diff, const struct tax_rate *rate)
{
    enum { PERCENT_DECIMALS = 6 };
    char percent[DECIMAL_SIZE];
    char day[DAY_TEXT_SIZE];
    decimal_format(rate->percent_micros, PERCENT_DECIMALS, percent);
    day_format(rate->from_on, day);
    return arena_print(diff->arena, "tax rate %s %s %s %% from %s", rate->country, rate->category,
                       percent, day);
}

static bool has_rate(const struct catalog *catalog, const struct tax_rate *wanted)
{
    for (size_t i = 0; i < catalog->tax_rate_count; i++) {
        const struct tax_rate *rate = &catalog->tax_rates[i];
        if (rate->from_on == wanted->from_on && rate->percent_micros == wanted->percent_micros &&
            strcmp(rate->country, wanted->country) == 0 &&
            strcmp(rate->category, wanted->category) == 0)
            return true;
    }
    return false;
}

static void diff_rates(struct differ *diff, const char *sign, const struct catalog *of,
                       const struct catalog *missing_in)
{
    for (size_t i = 0; i < of->tax_rate_count; i++) {
        const struct tax_rate *rate = &of->tax_rates[i];
        if (!has_rate(missing_in, rate))
            buf_print(&diff->out, "%s %s\n", sign, rate_text(diff, rate));
    }
}

const char *catalog_diff(struct arena *arena, const struct catalog *before,
                         const struct catalog *after)
{
    struct differ diff = {arena, buf_create(arena)};
    if (strcmp(before->version, after->version) != 0)
        buf_print(&diff.out, "~ version %s → %s\n", before->version, after->version);
    diff_offers(&diff, before, after);
    diff_rates(&diff, "-", before, after);
    diff_rates(&diff, "+", after, before);
    return buf_text(&diff.out);
}
