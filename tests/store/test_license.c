/* Licences on each kind of store: what a conflict comes to, and what falls due for many customers
 * when one of them is broken. */
#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "license/license_do.h"
#include "license/license_store.h"
#include "order/order_store.h"
#include "payment/payment_do.h"
#include "subscription/subscription_store.h"
#include "support/shop_store.h"

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1250}]},"
    "{\"id\":\"vault\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"V\",\"fr\":\"V\"},"
    "\"unit\":\"user\",\"connects_to\":[\"suite\"],\"requires_base_license\":true,\"prices\":["
    "{\"currency\":\"EUR\",\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":20}]}]}";

struct world {
    struct context *cx;
    const char *account;
};

static void set_day(struct context *cx, const char *text)
{
    civil_day day;
    assert_true(day_parse(text, &day));
    cx->now = cx->wall = zone_start_of_day("UTC", day);
}

static void add_customer(struct world *world, int64_t number)
{
    struct context *cx = world->cx;
    struct organization_request request = {
        .name = "Customer",
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR", .untaxed = true, .time_zone = "UTC"},
        .person = {.name = "Ada",
                   .email = arena_print(cx->arena, "ada@%" PRId64 ".example", number)},
    };
    struct organization_created created;
    struct payment_method ignored;
    cx->customer = "";
    assert_int_equal(organization_create(cx, &request, &created), OK);
    cx->customer = created.organization.id;
    struct method_request method = {.account = created.account.id, .kind = METHOD_TRANSFER};
    assert_int_equal(method_create(cx, &method, &ignored), OK);
    world->account = created.account.id;
}

static struct world begin(void **state)
{
    struct store *store = *state;
    struct world world = {.cx = &store->cx};
    struct context *cx = world.cx;
    shop_open(cx);
    set_day(cx, "2026-01-13");
    shop_publish(cx, CATALOG);
    add_customer(&world, 0);
    return world;
}

