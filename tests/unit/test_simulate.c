/* The simulation's file and its result; that it runs the engine is for tests/scenario. */
#include "base/json.h"
#include "engine/simulate_file.h"
#include "engine/simulate_result.h"
#include "support/pure.h"

/* What cmocka.h needs before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CATALOG                                                                                    \
    "\"catalog\":{\"version\":\"1\",\"offers\":[{\"id\":\"suite\",\"kind\":\"base\",\"name\":"     \
    "{\"en\":\"S\",\"fr\":\"S\"},\"unit\":\"user\",\"prices\":[{\"currency\":\"EUR\",\"term\":"    \
    "\"P1M\",\"billing\":\"monthly\",\"unit_amount\":1250}]}]}"
#define ACCOUNT "\"account\":{\"type\":\"classic\",\"country\":\"FR\",\"currency\":\"EUR\"}"
#define FILE_OF(timeline)                                                                          \
    "{" CATALOG "," ACCOUNT ",\"timeline\":[" timeline "],\"until\":\"2026-06-30\"}"
#define ORDER(as) "{\"as\":\"" as "\",\"offer\":\"suite\"}"
#define BUY(at, lines) "{\"at\":\"" at "\",\"do\":\"order\",\"lines\":[" lines "]}"

/* Files ---------------------------------------------------------------------------------------- */

static void test_defaults(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct simulate_faults faults = {0};
    const struct simulation *simulation = NULL;
    const char *text =
        FILE_OF(BUY("2026-01-13", ORDER("a")) ",{\"at\":\"2026-01-13T10:00:00Z\","
                                              "\"do\":\"cancel\",\"subscription\":\"a\"}");
    assert_int_equal(simulate_parse(&cx, text, strlen(text), &simulation, &faults), OK);
    assert_string_equal(simulation->time_zone, "UTC");
    assert_false(simulation->taxed);
    assert_false(simulation->by_transfer);
    assert_int_equal(simulation->step_count, 2);
    assert_int_equal(simulation->steps[0].order.lines[0].quantity, 1);
    assert_int_equal(simulation->steps[0].on, pure_day("2026-01-13"));
    assert_int_equal(simulation->steps[1].kind, STEP_CANCEL);
    assert_ptr_equal(simulation->steps[1].subscription, simulation->steps[0].names[0]);
    pure_end(&cx);
}

/* Each file has one fault, which names its place. */
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *fault;
    } CASES[] = {
        {FILE_OF(BUY("2026-01-13", ORDER("a") "," ORDER("a"))), "timeline/0/lines/1: "},
        {FILE_OF(BUY("2026-01-13", ORDER("a")) "," BUY("2026-01-14", ORDER("a"))),
         "timeline/1/lines/0/as: "},
        {FILE_OF(BUY("2026-01-13", ORDER("a")) "," BUY("2026-01-12", ORDER("b"))),
         "timeline/1/at: "},
        {FILE_OF("{\"at\":\"2026-01-13\",\"do\":\"cancel\",\"subscription\":\"a\"}"),
         "timeline/0/subscription: "},
        {FILE_OF("{\"at\":\"2026-01-13\",\"do\":\"run\",\"fail\":true}"), "timeline/0/fail: "},
        {FILE_OF("{\"at\":\"2026-13-01\",\"do\":\"run\"}"), "timeline/0/at: "},
        {FILE_OF("{\"at\":\"2026-07-01\",\"do\":\"run\"}"), "until: "},
        {FILE_OF("{\"at\":\"2026-01-13\",\"do\":\"preview\",\"step\":{\"do\":\"preview\"}}"),
         "timeline/0/step/do: "},
        {FILE_OF("{\"at\":\"2026-01-13\",\"do\":\"set_quantity\",\"quantity\":1e3}"),
         "timeline/0/subscription: "},
        {"{" CATALOG "," ACCOUNT ",\"timeline\":[],\"until\":9223372036854775808}",
         "line 1 column"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct context cx = pure_context();
        struct simulate_faults faults = {0};
        const struct simulation *simulation = NULL;
        const char *text = CASES[i].text;
        assert_int_equal(simulate_parse(&cx, text, strlen(text), &simulation, &faults),
                         ERR_INVALID);
        assert_null(simulation);
        assert_true(faults.count >= 1);
        assert_int_equal(strncmp(faults.items[0], CASES[i].fault, strlen(CASES[i].fault)), 0);
        assert_int_equal(cx.fault.code, OK);
        pure_end(&cx);
    }
}

/* What a preview shows is declared by no step: its names may come again. */
static void test_names_of_a_preview(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct simulate_faults faults = {0};
    const struct simulation *simulation = NULL;
    const char *text =
        FILE_OF("{\"at\":\"2026-01-13\",\"do\":\"preview\",\"step\":{\"do\":\"order\""
                ",\"lines\":[" ORDER("a") "]}}," BUY("2026-01-13", ORDER("a")));
    assert_int_equal(simulate_parse(&cx, text, strlen(text), &simulation, &faults), OK);
    assert_string_equal(simulation->steps[0].previewed->order.lines[0].name, "a");
    pure_end(&cx);
}

