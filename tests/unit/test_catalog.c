/* Catalogues that are good: what the file says and leaves out, prices by tiers, the canonical
 * file, and what changes between two of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "catalog/catalog_file.h"
#include "support/pure.h"

#define EXAMPLE_FILE "tests/scenario/simulate/example.json" /* its catalogue is that of formats */

static struct catalog *parse(struct context *cx, const char *text)
{
    struct catalog *catalog = NULL;
    struct catalog_faults faults;
    enum err err = catalog_parse(cx, text, strlen(text), &catalog, &faults);
    if (err != OK)
        fail_msg("%s", faults.lines[0]);
    return catalog;
}

static const char *example_text(struct context *cx)
{
    char *data;
    size_t size;
    struct json_reader r;
    assert_int_equal(file_read(cx, EXAMPLE_FILE, FILE_MAX, &data, &size), OK);
    assert_int_equal(json_open(cx, &r, data, size), OK);
    return json_raw(&r, "catalog");
}

static const struct offer *find(const struct catalog *catalog, const char *id)
{
    const struct offer *offer = catalog_find_offer(catalog, id);
    assert_non_null(offer);
    return offer;
}

/* The text with one place written otherwise; the place is there. */
static const char *changed(struct context *cx, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_print(cx->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void test_example(void **state)
{
    (void)state;
    struct context cx = pure_context();
    const struct catalog *catalog = parse(&cx, example_text(&cx));
    assert_string_equal(catalog->version, "2026-01");
    assert_int_equal(catalog->number, 0);
    assert_int_equal(catalog->published_on, DAY_NONE);
    assert_int_equal(catalog->offer_count, 7);
    assert_int_equal(catalog->tax_rate_count, 1);
    assert_int_equal(catalog->tax_rates[0].percent_micros, 20000000);
    assert_int_equal(catalog->tax_rates[0].from_on, pure_day("2014-01-01"));

    const struct offer *calls = find(catalog, "calls");
    assert_int_equal(calls->index, 5);
    assert_string_equal(calls->name.fr, "Appels");
    assert_string_equal(calls->category, "voice");
    assert_int_equal(calls->quantity_max, 300);
    assert_int_equal(calls->min_percent_of_base, 5);
    assert_int_equal(calls->max_percent_of_base, 100);
    assert_int_equal(calls->limit_per_customer, 1);
    assert_int_equal(calls->country_count, 2);
    assert_int_equal(calls->requires_any.indexes[1], 1);
    assert_int_equal(calls->requires_all.indexes[0], 4);
    assert_int_equal(calls->prices[1].tier_mode, TIER_GRADUATED);
    assert_int_equal(calls->prices[1].tiers[0].up_to, 10);
    assert_int_equal(calls->prices[1].tiers[1].up_to, QUANTITY_MAX);

    assert_int_equal(offer_setup_minor(find(catalog, "calls-world"), "EUR"), 2500);
    assert_int_equal(offer_setup_minor(find(catalog, "calls-world"), "USD"), 0);
    assert_true(find(catalog, "archive")->requires_base_license);
    assert_int_equal(find(catalog, "suite")->trial_quantity, 25);
    assert_null(catalog_find_offer(catalog, "call"));
    pure_end(&cx);
}

/* Formats: what an offer has that says only what it must. */
static void test_defaults(void **state)
{
    (void)state;
    struct context cx = pure_context();
    const struct catalog *catalog = parse(
        &cx,
        "{\"version\":\"1\",\"offers\":["
        "{\"id\":\"a\",\"kind\":\"base\",\"name\":{\"en\":\"A\",\"fr\":\"B\"},\"unit\":\"user\","
        "\"features\":[{\"name\":\"s\",\"type\":\"switch\"},"
        "{\"name\":\"l\",\"type\":\"limit\",\"value\":1}],\"prices\":[{\"currency\":\"EUR\","
        "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":\"0.125\"}]},"
        "{\"id\":\"b\",\"kind\":\"base\",\"name\":{\"en\":\"A\",\"fr\":\"B\"},\"unit\":\"gb\","
        "\"features\":[{\"name\":\"s\",\"type\":\"switch\"},"
        "{\"name\":\"q\",\"type\":\"quota\",\"value\":1}],\"prices\":[{\"currency\":\"EUR\","
        "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":1}]}]}");
    const struct offer *offer = find(catalog, "a");
    assert_int_equal(offer->scope, SCOPE_USER);
    assert_string_equal(offer->description.en, "");
    assert_string_equal(offer->category, "");
    assert_int_equal(offer->per_base, 1);
    assert_int_equal(offer->limit_per_customer, 0);
    assert_int_equal(offer->quantity_min, 1);
    assert_int_equal(offer->quantity_max, 10000000);
    assert_int_equal(offer->quantity_step, 1);
    assert_int_equal(offer->min_percent_of_base, 0);
    assert_int_equal(offer->max_percent_of_base, 0);
    assert_null(offer->countries);
    assert_int_equal(offer->sale_from, DAY_NONE);
    assert_int_equal(offer->sale_until, DAY_NONE);
    assert_false(offer->end_of_sale);
    assert_int_equal(offer->trial_days, 0);
    assert_string_equal(offer->tax_category, "standard");
    assert_int_equal(offer->proration, PRORATION_DAY);
    assert_int_equal(offer->grace_days, 30);
    assert_int_equal(offer->disabled_days, 90);
    assert_false(offer->requires_base_license);
    assert_int_equal(offer->features[0].per, PER_UNIT);
    assert_int_equal(offer->features[1].per, PER_UNIT);
    assert_int_equal(offer->prices[0].unit.micros, 125000);

    const struct offer *tenant = find(catalog, "b");
    assert_int_equal(tenant->scope, SCOPE_TENANT);
    assert_int_equal(tenant->features[0].per, PER_SUBSCRIPTION);
    assert_int_equal(tenant->features[1].per, PER_UNIT);
    pure_end(&cx);
}

