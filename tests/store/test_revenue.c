/* Revenue in the ledger: earned by day, posted when a month is over (rules §6, Ledger). */
#include <string.h>

#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "payment/payment_do.h"
#include "support/shop_store.h"

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1250}]},"
    "{\"id\":\"storage\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"S\",\"fr\":\"S\"},"
    "\"unit\":\"gigabyte\",\"connects_to\":[\"suite\"],\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":20}]}]}";

struct world {
    struct context *cx;
    const char *account;
};

static void set_time(struct world *world, const char *text)
{
    assert_true(instant_parse(text, &world->cx->now));
    world->cx->wall = world->cx->now;
    if (world->cx->customer[0] != '\0')
        assert_int_equal(engine_run_due(world->cx, world->cx->now, true), OK);
}

static struct world begin(void **state)
{
    struct store *store = *state;
    struct world world = {.cx = &store->cx};
    shop_open(world.cx);
    set_time(&world, "2026-01-13T00:00:00Z");
    shop_publish(world.cx, CATALOG);
    world.account = shop_sign_up(world.cx, ACCOUNT_CLASSIC);
    shop_add_card(world.cx, world.account, "success");
    return world;
}

static const struct order *order(struct world *world, const char *offer, int64_t quantity,
                                 const char *connect_to, const char *method)
{
    struct order_request_line line = {.name = offer,
                                      .offer = offer,
                                      .quantity = quantity,
                                      .connect_to = connect_to,
                                      .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = world->account,
                              .order = {.lines = &line, .line_count = 1, .payment_method = method}};
    struct engine_run placed = {0};
    assert_int_equal(engine_command(world->cx, &command, &placed), OK);
    assert_int_equal(engine_settle_payments(world->cx, NULL), OK);
    return placed.decision.order;
}

static const char *subscription(const struct order *order)
{
    return order->lines.items[0]->subscription;
}

static void change(struct world *world, const struct command *command)
{
    struct engine_run done = {0};
    assert_int_equal(engine_command(world->cx, command, &done), OK);
    assert_int_equal(engine_settle_payments(world->cx, NULL), OK);
}

/* "2026-01 7661 2026-02 …": what the revenue account has, month by month. */
static void assert_revenue(struct world *world, const char *expected)
{
    struct db_rows rows;
    const char *found = "";
    assert_int_equal(db_select(world->cx, &rows,
                               "SELECT substr(posted_on, 1, 7) || ' '"
                               " || CAST(-SUM(amount_minor) AS text) FROM posting"
                               " WHERE customer = $1 AND ledger_account = 'revenue'"
                               " GROUP BY substr(posted_on, 1, 7) ORDER BY 1",
                               DB_ARGS(db_text(world->cx->customer))),
                     OK);
    while (db_next(&rows))
        found = arena_print(world->cx->arena, "%s%s%s", found, found[0] ? ", " : "",
                            db_get_text(&rows, 0));
    assert_int_equal(db_done(&rows), OK);
    assert_string_equal(found, expected);
}

static void assert_deferred(struct world *world, int64_t expected)
{
    int64_t found;
    assert_int_equal(db_one_integer(world->cx, &found,
                                    "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS bigint)"
                                    " FROM posting WHERE customer = $1"
                                    " AND ledger_account = 'deferred_revenue'",
                                    DB_ARGS(db_text(world->cx->customer))),
                     OK);
    assert_int_equal(-found, expected);
}

static void end(struct world *world)
{
    struct doctor doctor;
    assert_int_equal(doctor_run(world->cx, &doctor), OK);
    assert_int_equal(doctor.fault_count, 0);
    catalog_cache_free(world->cx->catalogs);
}

/* The example of formats: what `annex simulate` prints as revenue is what the ledger has. */
static void test_the_example(void **state)
{
    struct world world = begin(state);
    const char *base = subscription(order(&world, "suite", 10, NULL, NULL));
    assert_deferred(&world, 12500);
    set_time(&world, "2026-02-01T00:00:00Z");
    assert_revenue(&world, "2026-01 7661");
    assert_deferred(&world, 12500 - 7661);
    const char *store = subscription(order(&world, "storage", 100, base, NULL));
    set_time(&world, "2026-02-20T00:00:00Z");
    change(&world,
           &(struct command){.kind = COMMAND_SET_QUANTITY, .subscription = store, .quantity = 40});
    assert_revenue(&world, "2026-01 7661");
    set_time(&world, "2026-03-01T00:00:00Z");
    change(&world, &(struct command){.kind = COMMAND_CANCEL, .subscription = base});
    assert_revenue(&world, "2026-01 7661, 2026-02 13513");
    assert_deferred(&world, 0); /* what was cancelled is not earned */
    set_time(&world, "2026-06-30T00:00:00Z");
    assert_revenue(&world, "2026-01 7661, 2026-02 13513");
    struct account *account;
    assert_int_equal(account_load(world.cx, world.account, &account), OK);
    assert_int_equal(account->earn_on, DAY_NONE); /* nothing is left to earn */
    end(&world);
}

/* An order of January that is completed in February, when January is posted already: its one day
 * is earned with it. Nobody earns anything of an order that failed. */
static void test_a_document_of_a_month_that_is_over(void **state)
{
    struct world world = begin(state);
    order(&world, "suite", 10, NULL, NULL);
    const char *waiting = shop_add_card(world.cx, world.account, "authentication");
    set_time(&world, "2026-01-31T20:00:00Z");
    const struct order *late = order(&world, "suite", 14, NULL, waiting);
    order(&world, "suite", 100, NULL, shop_add_card(world.cx, world.account, "decline"));
    set_time(&world, "2026-02-01T10:00:00Z");
    assert_revenue(&world, "2026-01 7661");
    change(&world,
           &(struct command){.kind = COMMAND_SETTLE_PAYMENT,
                             .settlement = {.payment = late->payment, .state = PAYMENT_SUCCEEDED}});
    assert_revenue(&world, "2026-01 7661, 2026-02 625"); /* 1/28 of 175.00 */
    set_time(&world, "2026-02-13T00:00:00Z");
    change(&world, &(struct command){.kind = COMMAND_CANCEL, .subscription = subscription(late)});
    end(&world);
}

/* A server that sleeps for months posts each month as one that did not. */
static void test_a_server_that_comes_back_late(void **state)
{
    struct world world = begin(state);
    order(&world, "suite", 10, NULL, NULL);
    assert_true(instant_parse("2026-04-20T12:00:00Z", &world.cx->now));
    world.cx->wall = world.cx->now;
    assert_int_equal(engine_run_due(world.cx, world.cx->now, false), OK);
    /* 13 Jan to 12 Feb, to 12 Mar, to 12 Apr: 19 + 12 of 31 days, 16 + 12 of 28, 19 + 12 of 31 */
    assert_revenue(&world, "2026-01 7661, 2026-02 11982, 2026-03 13018");
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_the_example),
        STORE_TEST(test_a_document_of_a_month_that_is_over),
        STORE_TEST(test_a_server_that_comes_back_late),
    };
    return store_run_tests("revenue", tests, sizeof tests / sizeof *tests);
}