/* Results -------------------------------------------------------------------------------------- */

static struct shown_line line(const char *id, const char *as, int64_t minor, const char *undoes)
{
    return (struct shown_line){
        .id = id,
        .as = as,
        .offer = "suite",
        .reason = undoes ? LINE_CANCEL : LINE_PURCHASE,
        .from_on = pure_day(undoes ? "2026-02-11" : "2026-01-13"),
        .to_on = pure_day("2026-02-13"),
        .quantity = 1,
        .unit = unit_price_of_minor(1000),
        .days = undoes ? 2 : 31,
        .of_days = 31,
        .amount = money_of(minor, "EUR"),
        .undoes = undoes,
    };
}

static void add_document(struct context *cx, struct simulation_result *result, instant at,
                         struct shown_line only)
{
    struct shown_document *document = ARENA_NEW(cx->arena, struct shown_document);
    document->lines = ARENA_NEW(cx->arena, struct shown_line);
    document->lines[0] = only;
    document->line_count = 1;
    document->born = only.id;
    document->issued_at = at;
    document->issued_on = zone_day("UTC", at);
    document->type = only.undoes ? DOCUMENT_CREDIT_NOTE : DOCUMENT_INVOICE;
    document->net = document->total = only.amount;
    document->tax = document->credit_used = money_zero("EUR");
    document->paid_on = DAY_NONE;
    list_push(cx->arena, &result->documents, document);
}

static void add_subscription(struct context *cx, struct simulation_result *result, const char *as)
{
    struct shown_subscription *sub = ARENA_NEW(cx->arena, struct shown_subscription);
    sub->as = as;
    sub->offer = "suite";
    sub->status = SUBSCRIPTION_ACTIVE;
    sub->start_on = sub->period_start = sub->term_start = pure_day("2026-01-13");
    sub->period_end = sub->term_end = pure_day("2026-02-13");
    list_push(cx->arena, &result->subscriptions, sub);
}

static void add_refund(struct context *cx, struct simulation_result *result, const char *on,
                       int64_t minor)
{
    struct refund *refund = ARENA_NEW(cx->arena, struct refund);
    refund->on = pure_day(on);
    refund->amount = money_of(minor, "EUR");
    list_push(cx->arena, &result->refunds, refund);
}

/* 10.00 over 31 days, of which 2 are given back; the rest is earned in both months. */
static void test_encode(void **state)
{
    (void)state;
    struct context cx = pure_context();
    instant day = zone_start_of_day("UTC", pure_day("2026-02-11"));
    struct simulation_result result = {
        .end_on = pure_day("2026-07-01"),
        .credit_balance = money_of(65, "EUR"),
        .unpaid = money_zero("EUR"),
    };
    add_document(&cx, &result, day, line("lin_3", "a", -65, "lin_1"));
    add_document(&cx, &result, day - 29 * MS_PER_DAY, line("lin_2", "b", 0, NULL));
    add_document(&cx, &result, day - 29 * MS_PER_DAY, line("lin_1", "a", 1000, NULL));
    add_subscription(&cx, &result, "b");
    add_subscription(&cx, &result, "a");
    add_refund(&cx, &result, "2026-02-11", 1);
    add_refund(&cx, &result, "2026-02-11", 2);
    add_refund(&cx, &result, "2026-02-12", 4);
    const char *json = simulate_encode(&cx, &result);

    /* Of one instant as they happened; credits name the numbers that are printed. */
    const char *first = strstr(json, "\"id\":1,\"as\":\"a\"");
    const char *second = strstr(json, "\"id\":2,\"as\":\"b\"");
    const char *third = strstr(json, "\"id\":3,\"as\":\"a\"");
    assert_true(first != NULL && second > first && third > second);
    assert_non_null(strstr(third, "\"amount\":-65,\"undoes\":1}"));
    assert_non_null(strstr(json, "\"refunds\":[{\"at\":\"2026-02-11\",\"amount\":3},"
                                 "{\"at\":\"2026-02-12\",\"amount\":4}]"));
    assert_true(strstr(json, "{\"as\":\"a\",\"offer\"") < strstr(json, "{\"as\":\"b\",\"offer\""));
    /* 19 of 31 days in January; what earned nothing is left out. */
    assert_non_null(strstr(json, "\"revenue\":[{\"month\":\"2026-01\",\"as\":\"a\",\"amount\":613},"
                                 "{\"month\":\"2026-02\",\"as\":\"a\",\"amount\":322}]"));
    pure_end(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_names_of_a_preview),
        cmocka_unit_test(test_encode),
    };
    return cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
}
