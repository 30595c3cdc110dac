/* The catalogue file: its head, its offers one after the other, its tax rates; then what makes
 * one catalogue of them. */
#include "catalog/catalog_file.h"

#include "base/limits.h"
#include "catalog/catalog_reader.h"

static struct offer *read_offers(struct catalog_reader *in, struct json_reader *r,
                                 size_t *ret_count)
{
    size_t count = 0;
    if (!catalog_read_ok(in, json_array(r, "offers", REQUIRED, OFFERS_MAX, &count)))
        count = 0;
    struct offer *offers = ARENA_ARRAY(in->arena, struct offer, count);
    in->is_faulty = ARENA_ARRAY(in->arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        struct json_reader item;
        in->section = SECTION_FIRST_OFFER + i;
        in->offer = NULL;
        offers[i] = (struct offer){.index = i, .id = ""};
        if (catalog_read_ok(in, json_array_object(r, "offers", i, &item)))
            catalog_read_offer(in, &item, &offers[i]);
    }
    in->offer = NULL;
    *ret_count = count;
    return offers;
}

static bool tax_rate_is_known(const struct catalog *catalog, const struct tax_rate *rate)
{
    for (size_t i = 0; i < catalog->tax_rate_count; i++) {
        const struct tax_rate *other = &catalog->tax_rates[i];
        if (other->from_on == rate->from_on && strcmp(other->country, rate->country) == 0 &&
            strcmp(other->category, rate->category) == 0)
            return true;
    }
    return false;
}

/* 20 or "5.5" */
static void read_percent(struct catalog_reader *in, struct json_reader *r, int64_t *ret_micros)
{
    enum { MICROS = 1000000, PERCENT_DECIMALS = 6 };
    const char *text = NULL;
    int64_t percent = -1;
    if (json_type(r, "percent") != 's') {
        if (catalog_read_ok(in, json_integer(r, "percent", REQUIRED, 0, 100, &percent)))
            *ret_micros = percent * MICROS;
        return;
    }
    if (!catalog_read_text(in, r, "percent", REQUIRED, &text))
        return;
    if (decimal_parse(text, PERCENT_DECIMALS, &percent) && percent >= 0 &&
        percent <= (int64_t)100 * MICROS)
        *ret_micros = percent;
    else
        catalog_refuse_member(in, r, "percent", "must be from 0 to 100, with at most six decimals");
}

static bool read_tax_rate(struct catalog_reader *in, struct json_reader *r, struct tax_rate *rate)
{
    const char *country = "";
    size_t before = in->faults.count;
    if (catalog_read_word(in, r, "country", REQUIRED, &country)) {
        if (country_is_good(country))
            memcpy(rate->country, country, sizeof(rate->country));
        else
            catalog_refuse_member(in, r, "country", "is not a country of ISO 3166 (such as FR)");
    }
    (void)catalog_read_word(in, r, "category", REQUIRED, &rate->category);
    read_percent(in, r, &rate->percent_micros);
    (void)catalog_read_ok(in, json_day(r, "from", REQUIRED, &rate->from_on));
    catalog_read_rest(in, r);
    return in->faults.count == before;
}

static void read_tax_rates(struct catalog_reader *in, struct json_reader *r,
                           struct catalog *catalog)
{
    size_t size = 0;
    in->section = SECTION_TAX_RATES;
    if (!catalog_read_ok(in, json_array(r, "tax_rates", OPTIONAL, TAX_RATES_MAX, &size)))
        return;
    struct tax_rate *rates = ARENA_ARRAY(in->arena, struct tax_rate, size);
    catalog->tax_rates = rates;
    for (size_t i = 0; i < size; i++) {
        struct json_reader item;
        struct tax_rate rate = {.from_on = DAY_NONE};
        if (!catalog_read_ok(in, json_array_object(r, "tax_rates", i, &item)) ||
            !read_tax_rate(in, &item, &rate))
            continue;
        if (tax_rate_is_known(catalog, &rate))
            catalog_refuse(in, item.path + 1,
                           "a second rate for the same country, category and day");
        else
            rates[catalog->tax_rate_count++] = rate;
    }
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(((const struct offer *)a)->id, ((const struct offer *)b)->id);
}

static void index_by_id(struct catalog_reader *in, struct catalog *catalog, struct offer *offers)
{
    size_t count = catalog->offer_count;
    struct offer **sorted = ARENA_ARRAY(in->arena, struct offer *, count);
    uint32_t *by_id = ARENA_ARRAY(in->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &offers[i];
    list_sort(sorted, count, compare_ids);
    for (size_t i = 0; i < count; i++)
        by_id[i] = (uint32_t)sorted[i]->index;
    catalog->by_id = by_id;
}

static bool ids_have_index(const struct offer_ids *ids, size_t index)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (ids->indexes[i] == index)
            return true;
    }
    return false;
}

