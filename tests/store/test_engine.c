/* The main job through the engine on each kind of store: the example of formats, command by
 * command, and what a card's answer makes of an order. */
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "ledger/ledger_store.h"
#include "order/order_store.h"
#include "payment/payment_do.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"
#include "support/shop_store.h"

static const char CATALOG[] =
    "{\"version\":\"1\",\"offers\":["
    "{\"id\":\"whole\",\"kind\":\"base\",\"name\":{\"en\":\"Whole\",\"fr\":\"Entier\"},"
    "\"unit\":\"user\",\"proration\":\"full\",\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":1000}]},"
    "{\"id\":\"suite\",\"kind\":\"base\",\"name\":{\"en\":\"Suite\",\"fr\":\"Suite\"},"
    "\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1250},{\"currency\":\"USD\",\"term\":\"P1M\","
    "\"billing\":\"monthly\",\"unit_amount\":1500}]},"
    "{\"id\":\"search\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"Q\",\"fr\":\"Q\"},"
    "\"unit\":\"gigabyte\",\"connects_to\":[\"suite\"],\"requires\":{\"all_of\":[\"storage\"]},"
    "\"prices\":[{\"currency\":\"USD\",\"term\":\"P1M\",\"billing\":\"monthly\","
    "\"unit_amount\":30}]},"
    "{\"id\":\"storage\",\"kind\":\"traditional_addon\",\"name\":{\"en\":\"S\",\"fr\":\"S\"},"
    "\"unit\":\"gigabyte\",\"connects_to\":[\"suite\"],\"prices\":[{\"currency\":\"EUR\","
    "\"term\":\"P1M\",\"billing\":\"monthly\",\"unit_amount\":20}]}]}";

struct world {
    struct context *cx;
    const char *account;
    const char *base;
    const char *addon;
};

static void set_day(struct context *cx, const char *text)
{
    civil_day day;
    assert_true(day_parse(text, &day));
    cx->now = cx->wall = zone_start_of_day("UTC", day);
}

static struct world begin(void **state, const char *card)
{
    struct store *store = *state;
    struct context *cx = &store->cx;
    shop_open(cx);
    set_day(cx, "2026-01-13");
    shop_publish(cx, CATALOG);
    const char *account = shop_sign_up(cx, ACCOUNT_CLASSIC);
    shop_add_card(cx, account, card);
    return (struct world){.cx = cx, .account = account};
}

static void end(struct world *world)
{
    int64_t sum;
    assert_int_equal(ledger_sum(world->cx, &sum), OK);
    assert_int_equal(sum, 0);
    catalog_cache_free(world->cx->catalogs);
}

/* Carries a command out with all that the clock and the provider make of it. */
static enum err run(struct world *world, const struct command *command, struct engine_run *run)
{
    struct context *cx = world->cx;
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    TRY(engine_command(cx, command, run));
    assert_int_equal(engine_settle_payments(cx, NULL), OK);
    return OK;
}

static enum err order(struct world *world, const char *offer, int64_t quantity,
                      const char *connect_to, const char **ret_subscription)
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
    TRY(run(world, &command, &placed));
    *ret_subscription = placed.decision.order->lines.items[0]->subscription;
    struct order *stored;
    assert_int_equal(order_load(world->cx, placed.decision.order->id, &stored), OK);
    return stored->state == ORDER_COMPLETED ? OK : ERR_PAYMENT_FAILED;
}

/* Places the order that a command leads to, with a card whose provider never answers. */
static const struct order *order_unanswered(struct world *world, struct command command)
{
    struct engine_run placed = {0};
    const char *card = shop_add_card(world->cx, world->account, "never");
    command.payment_method = command.order.payment_method = card;
    assert_int_equal(run(world, &command, &placed), OK);
    return placed.decision.order;
}

/* The answer comes at last. Returns the order as it is stored then. */
static struct order *answer(struct world *world, const struct order *placed,
                            enum payment_state state)
{
    struct engine_run answered = {0};
    const struct command command = {
        .kind = COMMAND_SETTLE_PAYMENT,
        .settlement = {.payment = placed->payment,
                       .state = state,
                       .failure = state == PAYMENT_FAILED ? "card_declined" : NULL}};
    struct order *stored;
    assert_int_equal(run(world, &command, &answered), OK);
    assert_int_equal(order_load(world->cx, placed->id, &stored), OK);
    return stored;
}

