/* The doctor: a small world made by the engine is right; one row broken, and the checks that
 * concern it complain, and no other. */
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "order/order_store.h"
#include "payment/payment_do.h"
#include "subscription/subscription_store.h"
#include "support/shop_store.h"

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"
    "\"unit\":\"user\",\"setup\":[{\"currency\":\"EUR\",\"amount\":2500}],\"prices\":["
    "{\"currency\":\"EUR\",\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":1250}]},"
    "{\"id\":\"storage\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"S\",\"fr\":\"S\"},"
    "\"unit\":\"gigabyte\",\"connects_to\":[\"suite\"],\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":20}]}],"
    "\"tax_rates\":[{\"country\":\"FR\",\"category\":\"standard\",\"percent\":\"20\","
    "\"from\":\"2014-01-01\"}]}";

/* The world ------------------------------------------------------------------------------------ */

struct world {
    struct context *cx;
    const char *account;
    const char *declined; /* a card that is */
    const char *waiting;  /* a card whose bank wants to see the person */
};

static void set_day(struct context *cx, const char *text)
{
    civil_day day;
    assert_true(day_parse(text, &day));
    cx->now = cx->wall = zone_start_of_day("UTC", day);
    assert_true(cx->customer[0] == '\0' || engine_run_due(cx, cx->now, true) == OK);
}

static const char *add_card(struct world *world, const char *test)
{
    struct method_request request = {.account = world->account, .kind = METHOD_CARD, .test = test};
    struct payment_method method;
    assert_int_equal(method_create(world->cx, &request, &method), OK);
    return method.id;
}

static void add_customer(struct world *world, const char *name)
{
    struct context *cx = world->cx;
    struct organization_request request = {
        .name = name,
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR", .time_zone = "UTC"},
        .person = {.name = name, .email = arena_print(cx->arena, "x@%s.example", name)},
    };
    struct organization_created created;
    assert_int_equal(organization_create(cx, &request, &created), OK);
    cx->customer = created.organization.id;
    world->account = created.account.id;
    add_card(world, "success");
    world->declined = add_card(world, "decline");
    world->waiting = add_card(world, "authentication");
}

static void run(struct world *world, const struct command *command, struct engine_run *run)
{
    assert_int_equal(engine_command(world->cx, command, run), OK);
    assert_int_equal(engine_settle_payments(world->cx, NULL), OK);
}

static const char *order(struct world *world, const char *offer, int64_t quantity,
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
    run(world, &command, &placed);
    return placed.decision.order->lines.items[0]->subscription;
}

static void change(struct world *world, enum command_kind kind, const char *subscription,
                   int64_t quantity)
{
    struct command command = {.kind = kind, .subscription = subscription, .quantity = quantity};
    struct engine_run done = {0};
    run(world, &command, &done);
}

/* Another account of the customer, elsewhere in the EU, whose tax is reversed. */
static void add_reversed(struct world *world)
{
    const char *first = world->account;
    const struct account_request request = {
        .country = "DE", .vat_id = "DE136695976", .currency = "EUR", .time_zone = "UTC"};
    struct account account;
    assert_int_equal(account_create(world->cx, &request, &account), OK);
    world->account = account.id;
    add_card(world, "success");
    order(world, "suite", 1, NULL, NULL);
    world->account = first;
}

/* One customer with everything under way, and one who has left and got the rest back. */
static struct world world_create(struct store *store)
{
    struct world world = {.cx = &store->cx};
    struct context *cx = world.cx;
    shop_open(cx);
    set_day(cx, "2026-01-13");
    shop_publish(cx, CATALOG);
    add_customer(&world, "leaver");
    change(&world, COMMAND_CANCEL, order(&world, "suite", 3, NULL, NULL), 0);
    add_customer(&world, "marsault");
    const char *base = order(&world, "suite", 10, NULL, NULL);
    order(&world, "suite", 1, NULL, world.declined);
    add_reversed(&world);
    set_day(cx, "2026-02-01");
    const char *addon = order(&world, "storage", 100, base, NULL);
    set_day(cx, "2026-02-20");
    change(&world, COMMAND_SET_QUANTITY, addon, 40);
    change(&world, COMMAND_SET_QUANTITY, addon, 60);
    order(&world, "suite", 2, NULL, world.waiting);
    int64_t before, after;
    assert_int_equal(invoice_count_unnumbered(cx, &before), OK);
    assert_int_equal(invoice_number_due(cx, INT64_MAX), OK);
    assert_int_equal(invoice_count_unnumbered(cx, &after), OK);
    assert_true(before >= 5 && after == 0);
    return world;
}

