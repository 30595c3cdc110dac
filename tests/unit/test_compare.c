/* Why a bill differs: each cause by a table, and that the causes always add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invoice/compare.h"
#include "support/books.h"
#include "support/pure.h"

enum { LINES = 3, CAUSES = 4 };

/* A line; its quantity 0 ends them. Undone lines are negative. */
struct bill_line {
    const char *subscription, *offer;
    int64_t quantity, unit_minor, days, of_days;
    int64_t catalog;
    int step;
    enum line_reason reason;
    bool undoes;
};

struct bill {
    struct bill_line lines[LINES];
    int64_t credit_used;
    int64_t percent; /* of the tax */
};

static struct document *bill_of(struct books *books, const struct bill *bill)
{
    struct document *document = books_document(books);
    const struct tax_rule rule = {TAX_DOMESTIC, "standard", bill->percent * 1000000, NULL};
    document->net = document->tax = document->total = money_zero("EUR");
    for (size_t i = 0; i < LINES && bill->lines[i].quantity > 0; i++) {
        const struct bill_line *row = &bill->lines[i];
        struct line *line = books_charge(books, document, row->unit_minor, row->quantity, rule);
        line->subscription = row->subscription;
        line->offer = row->offer;
        line->catalog = row->catalog;
        line->step = row->step;
        line->reason = row->reason;
        line->undoes = row->undoes ? "lin_before" : NULL;
        line->days = row->days;
        line->of_days = row->of_days;
        line->amount = money_fraction(line->unit, line->quantity, row->days, row->of_days, "EUR");
        if (row->undoes)
            line->amount = money_negate(line->amount);
        document->net = money_add(document->net, line->amount);
    }
    document->tax = money_percent(document->net, rule.percent_micros);
    document->taxes[0] =
        (struct document_tax){rule, document->net, document->tax, money_zero("EUR")};
    document->tax_count = 1;
    document->total = money_add(document->net, document->tax);
    document->credit_used = money_of(bill->credit_used, "EUR");
    return document;
}

static struct money sum_of(const struct bill_cause_list *causes)
{
    struct money sum = money_zero("EUR");
    for (size_t i = 0; i < causes->count; i++)
        sum = money_add(sum, causes->items[i]->amount);
    return sum;
}

#define SUITE(n, unit, version)                                                                    \
    {                                                                                              \
        "sub_1", "suite", n, unit, 31, 31, version, 0, LINE_RENEWAL, false                         \
    }
#define STORE(n)                                                                                   \
    {                                                                                              \
        "sub_2", "storage", n, 20, 31, 31, 3, 0, LINE_RENEWAL, false                               \
    }

