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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