/* What is broken ------------------------------------------------------------------------------- */

/* The first row that has what the case needs, so that each change concerns one row. */
#define FIRST(table, which) " WHERE id = (SELECT MIN(id) FROM " table " WHERE " which ")"
#define CHARGE "undoes IS NULL AND reason = 'renewal'"
#define ADDON FIRST("subscription", "parent IS NOT NULL")
#define BASE FIRST("subscription", "status = 'active' AND parent IS NULL")

static const struct breakage {
    const char *complaints; /* names of the checks, in their order */
    const char *sql;
} BREAKAGES[] = {
#include "store/doctor_breakages.def"
};
enum { BREAKAGE_COUNT = sizeof BREAKAGES / sizeof *BREAKAGES };

/* The checks that complain, each once, in their order. */
static const char *complaints(struct context *cx, const struct doctor *doctor)
{
    const char *names = "";
    const char *last = "";
    for (size_t i = 0; i < doctor->faults.count; i++) {
        const char *name = doctor->faults.items[i]->check;
        if (strcmp(name, last) == 0)
            continue;
        names = arena_print(cx->arena, "%s%s%s", names, names[0] ? " " : "", name);
        last = name;
    }
    return names;
}

static void test_right(void **state)
{
    struct world world = world_create(*state);
    struct doctor doctor;
    assert_int_equal(doctor_run(world.cx, &doctor), OK);
    assert_string_equal(complaints(world.cx, &doctor), "");
    assert_int_equal(doctor.fault_count, 0);
    for (int i = 0; i < DOCTOR_COUNT_COUNT; i++)
        assert_true(doctor.checked[i] > 0);
    assert_int_equal(doctor.checked[DOCTOR_CUSTOMERS], 2);
    catalog_cache_free(world.cx->catalogs);
}

static void check_right(struct world *world)
{
    struct doctor doctor;
    assert_int_equal(doctor_run(world->cx, &doctor), OK);
    for (size_t i = 0; i < doctor.faults.count; i++) {
        const struct doctor_fault *fault = doctor.faults.items[i];
        print_message("%s: %s: expected %s, found %s\n", fault->check, fault->where,
                      fault->expected, fault->found);
    }
    assert_int_equal(doctor.fault_count, 0);
}

/* From purchase to deletion, by the end of the term and by non-payment, with an add-on each. */
static void test_right_to_the_end(void **state)
{
    static const char *const DAYS[] = {"2026-03-01", "2026-03-14", "2026-03-20", "2026-04-15",
                                       "2026-06-15", "2026-07-20", "2026-12-01"};
    struct world world = world_create(*state);
    struct context *cx = world.cx;
    const char *base = order(&world, "suite", 4, NULL, NULL);
    order(&world, "storage", 10, base, NULL);
    change(&world, COMMAND_CANCEL_AT_END, base, 0);
    const char *unpaid = order(&world, "suite", 5, NULL, add_card(&world, "decline_recurring"));
    order(&world, "storage", 20, unpaid, NULL);
    check_right(&world);
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        set_day(cx, DAYS[i]);
        assert_int_equal(invoice_number_due(cx, INT64_MAX), OK);
        check_right(&world);
    }
    struct subscription *sub;
    assert_int_equal(subscription_load(cx, base, &sub), OK);
    assert_int_equal(sub->status, SUBSCRIPTION_DELETED);
    assert_int_equal(subscription_load(cx, unpaid, &sub), OK);
    assert_int_equal(sub->status, SUBSCRIPTION_DELETED);
    catalog_cache_free(cx->catalogs);
}

