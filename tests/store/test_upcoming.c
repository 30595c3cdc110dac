/* Upcoming charges are what is billed when nothing changes: said of random customers, then waited
 * for (product, Upcoming charges). With ANNEX_LONG set there are a thousand of them, on forty
 * stores one after another. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "engine/engine_do.h"
#include "engine/upcoming_do.h"
#include "invoice/invoice_store.h"
#include "payment/payment_do.h"
#include "subscription/subscription_store.h"
#include "support/store.h"

enum { WORLDS = 25, STORES_LONG = 40, STEPS = 14, MONTHS = 12 };

static const struct seller SELLER = {
    .name = "Orvane",
    .country = "FR",
    .time_zone = "Europe/Paris",
    .payment_terms_days = 30,
    .sepa_notice_days = 14,
    .cancel_licenses_max = 25,
};

static const char PRICE[] = "{\"currency\":\"EUR\",\"term\":\"%s\",\"billing\":\"%s\","
                            "\"unit_amount\":%d}";
/* What each has besides its prices. */
static const char *const OFFERS[] = {
    "\"id\":\"suite\",\"kind\":\"base\",\"unit\":\"user\","
    "\"trial\":{\"days\":30,\"quantity\":5},\"change_to\":[\"plus\"]",
    "\"id\":\"plus\",\"kind\":\"base\",\"unit\":\"user\"",
    "\"id\":\"phone\",\"kind\":\"standalone_addon\",\"unit\":\"user\","
    "\"requires\":{\"any_of\":[\"suite\",\"plus\"]},\"proration\":\"none\"",
    "\"id\":\"storage\",\"kind\":\"traditional_addon\",\"unit\":\"gigabyte\","
    "\"connects_to\":[\"suite\",\"plus\"]",
};
enum { OFFER_COUNT = sizeof OFFERS / sizeof *OFFERS };

struct world {
    struct context *cx;
    const char *account;
    enum account_type type;
    bool is_transfer; /* else a card that is good */
    uint64_t random;
    int version;
    int64_t done; /* commands that were not refused */
};

/* Below `bound`. */
static int draw(struct world *world, int bound)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (int)((world->random >> 33) % (uint64_t)bound);
}

static void publish(struct world *world)
{
    struct context *cx = world->cx;
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    const char *customer = cx->customer;
    struct arena *arena = cx->arena;
    const char *text = arena_print(arena, "{\"version\":\"%d\",\"offers\":[", ++world->version);
    for (int i = 0; i < OFFER_COUNT; i++) {
        int price = 700 + 37 * draw(world, 30);
        text = arena_print(
            arena, "%s%s{%s,\"name\":{\"en\":\"N\",\"fr\":\"N\"},\"prices\":[%s,%s,%s]}", text,
            i > 0 ? "," : "", OFFERS[i], arena_print(arena, PRICE, "P1M", "monthly", price),
            arena_print(arena, PRICE, "P1Y", "monthly", price - 50),
            arena_print(arena, PRICE, "P1Y", "yearly", price * 11));
    }
    text = arena_print(arena,
                       "%s],\"tax_rates\":[{\"country\":\"FR\",\"category\":\"standard\","
                       "\"percent\":\"20\",\"from\":\"2014-01-01\"}]}",
                       text);
    cx->customer = "";
    assert_int_equal(catalog_publish(cx, text, strlen(text), zone_day("Europe/Paris", cx->now),
                                     &publication, &faults),
                     OK);
    cx->customer = customer;
}

static void run(struct world *world, struct command *command)
{
    struct engine_run done = {0};
    enum err err = engine_command(world->cx, command, &done);
    if (err == OK)
        err = engine_settle_payments(world->cx, NULL);
    world->done += err == OK;
    fault_clear(world->cx);
}

static const struct subscription *pick(struct world *world)
{
    struct subscription_list list = {0};
    assert_int_equal(subscription_load_held(world->cx, &list), OK);
    return list.count == 0 ? NULL : list.items[draw(world, (int)list.count)];
}

