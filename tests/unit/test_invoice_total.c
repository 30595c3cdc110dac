/* Totals and tax of documents (rules §6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invoice/proration.h"
#include "support/books.h"
#include "support/pure.h"

static void assert_totals(const struct document *document, int64_t net, int64_t tax, int64_t total)
{
    assert_int_equal(document->net.minor, net);
    assert_int_equal(document->tax.minor, tax);
    assert_int_equal(document->total.minor, total);
}

static void test_tax_is_rounded_once_a_rate(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    books_charge(&books, invoice, 1002, 1, TAX_TWENTY);
    books_charge(&books, invoice, 1002, 1, TAX_TWENTY);
    books_charge(&books, invoice, 999, 1, TAX_FIVE_AND_HALF);
    books_issue(&books, invoice);
    assert_totals(invoice, 3003, 401 + 55, 3003 + 456); /* 4.008 and 0.549 */
    assert_int_equal(invoice->type, DOCUMENT_INVOICE);
    assert_int_equal(invoice->tax_count, 2);
    assert_int_equal(invoice->taxes[0].net.minor, 2004);
    assert_int_equal(invoice->taxes[0].tax.minor, 401);
    assert_int_equal(invoice->taxes[0].left.minor, 2004);
    assert_int_equal(invoice->taxes[1].rule.percent_micros, 5500000);
    assert_int_equal(invoice->taxes[1].tax.minor, 55);
    for (size_t i = 0; i < invoice->lines.count; i++)
        assert_int_equal(invoice->lines.items[i]->position, i + 1);
    books_close(&books);
}

/* "10.02 and 10.02 on one invoice at 20 %, both credited, one after the other: tax 4.01; 2.01
 * then 2.00 back" (rules §6). */
static void test_worked_case_of_tax(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charges[] = {books_charge(&books, invoice, 1002, 1, TAX_TWENTY),
                              books_charge(&books, invoice, 1002, 1, TAX_TWENTY)};
    books_issue(&books, invoice);
    assert_totals(invoice, 2004, 401, 2405);
    struct document *first = books_credit(&books, &charges[0], 1, "2026-01-13");
    assert_totals(first, -1002, -201, -1203);
    assert_int_equal(first->type, DOCUMENT_CREDIT_NOTE);
    assert_int_equal(invoice->taxes[0].left.minor, 1002);
    assert_int_equal(charges[0]->left.minor, 0);
    assert_int_equal(charges[1]->left.minor, 1002);
    assert_totals(books_credit(&books, &charges[1], 1, "2026-01-13"), -1002, -200, -1202);
    assert_int_equal(invoice->taxes[0].left.minor, 0);
    books_close(&books);
}

/* Both at once give the same back: what lies between two credits of one document cancels out. */
static void test_two_credits_of_one_document(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charges[] = {books_charge(&books, invoice, 1002, 1, TAX_TWENTY),
                              books_charge(&books, invoice, 1002, 1, TAX_TWENTY)};
    books_issue(&books, invoice);
    assert_totals(books_credit(&books, charges, 2, "2026-01-13"), -2004, -401, -2405);
    books_close(&books);
}

/* Each earlier document gives back its own rounding. */
static void test_credits_of_two_documents(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *one = books_document(&books), *two = books_document(&books);
    struct line *charges[] = {books_charge(&books, one, 1002, 1, TAX_TWENTY),
                              books_charge(&books, two, 1002, 1, TAX_TWENTY)};
    books_issue(&books, one);
    books_issue(&books, two);
    assert_int_equal(one->tax.minor, 200);
    struct document *note = books_credit(&books, charges, 2, "2026-01-13");
    assert_totals(note, -2004, -400, -2404); /* not −401 */
    assert_int_equal(note->tax_count, 1);
    assert_int_equal(note->taxes[0].left.minor, 0);
    books_close(&books);
}

