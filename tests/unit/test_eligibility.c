/* Eligibility by cases: each row is one reading of rules §1 to §3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/holdings.h"
#include "support/pure.h"
#include "support/world.h"

/* The catalogue of all rows -------------------------------------------------------------------- */

#define IDS(...)                                                                                   \
    {                                                                                              \
        .items = (const char *const[]){__VA_ARGS__},                                               \
        .count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                 \
    }
#define PRICE(money, t, b)                                                                         \
    {                                                                                              \
        .currency = money, .term = TERM_##t, .billing = BILLING_##b, .unit = { 1000000 }           \
    }
#define PRICES(list) .prices = (list), .price_count = sizeof(list) / sizeof *(list)

static const struct price MONTH[] = {PRICE("EUR", P1M, MONTHLY)};
static const struct price YEAR[] = {PRICE("EUR", P1Y, YEARLY)};
static const struct price DOLLARS[] = {PRICE("USD", P1M, MONTHLY)};
static const struct price THREE[] = {PRICE("EUR", P1M, MONTHLY), PRICE("EUR", P1Y, MONTHLY),
                                     PRICE("EUR", P1Y, YEARLY), PRICE("USD", P1M, MONTHLY)};
static const char *const FRANCE[] = {"FR", "BE"};

#define ALWAYS .sale_from = DAY_NONE, .sale_until = DAY_NONE
#define UNITS .quantity_min = 1, .quantity_max = 100, .quantity_step = 1, .per_base = 1, ALWAYS
#define BASE .kind = OFFER_BASE, UNITS
#define TRADITIONAL .kind = OFFER_TRADITIONAL_ADDON, UNITS
#define STANDALONE .kind = OFFER_STANDALONE_ADDON, UNITS

static const struct offer OFFERS[] = {
    {.id = "suite", BASE, PRICES(THREE)},
    {.id = "plus", BASE, PRICES(MONTH)},
    {.id = "storage", TRADITIONAL, PRICES(THREE), .connects_to = IDS("plus", "suite")},
    {.id = "archive", TRADITIONAL, PRICES(YEAR), .connects_to = IDS("suite")},
    {.id = "search",
     TRADITIONAL,
     PRICES(MONTH),
     .connects_to = IDS("suite", "plus"),
     .requires_all = IDS("storage")},
    {.id = "dollars", TRADITIONAL, PRICES(DOLLARS), .connects_to = IDS("suite")},
    {.id = "phone", STANDALONE, PRICES(MONTH), .requires_any = IDS("plus", "suite")},
    {.id = "calls",
     STANDALONE,
     PRICES(MONTH),
     .requires_all = IDS("phone"),
     .requires_any = IDS("suite", "plus"),
     .excludes = IDS("world"),
     .limit_per_customer = 1,
     .countries = FRANCE,
     .country_count = 2},
    {.id = "world", STANDALONE, PRICES(MONTH), .requires_all = IDS("phone")},
    {.id = "guides", STANDALONE, PRICES(THREE)},
    {.id = "shield",
     TRADITIONAL,
     PRICES(MONTH),
     .connects_to = IDS("suite"),
     .requires_any = IDS("phone", "guides"),
     .limit_per_customer = 2},
    {.id = "abroad", STANDALONE, PRICES(DOLLARS)},
    {.id = "rooms", STANDALONE, PRICES(MONTH), .requires_all = IDS("guides", "phone")},
};
enum { OFFER_COUNT = sizeof OFFERS / sizeof *OFFERS };

static const struct holding *find_holding(const struct eligibility_input *input, const char *name)
{
    for (size_t i = 0; i < input->holding_count; i++)
        if (strcmp(input->holdings[i].name, name) == 0)
            return &input->holdings[i];
    fail_msg("no holding %s", name);
    return NULL;
}

/* Rows ----------------------------------------------------------------------------------------- */

/* The question is an offer and what is not as usual, which is the list of a classic account in
 * France that pays in euros: "storage on:s as:a" (line a of an order names the base s),
 * "calls in:DE for:USD", "storage agreement". */