static const char *order(struct world *world, const char *offer, int64_t quantity,
                         const char *connect_to)
{
    struct order_request_line line = {
        .offer = offer, .quantity = quantity, .connect_to = connect_to, .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = world->account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run run = {0};
    assert_int_equal(engine_command(world->cx, &command, &run), OK);
    return run.decision.order->lines.items[0]->subscription;
}

static enum err change(struct world *world, enum command_kind kind, const char *subscription,
                       const char *user)
{
    struct command command = {.kind = kind,
                              .subscription = subscription,
                              .licenses = {.subscriptions = &subscription,
                                           .subscription_count = 1,
                                           .users = &user,
                                           .user_count = 1}};
    struct engine_run run = {0};
    return license_change(world->cx, &command, &run);
}

static void assert_right(struct context *cx)
{
    struct doctor doctor;
    assert_int_equal(doctor_run_customer(cx, &doctor), OK);
    for (size_t i = 0; i < doctor.faults.count; i++)
        print_message("%s: %s\n", doctor.faults.items[i]->check, doctor.faults.items[i]->where);
    assert_int_equal(doctor.fault_count, 0);
}

/* Who holds a licence of it, oldest first: "ada alan". */
static void assert_held(struct world *world, const char *subscription, const char *users)
{
    struct license_list list = {0};
    struct subscription *sub;
    const char *found = "";
    assert_int_equal(license_load_of_subscription(world->cx, subscription, &list), OK);
    for (size_t i = 0; i < list.count; i++)
        found =
            arena_print(world->cx->arena, "%s%s%s", found, i > 0 ? " " : "", list.items[i]->user);
    assert_string_equal(found, users);
    assert_int_equal(subscription_load(world->cx, subscription, &sub), OK);
    assert_int_equal(sub->assigned, list.count);
}

/* More assigned than owned since 13 January: on 13 April the newest go, with what needs them. */
static void test_conflict_is_cut(void **state)
{
    static const char *const USERS[] = {"ada", "alan", "grace", "edsger", "barbara"};
    struct world world = begin(state);
    struct context *cx = world.cx;
    civil_day repaired_by;
    const char *base = order(&world, "suite", 5, NULL);
    const char *addon = order(&world, "vault", 5, base);
    for (size_t i = 0; i < sizeof USERS / sizeof *USERS; i++) {
        cx->now = cx->wall = cx->now + 1;
        assert_int_equal(change(&world, COMMAND_ASSIGN, base, USERS[i]), OK);
    }
    assert_int_equal(change(&world, COMMAND_ASSIGN, addon, "ada"), OK);
    assert_int_equal(change(&world, COMMAND_ASSIGN, addon, "barbara"), OK);
    assert_held(&world, base, "ada alan grace edsger barbara");
    assert_right(cx);
    /* As a reduction that was scheduled leaves it. */
    assert_int_equal(db_run(cx,
                            "UPDATE subscription SET quantity = 3, conflict_on = '2026-01-13',"
                            " recurring_billing = 1 WHERE id = $1",
                            DB_ARGS(db_text(base))),
                     OK);
    assert_int_equal(change(&world, COMMAND_ASSIGN, base, "donald"), ERR_NO_LICENSE_AVAILABLE);
    fault_clear(cx);
    assert_int_equal(change(&world, COMMAND_ASSIGN, base, "ada"), OK);

    assert_true(day_parse("2026-04-13", &repaired_by));
    cx->wall = cx->now = zone_start_of_day("UTC", repaired_by) - 1;
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    assert_held(&world, base, "ada alan grace edsger barbara");
    cx->wall = cx->now = cx->now + 1;
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    assert_held(&world, base, "ada alan grace");
    assert_held(&world, addon, "ada");
    struct subscription *sub;
    assert_int_equal(subscription_load(cx, base, &sub), OK);
    assert_int_equal(sub->conflict_on, DAY_NONE);
    catalog_cache_free(cx->catalogs);
}

/* What falls due for many, one of whom can't be read: the others are done, it is counted. */
static void test_many_customers(void **state)
{
    enum { CUSTOMERS = 60, BROKEN = 30 };
    struct world world = begin(state);
    struct context *cx = world.cx;
    const char *ids[CUSTOMERS];
    const char *subs[CUSTOMERS];
    for (int i = 0; i < CUSTOMERS; i++) {
        add_customer(&world, i + 1);
        ids[i] = cx->customer;
        subs[i] = order(&world, "suite", 1, NULL);
    }
    assert_int_equal(db_run(cx, "UPDATE subscription SET status = 'unheard-of' WHERE id = $1",
                            DB_ARGS(db_text(subs[BROKEN]))),
                     OK);
    set_day(cx, "2026-02-13");
    int64_t customers, failed;
    cx->customer = "";
    assert_int_equal(engine_run_all_due(cx, cx->now, false, &customers, &failed), OK);
    assert_int_equal(customers, CUSTOMERS);
    assert_int_equal(failed, 1);
    for (int i = 0; i < CUSTOMERS; i++) {
        struct document_list documents = {0};
        cx->customer = ids[i];
        assert_int_equal(invoice_load_all(cx, &documents), OK);
        assert_int_equal(documents.count, i == BROKEN ? 1 : 2);
        if (i != BROKEN)
            assert_right(cx);
    }
    cx->customer = "";
    assert_int_equal(engine_run_all_due(cx, cx->now, false, &customers, &failed), OK);
    assert_int_equal(customers, 0); /* it rests */
    cx->wall += DUE_REST_MS;
    assert_int_equal(engine_run_all_due(cx, cx->now, false, &customers, &failed), OK);
    assert_int_equal(customers, 1); /* tried again, until it is parked */
    catalog_cache_free(cx->catalogs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_conflict_is_cut),
        STORE_TEST(test_many_customers),
    };
    return store_run_tests("license", tests, sizeof tests / sizeof *tests);
}
