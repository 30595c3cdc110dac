/* Numbers as people write them in forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "html/field.h"

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t number;
    } rows[] = {
        {"10", 10},           {"0", 0},        {" 12 ", 12},    {"1 000", 1000},
        {"1\u202f000", 1000}, {"1,000", 1000}, {"1.000", 1000}, {"10.5", -1},
        {"1,5", -1},          {"1,50", -1},    {"", -1},        {"-3", -1},
        {"ten", -1},          {"1,0000", -1},  {",100", -1},    {"1234567890123", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (field_parse_number(rows[i].text) != rows[i].number)
            fail_msg("\"%s\"", rows[i].text);
}

static void test_amounts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int decimals;
        int64_t amount;
    } rows[] = {
        {"25", 2, 2500},
        {"25,5", 2, 2550},
        {"25.50", 2, 2550},
        {"1 234,50", 2, 123450},
        {"1,234.50", 2, 123450},
        {"1.234,50", 2, 123450},
        {"1,234", 2, 123400},
        {"0,01", 2, 1},
        {"500", 0, 500},
        {"1.234", 3, 1234},
        {"", 2, -1},
        {"ten", 2, -1},
        {"-5", 2, -1},
        {"1,5,5", 2, -1},
        {"5,", 2, -1},
        {"1,2345", 2, -1},
        {"5.5 €", 2, -1},
        {",50", 2, -1},
        {"5.5", 0, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (field_parse_amount(rows[i].text, rows[i].decimals) != rows[i].amount)
            fail_msg("\"%s\"", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_amounts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