struct example {
    const char *question;
    const char *holdings;
    const char *answer;
};

static const char *after(const char *word, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(word, prefix, size) == 0 ? word + size : NULL;
}

static void read_condition(struct eligibility_input *input, const char *word,
                           const struct holding **base, const struct holding **self)
{
    const char *value;
    if ((value = after(word, "on:")))
        *base = find_holding(input, value);
    else if ((value = after(word, "as:")))
        *self = find_holding(input, value);
    else if ((value = after(word, "in:")))
        input->country = value;
    else if ((value = after(word, "for:")))
        input->currency = value;
    else if (strcmp(word, "agreement") == 0)
        input->account_type = ACCOUNT_AGREEMENT;
    else
        fail_msg("what is %s?", word);
}

static void run_row(struct context *cx, const struct example *row)
{
    struct offer *offers = ARENA_ARRAY(cx->arena, struct offer, OFFER_COUNT);
    memcpy(offers, OFFERS, sizeof OFFERS);
    struct catalog catalog = world_catalog(cx->arena, offers, OFFER_COUNT);
    struct holding holdings[16];
    struct eligibility_input input = {
        .catalog = &catalog,
        .holdings = holdings,
        .holding_count = holdings_read(cx->arena, holdings, row->holdings),
        .account = "acc_this",
        .account_type = ACCOUNT_CLASSIC,
        .country = "FR",
        .currency = "EUR",
        .today = pure_day("2026-02-01"),
    };
    const struct holding *base = NULL, *self = NULL;
    char *rest;
    const char *offer = strtok_r(arena_copy(cx->arena, row->question), " ", &rest);
    for (char *word = strtok_r(NULL, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        read_condition(&input, word, &base, &self);

    struct availability answer;
    eligibility_judge(cx, &input, catalog_find_offer(&catalog, offer), base, self, &answer);
    const char *text = world_print(cx->arena, &answer);
    if (strcmp(text, row->answer) != 0)
        fail_msg("%s with \"%s\": \"%s\" instead of \"%s\"", row->question, row->holdings, text,
                 row->answer);
    pure_reset(cx);
}

static void run_rows(const struct example *rows, size_t count)
{
    struct context cx = pure_context();
    for (size_t i = 0; i < count; i++)
        run_row(&cx, &rows[i]);
    pure_end(&cx);
}

#define RUN(rows) run_rows((rows), sizeof(rows) / sizeof *(rows))
#define ANY_MONTH "1..100/1 P1M/monthly"
#define ANY_THREE "1..100/1 P1M/monthly P1Y/monthly P1Y/yearly"

static void test_requires(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"guides", "", "available [] " ANY_THREE},
        {"suite", "", "available [] " ANY_THREE},
        {"phone", "", "requires(suite,plus)"},
        {"phone", "s:suite", "available [] " ANY_MONTH},
        {"phone", "s:plus:other", "available [] " ANY_MONTH},
        {"phone", "g:guides", "requires(suite,plus)"},
        {"phone", "s:suite:deleted", "requires(suite,plus)"},
        {"phone", "s:suite:trial", "base_not_active(suite)"},
        {"phone", "s:suite:pastdue", "base_not_active(suite)"},
        {"phone", "s:suite:expired", "base_not_active(suite)"},
        {"phone", "s:suite:disabled", "base_not_active(suite)"},
        {"phone", "s:suite:scheduled", "base_not_active(suite)"},
        {"phone", "s:suite:planned", "base_not_active(suite)"},
        {"phone", "s:suite:trial p:plus", "available [] " ANY_MONTH},
        {"phone", "s:suite:trial p:plus:expired", "base_not_active(suite,plus)"},
        {"world", "", "requires(phone)"},
        {"world", "p:phone:expired", "base_not_active(phone)"},
        {"calls", "", "requires(suite,plus,phone)"},
        {"calls", "s:suite", "requires(phone)"},
        {"calls", "p:phone", "requires(suite,plus)"},
        {"calls", "s:suite:trial", "requires(suite,plus,phone)"},
        {"calls", "s:suite:trial p:phone:trial", "base_not_active(suite,phone)"},
        {"calls", "s:suite p:phone:pastdue", "base_not_active(phone)"},
        {"calls", "s:suite p:phone", "available [] " ANY_MONTH},
        {"phone", "x:forgotten", "requires(suite,plus)"},
        {"rooms", "p:phone", "requires(guides)"},
        {"rooms", "", "requires(phone,guides)"},
        {"rooms", "p:phone g:guides", "available [] " ANY_MONTH},
    };
    RUN(ROWS);
}

