#include "support/retold.h"

#include "base/buf.h"

/* Holdings in one world are fewer than this, and so are offers. */
enum { MOST = 64 };

static bool starts_later(const struct question *q, const struct holding *other)
{
    civil_day today = q->world->input.today;
    civil_day mine = q->line && q->line->start_on != DAY_NONE ? q->line->start_on : today;
    civil_day theirs = other->start_on != DAY_NONE ? other->start_on : today;
    return theirs > mine;
}

static bool is_active(const struct question *q, const struct holding *holding)
{
    if (holding == q->line)
        return false;
    if (holding->in_cart)
        return holding->status != SUBSCRIPTION_TRIAL && holding->status != SUBSCRIPTION_DELETED &&
               !starts_later(q, holding);
    return holding->status == SUBSCRIPTION_ACTIVE && !holding->past_due;
}

static bool is_there(const struct question *q, const struct holding *holding)
{
    return holding != q->line && holding->status != SUBSCRIPTION_DELETED;
}

bool retold_has(const struct question *q, const char *offer, bool active)
{
    for (size_t i = 0; i < q->world->holding_count; i++) {
        const struct holding *holding = &q->world->holdings[i];
        bool counts = active ? is_active(q, holding) : is_there(q, holding);
        if (counts && strcmp(holding->offer, offer) == 0)
            return true;
    }
    return false;
}

bool retold_is_connected(const struct question *q)
{
    return q->offer->kind == OFFER_TRADITIONAL_ADDON &&
           q->world->input.account_type == ACCOUNT_CLASSIC;
}

bool retold_could_be_base(const struct question *q, const struct holding *holding, bool active)
{
    if (q->base && holding != q->base)
        return false;
    return offer_ids_have(&q->offer->connects_to, holding->offer) &&
           strcmp(holding->account, q->world->input.account) == 0 &&
           (active ? is_active(q, holding) : is_there(q, holding));
}

static bool has_base_of(const struct question *q, const char *offer, bool active)
{
    if (!retold_is_connected(q))
        return retold_has(q, offer, active);
    for (size_t i = 0; i < q->world->holding_count; i++)
        if (retold_could_be_base(q, &q->world->holdings[i], active) &&
            strcmp(q->world->holdings[i].offer, offer) == 0)
            return true;
    return false;
}

bool retold_any_of_is_met(const struct question *q, bool active)
{
    const struct offer_ids *ids = &q->offer->requires_any;
    for (size_t i = 0; i < ids->count; i++)
        if (retold_has(q, ids->items[i], active))
            return true;
    return ids->count == 0;
}

bool retold_all_of_is_met(const struct question *q, bool active)
{
    for (size_t i = 0; i < q->offer->requires_all.count; i++)
        if (!retold_has(q, q->offer->requires_all.items[i], active))
            return false;
    return true;
}

static bool connection_is_met(const struct question *q, bool active)
{
    const struct offer_ids *ids = &q->offer->connects_to;
    for (size_t i = 0; i < ids->count; i++)
        if (has_base_of(q, ids->items[i], active))
            return true;
    return ids->count == 0;
}

static bool all_is_met(const struct question *q, bool active)
{
    return retold_any_of_is_met(q, active) && retold_all_of_is_met(q, active) &&
           connection_is_met(q, active);
}

/* Whether that offer is missing; `there`: but held, only not active. */
static bool is_missing(const struct question *q, const char *id, bool there)
{
    const struct offer *offer = q->offer;
    if (!retold_any_of_is_met(q, true) && offer_ids_have(&offer->requires_any, id) &&
        (!there || retold_has(q, id, false)))
        return true;
    if (offer_ids_have(&offer->requires_all, id) && !retold_has(q, id, true) &&
        (!there || retold_has(q, id, false)))
        return true;
    return !connection_is_met(q, true) && offer_ids_have(&offer->connects_to, id) &&
           (!there || has_base_of(q, id, false));
}