static const struct {
    const char *name;
    struct bill before, after;
    struct {
        enum bill_cause_kind kind;
        int64_t minor;
    } causes[CAUSES];
} CASES[] = {
    {"nothing", {{SUITE(10, 1250, 3)}, 0, 0}, {{SUITE(10, 1250, 3)}, 0, 0}, {{CAUSE_ADDED, 0}}},
    {"more of it",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(12, 1250, 3)}, 0, 0},
     {{CAUSE_QUANTITY, 2500}}},
    {"less of it",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(9, 1250, 3)}, 0, 0},
     {{CAUSE_QUANTITY, -1250}}},
    {"a later price",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(10, 1300, 4)}, 0, 0},
     {{CAUSE_PRICE, 500}}},
    {"more of it at a later price",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(12, 1300, 4)}, 0, 0},
     {{CAUSE_QUANTITY, 2500}, {CAUSE_PRICE, 600}}},
    {"a later version at the same price",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(12, 1250, 4)}, 0, 0},
     {{CAUSE_QUANTITY, 2500}}},
    {"an add-on bought",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(10, 1250, 3), STORE(100)}, 0, 0},
     {{CAUSE_ADDED, 2000}}},
    {"an add-on ended",
     {{SUITE(10, 1250, 3), STORE(100)}, 0, 0},
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{CAUSE_ENDED, -2000}}},
    {"another plan",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{{"sub_1", "complete", 10, 2000, 31, 31, 3, 0, LINE_RENEWAL, false}}, 0, 0},
     {{CAUSE_PLAN, 7500}}},
    {"by the year",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{{"sub_1", "suite", 10, 15000, 365, 365, 3, 0, LINE_RENEWAL, false}}, 0, 0},
     {{CAUSE_FREQUENCY, 137500}}},
    {"a month of another length",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{{"sub_1", "suite", 10, 1250, 28, 28, 3, 0, LINE_RENEWAL, false}}, 0, 0},
     {{CAUSE_ADDED, 0}}},
    {"for a part before",
     {{{"sub_1", "suite", 10, 1250, 12, 31, 3, 0, LINE_PURCHASE, false}}, 0, 0},
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{CAUSE_PART_BEFORE, 7661}}},
    {"for a part now, and more",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{{"sub_1", "suite", 12, 1250, 12, 31, 3, 0, LINE_INCREASE, false}}, 0, 0},
     {{CAUSE_QUANTITY, 2500}, {CAUSE_PART_AFTER, -9194}}},
    {"set up once",
     {{SUITE(10, 1250, 3), {"sub_1", "suite", 1, 5000, 1, 1, 3, 0, LINE_SETUP, false}}, 0, 0},
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{CAUSE_SETUP, -5000}}},
    {"a line undone",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(10, 1250, 3), {"sub_1", "suite", 2, 1250, 31, 31, 3, 0, LINE_DECREASE, true}}, 0, 0},
     {{CAUSE_UNDONE, -2500}}},
    {"steps of one price",
     {{SUITE(10, 1250, 3), {"sub_1", "suite", 5, 1000, 31, 31, 3, 1, LINE_RENEWAL, false}}, 0, 0},
     {{SUITE(10, 1250, 3), {"sub_1", "suite", 8, 1000, 31, 31, 3, 1, LINE_RENEWAL, false}}, 0, 0},
     {{CAUSE_QUANTITY, 3000}}},
    {"steps of another price",
     {{SUITE(10, 1250, 3), {"sub_1", "suite", 5, 1000, 31, 31, 3, 1, LINE_RENEWAL, false}}, 0, 0},
     {{SUITE(10, 1300, 4), {"sub_1", "suite", 8, 1000, 31, 31, 4, 1, LINE_RENEWAL, false}}, 0, 0},
     {{CAUSE_BOTH, 3500}}},
    {"two versions on one bill",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(10, 1250, 3), SUITE(10, 1300, 4)}, 0, 0},
     {{CAUSE_BOTH, 13000}}},
    {"tax on more of it",
     {{SUITE(10, 1250, 3)}, 0, 20},
     {{SUITE(12, 1250, 3)}, 0, 20},
     {{CAUSE_QUANTITY, 2500}, {CAUSE_TAX, 500}}},
    {"another rate",
     {{SUITE(10, 1250, 3)}, 0, 20},
     {{SUITE(10, 1250, 3)}, 0, 21},
     {{CAUSE_TAX_RATE, 125}}},
    {"another rate on more",
     {{SUITE(10, 1250, 3)}, 0, 20},
     {{SUITE(12, 1250, 3)}, 0, 21},
     {{CAUSE_QUANTITY, 2500}, {CAUSE_TAX_RATE, 150}, {CAUSE_TAX, 500}}},
    {"credit used now",
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{SUITE(10, 1250, 3)}, 700, 0},
     {{CAUSE_CREDIT, -700}}},
    {"credit used before",
     {{SUITE(10, 1250, 3)}, 700, 0},
     {{SUITE(10, 1250, 3)}, 0, 0},
     {{CAUSE_CREDIT, 700}}},
};