/* A change: the credit follows its document, the charge its own rounding. */
static void test_credit_and_charge_on_one_document(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 20, 100, TAX_TWENTY);
    books_issue(&books, invoice);
    struct document *change = books_document(&books);
    invoice_add_credit(&books.cx, change, charge, pure_day("2026-02-01"), LINE_INCREASE);
    struct line *after = books_charge(&books, change, 20, 150, TAX_TWENTY);
    after->days = 12;
    after->amount = after->left = proration_amount(after->unit, 150, 12, 31, "EUR");
    books_issue(&books, change);
    /* net −7.74 + 11.61; tax of 12.26 − tax of 20.00, + tax of 11.61 */
    assert_totals(change, 387, (245 - 400) + 232, 464);
    assert_int_equal(change->type, DOCUMENT_INVOICE);
    assert_int_equal(change->taxes[0].net.minor, 387);
    assert_int_equal(change->taxes[0].left.minor, 1161);
    books_close(&books);
}

/* A credit has the rate of its line, even when today's is another. */
static void test_credit_keeps_its_rate(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 1000, 1, TAX_FIVE_AND_HALF);
    books_issue(&books, invoice);
    struct document *change = books_document(&books);
    invoice_add_credit(&books.cx, change, charge, pure_day("2026-01-13"), LINE_INCREASE);
    books_charge(&books, change, 1000, 2, TAX_TWENTY);
    books_issue(&books, change);
    assert_int_equal(change->tax_count, 2);
    assert_int_equal(change->taxes[0].tax.minor, -55);
    assert_int_equal(change->taxes[1].tax.minor, 400);
    assert_totals(change, 1000, 345, 1345);
    books_close(&books);
}

/* Totalling is a question: asked twice, nothing but the document has changed. */
static void test_total_changes_only_the_document(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 1002, 1, TAX_TWENTY);
    books_issue(&books, invoice);
    struct document *note = books_document(&books);
    invoice_add_credit(&books.cx, note, charge, pure_day("2026-01-13"), LINE_CANCEL);
    struct document_source source = books_source(&books);
    for (int i = 0; i < 2; i++) {
        invoice_total(note, &source);
        assert_totals(note, -1002, -200, -1202);
        assert_int_equal(invoice->taxes[0].left.minor, 1002);
        assert_int_equal(charge->left.minor, 1002);
        assert_int_equal(invoice->row, ROW_STORED);
    }
    invoice_apply_credits(note, &source);
    assert_int_equal(invoice->taxes[0].left.minor, 0);
    assert_int_equal(charge->left.minor, 0);
    assert_false(charge->in_force);
    assert_int_equal(charge->row, ROW_CHANGED);
    assert_int_equal(invoice->row, ROW_CHANGED);
    books_close(&books);
}

/* "So a full credit gives back all": however lines are undone, one by one and in part, the tax
 * that comes back is the tax that was charged. */
static void test_full_credit_gives_back_all(void **state)
{
    (void)state;
    for (int64_t unit = 1; unit < 2000; unit += 37) {
        struct books books = books_open();
        struct document *invoice = books_document(&books);
        struct line *charges[3];
        for (int64_t i = 0; i < 3; i++)
            charges[i] = books_charge(&books, invoice, unit + i * 7, 1 + i, TAX_TWENTY);
        books_issue(&books, invoice);
        int64_t tax = invoice->tax.minor;
        for (size_t i = 0; i < 3; i++)
            tax += books_credit(&books, &charges[i], 1, "2026-01-23")->tax.minor;
        for (size_t i = 0; i < 3; i++)
            if (charges[i]->left.minor > 0)
                tax += books_credit(&books, &charges[i], 1, "2026-01-13")->tax.minor;
        assert_int_equal(invoice->taxes[0].left.minor, 0);
        assert_int_equal(tax, 0);
        books_close(&books);
    }
}

/* A number below `bound`; the same sequence from the same seed. */
static int64_t draw(uint64_t *seed, int64_t bound)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)(*seed >> 33) % bound;
}

static struct tax_rule draw_rule(uint64_t *seed)
{
    static const struct tax_rule RULES[] = {
        {TAX_DOMESTIC, "standard", 20000000, NULL}, {TAX_DOMESTIC, "standard", 19600000, NULL},
        {TAX_DOMESTIC, "book", 5500000, NULL},      {TAX_DOMESTIC, "press", 2100000, NULL},
        {TAX_REVERSE_CHARGE, "standard", 0, NULL},  {TAX_DOMESTIC, "sweets", 25500000, NULL},
    };
    return RULES[draw(seed, sizeof RULES / sizeof *RULES)];
}

