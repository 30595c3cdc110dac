/* Terms, billing frequencies and the grid of an anchor (rules §0, §4). */
#include "base/period.h"

#include <setjmp.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static civil_day day(const char *text)
{
    civil_day parsed = DAY_NONE;
    if (!day_parse(text, &parsed))
        fail_msg("%s is no day", text);
    return parsed;
}

static void assert_day(civil_day actual, const char *expected)
{
    char text[DAY_TEXT_SIZE];
    day_format(actual, text);
    assert_string_equal(text, expected);
}

enum { BOUNDARIES = 15 };

/* The anchor, then fourteen ends of months. */
static const char *const GRIDS[][BOUNDARIES] = {
    {"2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29", "2026-06-29",
     "2026-07-29", "2026-08-29", "2026-09-29", "2026-10-29", "2026-11-29", "2026-12-29",
     "2027-01-29", "2027-02-28", "2027-03-29"},
    {"2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30", "2026-06-30",
     "2026-07-30", "2026-08-30", "2026-09-30", "2026-10-30", "2026-11-30", "2026-12-30",
     "2027-01-30", "2027-02-28", "2027-03-30"},
    {"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30",
     "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31",
     "2027-01-31", "2027-02-28", "2027-03-31"},
    {"2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31",
     "2028-06-30", "2028-07-31", "2028-08-31", "2028-09-30", "2028-10-31", "2028-11-30",
     "2028-12-31", "2029-01-31", "2029-02-28"},
    {"2026-01-13", "2026-02-13", "2026-03-13", "2026-04-13", "2026-05-13", "2026-06-13",
     "2026-07-13", "2026-08-13", "2026-09-13", "2026-10-13", "2026-11-13", "2026-12-13",
     "2027-01-13", "2027-02-13", "2027-03-13"},
};

static void test_months_keep_the_day_of_the_anchor(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(GRIDS); i++) {
        civil_day anchor = day(GRIDS[i][0]);
        for (int month = 0; month < BOUNDARIES; month++)
            assert_day(period_add_months(anchor, month), GRIDS[i][month]);
        for (int month = 0; month + 1 < BOUNDARIES; month++)
            assert_day(period_end(anchor, day(GRIDS[i][month]), 1), GRIDS[i][month + 1]);
    }
}

static void test_ends_of_years_and_terms(void **state)
{
    (void)state;
    static const struct {
        const char *anchor;
        const char *start;
        int months;
        const char *expected;
    } CASES[] = {
        {"2024-02-29", "2024-02-29", 12, "2025-02-28"},
        {"2024-02-29", "2027-02-28", 12, "2028-02-29"},
        {"2024-02-29", "2025-02-28", 1, "2025-03-29"},
        {"2024-01-13", "2024-01-13", 12, "2025-01-13"},
        {"2026-01-31", "2026-01-31", 36, "2029-01-31"},
        {"2026-01-31", "2026-02-28", 12, "2027-02-28"},
        {"2026-12-31", "2026-12-31", 2, "2027-02-28"},
        /* periods cut backwards from an end that is shared: the anchor lies ahead */
        {"2026-08-31", "2026-02-28", 1, "2026-03-31"},
        {"2026-08-31", "2025-08-31", 12, "2026-08-31"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        civil_day end = period_end(day(CASES[i].anchor), day(CASES[i].start), CASES[i].months);
        assert_day(end, CASES[i].expected);
    }
    assert_day(period_add_months(day("2026-03-31"), -1), "2026-02-28");
    assert_day(period_add_months(day("2026-03-31"), -13), "2025-02-28");
    assert_day(period_add_months(day("2026-01-31"), -1), "2025-12-31");
}

static void test_words(void **state)
{
    (void)state;
    for (enum term term = TERM_P1M; term <= TERM_P3Y; term++)
        assert_int_equal(term_parse(term_format(term)), term);
    for (enum billing billing = BILLING_MONTHLY; billing <= BILLING_UPFRONT; billing++)
        assert_int_equal(billing_parse(billing_format(billing)), billing);
    assert_string_equal(term_format(TERM_P3Y), "P3Y");
    assert_string_equal(billing_format(BILLING_UPFRONT), "upfront");
    assert_null(term_format(TERM_NONE));
    assert_null(billing_format(BILLING_NONE));
    static const char *const NO_WORDS[] = {"", "P2Y", "p1m", "P1M ", "Monthly", "month"};
    for (size_t i = 0; i < COUNT(NO_WORDS); i++) {
        assert_int_equal(term_parse(NO_WORDS[i]), TERM_NONE);
        assert_int_equal(billing_parse(NO_WORDS[i]), BILLING_NONE);
    }
}

static void test_which_billing_fits_which_term(void **state)
{
    (void)state;
    static const struct {
        enum term term;
        enum billing billing;
        bool fits;
        int months;
    } CASES[] = {
        {TERM_P1M, BILLING_MONTHLY, true, 1},  {TERM_P1M, BILLING_YEARLY, false, 12},
        {TERM_P1M, BILLING_UPFRONT, false, 1}, {TERM_P1Y, BILLING_MONTHLY, true, 1},
        {TERM_P1Y, BILLING_YEARLY, true, 12},  {TERM_P1Y, BILLING_UPFRONT, false, 12},
        {TERM_P3Y, BILLING_MONTHLY, true, 1},  {TERM_P3Y, BILLING_YEARLY, true, 12},
        {TERM_P3Y, BILLING_UPFRONT, true, 36}, {TERM_NONE, BILLING_MONTHLY, false, 1},
        {TERM_P1M, BILLING_NONE, false, 0},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_int_equal(billing_fits(CASES[i].term, CASES[i].billing), CASES[i].fits);
        assert_int_equal(billing_months(CASES[i].term, CASES[i].billing), CASES[i].months);
    }
    assert_int_equal(term_months(TERM_P1M), 1);
    assert_int_equal(term_months(TERM_P1Y), 12);
    assert_int_equal(term_months(TERM_P3Y), 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_months_keep_the_day_of_the_anchor),
        cmocka_unit_test(test_ends_of_years_and_terms),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_which_billing_fits_which_term),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
