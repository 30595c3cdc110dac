/* Tax (rules §6, Tax). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/pure.h"
#include "tax/tax.h"

static const struct tax_rate RATES[] = {
    {"FR", "standard", 19600000, 10957}, /* 2000-01-01 */
    {"FR", "standard", 20000000, 16071}, /* 2014-01-01 */
    {"FR", "book", 5500000, 15340},      /* 2012-01-01 */
    {"DE", "standard", 19000000, 13514}, /* 2007-01-01 */
};
static const struct catalog CATALOG = {.tax_rates = RATES,
                                       .tax_rate_count = sizeof RATES / sizeof *RATES};

static void test_treatments(void **state)
{
    (void)state;
    static const struct {
        const char *seller, *country, *vat_id;
        bool taxed;
        enum tax_treatment treatment;
        int64_t percent_micros;
    } ROWS[] = {
        {"FR", "FR", NULL, false, TAX_NONE, 0},
        {"FR", "FR", NULL, true, TAX_DOMESTIC, 20000000},
        {"FR", "FR", "FR12345678901", true, TAX_DOMESTIC, 20000000},
        {"FR", "DE", NULL, true, TAX_DOMESTIC, 20000000},
        {"FR", "DE", "DE12345", true, TAX_DOMESTIC, 20000000},
        {"FR", "DE", "", true, TAX_DOMESTIC, 20000000},
        {"FR", "DE", "DE123456789", true, TAX_REVERSE_CHARGE, 0},
        {"FR", "DE", "FR12345678901", true, TAX_DOMESTIC, 20000000},
        {"FR", "DE", "IT12345678901", true, TAX_DOMESTIC, 20000000},
        {"FR", "GR", "EL123456789", true, TAX_REVERSE_CHARGE, 0},
        {"FR", "GR", "GR123456789", true, TAX_DOMESTIC, 20000000},
        {"FR", "GB", NULL, true, TAX_OUT_OF_SCOPE, 0},
        {"FR", "GB", "XI123456789", true, TAX_OUT_OF_SCOPE, 0},
        {"FR", "US", NULL, true, TAX_OUT_OF_SCOPE, 0},
        {"DE", "FR", NULL, true, TAX_DOMESTIC, 19000000},
        {"DE", "FR", "FR12345678901", true, TAX_REVERSE_CHARGE, 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct tax_party party = {.seller_country = ROWS[i].seller,
                                        .country = ROWS[i].country,
                                        .vat_id = ROWS[i].vat_id,
                                        .taxed = ROWS[i].taxed};
        struct tax_rule rule = tax_decide(&CATALOG, &party, "standard", pure_day("2026-02-01"));
        if (rule.treatment != ROWS[i].treatment || rule.percent_micros != ROWS[i].percent_micros)
            fail_msg("row %zu: %s, %" PRId64, i, tax_treatment_format(rule.treatment),
                     rule.percent_micros);
        assert_string_equal(rule.category, "standard");
    }
}

/* "the seller's rate in force on the day"; a category without a rate bears none. */
static void test_rate_of_the_day(void **state)
{
    (void)state;
    static const struct {
        const char *category, *on;
        int64_t percent_micros;
    } ROWS[] = {
        {"standard", "2013-12-31", 19600000},
        {"standard", "2014-01-01", 20000000},
        {"standard", "1999-12-31", 0},
        {"book", "2026-02-01", 5500000},
        {"food", "2026-02-01", 0},
    };
    const struct tax_party party = {.seller_country = "FR", .country = "FR", .taxed = true};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct tax_rule rule = tax_decide(&CATALOG, &party, ROWS[i].category, pure_day(ROWS[i].on));
        assert_int_equal(rule.treatment, TAX_DOMESTIC);
        assert_int_equal(rule.percent_micros, ROWS[i].percent_micros);
    }
}