/* Rules §1: said on one side, it holds for both; said on both, it is there once. */
static void test_excludes_are_symmetric(void **state)
{
    (void)state;
    struct context cx = pure_context();
    const char *text = example_text(&cx);
    const char *files[] = {text,
                           changed(&cx, text, "\"setup\":", "\"excludes\":[\"calls\"],\"setup\":")};
    for (size_t i = 0; i < 2; i++) {
        const struct catalog *catalog = parse(&cx, files[i]);
        const struct offer *calls = find(catalog, "calls");
        const struct offer *world = find(catalog, "calls-world");
        assert_int_equal(calls->excludes.count, 1);
        assert_int_equal(calls->excludes.indexes[0], world->index);
        assert_int_equal(world->excludes.count, 1);
        assert_string_equal(world->excludes.items[0], "calls");
        assert_int_equal(world->excludes.indexes[0], calls->index);
    }
    pure_end(&cx);
}

static void test_on_sale(void **state)
{
    (void)state;
    static const struct {
        const char *from, *until;
        bool end_of_sale;
        const char *today;
        bool on_sale;
    } ROWS[] = {
        {NULL, NULL, false, "2026-02-01", true},
        {NULL, NULL, true, "2026-02-01", false},
        {"2026-02-01", NULL, false, "2026-01-31", false},
        {"2026-02-01", NULL, false, "2026-02-01", true},
        {NULL, "2026-02-01", false, "2026-02-01", true},
        {NULL, "2026-02-01", false, "2026-02-02", false},
        {"2026-02-01", "2026-02-01", true, "2026-02-01", false},
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct offer offer = {
            .sale_from = ROWS[i].from ? pure_day(ROWS[i].from) : DAY_NONE,
            .sale_until = ROWS[i].until ? pure_day(ROWS[i].until) : DAY_NONE,
            .end_of_sale = ROWS[i].end_of_sale,
        };
        assert_int_equal(offer_is_on_sale(&offer, pure_day(ROWS[i].today)), ROWS[i].on_sale);
    }
}

