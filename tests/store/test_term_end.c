/* Coterminous at a renewal (rules §4): the next term ends with another subscription, or with a
 * month; it is shortened, its periods are cut backwards, a piece is charged by its days. */
#include <inttypes.h>
#include <string.h>

#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "engine/decision_json.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "engine/upcoming_do.h"
#include "invoice/invoice_store.h"
#include "payment/payment_do.h"
#include "subscription/schedule_store.h"
#include "subscription/subscription_store.h"
#include "support/shop_store.h"

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"office\",\"kind\":\"base\",\"name\":{\"en\":\"O\",\"fr\":\"O\"},"
    "\"unit\":\"user\",\"change_to\":[\"plus\"],\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1250},{\"currency\":\"EUR\",\"term\":\"P1Y\","
    "\"billing\":\"yearly\",\"unit_amount\":12000}]},"
    "{\"id\":\"plus\",\"kind\":\"base\",\"name\":{\"en\":\"P\",\"fr\":\"P\"},"
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":2000}]},"
    "{\"id\":\"whole\",\"kind\":\"base\",\"name\":{\"en\":\"W\",\"fr\":\"W\"},"
    "\"unit\":\"user\",\"proration\":\"full\",\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1Y\",\"billing\":\"yearly\",\"unit_amount\":12000}]}]}";

struct world {
    struct context *cx;
    const char *account;
    const char *year;  /* from 1 March */
    const char *month; /* from 13 March */
};

static void set_day(struct world *world, const char *text)
{
    civil_day day;
    assert_true(day_parse(text, &day));
    world->cx->now = world->cx->wall = zone_start_of_day("UTC", day);
    if (world->cx->customer[0] != '\0')
        assert_int_equal(engine_run_due(world->cx, world->cx->now, true), OK);
}

static enum err command(struct world *world, const struct command *command)
{
    struct engine_run done = {0};
    enum err err = engine_command(world->cx, command, &done);
    if (err == OK)
        err = engine_settle_payments(world->cx, NULL);
    fault_clear(world->cx);
    return err;
}

static const char *order(struct world *world, const char *offer, const char *name, enum term term)
{
    struct order_request_line line = {.name = name,
                                      .offer = offer,
                                      .quantity = 1,
                                      .term = term,
                                      .billing =
                                          term == TERM_P1Y ? BILLING_YEARLY : BILLING_MONTHLY,
                                      .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = world->account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run placed = {0};
    assert_int_equal(engine_command(world->cx, &command, &placed), OK);
    assert_int_equal(engine_settle_payments(world->cx, NULL), OK);
    return placed.decision.order->lines.items[0]->subscription;
}

static struct world begin(void **state, enum account_type type)
{
    struct store *store = *state;
    struct world world = {.cx = &store->cx};
    shop_open(world.cx);
    set_day(&world, "2026-03-01");
    shop_publish(world.cx, CATALOG);
    world.account = shop_sign_up(world.cx, type);
    shop_add_card(world.cx, world.account, "success");
    world.year = order(&world, "office", "year", TERM_P1Y);
    set_day(&world, "2026-03-13");
    world.month = order(&world, "office", "month", TERM_P1M);
    return world;
}

static void end(struct world *world)
{
    struct doctor doctor;
    assert_int_equal(doctor_run(world->cx, &doctor), OK);
    assert_int_equal(doctor.fault_count, 0);
    catalog_cache_free(world->cx->catalogs);
}

static enum err end_with(struct world *world, const char *subscription, const char *with)
{
    return command(world, &(struct command){.kind = COMMAND_END_WITH,
                                            .subscription = subscription,
                                            .ends_with = with,
                                            .at_renewal = true});
}

/* "2027-03-01 2028-01-01": the present term. */
static void assert_term(struct world *world, const char *subscription, const char *expected)
{
    struct subscription *sub;
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
    assert_int_equal(subscription_load(world->cx, subscription, &sub), OK);
    day_format(sub->term_start, from);
    day_format(sub->term_end, to);
    assert_string_equal(arena_print(world->cx->arena, "%s %s", from, to), expected);
}

/* The last invoice: its lines' days and amounts. */
static void assert_billed(struct world *world, const char *expected)
{
    struct document_list all = {0};
    const char *found = "";
    assert_int_equal(invoice_load_all(world->cx, &all), OK);
    const struct document *last = all.items[all.count - 1];
    for (size_t i = 0; i < last->lines.count; i++) {
        const struct line *line = last->lines.items[i];
        found = arena_print(world->cx->arena, "%s%s%" PRId64 "/%" PRId64 " %" PRId64, found,
                            i > 0 ? ", " : "", line->days, line->of_days, line->amount.minor);
    }
    assert_string_equal(found, expected);
}

static void test_with_a_month(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    assert_int_equal(end_with(&world, world.year, "2027-02"), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, world.year, "2028-03"), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, world.year, "2027-12"), OK);
    struct upcoming upcoming;
    assert_int_equal(upcoming_load(world.cx, world.account, 12, &upcoming), OK);
    set_day(&world, "2027-03-01");
    assert_term(&world, world.year, "2027-03-01 2028-01-01");
    assert_billed(&world, "306/365 10060"); /* 12000 × 306 / 365 */
    bool is_foreseen = false;
    for (size_t i = 0; i < upcoming.charges.count; i++)
        is_foreseen = is_foreseen || upcoming.charges.items[i]->invoice->total.minor == 10060;
    assert_true(is_foreseen);
    set_day(&world, "2028-01-01"); /* and whole terms again */
    assert_term(&world, world.year, "2028-01-01 2029-01-01");
    assert_billed(&world, "366/366 12000");
    end(&world);
}