static void order(struct world *world, const struct subscription *base)
{
    static const char *const BOUGHT[] = {"suite", "plus", "phone"};
    bool connects = base != NULL && base->parent == NULL && draw(world, 2) == 0;
    bool is_yearly = draw(world, 3) == 0;
    struct order_request_line line = {
        .offer = connects ? "storage" : BOUGHT[draw(world, 3)],
        .quantity = 1 + draw(world, 12),
        .connect_to = connects && world->type == ACCOUNT_CLASSIC ? base->id : NULL,
        .term = is_yearly || draw(world, 3) == 0 ? TERM_P1Y : TERM_P1M,
        .billing = is_yearly ? BILLING_YEARLY : BILLING_MONTHLY,
        .start_on = DAY_NONE,
    };
    line.trial = !connects && strcmp(line.offer, "suite") == 0 && draw(world, 2) == 0;
    if (line.connect_to != NULL) {
        line.term = base->term;
        line.billing = base->billing;
    }
    run(world, &(struct command){.kind = COMMAND_ORDER,
                                 .account = world->account,
                                 .order = {.lines = &line, .line_count = 1}});
}

static void assign(struct world *world, const struct subscription *sub)
{
    const char *subscriptions[] = {sub->id};
    const char *users[] = {"ada", "alan", "grace"};
    run(world, &(struct command){.kind = COMMAND_ASSIGN,
                                 .subscription = sub->id,
                                 .licenses = {.subscriptions = subscriptions,
                                              .subscription_count = 1,
                                              .users = users,
                                              .user_count = 3}});
}

/* One thing that somebody does. */
static void act(struct world *world)
{
    const struct subscription *sub = pick(world);
    int what = sub == NULL ? 0 : draw(world, 11);
    struct command command = {.subscription = sub ? sub->id : NULL,
                              .quantity = 1 + draw(world, 15),
                              .at_renewal = draw(world, 2) == 0};
    switch (what) {
    case 0:
    case 1:
    case 2:
        order(world, sub);
        return;
    case 3:
    case 4:
        command.kind = COMMAND_SET_QUANTITY;
        break;
    case 5:
        command.kind = COMMAND_CANCEL_AT_END;
        break;
    case 6:
        command.kind = COMMAND_CANCEL;
        break;
    case 7:
        command.kind = COMMAND_CHANGE_PLAN;
        command.offer = "plus";
        break;
    case 8:
        command.kind = COMMAND_BILLING;
        command.term = TERM_P1Y;
        command.billing = draw(world, 2) == 0 ? BILLING_MONTHLY : BILLING_YEARLY;
        break;
    case 9:
        assign(world, sub);
        return;
    default:
        publish(world);
        return;
    }
    run(world, &command);
}

/* Whoever pays by transfer does so within days. */
static void transfer(struct world *world)
{
    struct document_list open = {0};
    struct line_list lines = {0};
    assert_int_equal(invoice_load_open(world->cx, &open, &lines), OK);
    for (size_t i = 0; i < open.count && world->is_transfer; i++) {
        struct command pay = {.kind = COMMAND_PAY_TRANSFER, .document = open.items[i]->id};
        struct engine_run done = {0};
        if (open.items[i]->state == DOCUMENT_ISSUED && money_sign(open.items[i]->unpaid) > 0)
            assert_int_equal(engine_command(world->cx, &pay, &done), OK);
    }
}

static void advance(struct world *world, instant to)
{
    const instant week = 7 * MS_PER_DAY;
    while (world->cx->now < to) {
        world->cx->now = to - world->cx->now > week ? world->cx->now + week : to;
        world->cx->wall = world->cx->now;
        assert_int_equal(engine_run_due(world->cx, world->cx->now, true), OK);
        transfer(world);
    }
}

static struct world begin(struct context *cx, unsigned seed)
{
    struct world world = {.cx = cx, .random = seed * 7919u + 1};
    cx->customer = cx->cause = "";
    cx->now = cx->wall =
        STORE_NOW + (instant)(seed % WORLDS * 600 + (unsigned)draw(&world, 100)) * MS_PER_DAY;
    world.version = (int)seed * 1000;
    publish(&world);
    world.type = draw(&world, 3) == 0 ? ACCOUNT_AGREEMENT : ACCOUNT_CLASSIC;
    struct organization_request request = {
        .name = "Marsault",
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR", .type = world.type, .time_zone = "Europe/Paris"},
        .person = {.name = "Camille", .email = arena_print(cx->arena, "camille@%u.example", seed)},
    };
    struct organization_created created;
    assert_int_equal(organization_create(cx, &request, &created), OK);
    cx->customer = created.organization.id;
    world.account = created.account.id;
    world.is_transfer = draw(&world, 3) == 0;
    struct method_request method = {.account = world.account,
                                    .kind = world.is_transfer ? METHOD_TRANSFER : METHOD_CARD,
                                    .test = world.is_transfer ? NULL : "success"};
    struct payment_method ignored;
    assert_int_equal(method_create(cx, &method, &ignored), OK);
    return world;
}

