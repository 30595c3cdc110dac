/* Civil days, instants and time zones. */
#include "base/day.h"

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

static instant at(const char *text)
{
    instant parsed = INSTANT_NONE;
    if (!instant_parse(text, &parsed))
        fail_msg("%s is no instant", text);
    return parsed;
}

static void assert_at(instant actual, const char *expected)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(actual, text);
    assert_string_equal(text, expected);
}

static void test_days_count_from_1970(void **state)
{
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1970, 1, 2), 1);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2026, 1, 13), 20466);
    assert_int_equal(day_of(1600, 1, 1), -135140);
    assert_int_equal(day_of(0, 3, 1), -719468);
    assert_int_equal(day_of(-1, 12, 31) + 1, day_of(0, 1, 1));
}

static void test_every_day_follows_the_one_before(void **state)
{
    (void)state;
    civil_day expected = day_of(1599, 1, 1);
    for (int year = 1599; year <= 2401; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int d = 1; d <= days_in_month(year, month); d++, expected++) {
                int back_year;
                int back_month;
                int back_day;
                assert_int_equal(day_of(year, month, d), expected);
                day_split(expected, &back_year, &back_month, &back_day);
                assert_int_equal(back_year, year);
                assert_int_equal(back_month, month);
                assert_int_equal(back_day, d);
            }
        }
    }
}

static void test_leap_years(void **state)
{
    (void)state;
    static const struct {
        int year;
        int days;
    } CASES[] = {
        {2023, 28}, {2024, 29}, {2025, 28}, {2028, 29}, {1900, 28}, {2000, 29},
        {2100, 28}, {2200, 28}, {2400, 29}, {1970, 28}, {1972, 29},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(days_in_month(CASES[i].year, 2), CASES[i].days);
}

static void test_days_are_read_and_printed(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "1970-01-01", "2026-01-13", "2024-02-29", "2000-02-29", "2026-12-31", "2199-12-31",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char text[DAY_TEXT_SIZE];
        day_format(day(CASES[i]), text);
        assert_string_equal(text, CASES[i]);
    }
}

static void test_days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "",           "2026",       "2026-02-29",  "2100-02-29",  "2026-04-31",  "2026-13-01",
        "2026-00-01", "2026-01-00", "2026-01-32",  "1969-12-31",  "2200-01-01",  "2026-1-13",
        "26-01-13",   "2026/01/13", "2026-01-13 ", " 2026-01-13", "2026-01-13T", "2026-01-1",
        "2026-01-1x", "+026-01-13", "2026--1-13",  "20260113",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        civil_day parsed = 5;
        assert_false(day_parse(CASES[i], &parsed));
        assert_int_equal(parsed, 5);
    }
}

static void test_instants_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } CASES[] = {
        {"2026-01-13T21:55:18Z", "2026-01-13T21:55:18Z"},
        {"2026-01-13t21:55:18z", "2026-01-13T21:55:18Z"},
        {"2026-01-13T21:55:18.123Z", "2026-01-13T21:55:18.123Z"},
        {"2026-01-13T21:55:18.1Z", "2026-01-13T21:55:18.100Z"},
        {"2026-01-13T21:55:18.05Z", "2026-01-13T21:55:18.050Z"},
        {"2026-01-13T21:55:18.000Z", "2026-01-13T21:55:18Z"},
        {"2026-01-13T00:30:00+01:00", "2026-01-12T23:30:00Z"},
        {"2026-12-31T23:59:59-00:30", "2027-01-01T00:29:59Z"},
        {"2026-01-13T05:45:00+05:45", "2026-01-13T00:00:00Z"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"1970-01-01T00:00:00.999+23:59", "1969-12-31T00:01:00.999Z"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_at(at(CASES[i].text), CASES[i].expected);
    assert_int_equal(at("1970-01-01T00:00:01.001Z"), 1001);
    assert_int_equal(at("2026-01-13T21:55:18Z"), INT64_C(1768341318000));
}

static void test_what_is_no_instant_is_refused(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "",
        "2026-01-13",
        "2026-01-13T21:55:18",
        "2026-01-13 21:55:18Z",
        "2026-01-13T21:55Z",
        "2026-01-13T24:00:00Z",
        "2026-01-13T21:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-02-30T00:00:00Z",
        "2026-01-13T21:55:18.Z",
        "2026-01-13T21:55:18.1234Z",
        "2026-01-13T21:55:18.12345678901234567890Z",
        "2026-01-13T21:55:18,5Z",
        "2026-01-13T21:55:18+0100",
        "2026-01-13T21:55:18+24:00",
        "2026-01-13T21:55:18+01:60",
        "2026-01-13T21:55:18+01",
        "2026-01-13T21:55:18Zx",
        "2026-01-13T21:55:18+01:00x",
        "2026-01-13T-1:55:18Z",
        "1969-12-31T23:59:59Z",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        instant parsed = 5;
        assert_false(instant_parse(CASES[i], &parsed));
        assert_int_equal(parsed, 5);
    }
}