/* The other renews on the way: what counts is when it ends then. */
static void test_with_another(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    assert_int_equal(end_with(&world, world.month, world.month), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, world.month, world.year), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, world.month, "sub_x"), ERR_NOT_FOUND);
    assert_int_equal(end_with(&world, world.year, world.month), OK);
    set_day(&world, "2027-03-01");
    assert_term(&world, world.year, "2027-03-01 2027-03-13");
    assert_billed(&world, "12/365 395");
    set_day(&world, "2027-03-13");
    assert_term(&world, world.year, "2027-03-13 2028-03-13");
    assert_billed(&world, "31/31 1250, 366/366 12000"); /* together from now on */
    end(&world);
}

/* What it should end with has gone: a whole term, as if nobody had asked. */
static void test_what_has_gone(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    struct schedule_list left = {0};
    assert_int_equal(end_with(&world, world.year, world.month), OK);
    assert_int_equal(command(&world, &(struct command){.kind = COMMAND_RECURRING_BILLING,
                                                       .subscription = world.month}),
                     OK);
    set_day(&world, "2027-03-01");
    assert_term(&world, world.year, "2027-03-01 2028-03-01");
    assert_int_equal(schedule_load(world.cx, world.year, &left), OK);
    assert_int_equal(left.count, 0);
    end(&world);
}

static void test_classic(void **state)
{
    struct world world = begin(state, ACCOUNT_CLASSIC);
    assert_int_equal(end_with(&world, world.year, "2027-12"), ERR_INVALID);
    end(&world);
}

/* `full` is for changes in mid-period: what is shown before is what the piece is charged. */
static void test_full(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    set_day(&world, "2026-03-20");
    const char *whole = order(&world, "whole", "whole", TERM_P1Y);
    struct command command = {.kind = COMMAND_END_WITH,
                              .subscription = whole,
                              .ends_with = "2027-06",
                              .at_renewal = true};
    struct engine_run shown = {.preview = true};
    struct next_charge next;
    assert_int_equal(engine_command(world.cx, &command, &shown), OK);
    assert_true(decision_next_charge(world.cx, shown.state,
                                     state_find_subscription(shown.state, whole), &next));
    assert_int_equal(next.net.minor, 3386); /* 12000 × 103 / 365 */
    assert_int_equal(end_with(&world, whole, "2027-06"), OK);
    set_day(&world, "2027-03-20");
    assert_term(&world, whole, "2027-03-20 2027-07-01");
    assert_billed(&world, "103/365 3386");
    end(&world);
}

enum { TOGETHER = 4 };