static void assert_document(struct world *world, size_t index, int64_t total, const char *paid_on)
{
    struct document_list list = {0};
    assert_int_equal(invoice_load_all(world->cx, &list), OK);
    assert_true(list.count > index);
    assert_int_equal(list.items[index]->total.minor, total);
    civil_day day = DAY_NONE;
    assert_true(paid_on == NULL || day_parse(paid_on, &day));
    assert_int_equal(list.items[index]->paid_on, day);
}

static void test_example(void **state)
{
    struct world world = begin(state, "success");
    struct context *cx = world.cx;
    struct engine_run done = {0};
    assert_int_equal(order(&world, "suite", 10, NULL, &world.base), OK);
    assert_document(&world, 0, 12500, "2026-01-13");
    set_day(cx, "2026-02-01");
    assert_int_equal(order(&world, "storage", 100, world.base, &world.addon), OK);
    assert_document(&world, 1, 774, "2026-02-01");

    set_day(cx, "2026-02-20");
    struct command lower = {
        .kind = COMMAND_SET_QUANTITY, .subscription = world.addon, .quantity = 40};
    assert_int_equal(run(&world, &lower, &done), OK);
    assert_document(&world, 2, 14500, "2026-02-14");
    assert_document(&world, 3, -900, NULL);

    struct command remove = {.kind = COMMAND_CANCEL, .subscription = world.addon};
    assert_int_equal(run(&world, &remove, &done), ERR_ADDON_NOT_REMOVABLE);
    fault_clear(cx);

    set_day(cx, "2026-03-01");
    struct command cancel = {.kind = COMMAND_CANCEL, .subscription = world.base};
    assert_int_equal(run(&world, &cancel, &done), OK);
    assert_document(&world, 4, -5700, NULL);
    struct refund_list refunds = {0};
    assert_int_equal(refund_load_all(cx, &refunds), OK);
    assert_int_equal(refunds.count, 1);
    assert_int_equal(refunds.items[0]->amount.minor, 6600);
    assert_int_equal(refunds.items[0]->state, REFUND_SUCCEEDED);

    set_day(cx, "2026-06-30");
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    struct subscription_list subs = {0};
    assert_int_equal(subscription_load_all(cx, &subs), OK);
    char deleted_on[DAY_TEXT_SIZE];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(subs.items[i]->status, SUBSCRIPTION_DELETED);
        day_format(subs.items[i]->status_on, deleted_on);
        assert_string_equal(deleted_on, "2026-05-30");
    }
    end(&world);
}

static void test_declined_card_leaves_only_the_record(void **state)
{
    struct world world = begin(state, "decline");
    assert_int_equal(order(&world, "suite", 10, NULL, &world.base), ERR_PAYMENT_FAILED);
    struct subscription_list subs = {0};
    struct document_list documents = {0};
    assert_int_equal(subscription_load_all(world.cx, &subs), OK);
    assert_int_equal(invoice_load_all(world.cx, &documents), OK);
    assert_int_equal(subs.count, 0);
    assert_int_equal(documents.count, 0);
    end(&world);
}

static void test_recurring_charge_that_fails(void **state)
{
    struct world world = begin(state, "decline_recurring");
    struct context *cx = world.cx;
    struct subscription *sub;
    assert_int_equal(order(&world, "suite", 10, NULL, &world.base), OK);
    set_day(cx, "2026-02-14");
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    assert_int_equal(subscription_load(cx, world.base, &sub), OK);
    assert_true(subscription_is_past_due(sub));
    set_day(cx, "2026-03-16");
    assert_int_equal(engine_run_due(cx, cx->now, true), OK);
    assert_int_equal(subscription_load(cx, world.base, &sub), OK);
    assert_int_equal(sub->status, SUBSCRIPTION_DISABLED);
    assert_int_equal(sub->ended_by, ENDED_BY_NON_PAYMENT);
    end(&world);
}