static void test_zones_are_known_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        bool known;
    } CASES[] = {
        {"UTC", true},
        {"Europe/Paris", true},
        {"America/Sao_Paulo", true},
        {"Asia/Tokyo", true},
        {"Europe/Atlantis", false},
        {"", false},
        {"GMT+3:30", false},
        {"Etc/Unknown", false},
        {"Europe/París", false},
        {"Europe/Paris ", false},
        {"An/Endless/Name/That/No/Zone/Has/An/Endless/Name/That/No/Zone/Has/Ever", false},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(zone_is_known(CASES[i].zone), CASES[i].known);
}

static void test_the_day_of_an_instant_depends_on_the_zone(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        const char *at;
        const char *expected;
    } CASES[] = {
        {"UTC", "2026-01-13T23:59:59.999Z", "2026-01-13"},
        {"UTC", "2026-01-14T00:00:00Z", "2026-01-14"},
        {"Europe/Paris", "2026-01-13T22:59:59.999Z", "2026-01-13"},
        {"Europe/Paris", "2026-01-13T23:00:00Z", "2026-01-14"},
        {"Europe/Paris", "2026-07-13T21:59:59.999Z", "2026-07-13"},
        {"Europe/Paris", "2026-07-13T22:00:00Z", "2026-07-14"},
        {"Pacific/Kiritimati", "2026-01-13T10:00:00Z", "2026-01-14"},
        {"America/Los_Angeles", "2026-01-14T07:59:59Z", "2026-01-13"},
        /* the hour that comes twice, at midnight */
        {"America/Sao_Paulo", "2018-02-18T01:59:59Z", "2018-02-17"},
        {"America/Sao_Paulo", "2018-02-18T02:00:00Z", "2018-02-17"},
        {"America/Sao_Paulo", "2018-02-18T03:00:00Z", "2018-02-18"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(zone_day(CASES[i].zone, at(CASES[i].at)), day(CASES[i].expected));
    assert_int_equal(zone_day("UTC", -1), -1);
    assert_int_equal(zone_minute("UTC", -1), 24 * 60 - 1);
    assert_int_equal(zone_minute("UTC", 0), 0);
    assert_int_equal(zone_minute("Asia/Tokyo", 0), 9 * 60);
    /* The hour that Paris leaves out in spring, and the one that it has twice in autumn. */
    assert_int_equal(zone_minute("Europe/Paris", at("2026-03-29T01:00:00Z")), 3 * 60);
    assert_int_equal(zone_minute("Europe/Paris", at("2026-10-25T00:30:00Z")), 2 * 60 + 30);
    assert_int_equal(zone_minute("Europe/Paris", at("2026-10-25T01:30:00Z")), 2 * 60 + 30);
    assert_int_equal(zone_day("Asia/Tokyo", -MS_PER_DAY), -1);
}

static void test_a_day_starts_at_its_first_instant(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        const char *day;
        const char *expected;
    } CASES[] = {
        {"UTC", "2026-03-29", "2026-03-29T00:00:00Z"},
        {"Europe/Paris", "2026-01-13", "2026-01-12T23:00:00Z"},
        /* summer time begins and ends at night: the days before and after */
        {"Europe/Paris", "2026-03-29", "2026-03-28T23:00:00Z"},
        {"Europe/Paris", "2026-03-30", "2026-03-29T22:00:00Z"},
        {"Europe/Paris", "2026-10-25", "2026-10-24T22:00:00Z"},
        {"Europe/Paris", "2026-10-26", "2026-10-25T23:00:00Z"},
        /* midnight is skipped: the day starts at 01:00 */
        {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
        {"America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00:00Z"},
        /* at midnight it is 23:00 again: the day starts an hour later */
        {"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"},
        /* one minute after midnight it was 23:01 again: the first midnight */
        {"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"},
        /* a day that was left out */
        {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
        {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_at(zone_start_of_day(CASES[i].zone, day(CASES[i].day)), CASES[i].expected);
}

static void test_days_of_a_zone_leave_no_gap(void **state)
{
    (void)state;
    static const char *const ZONES[] = {"UTC", "Europe/Paris", "America/Sao_Paulo", "Asia/Beirut"};
    for (size_t i = 0; i < COUNT(ZONES); i++) {
        for (civil_day d = day("2016-01-01"); d < day("2019-12-31"); d++) {
            instant start = zone_start_of_day(ZONES[i], d);
            assert_int_equal(zone_day(ZONES[i], start), d);
            assert_int_equal(zone_day(ZONES[i], start - 1), d - 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_count_from_1970),
        cmocka_unit_test(test_every_day_follows_the_one_before),
        cmocka_unit_test(test_leap_years),
        cmocka_unit_test(test_days_are_read_and_printed),
        cmocka_unit_test(test_days_that_do_not_exist_are_refused),
        cmocka_unit_test(test_instants_are_read),
        cmocka_unit_test(test_what_is_no_instant_is_refused),
        cmocka_unit_test(test_zones_are_known_by_name),
        cmocka_unit_test(test_the_day_of_an_instant_depends_on_the_zone),
        cmocka_unit_test(test_a_day_starts_at_its_first_instant),
        cmocka_unit_test(test_days_of_a_zone_leave_no_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