/* Before the first catalogue a store is right too. */
static void test_nothing_published(void **state)
{
    struct store *store = *state;
    struct world world = {.cx = &store->cx};
    store->cx.seller = &SHOP_SELLER;
    add_customer(&world, "early");
    check_right(&world);
}

static void test_broken(void **state)
{
    struct world world = world_create(*state);
    int wrong = 0;
    for (size_t i = 0; i < BREAKAGE_COUNT; i++) {
        struct doctor doctor;
        int64_t touched;
        assert_int_equal(db_batch_begin(world.cx), OK);
        assert_int_equal(db_run_count(world.cx, BREAKAGES[i].sql, DB_NO_ARGS, &touched), OK);
        assert_int_equal(doctor_run(world.cx, &doctor), OK);
        const char *found = complaints(world.cx, &doctor);
        if (touched == 0 || strcmp(found, BREAKAGES[i].complaints) != 0) {
            print_message("%s\n  touches %d rows\n  expected: %s\n  found:    %s\n",
                          BREAKAGES[i].sql, (int)touched, BREAKAGES[i].complaints, found);
            wrong++;
        }
        db_batch_rollback(world.cx);
    }
    assert_int_equal(wrong, 0);
    catalog_cache_free(world.cx->catalogs);
}

/* Every check of the tables complains of something above. */
static void test_every_check_can_fail(void **state)
{
    (void)state;
    for (size_t i = 0; doctor_check_name(i) != NULL; i++) {
        bool is_seen = false;
        for (size_t b = 0; b < BREAKAGE_COUNT && !is_seen; b++) {
            const char *place = strstr(BREAKAGES[b].complaints, doctor_check_name(i));
            size_t size = strlen(doctor_check_name(i));
            is_seen = place != NULL && (place[size] == '\0' || place[size] == ' ') &&
                      (place == BREAKAGES[b].complaints || place[-1] == ' ');
        }
        if (!is_seen)
            print_message("%s never complains\n", doctor_check_name(i));
        assert_true(is_seen);
    }
}

/* Faults are bounded, their number is not. */
static void test_many_faults(void **state)
{
    struct world world = world_create(*state);
    struct doctor doctor;
    assert_int_equal(db_run(world.cx,
                            "INSERT INTO subscription_change (customer, subscription, position,"
                            " status, changed_on, changed_at, cause) WITH RECURSIVE n (i) AS"
                            " (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1299)"
                            " SELECT s.customer, s.id, n.i, 'active', '2026-02-20', 0, 'test'"
                            " FROM n, subscription s WHERE s.parent IS NOT NULL",
                            DB_NO_ARGS),
                     OK);
    assert_int_equal(doctor_run(world.cx, &doctor), OK);
    assert_true(doctor.fault_count > 1000);
    assert_int_equal(doctor.faults.count, 1000);
    catalog_cache_free(world.cx->catalogs);
}

/* Only the customer that is asked for is looked at. */
static void test_one_customer(void **state)
{
    struct world world = world_create(*state);
    struct doctor doctor;
    assert_int_equal(db_run(world.cx,
                            "UPDATE subscription SET quantity = quantity, status_on = '2026-01-01'"
                            " WHERE status = 'disabled'",
                            DB_NO_ARGS),
                     OK);
    assert_int_equal(doctor_run_customer(world.cx, &doctor), OK);
    assert_int_equal(doctor.fault_count, 0);
    assert_int_equal(doctor.checked[DOCTOR_CUSTOMERS], 1);
    assert_int_equal(doctor_run(world.cx, &doctor), OK);
    assert_int_equal(doctor.fault_count, 1);
    catalog_cache_free(world.cx->catalogs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_right),
        STORE_TEST(test_right_to_the_end),
        STORE_TEST(test_nothing_published),
        STORE_TEST(test_broken),
        STORE_TEST(test_every_check_can_fail),
        STORE_TEST(test_many_faults),
        STORE_TEST(test_one_customer),
    };
    return store_run_tests("doctor", tests, sizeof(tests) / sizeof(tests[0]));
}