static void say(struct buf *buf, const char *code)
{
    buf_print(buf, "%s%s", buf->size > 0 ? " " : "", code);
}

/* "code(a,b)" with the offers, in catalogue order, of which `mark` is set. */
static void say_offers(struct buf *buf, const char *code, const struct world *world,
                       const bool *mark)
{
    say(buf, code);
    const char *before = "(";
    for (size_t i = 0; i < world->catalog.offer_count; i++) {
        if (!mark[i])
            continue;
        buf_print(buf, "%s%s", before, world->offers[i].id);
        before = ",";
    }
    if (*before == ',')
        buf_print(buf, ")");
}

static void say_requires(struct buf *buf, const struct question *q)
{
    bool mark[MOST] = {0};
    if (all_is_met(q, true))
        return;
    bool there = all_is_met(q, false);
    for (size_t i = 0; i < q->world->catalog.offer_count; i++)
        mark[i] = is_missing(q, q->world->offers[i].id, there);
    say_offers(buf, there ? "base_not_active" : "requires", q->world, mark);
}

static void say_excluded(struct buf *buf, const struct question *q)
{
    bool mark[MOST] = {0};
    bool any = false;
    for (size_t i = 0; i < q->world->catalog.offer_count; i++) {
        const char *id = q->world->offers[i].id;
        mark[i] = offer_ids_have(&q->offer->excludes, id) && retold_has(q, id, false);
        any = any || mark[i];
    }
    if (any)
        say_offers(buf, "excluded_by", q->world, mark);
}

size_t retold_count(const struct question *q, const char *parent)
{
    size_t count = 0;
    for (size_t i = 0; i < q->world->holding_count; i++) {
        const struct holding *holding = &q->world->holdings[i];
        if (!is_there(q, holding) || strcmp(holding->offer, q->offer->id) != 0)
            continue;
        count += !parent || (holding->parent && strcmp(holding->parent, parent) == 0);
    }
    return count;
}

bool retold_has_price(const struct question *q, const struct holding *base)
{
    for (size_t i = 0; i < q->offer->price_count; i++) {
        const struct price *price = &q->offer->prices[i];
        if (strcmp(price->currency, q->world->input.currency) == 0 && price->term == base->term &&
            price->billing == base->billing)
            return true;
    }
    return false;
}

static bool passes_per_base(const struct question *q, const struct holding *base)
{
    return (int64_t)retold_count(q, base->subscription) < q->offer->per_base;
}

static bool passes_pending(const struct question *q, const struct holding *base)
{
    (void)q;
    return !base->change_pending;
}

/* One step of the narrowing; says `code` when it leaves none of some. */
static void narrow(struct buf *buf, const struct question *q, bool *possible, const char *code,
                   bool (*passes)(const struct question *, const struct holding *))
{
    bool mark[MOST] = {0};
    bool before = false, after = false;
    for (size_t i = 0; i < q->world->holding_count; i++) {
        const struct holding *base = &q->world->holdings[i];
        if (!possible[i])
            continue;
        before = true;
        mark[catalog_find_offer(&q->world->catalog, base->offer)->index] = true;
        possible[i] = passes(q, base);
        after = after || possible[i];
    }
    if (before && !after)
        say_offers(buf, code, q->world, mark);
}

static int64_t count_seats(const struct question *q)
{
    const struct offer *offer = q->offer;
    const struct offer_ids *named = offer->kind == OFFER_TRADITIONAL_ADDON ? &offer->connects_to
                                    : offer->requires_any.count > 0        ? &offer->requires_any
                                                                           : &offer->requires_all;
    int64_t seats = 0;
    for (size_t i = 0; i < q->world->holding_count; i++) {
        const struct holding *holding = &q->world->holdings[i];
        if (is_active(q, holding) && offer_ids_have(named, holding->offer))
            seats += holding->quantity;
    }
    return seats;
}

static int64_t percent_up(int64_t seats, int64_t percent)
{
    return seats * percent / 100 + (seats * percent % 100 != 0);
}

