/* Proration: the worked cases of rules §6, and what they stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invoice/proration.h"
#include "support/pure.h"

static void test_worked_cases(void **state)
{
    (void)state;
    static const struct {
        int64_t unit_micros, quantity, days, of_days, minor;
    } ROWS[] = {
        {20000000, 100, 12, 31, 774},    /* 0.20/GB, 100 GB, 1 Feb to 12 Feb */
        {20000000, 150, 12, 31, 1161},   /* 100 → 150 */
        {20000000, 40, 12, 31, 310},     /* 100 → 40 */
        {4800000000, 1, 347, 366, 4551}, /* 48.00 a leap year, 1 → 2 on 1 Feb */
        {4800000000, 2, 347, 366, 9102},
        {1250000000, 10, 16, 31, 6452},      /* 12.50 × 10, to yearly on 20 Mar */
        {15000000000, 10, 362, 365, 148767}, /* 150.00 × 10 a year, three days used */
        {999000000, 1, 15, 30, 500},         /* 9.99, cancelled on its day 16: 4.995 */
        {1250000000, 10, 31, 31, 12500},     /* a whole period is charged whole */
        {0, 10, 12, 31, 0},
        {125000, 4, 1, 1, 1}, /* 0.125 × 4 = 0.5: halves away from zero */
        {125000, 3, 1, 1, 0}, /* 0.375 */
        {1, 1, 1, 1, 0},
        {333333333, 3, 1, 1, 1000}, /* 999.999999: rounded once, at the end */
        {1000000000, 1, 1, 3, 333},
        {1000000000, 2, 1, 3, 667}, /* not twice 333 */
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct money amount =
            proration_amount((struct unit_price){ROWS[i].unit_micros}, ROWS[i].quantity,
                             ROWS[i].days, ROWS[i].of_days, "EUR");
        if (amount.minor != ROWS[i].minor)
            fail_msg("row %zu: %" PRId64 " instead of %" PRId64, i, amount.minor, ROWS[i].minor);
        assert_string_equal(amount.currency, "EUR");
    }
}

/* The largest price, quantity and term there are stay exact. */
static void test_largest(void **state)
{
    (void)state;
    struct unit_price unit = {(int64_t)10000000 * 100 * 1000000};
    struct money amount = proration_amount(unit, 1000000, 1096, 1096, "EUR");
    assert_int_equal(amount.minor, (int64_t)10000000 * 100 * 1000000);
}

static int64_t earned(int64_t minor, const char *from, const char *to)
{
    return proration_earned(money_of(minor, "EUR"), pure_day("2026-01-13"), pure_day("2026-02-13"),
                            pure_day(from), pure_day(to))
        .minor;
}

/* "10.00 over 31 days earned in 10 + 10 + 11: 3.23 + 3.22 + 3.55" (rules §6). */
static void test_earned_in_pieces(void **state)
{
    (void)state;
    assert_int_equal(earned(1000, "2026-01-13", "2026-01-23"), 323);
    assert_int_equal(earned(1000, "2026-01-23", "2026-02-02"), 322);
    assert_int_equal(earned(1000, "2026-02-02", "2026-02-13"), 355);
    assert_int_equal(earned(-1000, "2026-01-23", "2026-02-02"), -322);
    assert_int_equal(earned(12500, "2026-01-01", "2026-02-01"), 7661); /* formats, January */
}

/* Both ends are clamped to the line. */
static void test_earned_outside(void **state)
{
    (void)state;
    assert_int_equal(earned(1000, "2026-01-01", "2026-03-01"), 1000);
    assert_int_equal(earned(1000, "2026-01-01", "2026-01-13"), 0);
    assert_int_equal(earned(1000, "2026-02-13", "2026-03-01"), 0);
    assert_int_equal(earned(1000, "2026-02-12", "2026-03-01"), 32);
    assert_int_equal(earned(1000, "2026-01-20", "2026-01-20"), 0);
    assert_int_equal(earned(1000, "2026-01-20", "2026-01-14"), 0);
}

/* However a line is cut, its pieces add up. */
static void test_pieces_add_up(void **state)
{
    (void)state;
    for (int64_t minor = -400; minor <= 400; minor += 7) {
        for (int days = 1; days <= 40; days++) {
            struct money sum = money_zero("EUR");
            for (int day = 0; day < days; day++)
                sum = money_add(sum, proration_earned(money_of(minor, "EUR"), 100, 100 + days,
                                                      100 + day, 101 + day));
            assert_int_equal(sum.minor, minor);
        }
    }
}

/* A line of no days (setup) is earned whole on its day. */
static void test_setup_is_earned_at_once(void **state)
{
    (void)state;
    civil_day on = pure_day("2026-02-01");
    struct money setup = money_of(2500, "EUR");
    assert_int_equal(proration_earned(setup, on, on, on, on + 1).minor, 2500);
    assert_int_equal(proration_earned(setup, on, on, on - 5, on + 5).minor, 2500);
    assert_int_equal(proration_earned(setup, on, on, on - 5, on).minor, 0);
    assert_int_equal(proration_earned(setup, on, on, on + 1, on + 5).minor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_cases),     cmocka_unit_test(test_largest),
        cmocka_unit_test(test_earned_in_pieces), cmocka_unit_test(test_earned_outside),
        cmocka_unit_test(test_pieces_add_up),    cmocka_unit_test(test_setup_is_earned_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