/* The provider answers months later, when the base has been deleted: the money goes back. */
static void test_an_answer_after_the_base_is_gone(void **state)
{
    struct world world = begin(state, "success");
    struct engine_run cancelled = {0};
    assert_int_equal(order(&world, "suite", 1, NULL, &world.base), OK);
    const struct order_request_line line = {.name = "storage",
                                            .offer = "storage",
                                            .quantity = 5,
                                            .connect_to = world.base,
                                            .start_on = DAY_NONE};
    const struct order *placed =
        order_unanswered(&world, (struct command){.kind = COMMAND_ORDER,
                                                  .account = world.account,
                                                  .order = {.lines = &line, .line_count = 1}});
    struct command cancel = {.kind = COMMAND_CANCEL, .subscription = world.base};
    assert_int_equal(run(&world, &cancel, &cancelled), OK);
    set_day(world.cx, "2026-06-01");
    const struct order *stored = answer(&world, placed, PAYMENT_SUCCEEDED);
    assert_int_equal(stored->state, ORDER_FAILED);
    assert_string_equal(stored->failure, "parent_not_active");
    end(&world);
}

/* What an order was to bring back is gone when its payment comes: the money goes back. */
static void test_an_answer_after_all_is_gone(void **state)
{
    struct world world = begin(state, "success");
    struct engine_run ended = {0};
    assert_int_equal(order(&world, "suite", 1, NULL, &world.base), OK);
    struct command end_it = {.kind = COMMAND_CANCEL_AT_END, .subscription = world.base};
    assert_int_equal(run(&world, &end_it, &ended), OK);
    set_day(world.cx, "2026-02-14");
    const struct order *placed = order_unanswered(
        &world, (struct command){.kind = COMMAND_REACTIVATE, .subscription = world.base});
    set_day(world.cx, "2026-07-01");
    const struct order *stored = answer(&world, placed, PAYMENT_SUCCEEDED);
    assert_int_equal(stored->state, ORDER_FAILED);
    assert_string_equal(stored->failure, "subscription_deleted");
    struct refund_list refunds = {0};
    assert_int_equal(refund_load_all(world.cx, &refunds), OK);
    assert_int_equal(refunds.count, 1);
    assert_int_equal(refunds.items[0]->amount.minor, 1250);
    end(&world);
}