enum { LAW_DOCUMENTS = 3, LAW_LINES = 6 };

/* Undoes some lines of any documents, each from a day of its own; or all, from their first. */
static void credit_some(struct books *books, struct line *const *charges, size_t count,
                        uint64_t *seed, bool all)
{
    struct document *note = books_document(books);
    for (size_t i = 0; i < count; i++) {
        civil_day from = charges[i]->from_on + (all ? 0 : (civil_day)draw(seed, 31));
        if (all || draw(seed, 3) == 0)
            invoice_add_credit(&books->cx, note, charges[i], from, LINE_DECREASE);
    }
    if (note->lines.count > 0)
        books_issue(books, note);
}

/* Net and tax of one rule over all documents. */
static int64_t sum_of_rule(const struct books *books, const struct tax_rule *rule)
{
    int64_t sum = 0;
    for (size_t i = 0; i < books->documents.count; i++) {
        const struct document *document = books->documents.items[i];
        for (size_t k = 0; k < document->tax_count; k++) {
            const struct document_tax *tax = &document->taxes[k];
            if (tax->rule.percent_micros == rule->percent_micros)
                sum += tax->tax.minor + tax->net.minor;
        }
    }
    return sum;
}

/* Whatever is undone in which pieces and on which documents: when all is undone, each rate has
 * given back exactly what it took, and never more meanwhile. */
static void test_credits_return_what_was_charged(void **state)
{
    (void)state;
    for (uint64_t world = 1; world <= 1000; world++) {
        uint64_t seed = world;
        struct books books = books_open();
        struct line *charges[LAW_DOCUMENTS * LAW_LINES];
        size_t count = 0;
        for (int d = 0; d < LAW_DOCUMENTS; d++) {
            struct document *invoice = books_document(&books);
            for (int l = 0; l < LAW_LINES; l++, count++)
                charges[count] = books_charge(&books, invoice, draw(&seed, 3000),
                                              1 + draw(&seed, 9), draw_rule(&seed));
            books_issue(&books, invoice);
        }
        for (int step = 0; step < 4; step++)
            credit_some(&books, charges, count, &seed, false);
        for (size_t i = 0; i < count; i++)
            assert_true(sum_of_rule(&books, &charges[i]->tax) >= 0);
        credit_some(&books, charges, count, &seed, true);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(charges[i]->left.minor, 0);
            if (sum_of_rule(&books, &charges[i]->tax) != 0)
                fail_msg("world %" PRIu64 ": %" PRId64 " of %" PRId64 " stays", world,
                         sum_of_rule(&books, &charges[i]->tax), charges[i]->tax.percent_micros);
        }
        books_close(&books);
    }
}

/* What costs nothing is undone by nothing: the line is there all the same. */
static void test_credit_of_a_free_line(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 0, 5, TAX_FREE);
    books_issue(&books, invoice);
    assert_int_equal(invoice->type, DOCUMENT_RECORD);
    struct document *note = books_credit(&books, &charge, 1, "2026-02-01");
    assert_int_equal(note->lines.items[0]->days, 12);
    assert_totals(note, 0, 0, 0);
    assert_int_equal(note->type, DOCUMENT_RECORD);
    books_close(&books);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tax_is_rounded_once_a_rate),
        cmocka_unit_test(test_worked_case_of_tax),
        cmocka_unit_test(test_two_credits_of_one_document),
        cmocka_unit_test(test_credits_of_two_documents),
        cmocka_unit_test(test_credit_and_charge_on_one_document),
        cmocka_unit_test(test_credit_keeps_its_rate),
        cmocka_unit_test(test_total_changes_only_the_document),
        cmocka_unit_test(test_full_credit_gives_back_all),
        cmocka_unit_test(test_credits_return_what_was_charged),
        cmocka_unit_test(test_credit_of_a_free_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