static void test_causes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct books books = books_open();
        struct bill_cause_list causes = {0};
        compare_bills(books.cx.arena, bill_of(&books, &CASES[i].before),
                      bill_of(&books, &CASES[i].after), &causes);
        size_t expected = 0;
        while (expected < CAUSES && CASES[i].causes[expected].minor != 0)
            expected++;
        if (causes.count != expected)
            fail_msg("%s: %zu causes", CASES[i].name, causes.count);
        for (size_t k = 0; k < expected; k++) {
            const struct bill_cause *cause = causes.items[k];
            if (cause->kind != CASES[i].causes[k].kind ||
                cause->amount.minor != CASES[i].causes[k].minor)
                fail_msg("%s: %s %" PRId64, CASES[i].name, bill_cause_format(cause->kind),
                         cause->amount.minor);
        }
        books_close(&books);
    }
}

static void test_what_a_cause_names(void **state)
{
    (void)state;
    struct books books = books_open();
    struct bill_cause_list causes = {0};
    const struct bill before = {{SUITE(10, 1250, 3)}, 0, 20};
    const struct bill after = {{SUITE(12, 1250, 3)}, 0, 20};
    compare_bills(books.cx.arena, bill_of(&books, &before), bill_of(&books, &after), &causes);
    const struct bill_cause *quantity = causes.items[0], *tax = causes.items[1];
    assert_string_equal(quantity->subscription, "sub_1");
    assert_int_equal(quantity->quantity_before, 10);
    assert_int_equal(quantity->quantity_after, 12);
    assert_string_equal(quantity->before->offer, "suite");
    assert_int_equal(quantity->after->unit.micros, 1250000000);
    assert_null(tax->subscription);
    assert_null(tax->after);
    books_close(&books);
}

/* Random bills ------------------------------------------------------------------------------- */

static uint64_t random_bits;

static int64_t random_below(int64_t bound)
{
    random_bits = random_bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (int64_t)((random_bits >> 33) % (uint64_t)bound);
}

static struct bill random_bill(void)
{
    static const char *const SUBSCRIPTIONS[] = {"sub_1", "sub_2", "sub_3"};
    static const char *const OFFERS[] = {"suite", "storage"};
    static const int64_t PERIODS[] = {28, 30, 31, 365};
    struct bill bill = {.credit_used = random_below(3) * random_below(5000),
                        .percent = random_below(3) * 10};
    size_t count = (size_t)random_below(LINES + 1);
    for (size_t i = 0; i < count; i++) {
        int64_t of_days = PERIODS[random_below(4)];
        bill.lines[i] = (struct bill_line){
            .subscription = SUBSCRIPTIONS[random_below(3)],
            .offer = OFFERS[random_below(2)],
            .quantity = 1 + random_below(40),
            .unit_minor = random_below(3000),
            .days = random_below(2) == 0 ? of_days : random_below(of_days + 1),
            .of_days = of_days,
            .catalog = 3 + random_below(2),
            .step = (int)random_below(2),
            .reason = random_below(6) == 0 ? LINE_SETUP : LINE_RENEWAL,
            .undoes = random_below(5) == 0,
        };
    }
    return bill;
}

static void test_causes_add_up(void **state)
{
    (void)state;
    enum { BILLS = 20000 };
    size_t told = 0;
    struct books books = books_open();
    for (uint64_t seed = 1; seed <= BILLS; seed++) {
        random_bits = seed;
        struct bill_cause_list causes = {0};
        const struct bill was = random_bill(), is = random_bill();
        struct document *before = bill_of(&books, &was), *after = bill_of(&books, &is);
        compare_bills(books.cx.arena, before, after, &causes);
        struct money expected = money_subtract(compare_to_pay(after), compare_to_pay(before));
        if (money_compare(sum_of(&causes), expected) != 0)
            fail_msg("seed %" PRIu64 ": %" PRId64 " is not %" PRId64, seed, sum_of(&causes).minor,
                     expected.minor);
        for (size_t i = 0; i < causes.count; i++)
            assert_false(money_is_zero(causes.items[i]->amount));
        told += causes.count;
        pure_reset(&books.cx);
    }
    assert_true(told > BILLS);
    books_close(&books);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_causes),
        cmocka_unit_test(test_what_a_cause_names),
        cmocka_unit_test(test_causes_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