static void test_traditional_needs_a_base(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"storage", "", "requires(suite,plus)"},
        {"storage", "s:suite", "available [s] " ANY_MONTH},
        {"storage", "s:suite:other", "requires(suite,plus)"},
        {"storage", "s:suite:other:trial", "requires(suite,plus)"},
        {"storage", "s:suite:trial", "base_not_active(suite)"},
        {"storage", "s:suite:trial p:plus:scheduled", "base_not_active(suite,plus)"},
        {"storage", "z:suite a:plus", "available [a z] " ANY_MONTH},
        {"storage", "a:suite z:plus m:suite", "available [a m z] " ANY_MONTH},
        {"storage", "z:suite a:plus:expired", "available [z] " ANY_MONTH},
        {"storage", "z:suite a:suite:yearly", "available [a z] 1..100/1 P1M/monthly P1Y/yearly"},
        {"search", "s:suite", "requires(storage)"},
        {"search", "", "requires(suite,plus,storage)"},
        {"search", "s:suite t:storage>s", "available [s] " ANY_MONTH},
        {"search", "s:suite t:storage>s:expired", "base_not_active(storage)"},
        {"search", "s:suite:expired t:storage>s:expired", "base_not_active(suite,storage)"},
        {"search", "s:suite:expired", "requires(suite,plus,storage)"},
        {"search", "p:plus s:suite:other t:storage>s:other", "available [p] " ANY_MONTH},
        {"shield", "s:suite", "requires(phone,guides)"},
        {"shield", "g:guides", "requires(suite)"},
        {"shield", "s:suite:trial g:guides:trial", "base_not_active(suite,guides)"},
        {"storage on:s", "s:suite:other", "requires(suite,plus)"},
        {"storage on:p", "s:suite p:plus:trial", "base_not_active(plus)"},
        {"storage on:p", "s:suite p:plus:deleted", "requires(suite,plus)"},
        {"storage on:p", "s:suite p:plus", "available [p] " ANY_MONTH},
        {"archive on:p", "s:suite:yearly p:plus", "requires(suite)"},
    };
    RUN(ROWS);
}

static void test_narrowing(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"archive", "s:suite", "price(suite)"},
        {"archive", "s:suite:yearly", "available [s] 1..100/1 P1Y/yearly"},
        {"archive", "s:suite t:suite:yearly", "available [t] 1..100/1 P1Y/yearly"},
        {"archive on:s", "s:suite t:suite:yearly", "price(suite)"},
        {"archive", "s:suite:trial:yearly", "base_not_active(suite)"},
        {"dollars", "s:suite", "currency price(suite)"},
        {"dollars", "", "currency requires(suite)"},
        {"dollars for:USD", "s:suite", "available [s] " ANY_MONTH},
        {"search", "s:suite:yearly", "requires(storage) price(suite)"},
        {"storage", "s:suite a:storage>s", "already_on_base(suite)"},
        {"storage", "s:suite a:storage>s:expired", "already_on_base(suite)"},
        {"storage", "s:suite a:storage>s:planned", "already_on_base(suite)"},
        {"storage", "s:suite a:storage>s:deleted", "available [s] " ANY_MONTH},
        {"storage", "s:suite a:storage>s p:plus", "available [p] " ANY_MONTH},
        {"storage on:s", "s:suite a:storage>s p:plus", "already_on_base(suite)"},
        {"storage", "p:plus b:storage>p s:suite a:storage>s", "already_on_base(suite,plus)"},
        {"storage", "s:suite a:archive>s", "available [s] " ANY_MONTH},
        {"storage", "s:suite:pending", "change_pending(suite)"},
        {"storage", "s:suite:pending p:plus", "available [p] " ANY_MONTH},
        {"storage on:s", "s:suite:pending p:plus", "change_pending(suite)"},
        {"storage", "s:suite:pending a:storage>s", "already_on_base(suite)"},
        {"storage", "s:suite:pending p:plus b:storage>p", "change_pending(suite)"},
        {"phone", "s:suite:pending", "available [] " ANY_MONTH},
    };
    RUN(ROWS);
}

