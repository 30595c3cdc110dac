/* Amounts, numbers and dates as people of each language write them. */
#include "base/locale.h"

#include <setjmp.h>

#include <cmocka.h>

#include "support/pure.h"

#define NARROW "\u202f"
#define FIXED "\u00a0"

static void test_money(void **state)
{
    static const struct {
        int64_t minor;
        const char *currency;
        const char *english;
        const char *french;
    } ROWS[] = {
        {1250, "EUR", "€12.50", "12,50" FIXED "€"},
        {0, "EUR", "€0.00", "0,00" FIXED "€"},
        {5, "EUR", "€0.05", "0,05" FIXED "€"},
        {-774, "EUR", "\u2212€7.74", "\u22127,74" FIXED "€"},
        {123456789, "EUR", "€1,234,567.89", "1" NARROW "234" NARROW "567,89" FIXED "€"},
        {1250, "USD", "US$12.50", "12,50" FIXED "$US"},
        {1500, "JPY", "JP¥1,500", "1" NARROW "500" FIXED "JPY"},
    };
    struct context cx = pure_context();
    locale_start();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct money amount = money_of(ROWS[i].minor, ROWS[i].currency);
        assert_string_equal(locale_money(cx.arena, "en", amount), ROWS[i].english);
        assert_string_equal(locale_money(cx.arena, "fr", amount), ROWS[i].french);
    }
    pure_end(&cx);
    (void)state;
}

static void test_unit_prices(void **state)
{
    struct context cx = pure_context();
    locale_start();
    struct unit_price price = {.micros = 125000};
    assert_string_equal(locale_unit_price(cx.arena, "fr", price, "EUR"), "0,00125" FIXED "€");
    assert_string_equal(locale_unit_price(cx.arena, "en", unit_price_of_minor(20), "EUR"), "€0.20");
    pure_end(&cx);
    (void)state;
}

static void test_days_numbers_and_names(void **state)
{
    struct context cx = pure_context();
    locale_start();
    civil_day day = pure_day("2026-02-13");
    assert_string_equal(locale_day(cx.arena, "en", day), "13" FIXED "Feb" FIXED "2026");
    assert_string_equal(locale_day(cx.arena, "fr", day), "13" FIXED "févr." FIXED "2026");
    instant midday = (instant)day * MS_PER_DAY + 12 * MS_PER_HOUR;
    assert_string_equal(locale_moment(cx.arena, "fr", "Europe/Paris", midday),
                        "13" FIXED "févr." FIXED "2026, 13:00");
    assert_string_equal(locale_moment(cx.arena, "en", "Pacific/Auckland", midday),
                        "14" FIXED "Feb" FIXED "2026, 01:00");
    assert_string_equal(locale_integer(cx.arena, "fr", 10000000), "10" NARROW "000" NARROW "000");
    assert_string_equal(locale_integer(cx.arena, "en", -1000), "\u22121,000");
    assert_string_equal(locale_integer(cx.arena, "en", 999), "999");
    assert_string_equal(locale_country(cx.arena, "fr", "DE"), "Allemagne");
    assert_string_equal(locale_country(cx.arena, "en", "DE"), "Germany");
    assert_string_equal(locale_country(cx.arena, "en", "QQ"), "QQ");
    assert_true(locale_compare("fr", "épée", "fer") < 0);
    assert_true(locale_compare("fr", "Zinc", "acier") > 0);
    assert_true(locale_finds("Inès Delattre", "ines"));
    assert_true(locale_finds("ines", "INÈS"));
    assert_true(locale_finds("Anyone", ""));
    assert_false(locale_finds("Inès", "inés d"));
    pure_end(&cx);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_unit_prices),
        cmocka_unit_test(test_days_numbers_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
