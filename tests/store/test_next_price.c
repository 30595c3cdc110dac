/* The next price is announced as soon as it is known, once (rules §1). */
#include <string.h>

#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "engine/decision_json.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "payment/payment_do.h"
#include "subscription/subscription_store.h"
#include "support/shop_store.h"

/* Versions 1, 2, 3 … of a suite by the month, with storage at a price of its own. */
#define SUITE                                                                                      \
    "{\"version\":\"%d\",\"offers\":["                                                             \
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"            \
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","                        \
    "\"billing\":\"monthly\",\"unit_amount\":%d}]},"                                               \
    "{\"id\":\"storage\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"S\",\"fr\":\"S\"},"     \
    "\"unit\":\"gigabyte\",\"connects_to\":[\"suite\"],\"prices\":[{\"currency\":\"EUR\","         \
    "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":%d}]},"                              \
    "{\"id\":\"brief\",\"kind\":\"base\",\"name\":{\"en\":\"B\",\"fr\":\"B\"},"                    \
    "\"unit\":\"user\",\"disabled_days\":0,\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","    \
    "\"billing\":\"monthly\",\"unit_amount\":500}]}]}"

struct world {
    struct context *cx;
    const char *account;
    const char *base;
    const char *addon;
    int version;
};

static void set_day(struct world *world, const char *text)
{
    civil_day day;
    assert_true(day_parse(text, &day));
    world->cx->now = world->cx->wall = zone_start_of_day("UTC", day) + 12 * MS_PER_HOUR;
    if (world->cx->customer[0] != '\0')
        assert_int_equal(engine_run_due(world->cx, world->cx->now, true), OK);
}

/* At this very instant; what it makes due is due just after. */
static void publish_now(struct world *world, int suite, int storage)
{
    shop_publish(world->cx, arena_print(world->cx->arena, SUITE, ++world->version, suite, storage));
}

static void publish(struct world *world, int suite, int storage)
{
    struct context *cx = world->cx;
    const char *customer = cx->customer;
    publish_now(world, suite, storage);
    cx->now += MS_PER_HOUR;
    if (customer[0] != '\0')
        assert_int_equal(engine_run_due(cx, cx->now, true), OK);
}

static void change(struct world *world, const struct command *command, struct engine_run *run)
{
    assert_int_equal(engine_command(world->cx, command, run), OK);
    assert_int_equal(engine_settle_payments(world->cx, NULL), OK);
}

static const char *order(struct world *world, const char *offer, int64_t quantity,
                         const char *connect_to)
{
    struct order_request_line line = {.name = offer,
                                      .offer = offer,
                                      .quantity = quantity,
                                      .connect_to = connect_to,
                                      .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = world->account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run placed = {0};
    change(world, &command, &placed);
    return placed.decision.order->lines.items[0]->subscription;
}

/* 10 × 12.50 and 100 × 0.20 from 13 January; the doctor is content. */
static struct world begin(void **state)
{
    struct store *store = *state;
    struct world world = {.cx = &store->cx};
    shop_open(world.cx);
    set_day(&world, "2026-01-13");
    publish(&world, 1250, 20);
    world.account = shop_sign_up(world.cx, ACCOUNT_CLASSIC);
    shop_add_card(world.cx, world.account, "success");
    world.base = order(&world, "suite", 10, NULL);
    world.addon = order(&world, "storage", 100, world.base);
    return world;
}

static void end(struct world *world)
{
    struct doctor doctor;
    assert_int_equal(doctor_run(world->cx, &doctor), OK);
    assert_int_equal(doctor.fault_count, 0);
    catalog_cache_free(world->cx->catalogs);
}

/* What the subscription says of its next price: "2026-03-13 15000", or "". */
static const char *next_price(struct world *world, const char *id)
{
    struct subscription *sub;
    char day[DAY_TEXT_SIZE];
    assert_int_equal(subscription_load(world->cx, id, &sub), OK);
    if (sub->next_catalog == 0)
        return "";
    day_format(sub->next_price_on, day);
    return arena_print(world->cx->arena, "%s %d", day, (int)sub->next_price.minor);
}

static void assert_announced(struct world *world, const char *id, int64_t expected)
{
    int64_t found;
    assert_int_equal(db_one_integer(world->cx, &found,
                                    "SELECT COUNT(*) FROM event WHERE customer = $1"
                                    " AND subject = $2 AND type = 'subscription.price_announced'",
                                    DB_ARGS(db_text(world->cx->customer), db_text(id))),
                     OK);
    assert_int_equal(found, expected);
}

/* Published 29 days before a renewal, a dearer price waits for the next one; it is said at once. */
static void test_announced_when_published(void **state)
{
    struct world world = begin(state);
    assert_string_equal(next_price(&world, world.base), "");
    set_day(&world, "2026-01-15");
    publish(&world, 1500, 20);
    assert_string_equal(next_price(&world, world.base), "2026-03-13 15000");
    assert_string_equal(next_price(&world, world.addon), "");
    assert_announced(&world, world.base, 1);
    set_day(&world, "2026-02-20"); /* renewed at the present price meanwhile */
    assert_string_equal(next_price(&world, world.base), "2026-03-13 15000");
    assert_announced(&world, world.base, 1);
    set_day(&world, "2026-03-13");
    assert_string_equal(next_price(&world, world.base), "");
    assert_announced(&world, world.base, 1);
    end(&world);
}

/* 30 days before: the coming renewal. A cheaper one needs no notice, and is announced anew. */
static void test_announced_anew(void **state)
{
    struct world world = begin(state);
    set_day(&world, "2026-01-14");
    publish(&world, 1500, 30);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 15000");
    assert_string_equal(next_price(&world, world.addon), "2026-02-13 3000");
    set_day(&world, "2026-02-10");
    publish(&world, 1000, 30);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 10000");
    assert_announced(&world, world.base, 2);
    assert_announced(&world, world.addon,
                     1); /* as before: what is too young for it costs the same */
    end(&world);
}

/* It follows the quantity without a word, and goes when nothing is renewed. */
static void test_follows_what_changes(void **state)
{
    struct world world = begin(state);
    struct engine_run run = {0};
    set_day(&world, "2026-01-14");
    publish(&world, 1500, 20);
    change(
        &world,
        &(struct command){.kind = COMMAND_SET_QUANTITY, .subscription = world.base, .quantity = 12},
        &run);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 18000");
    assert_announced(&world, world.base, 1);
    change(&world,
           &(struct command){
               .kind = COMMAND_RECURRING_BILLING, .subscription = world.base, .on = false},
           &run);
    assert_string_equal(next_price(&world, world.base), "");
    change(&world,
           &(struct command){
               .kind = COMMAND_RECURRING_BILLING, .subscription = world.base, .on = true},
           &run);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 18000");
    assert_announced(&world, world.base, 2);
    end(&world);
}

/* What a cancel makes due at the start of the day is done after a version of that morning: what the
 * version brings is known still, and is announced once. */
static void test_what_is_due_before(void **state)
{
    struct world world = begin(state);
    struct engine_run run = {0};
    const char *brief = order(&world, "brief", 1, NULL);
    set_day(&world, "2026-01-14");
    publish(&world, 1500, 20);
    change(&world, &(struct command){.kind = COMMAND_CANCEL, .subscription = brief}, &run);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 15000");
    set_day(&world, "2026-01-15");
    assert_string_equal(next_price(&world, world.base), "2026-02-13 15000");
    assert_announced(&world, world.base, 1);
    end(&world);
}

/* Nobody is woken for a version that costs the same. */
static void test_the_same_prices(void **state)
{
    struct world world = begin(state);
    int64_t woken;
    set_day(&world, "2026-01-14");
    publish(&world, 1250, 20);
    assert_int_equal(db_one_integer(world.cx, &woken,
                                    "SELECT COUNT(*) FROM organization WHERE due_at = 0",
                                    DB_NO_ARGS),
                     OK);
    assert_int_equal(woken, 0);
    assert_announced(&world, world.base, 0);
    end(&world);
}

/* Nor is there anything to do when the price that was announced comes from that version now. */
static void test_the_announced_price_again(void **state)
{
    struct world world = begin(state);
    set_day(&world, "2026-01-14");
    publish(&world, 1500, 20);
    publish(&world, 1500, 20);
    assert_string_equal(next_price(&world, world.base), "2026-02-13 15000");
    assert_announced(&world, world.base, 1);
    end(&world);
}

/* A command that is given before the price was announced announces it, but that is no effect of
 * what was asked: a review would not hold from one moment to the next. */
static void test_is_no_effect_of_a_command(void **state)
{
    struct world world = begin(state);
    publish_now(&world, 1450, 25);
    const struct order_request_line line = {
        .name = "brief", .offer = "brief", .quantity = 1, .start_on = DAY_NONE};
    const struct command command = {.kind = COMMAND_ORDER,
                                    .account = world.account,
                                    .order = {.lines = &line, .line_count = 1}};
    struct engine_run run = {.preview = true};
    assert_int_equal(engine_command(world.cx, &command, &run), OK);
    struct json_writer w = json_begin(world.cx->arena);
    json_open_object(&w, NULL);
    decision_put(world.cx, run.state, &run.decision, &w);
    json_close_object(&w);
    assert_null(strstr(json_end(&w), world.base));
    assert_null(strstr(json_end(&w), world.addon));
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_announced_when_published),  STORE_TEST(test_announced_anew),
        STORE_TEST(test_follows_what_changes),      STORE_TEST(test_what_is_due_before),
        STORE_TEST(test_the_same_prices),           STORE_TEST(test_the_announced_price_again),
        STORE_TEST(test_is_no_effect_of_a_command),
    };
    return store_run_tests("next_price", tests, sizeof tests / sizeof *tests);
}