static void test_the_offer_itself(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"calls in:DE", "s:suite p:phone", "country"},
        {"calls in:BE", "s:suite p:phone", "available [] " ANY_MONTH},
        {"calls in:DE", "", "country requires(suite,plus,phone)"},
        {"abroad", "", "currency"},
        {"abroad for:USD", "", "available [] " ANY_MONTH},
        {"calls", "s:suite p:phone w:world", "excluded_by(world)"},
        {"world", "s:suite p:phone c:calls", "excluded_by(calls)"},
        {"world", "p:phone c:calls:expired:other", "excluded_by(calls)"},
        {"world", "p:phone c:calls:planned", "excluded_by(calls)"},
        {"world", "p:phone c:calls:deleted", "available [] " ANY_MONTH},
        {"calls", "s:suite p:phone c:calls", "limit_per_customer"},
        {"calls", "s:suite p:phone c:calls:scheduled", "limit_per_customer"},
        {"calls", "s:suite p:phone c:calls:deleted", "available [] " ANY_MONTH},
        {"calls in:US", "c:calls w:world",
         "country requires(suite,plus,phone) excluded_by(world) limit_per_customer"},
        {"shield", "g:guides s:suite a:shield>s t:suite", "available [t] " ANY_MONTH},
        {"shield", "g:guides s:suite a:shield>s t:suite b:shield>t u:suite", "limit_per_customer"},
        {"shield", "g:guides s:suite a:shield>s b:shield>t:other",
         "limit_per_customer already_on_base(suite)"},
    };
    RUN(ROWS);
}

static void test_carts(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"storage on:s as:a", "+s:suite +a:storage>s", "available [s] " ANY_MONTH},
        {"storage on:s as:a", "+s:suite +a:storage>s +b:storage>s", "already_on_base(suite)"},
        {"storage on:s as:a", "+s:suite:trial +a:storage>s", "base_not_active(suite)"},
        {"storage on:s as:a", "+s:suite:later +a:storage>s:later", "available [s] " ANY_MONTH},
        {"storage on:s as:a", "+s:suite:later +a:storage>s", "base_not_active(suite)"},
        {"search on:s as:b", "+s:suite +a:storage>s +b:search>s", "available [s] " ANY_MONTH},
        {"phone as:p", "+s:suite +p:phone", "available [] " ANY_MONTH},
        {"phone as:p", "+s:suite:later +p:phone", "base_not_active(suite)"},
        {"phone as:p", "+s:suite +p:phone:later", "available [] " ANY_MONTH},
        {"calls as:c", "s:suite p:phone +c:calls", "available [] " ANY_MONTH},
        {"calls as:c", "s:suite p:phone +c:calls +d:calls", "limit_per_customer"},
        {"calls as:c", "s:suite p:phone +c:calls +w:world", "excluded_by(world)"},
        {"world as:w", "s:suite +p:phone +c:calls +w:world", "excluded_by(calls)"},
        {"world as:w", "s:suite +p:phone:trial +w:world", "base_not_active(phone)"},
        {"storage on:s as:a", "+s:suite:yearly +a:storage>s", "available [s] 1..100/1 P1Y/yearly"},
    };
    RUN(ROWS);
}

