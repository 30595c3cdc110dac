/* The table of tax cases (tax_cases.def): each with the law or page it comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/pure.h"
#include "tax/tax.h"

enum source {
#define SOURCE(name, text) SOURCE_##name,
#include "tax_cases.def"
};

static const char *const SOURCES[] = {
#define SOURCE(name, text) [SOURCE_##name] = text,
#include "tax_cases.def"
};

static const struct {
    const char *country, *category, *percent, *from;
    enum source source;
} RATES[] = {
#define RATE(country, category, percent, from, source)                                             \
    {country, category, percent, from, SOURCE_##source},
#include "tax_cases.def"
};

static const struct {
    const char *seller, *country, *postal_code, *vat_id, *category, *on;
    enum tax_treatment treatment;
    const char *percent;
    enum source source;
} CASES[] = {
#define CASE(seller, country, postal, vat, category, on, treatment, percent, source)               \
    {seller, country, postal, vat, category, on, TAX_##treatment, percent, SOURCE_##source},
#include "tax_cases.def"
};

enum { RATE_COUNT = sizeof RATES / sizeof *RATES, CASE_COUNT = sizeof CASES / sizeof *CASES };

static int64_t percent(const char *text)
{
    int64_t micros = -1;
    assert_true(decimal_parse(text, 6, &micros));
    return micros;
}

/* From the last row to the first: the order of the rates in a catalogue says nothing. */
static void make_rates(struct tax_rate *rates)
{
    for (size_t i = 0; i < RATE_COUNT; i++) {
        struct tax_rate *rate = &rates[RATE_COUNT - 1 - i];
        *rate = (struct tax_rate){
            .category = RATES[i].category,
            .percent_micros = percent(RATES[i].percent),
            .from_on = pure_day(RATES[i].from),
        };
        memcpy(rate->country, RATES[i].country, sizeof rate->country);
    }
}

static void test_cases(void **state)
{
    (void)state;
    struct tax_rate rates[RATE_COUNT];
    make_rates(rates);
    const struct catalog catalog = {.tax_rates = rates, .tax_rate_count = RATE_COUNT};
    size_t failed = 0;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const struct tax_party party = {
            .seller_country = CASES[i].seller,
            .country = CASES[i].country,
            .postal_code = CASES[i].postal_code,
            .vat_id = CASES[i].vat_id,
            .taxed = true,
        };
        struct tax_rule rule =
            tax_decide(&catalog, &party, CASES[i].category, pure_day(CASES[i].on));
        if (rule.treatment == CASES[i].treatment &&
            rule.percent_micros == percent(CASES[i].percent))
            continue;
        failed++;
        print_error(
            "%s to %s %s, %s, %s: expected %s %s %% by %s, got %s %" PRId64 "\n", CASES[i].seller,
            CASES[i].country, CASES[i].postal_code, CASES[i].vat_id ? CASES[i].vat_id : "no number",
            CASES[i].on, tax_treatment_format(CASES[i].treatment), CASES[i].percent,
            SOURCES[CASES[i].source], tax_treatment_format(rule.treatment), rule.percent_micros);
    }
    assert_int_equal(failed, 0);
    assert_true(CASE_COUNT >= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
