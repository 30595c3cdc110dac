/* Amounts: rounding, proration to the cent of rules §6, decimals. */
#include "base/money.h"

#include <setjmp.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_halves_round_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t numerator;
        int64_t denominator;
        int64_t expected;
    } CASES[] = {
        {0, 7, 0},
        {1, 2, 1},
        {-1, 2, -1},
        {3, 2, 2},
        {-3, 2, -2},
        {1, 3, 0},
        {2, 3, 1},
        {-1, 3, 0},
        {-2, 3, -1},
        {49, 100, 0},
        {50, 100, 1},
        {-50, 100, -1},
        {-49, 100, 0},
        {5, 1, 5},
        {-5, 1, -5},
        {7, 7, 1},
        {INT64_MAX, 1, INT64_MAX},
        {INT64_MIN, 1, INT64_MIN},
        {INT64_MAX, 2, INT64_C(4611686018427387904)},
        {INT64_MIN + 1, 2, -INT64_C(4611686018427387904)},
        {INT64_MAX, INT64_MAX, 1},
        {INT64_MAX / 2, INT64_MAX, 0},
        {INT64_MAX / 2 + 1, INT64_MAX, 1},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t rounded = round_half_away(CASES[i].numerator, CASES[i].denominator);
        assert_int_equal(rounded, CASES[i].expected);
    }
}

static void test_fractions_beyond_64_bits_are_exact(void **state)
{
    (void)state;
    int128 one = (int128)INT64_MAX * 1000000 * 1000;
    assert_int_equal(round_half_away(one * 5, one * 2), 3);
    assert_int_equal(round_half_away(one * 5 - 1, one * 2), 2);
    assert_int_equal(round_half_away(-one * 5, one * 2), -3);
    assert_int_equal(round_half_away(-one * 5 + 1, one * 2), -2);
}

static void test_proration_gives_the_worked_cases(void **state)
{
    (void)state;
    static const struct {
        int64_t unit_micros;
        int64_t quantity;
        int64_t days;
        int64_t of_days;
        int64_t expected;
    } CASES[] = {
        /* 0.20 a month: 100 GB, 150 GB, 40 GB for 12 of 31 days */
        {20000000, 100, 12, 31, 774},
        {20000000, 150, 12, 31, 1161},
        {20000000, 40, 12, 31, 310},
        {20000000, -100, 12, 31, -774},
        /* 48.00 a year of 366 days, one and two for 347 of them */
        {4800000000, 1, 347, 366, 4551},
        {4800000000, 2, 347, 366, 9102},
        /* 12.50 × 10 a month, 16 of 31 days left */
        {1250000000, -10, 16, 31, -6452},
        /* 150.00 × 10 a year, three days used */
        {15000000000, -10, 362, 365, -148767},
        /* 9.99 a month of 30 days, cancelled on its day 16: exactly half a cent */
        {999000000, 1, 15, 30, 500},
        {999000000, -1, 15, 30, -500},
        /* whole periods, nothing, and prices below a cent */
        {1250000000, 10, 31, 31, 12500},
        {1250000000, 10, 0, 31, 0},
        {125000, 4, 30, 30, 1},
        {125000, 3, 30, 30, 0},
        {1, 500000, 1, 1, 1},
        {1, 499999, 1, 1, 0},
        /* the largest price and quantity for a term of three years */
        {1000000000000000, 10000000, 1096, 1096, 10000000000000000},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct unit_price unit = {.micros = CASES[i].unit_micros};
        struct money amount =
            money_fraction(unit, CASES[i].quantity, CASES[i].days, CASES[i].of_days, "EUR");
        assert_int_equal(amount.minor, CASES[i].expected);
        assert_string_equal(amount.currency, "EUR");
    }
}

static struct money storage(int64_t quantity)
{
    struct unit_price unit = {.micros = 20 * 1000000};
    return money_fraction(unit, quantity, 12, 31, "EUR");
}

static void test_a_change_is_charge_minus_credit_each_rounded(void **state)
{
    (void)state;
    struct money up = money_subtract(storage(150), storage(100));
    struct money down = money_add(storage(-100), storage(40));
    assert_int_equal(up.minor, 387);
    assert_int_equal(down.minor, -464);
}

static void test_percent_rounds_once(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        int64_t percent_micros;
        int64_t expected;
    } CASES[] = {
        {2004, 20000000, 401}, {1002, 20000000, 200},     {-1002, 20000000, -200}, {10, 5500000, 1},
        {9, 5500000, 0},       {50, 1000000, 1},          {-50, 1000000, -1},      {49, 1000000, 0},
        {100, 0, 0},           {12345, 100000000, 12345},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct money part = money_percent(money_of(CASES[i].minor, "EUR"), CASES[i].percent_micros);
        assert_int_equal(part.minor, CASES[i].expected);
    }
}