/* "connects_to then counts as one more requires.any_of; price and already_on_base never apply". */
static void test_agreement_accounts(void **state)
{
    (void)state;
    static const struct example ROWS[] = {
        {"storage agreement", "", "requires(suite,plus)"},
        {"storage agreement", "s:suite", "available [] " ANY_THREE},
        {"storage agreement", "s:suite:other", "available [] " ANY_THREE},
        {"storage agreement", "s:suite:trial", "base_not_active(suite)"},
        {"storage agreement", "s:suite a:storage", "available [] " ANY_THREE},
        {"storage agreement", "s:suite:pending", "available [] " ANY_THREE},
        {"archive agreement", "s:suite", "available [] 1..100/1 P1Y/yearly"},
        {"shield agreement", "s:suite", "requires(phone,guides)"},
        {"shield agreement", "g:guides", "requires(suite)"},
        {"dollars agreement", "s:suite", "currency"},
    };
    RUN(ROWS);
}

/* Sale windows: "`until` is the last day"; brought back without being asked. */
static void test_sale(void **state)
{
    (void)state;
    static const struct {
        const char *from, *until, *today;
        bool end, ignored;
        const char *answer;
    } ROWS[] = {
        {NULL, NULL, "2026-02-01", true, false, "not_on_sale country"},
        {NULL, NULL, "2026-02-01", true, true, "available [] 1..100/1 P1M/monthly"},
        {"2026-02-01", NULL, "2026-01-31", false, false, "not_on_sale country"},
        {"2026-02-01", NULL, "2026-02-01", false, false, "country"},
        {NULL, "2026-02-01", "2026-02-01", false, false, "country"},
        {NULL, "2026-02-01", "2026-02-02", false, false, "not_on_sale country"},
        {NULL, "2026-02-01", "2026-02-02", false, true, "available [] 1..100/1 P1M/monthly"},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct offer offer = {.id = "guides",
                              STANDALONE,
                              PRICES(MONTH),
                              .countries = FRANCE,
                              .country_count = 2,
                              .end_of_sale = ROWS[i].end};
        if (ROWS[i].from)
            offer.sale_from = pure_day(ROWS[i].from);
        if (ROWS[i].until)
            offer.sale_until = pure_day(ROWS[i].until);
        struct catalog catalog = world_catalog(cx.arena, &offer, 1);
        struct eligibility_input input = {
            .catalog = &catalog,
            .account = "acc_this",
            .country = "DE",
            .currency = "EUR",
            .today = pure_day(ROWS[i].today),
            .ignore_sale_and_country = ROWS[i].ignored,
        };
        struct availability answer;
        eligibility_judge(&cx, &input, &offer, NULL, NULL, &answer);
        assert_string_equal(world_print(cx.arena, &answer), ROWS[i].answer);
    }
    pure_end(&cx);
}

/* The two right columns of the table of rules §2. */
static void test_codes(void **state)
{
    (void)state;
    static const char *const CODES[REASON_COUNT][2] = {
        {"not_on_sale", "offer_not_available"},
        {"country", "offer_country"},
        {"currency", "offer_currency"},
        {"requires", "addon_prerequisite_missing"},
        {"base_not_active", "parent_not_active"},
        {"price", "offer_price"},
        {"excluded_by", "addon_excluded"},
        {"limit_per_customer", "subscription_limit"},
        {"already_on_base", "addon_already_on_base"},
        {"change_pending", "change_pending"},
    };
    for (size_t i = 0; i < REASON_COUNT; i++) {
        assert_string_equal(reason_code_format((enum reason_code)i), CODES[i][0]);
        assert_string_equal(err_code(reason_error((enum reason_code)i)), CODES[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requires),  cmocka_unit_test(test_traditional_needs_a_base),
        cmocka_unit_test(test_narrowing), cmocka_unit_test(test_the_offer_itself),
        cmocka_unit_test(test_carts),     cmocka_unit_test(test_agreement_accounts),
        cmocka_unit_test(test_sale),      cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