/* What one side says holds for both (rules §1): the other side gets it at the end of its list.
 * `added` counts, per offer, what it gets. */
static void count_missing(const struct offer *offers, size_t count, size_t *added)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < offers[i].excludes.count; k++) {
            uint32_t other = offers[i].excludes.indexes[k];
            if (other != OFFER_UNKNOWN && !ids_have_index(&offers[other].excludes, i))
                added[other]++;
        }
    }
}

static void make_symmetric(struct catalog_reader *in, struct offer *offers, size_t count)
{
    size_t *added = ARENA_ARRAY(in->arena, size_t, count);
    size_t *own = ARENA_ARRAY(in->arena, size_t, count);
    const char ***items = ARENA_ARRAY(in->arena, const char **, count);
    uint32_t **indexes = ARENA_ARRAY(in->arena, uint32_t *, count);
    count_missing(offers, count, added);
    for (size_t i = 0; i < count; i++) {
        const struct offer_ids *ids = &offers[i].excludes;
        own[i] = ids->count;
        items[i] = ARENA_ARRAY(in->arena, const char *, own[i] + added[i]);
        indexes[i] = ARENA_ARRAY(in->arena, uint32_t, own[i] + added[i]);
        for (size_t k = 0; k < own[i]; k++) {
            items[i][k] = ids->items[k];
            indexes[i][k] = ids->indexes[k];
        }
        offers[i].excludes = (struct offer_ids){items[i], indexes[i], own[i]};
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < own[i]; k++) {
            uint32_t other = indexes[i][k];
            if (other == OFFER_UNKNOWN || ids_have_index(&offers[other].excludes, i))
                continue;
            struct offer_ids *ids = &offers[other].excludes;
            items[other][ids->count] = offers[i].id;
            indexes[other][ids->count++] = (uint32_t)i;
        }
    }
}

static struct catalog *read_catalog(struct catalog_reader *in, const char *text, size_t size)
{
    struct json_reader r;
    struct catalog *catalog = ARENA_NEW(in->arena, struct catalog);
    *catalog = (struct catalog){.published_on = DAY_NONE, .version = ""};
    if (size > CATALOG_BODY_MAX) {
        catalog_refuse(in, "", "the catalogue has more than %d bytes", CATALOG_BODY_MAX);
        return catalog;
    }
    if (!catalog_read_ok(in, json_open(in->cx, &r, text, size)))
        return catalog;
    (void)catalog_read_word(in, &r, "version", REQUIRED, &catalog->version);
    struct offer *offers = read_offers(in, &r, &catalog->offer_count);
    catalog->offers = offers;
    read_tax_rates(in, &r, catalog);
    in->section = SECTION_HEAD;
    catalog_read_rest(in, &r);
    index_by_id(in, catalog, offers);
    catalog_resolve(in->arena, catalog, offers);
    /* Before the other side learns of them: an exclusion is judged where the file says it. */
    catalog_check(in, catalog);
    make_symmetric(in, offers, catalog->offer_count);
    return catalog;
}

static int compare_sections(const void *a, const void *b)
{
    size_t first = ((const struct catalog_fault *)a)->section;
    size_t second = ((const struct catalog_fault *)b)->section;
    return (first > second) - (first < second);
}

static void tell_faults(struct catalog_reader *in, struct catalog_faults *ret_faults)
{
    size_t count = in->faults.count;
    list_sort(in->faults.items, count, compare_sections);
    *ret_faults =
        (struct catalog_faults){ARENA_ARRAY(in->arena, const char *, count), count, count};
    for (size_t i = 0; i < count; i++) {
        const struct catalog_fault *fault = in->faults.items[i];
        ret_faults->lines[i] = fault->place[0]
                                   ? arena_print(in->arena, "%s: %s", fault->place, fault->reason)
                                   : fault->reason;
    }
}

enum err catalog_parse(struct context *cx, const char *text, size_t size,
                       struct catalog **ret_catalog, struct catalog_faults *ret_faults)
{
    /* The JSON tree lives in an arena of its own, so that a catalogue which is kept for long
     * does not keep ten times its size in nodes. */
    struct context reading = *cx;
    reading.arena = arena_create(REQUEST_ARENA_MAX);
    struct catalog_reader in = {.cx = &reading, .arena = cx->arena};
    struct catalog *catalog = read_catalog(&in, text, size);
    tell_faults(&in, ret_faults);
    arena_free(reading.arena);
    if (in.faults.count > 0) {
        const struct catalog_fault *first = in.faults.items[0];
        return fault(cx, ERR_INVALID, "param", first->place, "value", first->reason, NULL);
    }
    *ret_catalog = catalog;
    return OK;
}