static void test_arithmetic(void **state)
{
    (void)state;
    struct money five = money_of(5, "CHF");
    struct money seven = money_of(7, "CHF");
    assert_int_equal(money_add(five, seven).minor, 12);
    assert_int_equal(money_subtract(five, seven).minor, -2);
    assert_int_equal(money_negate(five).minor, -5);
    assert_int_equal(money_least(seven, five).minor, 5);
    assert_int_equal(money_compare(five, seven), -1);
    assert_int_equal(money_compare(seven, five), 1);
    assert_int_equal(money_compare(five, five), 0);
    assert_int_equal(money_sign(money_negate(five)), -1);
    assert_int_equal(money_sign(five), 1);
    assert_int_equal(money_sign(money_zero("CHF")), 0);
    assert_true(money_is_zero(money_zero("CHF")));
    assert_false(money_is_zero(five));
    assert_string_equal(money_negate(five).currency, "CHF");
}

static void test_decimals_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int decimals;
        int64_t expected;
    } CASES[] = {
        {"0", 6, 0},
        {"1", 6, 1000000},
        {"12.5", 6, 12500000},
        {"0.125", 6, 125000},
        {"0.000001", 6, 1},
        {"-0.5", 6, -500000},
        {"-0", 6, 0},
        {"1.250000", 6, 1250000},
        {"20", 0, 20},
        {"19.6", 1, 196},
        {"9223372036854.775807", 6, INT64_MAX},
        {"-9223372036854.775808", 6, INT64_MIN},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t value = -77;
        assert_true(decimal_parse(CASES[i].text, CASES[i].decimals, &value));
        assert_int_equal(value, CASES[i].expected);
    }
}

static void test_what_is_no_decimal_is_refused(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "",
        "-",
        ".",
        ".5",
        "5.",
        "01",
        "00",
        "+1",
        " 1",
        "1 ",
        "1,5",
        "1e3",
        "0x10",
        "1.2.3",
        "1.0000000",
        "--1",
        "- 1",
        "١",
        "1_000",
        "nan",
        "inf",
        "9223372036854.775808",
        "-9223372036854.775809",
        "99999999999999999999999999",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t value = -77;
        assert_false(decimal_parse(CASES[i], 6, &value));
        assert_int_equal(value, -77);
    }
}

static void test_decimals_are_printed_short(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int decimals;
        const char *expected;
    } CASES[] = {
        {0, 6, "0"},
        {125000, 6, "0.125"},
        {1250000000, 6, "1250"},
        {1, 6, "0.000001"},
        {-500000, 6, "-0.5"},
        {-1250000000, 6, "-1250"},
        {10000000, 6, "10"},
        {1250, 0, "1250"},
        {-7, 0, "-7"},
        {196, 1, "19.6"},
        {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MAX, 6, "9223372036854.775807"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char text[DECIMAL_SIZE];
        decimal_format(CASES[i].value, CASES[i].decimals, text);
        assert_string_equal(text, CASES[i].expected);
        int64_t value = 0;
        assert_true(decimal_parse(text, CASES[i].decimals, &value));
        assert_int_equal(value, CASES[i].value);
    }
}

static void test_amounts_are_printed_with_their_decimals(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency;
        const char *expected;
    } CASES[] = {
        {1250, "EUR", "12.50 EUR"}, {-5, "EUR", "-0.05 EUR"},
        {0, "USD", "0.00 USD"},     {1250, "JPY", "1250 JPY"},
        {1250, "KWD", "1.250 KWD"}, {INT64_MIN, "EUR", "-92233720368547758.08 EUR"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char text[MONEY_TEXT_SIZE];
        money_format(money_of(CASES[i].minor, CASES[i].currency), text);
        assert_string_equal(text, CASES[i].expected);
    }
}

static void test_currencies(void **state)
{
    (void)state;
    static const struct {
        const char *currency;
        int decimals;
    } CASES[] = {
        {"EUR", 2},  {"USD", 2}, {"AED", 2}, {"ZWG", 2},   {"JPY", 0},  {"BIF", 0},
        {"XPF", 0},  {"KWD", 3}, {"BHD", 3}, {"TND", 3},   {"XTS", -1}, {"FRF", -1},
        {"eur", -1}, {"", -1},   {"EU", -1}, {"EURO", -1}, {"UR ", -1}, {" EU", -1},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(currency_decimals(CASES[i].currency), CASES[i].decimals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_halves_round_away_from_zero),
        cmocka_unit_test(test_fractions_beyond_64_bits_are_exact),
        cmocka_unit_test(test_proration_gives_the_worked_cases),
        cmocka_unit_test(test_a_change_is_charge_minus_credit_each_rounded),
        cmocka_unit_test(test_percent_rounds_once),
        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_decimals_are_read_exactly),
        cmocka_unit_test(test_what_is_no_decimal_is_refused),
        cmocka_unit_test(test_decimals_are_printed_short),
        cmocka_unit_test(test_amounts_are_printed_with_their_decimals),
        cmocka_unit_test(test_currencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
