/* Bounds of quantities, and requirements asked alone (rules §1 to §3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eligibility/eligibility.h"
#include "support/holdings.h"
#include "support/pure.h"

#define IDS(...)                                                                                   \
    {                                                                                              \
        .items = (const char *const[]){__VA_ARGS__},                                               \
        .count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                 \
    }

/* "both rounded up; a quantity is a multiple of step" (rules §1). */
static void test_quantity(void **state)
{
    (void)state;
    static const struct {
        enum offer_kind kind;
        int64_t min, max, step, least_percent, most_percent;
        const char *holdings;
        int64_t from, to;
    } ROWS[] = {
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 0, 0, "s:suite:50", 1, 300},
        {OFFER_STANDALONE_ADDON, 3, 23, 5, 0, 0, "s:suite:50", 5, 20},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 5, 100, "s:suite:50", 3, 50},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 5, 100, "s:suite:50 p:plus:11:other", 4, 61},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 5, 110, "s:suite:41", 3, 46},
        {OFFER_STANDALONE_ADDON, 1, 300, 5, 30, 110, "s:suite:41", 15, 45},
        {OFFER_STANDALONE_ADDON, 1, 30, 1, 5, 100, "s:suite:50", 3, 30},
        {OFFER_STANDALONE_ADDON, 10, 300, 1, 5, 100, "s:suite:50", 10, 50},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 10, 100, "s:suite:50 t:suite:99:trial", 5, 50},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 10, 100, "s:suite:50 t:suite:99:pastdue", 5, 50},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 10, 100, "s:suite:50 +t:suite:10", 6, 60},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 10, 100, "s:suite:50 g:guides:9", 5, 50},
        {OFFER_TRADITIONAL_ADDON, 1, 300, 1, 10, 100, "s:suite:50 g:guides:9", 1, 9},
        {OFFER_STANDALONE_ADDON, 1, 300, 1, 10, 100, "", 1, 0},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct holding holdings[4];
        struct eligibility_input input = {
            .holdings = holdings,
            .holding_count = holdings_read(cx.arena, holdings, ROWS[i].holdings),
            .account = "acc_this",
            .today = pure_day("2026-02-01"),
        };
        struct offer offer = {
            .kind = ROWS[i].kind,
            .connects_to = IDS("guides"),
            .requires_any = IDS("suite", "plus"),
            .quantity_min = ROWS[i].min,
            .quantity_max = ROWS[i].max,
            .quantity_step = ROWS[i].step,
            .min_percent_of_base = ROWS[i].least_percent,
            .max_percent_of_base = ROWS[i].most_percent,
        };
        struct quantity_bounds bounds = eligibility_quantity(&input, &offer);
        assert_int_equal(bounds.min, ROWS[i].from);
        assert_int_equal(bounds.max, ROWS[i].to);
        assert_int_equal(bounds.step, ROWS[i].step);
    }
    pure_end(&cx);
}

/* Without any_of, the seats are those of all_of. */
static void test_seats_of_all_of(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct holding holdings[2];
    struct eligibility_input input = {
        .holdings = holdings,
        .holding_count = holdings_read(cx.arena, holdings, "p:phone:20 s:suite:50"),
        .account = "acc_this",
        .today = pure_day("2026-02-01"),
    };
    struct offer offer = {.kind = OFFER_STANDALONE_ADDON,
                          .quantity_min = 1,
                          .quantity_max = 100,
                          .quantity_step = 1,
                          .requires_all = IDS("phone"),
                          .max_percent_of_base = 50};
    assert_int_equal(eligibility_quantity(&input, &offer).max, 10);
    pure_end(&cx);
}

static void test_quantity_is_refused_with_both_bounds(void **state)
{
    (void)state;
    struct context cx = pure_context();
    const struct offer offer = {.id = "storage"};
    const struct quantity_bounds bounds = {.min = 5, .max = 20, .step = 5};
    assert_int_equal(eligibility_check_quantity(&cx, &offer, bounds, 5), OK);
    assert_int_equal(eligibility_check_quantity(&cx, &offer, bounds, 20), OK);
    static const int64_t REFUSED[] = {-5, 0, 4, 6, 19, 21, 25, INT64_MAX};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        fault_clear(&cx);
        assert_int_equal(eligibility_check_quantity(&cx, &offer, bounds, REFUSED[i]),
                         ERR_QUANTITY_OUT_OF_RANGE);
        assert_string_equal(fault_arg(&cx.fault, "min"), "5");
        assert_string_equal(fault_arg(&cx.fault, "max"), "20");
        assert_string_equal(fault_arg(&cx.fault, "step"), "5");
        assert_string_equal(fault_arg(&cx.fault, "offer"), "storage");
    }
    pure_end(&cx);
}

/* The flag `requirement_lost` asks for `requires` alone, of the customer. */
static void test_requirements_alone(void **state)
{
    (void)state;
    static const struct {
        const char *holdings;
        bool agreement, met;
    } ROWS[] = {
        {"p:phone s:suite", false, true},
        {"p:phone s:suite:trial", false, false},
        {"p:phone", false, false},
        {"s:suite", false, false},
        {"p:phone s:suite:other", false, true},
        {"p:phone:pastdue s:suite", false, false},
        {"p:phone s:suite", true, false},
        {"p:phone s:suite g:guides", true, true},
    };
    struct context cx = pure_context();
    const struct offer offer = {.requires_any = IDS("suite", "plus"),
                                .requires_all = IDS("phone"),
                                .connects_to = IDS("guides")};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct holding holdings[4];
        struct eligibility_input input = {
            .holdings = holdings,
            .holding_count = holdings_read(cx.arena, holdings, ROWS[i].holdings),
            .account = "acc_this",
            .account_type = ROWS[i].agreement ? ACCOUNT_AGREEMENT : ACCOUNT_CLASSIC,
            .today = pure_day("2026-02-01"),
        };
        assert_int_equal(eligibility_meets_requirements(&cx, &input, &offer), ROWS[i].met);
    }
    pure_end(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantity),
        cmocka_unit_test(test_seats_of_all_of),
        cmocka_unit_test(test_quantity_is_refused_with_both_bounds),
        cmocka_unit_test(test_requirements_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