/* "10×9000+2×8000", with the step before each where it is not the first. */
static const char *split_text(struct arena *arena, const struct price *price, int64_t quantity)
{
    struct price_part parts[PRICE_PARTS_MAX];
    size_t count = price_split(price, quantity, parts);
    struct buf text = buf_create(arena);
    for (size_t i = 0; i < count; i++) {
        char unit[DECIMAL_SIZE];
        decimal_format(parts[i].unit.micros, 6, unit);
        buf_print(&text, "%s%d:%" PRId64 "x%s", i > 0 ? " " : "", parts[i].step, parts[i].quantity,
                  unit);
    }
    return buf_text(&text);
}

static void test_price_split(void **state)
{
    (void)state;
    static const struct tier TIERS[] = {
        {10, {1000500000}}, {50, {800000000}}, {QUANTITY_MAX, {500000000}}};
    static const struct {
        enum tier_mode mode;
        int64_t quantity;
        const char *parts;
        int64_t total;
    } ROWS[] = {
        {TIER_NONE, 0, "", 0},
        {TIER_NONE, 7, "0:7x0.125", 1}, /* 0.875 */
        {TIER_NONE, 3, "0:3x0.125", 0}, /* 0.375 */
        {TIER_NONE, 4, "0:4x0.125", 1}, /* 0.5 */
        {TIER_GRADUATED, 1, "0:1x1000.5", 1001},
        {TIER_GRADUATED, 10, "0:10x1000.5", 10005},
        {TIER_GRADUATED, 11, "0:10x1000.5 1:1x800", 10805},
        {TIER_GRADUATED, 50, "0:10x1000.5 1:40x800", 42005},
        {TIER_GRADUATED, 60, "0:10x1000.5 1:40x800 2:10x500", 47005},
        {TIER_VOLUME, 9, "0:9x1000.5", 9005}, /* 9004.5 */
        {TIER_VOLUME, 10, "0:10x1000.5", 10005},
        {TIER_VOLUME, 11, "0:11x800", 8800},
        {TIER_VOLUME, 10000000, "0:10000000x500", 5000000000},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct price price = {.currency = "EUR",
                              .tier_mode = ROWS[i].mode,
                              .unit = {125000},
                              .tiers = TIERS,
                              .tier_count = 3};
        assert_string_equal(split_text(cx.arena, &price, ROWS[i].quantity), ROWS[i].parts);
        struct money total = money_of(ROWS[i].total, "EUR");
        assert_int_equal(money_compare(price_whole_period(&price, ROWS[i].quantity), total), 0);
    }
    pure_end(&cx);
}