/* "Exemption certificates": their days and categories. */
static void test_exemptions(void **state)
{
    (void)state;
    static const struct {
        const char *categories, *from, *until, *revoked; /* "" none */
        const char *category, *on;
        bool covers;
    } ROWS[] = {
        {NULL, "2026-01-01", "", "", "standard", "2025-12-31", false},
        {NULL, "2026-01-01", "", "", "standard", "2026-01-01", true},
        {NULL, "2026-01-01", "2026-01-31", "", "standard", "2026-01-31", true},
        {NULL, "2026-01-01", "2026-01-31", "", "standard", "2026-02-01", false},
        {NULL, "2026-01-01", "2026-01-31", "2026-01-20", "standard", "2026-01-19", true},
        {NULL, "2026-01-01", "2026-01-31", "2026-01-20", "standard", "2026-01-20", false},
        {NULL, "2026-01-01", "2026-01-31", "2026-01-01", "standard", "2026-01-01", false},
        {"standard", "2026-01-01", "", "", "standard", "2026-01-01", true},
        {"standard", "2026-01-01", "", "", "stand", "2026-01-01", false},
        {"stand", "2026-01-01", "", "", "standard", "2026-01-01", false},
        {"book standard", "2026-01-01", "", "", "standard", "2026-01-01", true},
        {"book standard", "2026-01-01", "", "", "book", "2026-01-01", true},
        {"book standard", "2026-01-01", "", "", "food", "2026-01-01", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct tax_exemption exemption = {
            .account = "acc_1",
            .number = "N1",
            .categories = ROWS[i].categories,
            .valid_from = pure_day(ROWS[i].from),
            .valid_until = ROWS[i].until[0] ? pure_day(ROWS[i].until) : DAY_NONE,
            .revoked_on = ROWS[i].revoked[0] ? pure_day(ROWS[i].revoked) : DAY_NONE,
        };
        if (tax_exemption_covers(&exemption, ROWS[i].category, pure_day(ROWS[i].on)) !=
            ROWS[i].covers)
            fail_msg("row %zu", i);
    }
}

/* The first recorded counts, on its own account, where the seller's rate would. */
static void test_exempt_rule(void **state)
{
    (void)state;
    struct tax_exemption other = {.account = "acc_2",
                                  .number = "N0",
                                  .valid_from = pure_day("2026-01-01"),
                                  .valid_until = DAY_NONE,
                                  .revoked_on = DAY_NONE};
    struct tax_exemption first = other, second = other;
    first.account = second.account = "acc_1";
    first.number = "N1";
    second.number = "N2";
    struct tax_exemption *items[] = {&other, &first, &second};
    const struct tax_exemption_list list = {.items = items, .count = 3};
    static const struct {
        const char *country, *vat_id, *on;
        enum tax_treatment treatment;
        const char *proof; /* "": none */
    } ROWS[] = {
        {"FR", NULL, "2026-01-01", TAX_EXEMPT, "N1"},
        {"FR", NULL, "2025-12-31", TAX_DOMESTIC, ""},
        {"DE", NULL, "2026-01-01", TAX_EXEMPT, "N1"},
        {"DE", "DE136695976", "2026-01-01", TAX_REVERSE_CHARGE, ""},
        {"US", NULL, "2026-01-01", TAX_OUT_OF_SCOPE, ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct tax_party party = {.seller_country = "FR",
                                        .country = ROWS[i].country,
                                        .vat_id = ROWS[i].vat_id,
                                        .taxed = true,
                                        .account = "acc_1",
                                        .exemptions = &list};
        struct tax_rule rule = tax_decide(&CATALOG, &party, "standard", pure_day(ROWS[i].on));
        assert_int_equal(rule.treatment, ROWS[i].treatment);
        assert_string_equal(rule.proof ? rule.proof : "", ROWS[i].proof);
        assert_int_equal(rule.percent_micros, rule.treatment == TAX_DOMESTIC ? 20000000 : 0);
    }
}

/* "A valid VAT number": what a check calls invalid counts no more from that day on; what it calls
 * valid is proved by it; as long as it says nothing the form decides. */
static void test_checked_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *country, *vat_id;
        enum vat_answer answer;
        const char *since, *on;
        enum tax_treatment treatment;
        const char *proof; /* "": none */
    } ROWS[] = {
        {"DE", "DE136695976", VAT_UNKNOWN, "2026-01-20", "2026-01-20", TAX_REVERSE_CHARGE, ""},
        {"DE", "DE136695976", VAT_VALID, "2026-01-20", "2026-01-20", TAX_REVERSE_CHARGE, "P1"},
        {"DE", "DE136695976", VAT_INVALID, "2026-01-20", "2026-01-19", TAX_REVERSE_CHARGE, ""},
        {"DE", "DE136695976", VAT_INVALID, "2026-01-20", "2026-01-20", TAX_DOMESTIC, ""},
        {"DE", "DE12", VAT_VALID, "2026-01-20", "2026-01-20", TAX_DOMESTIC, ""},
        {"DE", "BE0428759497", VAT_VALID, "2026-01-20", "2026-01-20", TAX_DOMESTIC, ""},
        {"FR", "FR40303265045", VAT_VALID, "2026-01-20", "2026-01-20", TAX_DOMESTIC, ""},
        {"US", "DE136695976", VAT_INVALID, "2026-01-20", "2026-01-20", TAX_OUT_OF_SCOPE, ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct tax_party party = {.seller_country = "FR",
                                        .country = ROWS[i].country,
                                        .vat_id = ROWS[i].vat_id,
                                        .vat_state = ROWS[i].answer,
                                        .vat_state_on = pure_day(ROWS[i].since),
                                        .vat_proof = "P1",
                                        .taxed = true};
        struct tax_rule rule = tax_decide(&CATALOG, &party, "standard", pure_day(ROWS[i].on));
        if (rule.treatment != ROWS[i].treatment)
            fail_msg("row %zu: %s", i, tax_treatment_format(rule.treatment));
        assert_string_equal(rule.proof ? rule.proof : "", ROWS[i].proof);
    }
}

/* "The seller's country and registrations". */
static void test_registrations(void **state)
{
    (void)state;
    const struct tax_registration items[] = {
        {"DE", "DE136695976", pure_day("2026-01-10"), pure_day("2026-01-20")},
        {"US", "", pure_day("2026-01-10"), DAY_NONE}};
    static const struct {
        const char *country, *vat_id, *on;
        enum tax_treatment treatment;
        int64_t percent_micros;
    } ROWS[] = {
        {"DE", NULL, "2026-01-09", TAX_DOMESTIC, 20000000},
        {"DE", NULL, "2026-01-10", TAX_DOMESTIC, 19000000},
        {"DE", "DE136695976", "2026-01-20", TAX_DOMESTIC, 19000000},
        {"DE", "DE136695976", "2026-01-21", TAX_REVERSE_CHARGE, 0},
        {"FR", NULL, "2026-01-15", TAX_DOMESTIC, 20000000},
        {"BE", NULL, "2026-01-15", TAX_DOMESTIC, 20000000},
        {"US", NULL, "2026-01-15", TAX_DOMESTIC, 0}, /* no rate of it is known */
        {"CA", NULL, "2026-01-15", TAX_OUT_OF_SCOPE, 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct tax_party party = {.seller_country = "FR",
                                        .registrations = {items, 2},
                                        .country = ROWS[i].country,
                                        .vat_id = ROWS[i].vat_id,
                                        .taxed = true};
        struct tax_rule rule = tax_decide(&CATALOG, &party, "standard", pure_day(ROWS[i].on));
        if (rule.treatment != ROWS[i].treatment || rule.percent_micros != ROWS[i].percent_micros)
            fail_msg("row %zu: %s, %" PRId64, i, tax_treatment_format(rule.treatment),
                     rule.percent_micros);
    }
}

static void test_clean_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *country, *text, *clean;
    } ROWS[] = {
        {"DE", "DE136695976", "DE136695976"},
        {"DE", "de 136 695 976", "DE136695976"},
        {"BE", "BE 0428.759.497", "BE0428759497"},
        {"AT", "atu-12345678", "ATU12345678"},
        {"MC", "fr 40 303265045", "FR40303265045"},
        {"US", "12-3456789", "12-3456789"},
        {"DE", "", ""},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(tax_vat_id_clean(cx.arena, ROWS[i].country, ROWS[i].text),
                            ROWS[i].clean);
    pure_end(&cx);
}

static void test_vat_ids(void **state)
{
    (void)state;
    static const char *const GOOD[] = {
        "ATU12345678",   "BE0123456789",  "BE1123456789",  "BG123456789",    "BG1234567890",
        "CY12345678L",   "CZ12345678",    "CZ123456789",   "CZ1234567890",   "DE123456789",
        "DK12345678",    "EE123456789",   "EL123456789",   "ESX1234567X",    "ES12345678X",
        "ESX12345678",   "FI12345678",    "FR12345678901", "FRAB123456789",  "FR1B123456789",
        "HR12345678901", "HU12345678",    "IE1234567L",    "IE1234567LA",    "IE1A12345L",
        "IE1+12345L",    "IE1*12345L",    "IT12345678901", "LT123456789",    "LT123456789012",
        "LU12345678",    "LV12345678901", "MT12345678",    "NL123456789B01", "PL1234567890",
        "PT123456789",   "RO12",          "RO1234567890",  "SE123456789012", "SI12345678",
        "SK1234567890",
    };
    static const char *const BAD[] = {
        "",
        "F",
        "FR",
        "AT12345678",
        "ATU1234567",
        "ATU123456789",
        "BE2123456789",
        "BE012345678",
        "BG12345678",
        "CY123456789",
        "CZ1234567",
        "CZ12345678901",
        "DE12345678",
        "DE1234567890",
        "de123456789",
        "DE 123456789",
        "GR123456789",
        "ES123456789",
        "FRAO123456789",
        "FRI1123456789",
        "FR1234567890",
        "IE1234567",
        "IE1234567LAB",
        "IE12345678L",
        "LT1234567890",
        "LT12345678901",
        "NL123456789A01",
        "NL12345678901",
        "RO1",
        "RO12345678901",
        "XI123456789",
        "GB123456789",
        "US123456789",
        "MC12345678901",
        "PL123456789X",
        "DE12345678\xd9\xa1",
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        if (!tax_vat_id_is_well_formed(GOOD[i]))
            fail_msg("%s is refused", GOOD[i]);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (tax_vat_id_is_well_formed(BAD[i]))
            fail_msg("%s is accepted", BAD[i]);
}

static void test_eu(void **state)
{
    (void)state;
    static const char EU[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT "
                             "RO SE SI SK";
    size_t members = 0;
    for (char a = 'A'; a <= 'Z'; a++) {
        for (char b = 'A'; b <= 'Z'; b++) {
            const char country[] = {a, b, '\0'};
            bool is_member = tax_country_in_eu(country);
            members += is_member;
            /* The list has a space between two codes: no match can lie across it. */
            assert_int_equal(is_member, strstr(EU, country) != NULL);
        }
    }
    assert_int_equal(members, 27);
    assert_false(tax_country_in_eu("EL"));
    assert_false(tax_country_in_eu("fr"));
}

static void test_words(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"none", "domestic", "reverse_charge", "out_of_scope",
                                        "exempt"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        assert_string_equal(tax_treatment_format((enum tax_treatment)i), WORDS[i]);
        assert_int_equal(tax_treatment_parse(WORDS[i]), i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_treatments),    cmocka_unit_test(test_rate_of_the_day),
        cmocka_unit_test(test_vat_ids),       cmocka_unit_test(test_eu),
        cmocka_unit_test(test_words),         cmocka_unit_test(test_exemptions),
        cmocka_unit_test(test_exempt_rule),   cmocka_unit_test(test_checked_numbers),
        cmocka_unit_test(test_clean_numbers), cmocka_unit_test(test_registrations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
