/* Who comes second, on each kind of store: what was looked at before the lock may be so no more
 * behind it (support/race_store.h). */
#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/clock_api.h"
#include "customer/clock_do.h"
#include "customer/clock_store.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "invoice/write_off_api.h"
#include "order/order_store.h"
#include "payment/payment_do.h"
#include "support/race_store.h"
#include "support/support_do.h"

static const struct seller SELLER = {
    .name = "Orvane", .country = "FR", .time_zone = "UTC", .payment_terms_days = 30};

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1250}]}]}";

#define LATER (STORE_NOW + (int64_t)24 * 3600 * 1000)

struct world {
    struct context *cx;
    struct organization organization;
    const char *account;
};

static struct world sign_up(struct store *store, const char *clock)
{
    struct context *cx = &store->cx;
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    cx->seller = &SELLER;
    cx->catalogs = catalog_cache_create();
    cx->customer = cx->cause = "";
    assert_int_equal(catalog_publish(cx, CATALOG, strlen(CATALOG), zone_day("UTC", cx->now),
                                     &publication, &faults),
                     OK);
    struct organization_request request = {
        .name = "Marsault",
        .country = "FR",
        .clock = clock,
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR", .untaxed = true, .time_zone = "UTC"},
        .person = {.name = "Camille", .email = "camille@marsault.example"},
    };
    struct organization_created created;
    struct payment_method ignored;
    assert_int_equal(organization_create(cx, &request, &created), OK);
    cx->customer = created.organization.id;
    struct method_request method = {
        .account = created.account.id, .kind = METHOD_CARD, .test = "success"};
    assert_int_equal(method_create(cx, &method, &ignored), OK);
    return (struct world){
        .cx = cx, .organization = created.organization, .account = created.account.id};
}

static void end(struct world *world)
{
    catalog_cache_free(world->cx->catalogs);
}

static enum err order_suite(struct context *cx, const char *account, const char **ret_order)
{
    struct order_request_line line = {
        .name = "suite", .offer = "suite", .quantity = 2, .start_on = DAY_NONE};
    struct command command = {
        .kind = COMMAND_ORDER, .account = account, .order = {.lines = &line, .line_count = 1}};
    struct engine_run run = {0};
    TRY(engine_command(cx, &command, &run));
    *ret_order = run.decision.order->id;
    return OK;
}

/* Time ----------------------------------------------------------------------------------------- */

struct moment {
    const char *account;
    const char *clock;
    const char *order;               /* out */
    struct support_request *support; /* out */
};

static enum err attempt_order(struct context *cx, void *arg)
{
    struct moment *moment = arg;
    return order_suite(cx, moment->account, &moment->order);
}

static enum err attempt_support(struct context *cx, void *arg)
{
    struct moment *moment = arg;
    struct engine_run run = {0};
    return support_resolve(cx, moment->support, false, "Here you are.", &run);
}

static enum err move_on(struct context *cx, void *arg)
{
    (void)arg;
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    organization.now_at = LATER;
    return organization_save_run(cx, &organization);
}

static enum err begin_advance(struct context *cx, void *arg)
{
    const struct moment *moment = arg;
    struct organization organization;
    struct test_clock clock;
    TRY(organization_lock(cx, &organization));
    return clock_advance(cx, moment->clock, LATER, &clock);
}

/* The customer has moved on while the command waited for its lock: it happens there. */
static void check_order_is_later(struct store *store, bool alone)
{
    struct world world = sign_up(store, NULL);
    struct moment moment = {.account = world.account};
    struct race race = {.attempt = attempt_order, .rival = move_on, .alone = alone, .arg = &moment};
    struct order *order;
    assert_int_equal(race_run(store, &race), OK);
    assert_true(race.cx.now == LATER);
    assert_int_equal(order_load(world.cx, moment.order, &order), OK);
    assert_true(order->placed_at == LATER);
    assert_int_equal(order->placed_on, zone_day("UTC", LATER));
    race_end(&race);
    end(&world);
}

static void test_a_command_never_goes_back(void **state)
{
    check_order_is_later(*state, false);
}

static void test_a_command_of_its_own_never_goes_back(void **state)
{
    check_order_is_later(*state, true);
}