/* The canonical file parses to the same catalogue, and is the same when written again. */
static void check_round_trip(struct context *cx, const char *text)
{
    const struct catalog *catalog = parse(cx, text);
    const char *canonical = catalog_format(cx->arena, catalog);
    const struct catalog *again = parse(cx, canonical);
    assert_string_equal(catalog_diff(cx->arena, catalog, again), "");
    assert_string_equal(catalog_format(cx->arena, again), canonical);
    for (const char *line = canonical; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") < 300); /* laid out: no line holds a whole offer */
}

static void test_round_trip(void **state)
{
    (void)state;
    struct context cx = pure_context();
    const struct embed *demo = embed_find("demo/catalog.json");
    assert_non_null(demo);
    check_round_trip(&cx, (const char *)demo->data);
    check_round_trip(&cx, example_text(&cx));
    pure_end(&cx);
}

static void test_canonical_file(void **state)
{
    (void)state;
    static const char TEXT[] =
        "{\n"
        "  \"version\": \"é \\\"1\\\"\",\n"
        "  \"offers\": [\n"
        "    {\n"
        "      \"id\": \"a\",\n"
        "      \"kind\": \"base\",\n"
        "      \"name\": {\"en\": \"A, b: [c]\", \"fr\": \"À\"},\n"
        "      \"unit\": \"user\",\n"
        "      \"scope\": \"tenant\",\n"
        "      \"quantity\": {\"min\": 2, \"step\": 2},\n"
        "      \"features\": [{\"name\": \"s\", \"type\": \"switch\", \"per\": \"unit\"}],\n"
        "      \"on_sale\": {\"until\": \"2026-02-01\"},\n"
        "      \"end_of_sale\": true,\n"
        "      \"proration\": \"full\",\n"
        "      \"prices\": [\n"
        "        {\"currency\": \"EUR\", \"term\": \"P1M\", \"billing\": \"monthly\", "
        "\"unit_amount\": \"18.5\"},\n"
        "        {\n"
        "          \"currency\": \"EUR\",\n"
        "          \"term\": \"P1Y\",\n"
        "          \"billing\": \"yearly\",\n"
        "          \"tiers\": {\n"
        "            \"mode\": \"volume\",\n"
        "            \"steps\": [{\"up_to\": 10, \"unit_amount\": 3780}, {\"unit_amount\": 0}]\n"
        "          }\n"
        "        }\n"
        "      ]\n"
        "    }\n"
        "  ],\n"
        "  \"tax_rates\": [{\"country\": \"FR\", \"category\": \"standard\", \"percent\": \"5.5\", "
        "\"from\": \"2014-01-01\"}]\n"
        "}\n";
    struct context cx = pure_context();
    assert_string_equal(catalog_format(cx.arena, parse(&cx, TEXT)), TEXT);
    pure_end(&cx);
}

static void test_diff(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *lines;
    } ROWS[] = {
        {"\"2026-01\"", "\"2026-01\"", ""},
        {"\"2026-01\"", "\"2026-02\"", "~ version 2026-01 → 2026-02\n"},
        {"1250", "1300", "~ suite: price EUR P1M monthly 12.50 → 13.00\n"},
        {"1250", "\"1250.125\"", "~ suite: price EUR P1M monthly 12.50 → 12.50125\n"},
        {"\"P1Y\",\"billing\":\"monthly\",\"unit_amount\":1050",
         "\"P3Y\",\"billing\":\"upfront\",\"unit_amount\":5",
         "~ suite: price EUR P3Y upfront 0.05 added\n"
         "~ suite: price EUR P1Y monthly 10.50 removed\n"},
        {"9000", "9100",
         "~ calls: price EUR P1Y yearly graduated: to 10 90.00, then 80.00 → graduated: to 10 "
         "91.00, then 80.00\n"},
        {"\"trial\":{\"days\":30,\"quantity\":25},", "",
         "~ suite: trial {\"days\":30,\"quantity\":25} → default\n"},
        {"\"excludes\":[\"calls-world\"],", "",
         "~ calls: excludes [\"calls-world\"] → default\n"
         "~ calls-world: excludes [\"calls\"] → default\n"},
        {"\"Archivage\"", "\"Archives\"",
         "~ archive: name {\"en\":\"Archive\",\"fr\":\"Archivage\"} → "
         "{\"en\":\"Archive\",\"fr\":\"Archives\"}\n"},
        {"\"id\":\"archive\"", "\"id\":\"vault\"", "+ offer vault\n- offer archive\n"},
        {"\"percent\":\"20\"", "\"percent\":\"20.6\"",
         "- tax rate FR standard 20 % from 2014-01-01\n"
         "+ tax rate FR standard 20.6 % from 2014-01-01\n"},
    };
    struct context cx = pure_context();
    const char *text = example_text(&cx);
    const struct catalog *before = parse(&cx, text);
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        const struct catalog *after = parse(&cx, changed(&cx, text, ROWS[i].from, ROWS[i].to));
        assert_string_equal(catalog_diff(cx.arena, before, after), ROWS[i].lines);
    }
    pure_end(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_excludes_are_symmetric),
        cmocka_unit_test(test_on_sale),
        cmocka_unit_test(test_price_split),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_canonical_file),
        cmocka_unit_test(test_diff),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