static void say_quantity(struct buf *buf, const struct question *q)
{
    const struct offer *offer = q->offer;
    int64_t least = percent_up(count_seats(q), offer->min_percent_of_base);
    int64_t most = percent_up(count_seats(q), offer->max_percent_of_base);
    if (least < offer->quantity_min)
        least = offer->quantity_min;
    if (offer->max_percent_of_base == 0 || most > offer->quantity_max)
        most = offer->quantity_max;
    while (least % offer->quantity_step != 0)
        least++;
    while (most % offer->quantity_step != 0)
        most--;
    buf_print(buf, "%" PRId64 "..%" PRId64 "/%" PRId64, least, most, offer->quantity_step);
}

static void say_choices(struct buf *buf, const struct question *q, const bool *possible)
{
    const struct world *world = q->world;
    bool said[MOST] = {0};
    buf_print(buf, "available [");
    for (size_t n = 0; n < world->holding_count; n++) {
        size_t next = world->holding_count;
        for (size_t i = 0; i < world->holding_count; i++)
            if (possible[i] && !said[i] &&
                (next == world->holding_count ||
                 strcmp(world->holdings[i].name, world->holdings[next].name) < 0))
                next = i;
        if (next == world->holding_count)
            break;
        buf_print(buf, "%s%s", n > 0 ? " " : "", world->holdings[next].name);
        said[next] = true;
    }
    buf_print(buf, "] ");
    say_quantity(buf, q);
    for (size_t i = 0; i < q->offer->price_count; i++) {
        const struct price *price = &q->offer->prices[i];
        bool fits = !retold_is_connected(q);
        for (size_t k = 0; k < world->holding_count; k++)
            fits = fits || (possible[k] && world->holdings[k].term == price->term &&
                            world->holdings[k].billing == price->billing);
        if (fits && strcmp(price->currency, world->input.currency) == 0)
            buf_print(buf, " %s/%s", term_format(price->term), billing_format(price->billing));
    }
}

static void say_offer_alone(struct buf *buf, const struct question *q)
{
    const struct offer *offer = q->offer;
    const struct eligibility_input *input = &q->world->input;
    bool early = offer->sale_from != DAY_NONE && input->today < offer->sale_from;
    bool late = offer->sale_until != DAY_NONE && input->today > offer->sale_until;
    if ((early || late || offer->end_of_sale) && !input->ignore_sale_and_country)
        say(buf, "not_on_sale");

    bool sold_here = offer->country_count == 0;
    for (size_t i = 0; i < offer->country_count; i++)
        sold_here = sold_here || strcmp(offer->countries[i], input->country) == 0;
    if (!sold_here && !input->ignore_sale_and_country)
        say(buf, "country");

    bool has_currency = false;
    for (size_t i = 0; i < offer->price_count; i++)
        has_currency = has_currency || strcmp(offer->prices[i].currency, input->currency) == 0;
    if (!has_currency)
        say(buf, "currency");
}

const char *retold_print(struct arena *arena, const struct question *q)
{
    struct buf buf = buf_create(arena);
    bool possible[MOST] = {0};
    for (size_t i = 0; i < q->world->holding_count; i++)
        possible[i] =
            retold_is_connected(q) && retold_could_be_base(q, &q->world->holdings[i], true);

    say_offer_alone(&buf, q);
    say_requires(&buf, q);
    narrow(&buf, q, possible, "price", retold_has_price);
    say_excluded(&buf, q);
    if (q->offer->limit_per_customer > 0 &&
        (int64_t)retold_count(q, NULL) >= q->offer->limit_per_customer)
        say(&buf, "limit_per_customer");
    narrow(&buf, q, possible, "already_on_base", passes_per_base);
    narrow(&buf, q, possible, "change_pending", passes_pending);
    if (buf.size == 0)
        say_choices(&buf, q, possible);
    return buf_text(&buf);
}