static void check_advance_refuses(struct store *store, bool alone)
{
    struct test_clock clock;
    assert_int_equal(clock_create(&store->cx, NULL, STORE_NOW, &clock), OK);
    struct world world = sign_up(store, clock.id);
    struct moment moment = {.account = world.account, .clock = clock.id};
    struct race race = {
        .attempt = attempt_order, .rival = begin_advance, .alone = alone, .arg = &moment};
    assert_int_equal(race_run(store, &race), ERR_CLOCK_ADVANCING);
    race_end(&race);
    end(&world);
}

static void test_an_advance_that_just_began(void **state)
{
    check_advance_refuses(*state, false);
}

static void test_an_advance_that_just_began_alone(void **state)
{
    check_advance_refuses(*state, true);
}

static void test_support_never_goes_back(void **state)
{
    struct store *store = *state;
    struct world world = sign_up(store, NULL);
    struct support_request support;
    assert_int_equal(support_open(world.cx, SUPPORT_OTHER, NULL, "How?", &support), OK);
    struct moment moment = {.support = &support};
    struct race race = {.attempt = attempt_support, .rival = move_on, .arg = &moment};
    assert_int_equal(race_run(store, &race), OK);
    assert_true(support.resolved_at == LATER);
    race_end(&race);
    end(&world);
}

/* The customer has moved on while the provider thought. */
static void test_settling_never_goes_back(void **state)
{
    struct world world = sign_up(*state, NULL);
    const char *id;
    struct order *order;
    struct document_list documents = {0};
    struct organization after;
    assert_int_equal(order_suite(world.cx, world.account, &id), OK);
    assert_int_equal(db_transact(world.cx, move_on, NULL), OK);
    world.cx->now = STORE_NOW;
    assert_int_equal(engine_settle_payments(world.cx, NULL), OK);
    assert_int_equal(order_load(world.cx, id, &order), OK);
    assert_int_equal(order->state, ORDER_COMPLETED);
    assert_int_equal(invoice_load_all(world.cx, &documents), OK);
    assert_int_equal(documents.count, 1);
    assert_int_equal(documents.items[0]->issued_on, zone_day("UTC", LATER));
    assert_int_equal(organization_load(world.cx, &after), OK);
    assert_true(after.now_at == LATER);
    end(&world);
}

/* Left behind on a clock: parked it takes commands where it is, tried again it takes none until it
 * has caught up. */
static void test_left_behind(void **state)
{
    struct store *store = *state;
    struct context *cx = &store->cx;
    struct test_clock clock;
    struct due_customer *claimed;
    const char *order;
    bool worked;
    assert_int_equal(clock_create(cx, NULL, STORE_NOW, &clock), OK);
    struct world world = sign_up(store, clock.id);
    clock.now_at = LATER;
    assert_int_equal(clock_save(cx, &clock), OK);
    for (int i = 0; i < DUE_FAILURES_MAX; i++) {
        assert_int_equal(order_suite(cx, world.account, &order), ERR_CLOCK_ADVANCING);
        fault_clear(cx);
        assert_int_equal(clock_claim(cx, &clock, "clm_1", &claimed), OK);
        assert_non_null(claimed);
        claimed->error = "internal";
        claimed->subject = "";
        assert_int_equal(order_suite(cx, world.account, &order), ERR_CLOCK_ADVANCING);
        fault_clear(cx);
        assert_int_equal(due_give_back(cx, "clm_1", claimed), OK);
        cx->wall += DUE_REST_MS;
    }
    assert_int_equal(order_suite(cx, world.account, &order), OK);
    assert_true(cx->now == STORE_NOW);
    assert_int_equal(due_unpark(cx), OK);
    assert_int_equal(order_suite(cx, world.account, &order), ERR_CLOCK_ADVANCING);
    fault_clear(cx);
    assert_int_equal(engine_walk_clock(cx, clock.id, &clock, &worked), OK);
    assert_true(worked);
    assert_int_equal(order_suite(cx, world.account, &order), OK);
    assert_true(cx->now == LATER);
    end(&world);
}

/* Versions ------------------------------------------------------------------------------------- */