/* Years from 20 March, renewed together: two pairs, in which the first or the second leads. */
static void order_pairs(struct world *world, const char **ret_years)
{
    static const char *const NAMES[TOGETHER] = {"first", "second", "third", "fourth"};
    set_day(world, "2026-03-20");
    for (int i = 0; i < TOGETHER; i++)
        ret_years[i] = order(world, "office", NAMES[i], TERM_P1Y);
}

static void assert_pairs(struct world *world, const char *const *years, const char *expected)
{
    set_day(world, "2027-03-20");
    for (int i = 0; i < TOGETHER; i++)
        assert_term(world, years[i], expected);
    end(world);
}

/* The other is to end elsewhere itself: with it there, whichever is renewed first. */
static void test_with_one_that_ends_elsewhere(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    const char *years[TOGETHER];
    order_pairs(&world, years);
    assert_int_equal(end_with(&world, years[0], "2027-06"), OK);
    assert_int_equal(end_with(&world, years[1], years[0]), OK);
    assert_int_equal(end_with(&world, years[2], years[3]), OK);
    assert_int_equal(end_with(&world, years[3], "2027-06"), OK);
    assert_pairs(&world, years, "2027-03-20 2027-07-01");
}

/* The other is to have another term. */
static void test_with_one_of_another_term(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    const char *years[TOGETHER];
    order_pairs(&world, years);
    for (int i = 0; i < TOGETHER; i += TOGETHER - 1) {
        const struct command monthly = {.kind = COMMAND_BILLING,
                                        .subscription = years[i],
                                        .term = TERM_P1M,
                                        .billing = BILLING_MONTHLY,
                                        .at_renewal = true};
        assert_int_equal(command(&world, &monthly), OK);
    }
    assert_int_equal(end_with(&world, years[1], years[0]), OK);
    assert_int_equal(end_with(&world, years[2], years[3]), OK);
    assert_pairs(&world, years, "2027-03-20 2027-04-20");
}

/* What would end with itself, by way of others, is refused. */
static void test_in_a_circle(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    const char *years[TOGETHER];
    order_pairs(&world, years);
    assert_int_equal(end_with(&world, years[0], years[1]), OK);
    assert_int_equal(end_with(&world, years[1], years[0]), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, years[1], years[2]), OK);
    assert_int_equal(end_with(&world, years[2], years[0]), ERR_TERM_END_DATE_INVALID);
    assert_int_equal(end_with(&world, years[3], years[0]), OK);
    assert_pairs(&world, years, "2027-03-20 2028-03-20");
}

/* What ends with one whose plan changes is foreseen by that plan, also by whoever reads, and so
 * stands at no account. */
static void test_with_one_whose_plan_changes(void **state)
{
    struct world world = begin(state, ACCOUNT_AGREEMENT);
    const char *other = order(&world, "office", "other", TERM_P1M);
    const struct command plan = {.kind = COMMAND_CHANGE_PLAN,
                                 .subscription = world.month,
                                 .offer = "plus",
                                 .at_renewal = true};
    assert_int_equal(command(&world, &plan), OK);
    assert_int_equal(end_with(&world, other, world.month), OK);
    const char *price = strstr(CATALOG, "1250");
    const char *dearer = arena_print(world.cx->arena, "{\"version\":\"2%.*s1300%s",
                                     (int)(price - CATALOG - (ptrdiff_t)strlen("{\"version\":\"1")),
                                     CATALOG + strlen("{\"version\":\"1"), price + strlen("1250"));
    set_day(&world, "2026-03-20");
    shop_publish(world.cx, dearer);
    set_day(&world, "2026-03-21");
    end(&world); /* asks what is due next */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_with_a_month),
        STORE_TEST(test_with_another),
        STORE_TEST(test_what_has_gone),
        STORE_TEST(test_classic),
        STORE_TEST(test_full),
        STORE_TEST(test_with_one_that_ends_elsewhere),
        STORE_TEST(test_with_one_of_another_term),
        STORE_TEST(test_in_a_circle),
        STORE_TEST(test_with_one_whose_plan_changes),
    };
    return store_run_tests("term_end", tests, sizeof tests / sizeof *tests);
}