static void test_a_review_binds_its_order(void **state)
{
    struct world world = begin(state, "success");
    struct order_request_line line = {
        .name = "suite", .offer = "suite", .quantity = 10, .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = world.account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run review = {.preview = true, .subject = "crt_1"};
    assert_int_equal(run(&world, &command, &review), OK);
    struct engine_run other_cart = {.token = review.ret_token, .subject = "crt_2"};
    assert_int_equal(run(&world, &command, &other_cart), ERR_NOT_FOUND);
    fault_clear(world.cx);
    line.quantity = 11;
    struct engine_run changed = {.token = review.ret_token, .subject = "crt_1"};
    assert_int_equal(run(&world, &command, &changed), ERR_QUOTE_CHANGED);
    assert_non_null(world.cx->fault.detail);
    fault_clear(world.cx);
    line.quantity = 10;
    struct engine_run placed = {.token = review.ret_token, .subject = "crt_1"};
    assert_int_equal(run(&world, &command, &placed), OK);
    assert_document(&world, 0, 12500, "2026-01-13");
    struct engine_run again = {.token = review.ret_token, .subject = "crt_1"};
    assert_int_equal(run(&world, &command, &again), ERR_QUOTE_USED);
    fault_clear(world.cx);
    end(&world);
}

/* Another account of the customer, with a base, and an add-on to it that requires world->addon.
 * Says what became of the order of that add-on. */
static enum err order_elsewhere(struct world *world, const char *test, struct account *ret_account,
                                struct order **ret_order)
{
    struct context *cx = world->cx;
    const char *other_base;
    const struct account_request request = {
        .currency = "USD", .country = "FR", .untaxed = true, .time_zone = "UTC"};
    assert_int_equal(account_create(cx, &request, ret_account), OK);
    assert_int_equal(order(world, "suite", 10, NULL, &world->base), OK);
    assert_int_equal(order(world, "storage", 100, world->base, &world->addon), OK);
    world->account = ret_account->id;
    shop_add_card(cx, ret_account->id, "success");
    assert_int_equal(order(world, "suite", 1, NULL, &other_base), OK);
    const char *card = shop_add_card(cx, ret_account->id, test);
    struct order_request_line line = {.name = "search",
                                      .offer = "search",
                                      .quantity = 100,
                                      .connect_to = other_base,
                                      .start_on = DAY_NONE};
    struct command add = {.kind = COMMAND_ORDER,
                          .account = ret_account->id,
                          .order = {.lines = &line, .line_count = 1, .payment_method = card}};
    struct engine_run placed = {0};
    TRY(run(world, &add, &placed));
    *ret_order = placed.decision.order;
    return OK;
}

/* "One command, one document per payer": what requires an add-on may be on another account. */
static void test_a_removal_that_reaches_another_account(void **state)
{
    struct world world = begin(state, "success");
    struct context *cx = world.cx;
    struct account other;
    struct order *placed;
    assert_int_equal(order_elsewhere(&world, "success", &other, &placed), OK);

    struct command remove = {.kind = COMMAND_SUPPORT_REMOVE, .subscription = world.addon};
    struct engine_run seen = {.preview = true, .subject = "sup_1"}, done = {.subject = "sup_1"};
    assert_int_equal(run(&world, &remove, &seen), OK);
    assert_int_equal(seen.decision.elsewhere.count, 1);
    assert_string_equal(seen.decision.elsewhere.items[0]->account, other.id);
    assert_int_equal(seen.decision.elsewhere.items[0]->total.minor, -3000);
    done.token = seen.ret_token;
    assert_int_equal(run(&world, &remove, &done), OK);
    assert_int_equal(done.decision.document->total.minor, -2000);
    struct document_list list = {0};
    assert_int_equal(invoice_load_all(cx, &list), OK);
    assert_int_equal(list.count, 6);
    for (size_t i = 0; i < list.count; i++) {
        const struct document *document = list.items[i];
        bool is_other = strcmp(document->account, other.id) == 0;
        assert_string_equal(document->net.currency, is_other ? "USD" : "EUR");
        if (document->type == DOCUMENT_CREDIT_NOTE)
            assert_int_equal(document->total.minor, is_other ? -3000 : -2000);
    }
    struct subscription *gone;
    assert_int_equal(subscription_load(cx, placed->lines.items[0]->subscription, &gone), OK);
    assert_int_equal(gone->status, SUBSCRIPTION_DELETED);
    end(&world);
}

/* What awaits its payment is not removed with what it requires: its order goes on. */
static void test_a_removal_leaves_what_awaits_payment(void **state)
{
    struct world world = begin(state, "success");
    struct context *cx = world.cx;
    struct account other;
    struct order *placed;
    struct engine_run removed = {0};
    assert_int_equal(order_elsewhere(&world, "never", &other, &placed), OK);
    const char *search = placed->lines.items[0]->subscription;
    struct command remove = {.kind = COMMAND_SUPPORT_REMOVE, .subscription = world.addon};
    assert_int_equal(run(&world, &remove, &removed), OK);
    assert_int_equal(removed.decision.elsewhere.count, 0);
    struct subscription *sub;
    assert_int_equal(subscription_load(cx, search, &sub), OK);
    assert_int_equal(sub->status, SUBSCRIPTION_PLANNED);
    assert_int_equal(answer(&world, placed, PAYMENT_SUCCEEDED)->state, ORDER_COMPLETED);
    assert_int_equal(subscription_load(cx, search, &sub), OK);
    assert_int_equal(sub->status, SUBSCRIPTION_ACTIVE);
    end(&world);
}

/* A child has no recurring billing of its own: that of its base may have changed while the order of
 * the add-on awaited its payment. */
static void test_an_addon_is_as_its_base_is_by_then(void **state)
{
    struct world world = begin(state, "success");
    struct engine_run stopped = {0};
    assert_int_equal(order(&world, "suite", 1, NULL, &world.base), OK);
    const struct order_request_line line = {.name = "storage",
                                            .offer = "storage",
                                            .quantity = 5,
                                            .connect_to = world.base,
                                            .start_on = DAY_NONE};
    const struct order *placed =
        order_unanswered(&world, (struct command){.kind = COMMAND_ORDER,
                                                  .account = world.account,
                                                  .order = {.lines = &line, .line_count = 1}});
    struct command stop = {.kind = COMMAND_CANCEL_AT_END, .subscription = world.base};
    assert_int_equal(run(&world, &stop, &stopped), OK);
    assert_int_equal(answer(&world, placed, PAYMENT_SUCCEEDED)->state, ORDER_COMPLETED);
    struct subscription *addon;
    assert_int_equal(subscription_load(world.cx, placed->lines.items[0]->subscription, &addon), OK);
    assert_int_equal(addon->status, SUBSCRIPTION_ACTIVE);
    assert_false(addon->recurring_billing);
    end(&world);
}

/* Licences of a period that is over by the time their payment comes are not sold: the money goes
 * back, also where no line says that it was replaced (proration `full`). */
static void test_an_increase_that_its_period_outlived(void **state)
{
    struct world world = begin(state, "success");
    assert_int_equal(order(&world, "whole", 2, NULL, &world.base), OK);
    set_day(world.cx, "2026-01-20");
    const struct order *placed = order_unanswered(
        &world,
        (struct command){.kind = COMMAND_SET_QUANTITY, .subscription = world.base, .quantity = 5});
    set_day(world.cx, "2026-02-14");
    const struct order *stored = answer(&world, placed, PAYMENT_SUCCEEDED);
    assert_int_equal(stored->state, ORDER_FAILED);
    assert_string_equal(stored->failure, "quote_changed");
    struct subscription *sub;
    assert_int_equal(subscription_load(world.cx, world.base, &sub), OK);
    assert_int_equal(sub->quantity, 2);
    end(&world);
}

/* Credit waits for an order under way, and goes back when that one fails. */
static void test_credit_goes_back_when_the_last_order_fails(void **state)
{
    struct world world = begin(state, "success");
    struct engine_run cancelled = {0};
    struct refund_list before = {0}, after = {0};
    assert_int_equal(order(&world, "suite", 1, NULL, &world.base), OK);
    const struct order_request_line line = {
        .name = "suite", .offer = "suite", .quantity = 2, .start_on = DAY_NONE};
    const struct order *placed =
        order_unanswered(&world, (struct command){.kind = COMMAND_ORDER,
                                                  .account = world.account,
                                                  .order = {.lines = &line, .line_count = 1}});
    struct command cancel = {.kind = COMMAND_CANCEL, .subscription = world.base};
    assert_int_equal(run(&world, &cancel, &cancelled), OK);
    assert_int_equal(refund_load_all(world.cx, &before), OK);
    assert_int_equal(before.count, 0);
    assert_int_equal(answer(&world, placed, PAYMENT_FAILED)->state, ORDER_FAILED);
    assert_int_equal(refund_load_all(world.cx, &after), OK);
    assert_int_equal(after.count, 1);
    assert_int_equal(after.items[0]->amount.minor, 1250);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_example),
        STORE_TEST(test_declined_card_leaves_only_the_record),
        STORE_TEST(test_recurring_charge_that_fails),
        STORE_TEST(test_an_answer_after_the_base_is_gone),
        STORE_TEST(test_an_answer_after_all_is_gone),
        STORE_TEST(test_a_review_binds_its_order),
        STORE_TEST(test_a_removal_that_reaches_another_account),
        STORE_TEST(test_a_removal_leaves_what_awaits_payment),
        STORE_TEST(test_an_addon_is_as_its_base_is_by_then),
        STORE_TEST(test_an_increase_that_its_period_outlived),
        STORE_TEST(test_credit_goes_back_when_the_last_order_fails),
    };
    return store_run_tests("engine", tests, sizeof tests / sizeof *tests);
}