struct versioned {
    enum err (*handler)(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
    struct http_request request;
};

static enum err attempt_request(struct context *cx, void *arg)
{
    const struct versioned *versioned = arg;
    struct http_reply reply = {0};
    return versioned->handler(cx, &versioned->request, &reply);
}

static enum err touch_clock(struct context *cx, void *arg)
{
    const struct versioned *versioned = arg;
    struct test_clock clock;
    TRY(clock_lock(cx, versioned->request.path_values[0], &clock));
    return clock_save(cx, &clock);
}

static enum err touch_document(struct context *cx, void *arg)
{
    const struct versioned *versioned = arg;
    struct organization organization;
    struct document *document;
    TRY(organization_lock(cx, &organization));
    TRY(invoice_load(cx, versioned->request.path_values[0], &document));
    document->row = ROW_CHANGED;
    return invoice_save(cx, document);
}

static void check_clock_version(struct store *store, struct versioned versioned)
{
    struct test_clock clock, after;
    struct race race = {.attempt = attempt_request, .rival = touch_clock, .arg = &versioned};
    assert_int_equal(clock_create(&store->cx, NULL, STORE_NOW, &clock), OK);
    versioned.request.path_values[0] = clock.id;
    versioned.request.if_match = "\"1\"";
    assert_int_equal(race_run(store, &race), ERR_VERSION_MISMATCH);
    assert_int_equal(clock_load(&store->cx, clock.id, &after), OK);
    assert_int_equal(after.version, 2);
    assert_true(after.target_at == INSTANT_NONE);
    race_end(&race);
}

static void test_a_clock_that_changed(void **state)
{
    static const char BODY[] = "{\"frozen_time\":\"2026-02-01T00:00:00Z\"}";
    check_clock_version(*state, (struct versioned){.handler = clock_api_delete});
    check_clock_version(*state,
                        (struct versioned){.handler = clock_api_advance,
                                           .request = {.body = BODY,
                                                       .body_size = strlen(BODY),
                                                       .content_type = "application/json"}});
}

static void test_an_invoice_that_changed(void **state)
{
    struct store *store = *state;
    struct world world = sign_up(store, NULL);
    struct document_list documents = {0};
    const char *id;
    assert_int_equal(order_suite(world.cx, world.account, &id), OK);
    assert_int_equal(engine_settle_payments(world.cx, NULL), OK);
    assert_int_equal(invoice_load_all(world.cx, &documents), OK);
    struct versioned versioned = {
        .handler = write_off_api_write_off,
        .request = {.method = HTTP_POST,
                    .path = "/v1/invoices/write_off",
                    .path_values = {documents.items[0]->id},
                    .if_match =
                        arena_print(world.cx->arena, "\"%d\"", (int)documents.items[0]->version),
                    .body = "{}",
                    .body_size = 2,
                    .content_type = "application/json"},
    };
    struct race race = {.attempt = attempt_request, .rival = touch_document, .arg = &versioned};
    assert_int_equal(race_run(store, &race), ERR_VERSION_MISMATCH);
    race_end(&race);
    end(&world);
}

static void test_a_clock_compares_and_sets(void **state)
{
    struct store *store = *state;
    struct context *cx = &store->cx;
    struct test_clock seen, moved;
    assert_int_equal(clock_create(cx, NULL, STORE_NOW, &seen), OK);
    assert_int_equal(clock_load(cx, seen.id, &moved), OK);
    assert_int_equal(clock_save(cx, &moved), OK);
    assert_int_equal(moved.version, 2);
    assert_int_equal(clock_save(cx, &seen), ERR_STORE_CONFLICT);
    fault_clear(cx);
    assert_int_equal(clock_delete(cx, &seen), ERR_STORE_CONFLICT);
    fault_clear(cx);
    assert_int_equal(clock_delete(cx, &moved), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_command_never_goes_back),
        STORE_TEST(test_a_command_of_its_own_never_goes_back),
        STORE_TEST(test_an_advance_that_just_began),
        STORE_TEST(test_an_advance_that_just_began_alone),
        STORE_TEST(test_support_never_goes_back),
        STORE_TEST(test_settling_never_goes_back),
        STORE_TEST(test_left_behind),
        STORE_TEST(test_a_clock_that_changed),
        STORE_TEST(test_an_invoice_that_changed),
        STORE_TEST(test_a_clock_compares_and_sets),
    };
    return store_run_tests("races", tests, sizeof tests / sizeof *tests);
}