/* An invoice as one line of text. */
static const char *tell(struct context *cx, const struct document *invoice)
{
    char issued[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];
    day_format(invoice->issued_on, issued);
    day_format(invoice->due_on != DAY_NONE ? invoice->due_on : invoice->issued_on, due);
    const char *text = arena_print(
        cx->arena, "%s due %s %" PRId64 " with tax %" PRId64 ", credit %" PRId64 ":", issued, due,
        invoice->total.minor, invoice->tax.minor, invoice->credit_used.minor);
    for (size_t i = 0; i < invoice->lines.count; i++) {
        const struct line *line = invoice->lines.items[i];
        text = arena_print(cx->arena, "%s %s %s %" PRId64, text, line->subscription,
                           line_reason_format(line->reason), line->amount.minor);
    }
    return text;
}

LIST_TYPE(telling, const char);

static int compare_texts(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Waits until that day, and lists what was issued since. */
static struct telling wait_for(struct world *world, civil_day until_on, instant since)
{
    struct document_list all = {0};
    struct telling found = {0};
    advance(world, zone_start_of_day("Europe/Paris", until_on) - 1);
    assert_int_equal(invoice_load_all(world->cx, &all), OK);
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i]->issued_at > since && all.items[i]->type == DOCUMENT_INVOICE)
            list_push(world->cx->arena, &found, tell(world->cx, all.items[i]));
    }
    list_sort(found.items, found.count, compare_texts);
    return found;
}

/* Returns how many invoices were foreseen, each as it came. */
static size_t try_world(struct context *cx, unsigned seed)
{
    struct world world = begin(cx, seed);
    for (int i = 0; i < STEPS; i++) {
        advance(&world, cx->now + (instant)(1 + draw(&world, 240)) * MS_PER_HOUR);
        act(&world);
    }
    assert_true(world.done > 0);
    advance(&world, cx->now + MS_PER_HOUR);
    const instant since = cx->now;
    struct upcoming upcoming;
    struct telling foreseen = {0};
    assert_int_equal(upcoming_load(cx, world.account, MONTHS, &upcoming), OK);
    for (size_t i = 0; i < upcoming.charges.count; i++) {
        if (!upcoming.charges.items[i]->is_issued)
            list_push(cx->arena, &foreseen, tell(cx, upcoming.charges.items[i]->invoice));
    }
    list_sort(foreseen.items, foreseen.count, compare_texts);
    struct telling came = wait_for(&world, upcoming.until_on, since);
    for (size_t i = 0; i < foreseen.count || i < came.count; i++) {
        const char *said = i < foreseen.count ? foreseen.items[i] : "nothing";
        const char *is = i < came.count ? came.items[i] : "nothing";
        if (strcmp(said, is) != 0)
            print_message("world %u:\n  foreseen %s\n  came     %s\n", seed, said, is);
        assert_string_equal(said, is);
    }
    return foreseen.count;
}

/* A credit that goes back when nothing but a trial is left pays nothing that comes later. */
static void test_found_before(void **state)
{
    enum { REFUNDED = 702 };
    struct store *store = *state;
    store->cx.seller = &SELLER;
    store->cx.catalogs = catalog_cache_create();
    assert_true(try_world(&store->cx, REFUNDED) > 0);
    catalog_cache_free(store->cx.catalogs);
}

static void test_what_is_foreseen_comes(void **state)
{
    static unsigned stores;
    struct store *store = *state;
    unsigned first = stores++ % STORES_LONG * WORLDS;
    size_t count = 0;
    store->cx.seller = &SELLER;
    store->cx.catalogs = catalog_cache_create();
    for (unsigned seed = first; seed < first + WORLDS; seed++)
        count += try_world(&store->cx, seed);
    print_message("%zu invoices foreseen of %u customers\n", count, WORLDS);
    assert_true(count > 5 * WORLDS);
    catalog_cache_free(store->cx.catalogs);
}

int main(void)
{
    static const struct CMUnitTest one = STORE_TEST(test_what_is_foreseen_comes);
    struct CMUnitTest tests[1 + STORES_LONG] = {STORE_TEST(test_found_before)};
    size_t stores = getenv("ANNEX_LONG") != NULL ? STORES_LONG : 1;
    for (size_t i = 0; i < stores; i++)
        tests[1 + i] = one;
    return store_run_tests("upcoming", tests, 1 + stores);
}
