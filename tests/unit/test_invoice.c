/* Documents: credits, order of lines, numbers, words (rules §6, formats). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/books.h"
#include "support/pure.h"

/* Credits -------------------------------------------------------------------------------------- */

static void test_credit_has_the_figures_of_its_line(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 20, 100, TAX_TWENTY);
    charge->step = 2;
    books_issue(&books, invoice);
    struct document *note = books_document(&books);
    struct line *credit =
        invoice_add_credit(&books.cx, note, charge, pure_day("2026-02-01"), LINE_DECREASE);

    assert_int_equal(note->lines.count, 1);
    assert_ptr_equal(note->lines.items[0], credit);
    assert_true(id_is(credit->id, "lin"));
    assert_string_equal(credit->document, note->id);
    assert_string_equal(credit->subscription, "sub_1");
    assert_string_equal(credit->offer, "suite");
    assert_string_equal(credit->undoes, charge->id);
    assert_int_equal(credit->catalog, 3);
    assert_int_equal(credit->reason, LINE_DECREASE);
    assert_int_equal(credit->from_on, pure_day("2026-02-01"));
    assert_int_equal(credit->to_on, pure_day("2026-02-13"));
    assert_int_equal(credit->quantity, 100);
    assert_int_equal(credit->unit.micros, 20000000);
    assert_int_equal(credit->step, 2);
    assert_int_equal(credit->days, 12);
    assert_int_equal(credit->of_days, 31);
    assert_int_equal(credit->amount.minor, -774);
    assert_int_equal(credit->tax.percent_micros, 20000000);
    assert_int_equal(credit->row, ROW_NEW);
    /* Nothing else changes before it is issued. */
    assert_int_equal(charge->left.minor, 2000);
    assert_true(charge->in_force);
    assert_int_equal(charge->row, ROW_STORED);
    books_close(&books);
}

static void test_credit_days(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int64_t days, minor;
        const char *starts;
    } ROWS[] = {
        {"2026-02-12", 1, -65, "2026-02-12"},
        {"2026-02-01", 12, -774, "2026-02-01"},
        {"2026-01-14", 30, -1935, "2026-01-14"},
        {"2026-01-13", 31, -2000, "2026-01-13"},
        {"2026-01-01", 31, -2000, "2026-01-13"},
        {"2026-02-13", 0, 0, NULL},
        {"2026-03-01", 0, 0, NULL},
    };
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 20, 100, TAX_FREE);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct line *credit = invoice_add_credit(&books.cx, books_document(&books), charge,
                                                 pure_day(ROWS[i].from), LINE_CANCEL);
        if (!ROWS[i].starts) {
            assert_null(credit);
            continue;
        }
        assert_int_equal(credit->days, ROWS[i].days);
        assert_int_equal(credit->amount.minor, ROWS[i].minor);
        assert_int_equal(credit->from_on, pure_day(ROWS[i].starts));
    }
    books_close(&books);
}

/* "never more than what is left of the line"; nothing when nothing is. */
static void test_credit_is_bounded_by_what_is_left(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *charge = books_charge(&books, invoice, 20, 100, TAX_FREE);
    charge->left = money_of(500, "EUR");
    struct document *note = books_document(&books);
    civil_day on = pure_day("2026-02-01");
    assert_int_equal(invoice_add_credit(&books.cx, note, charge, on, LINE_CANCEL)->amount.minor,
                     -500);
    charge->left = money_zero("EUR");
    assert_null(invoice_add_credit(&books.cx, note, charge, on, LINE_CANCEL));
    assert_int_equal(note->lines.count, 1);
    books_close(&books);
}

/* "Setup amounts are never prorated or credited." */
static void test_setup_is_not_credited(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *invoice = books_document(&books);
    struct line *setup = books_charge(&books, invoice, 2500, 1, TAX_FREE);
    setup->reason = LINE_SETUP;
    setup->to_on = setup->from_on;
    setup->days = 0;
    assert_null(invoice_add_credit(&books.cx, invoice, setup, setup->from_on, LINE_CANCEL));
    assert_null(invoice_add_credit(&books.cx, invoice, setup, setup->from_on - 9, LINE_CANCEL));
    books_close(&books);
}

/* Order, numbers, words ------------------------------------------------------------------------ */

/* A child's subscription is written "family/name", a parent's as its family alone. */
static struct line_key key_of(const void *source, const struct line *line)
{
    struct arena *arena = ((const struct books *)source)->cx.arena;
    const char *slash = strchr(line->subscription, '/');
    if (!slash)
        return (struct line_key){line->subscription, false, line->subscription};
    char *family = arena_copy(arena, line->subscription);
    family[slash - line->subscription] = '\0';
    return (struct line_key){family, true, slash + 1};
}

static void test_order_of_lines(void **state)
{
    (void)state;
    static const struct {
        const char *subscription;
        int kind; /* 0: a credit, 1: a charge, 2: setup */
        int step;
    } SORTED[] = {
        {"a", 0, 0}, {"a", 0, 1},   {"a", 1, 0},   {"a", 1, 1},   {"a", 1, 2},
        {"a", 2, 0}, {"a/a", 1, 0}, {"a/b", 0, 0}, {"a/b", 1, 0}, {"a/z", 1, 0},
        {"b", 0, 0}, {"b", 1, 0},   {"b/a", 1, 0}, {"b/c", 2, 0}, {"zoo", 1, 0},
    };
    enum { COUNT = sizeof SORTED / sizeof *SORTED };
    struct books books = books_open();
    /* 7 and the count have no common divisor: every line comes once, out of order. */
    for (size_t start = 0; start < COUNT; start++) {
        struct document *document = books_document(&books);
        for (size_t i = 0; i < COUNT; i++) {
            size_t at = (start + i * 7) % COUNT;
            struct line *line = books_charge(&books, document, 10, 1, TAX_FREE);
            line->subscription = SORTED[at].subscription;
            line->step = SORTED[at].step;
            line->undoes = SORTED[at].kind == 0 ? "lin_x" : NULL;
            line->reason = SORTED[at].kind == 2 ? LINE_SETUP : LINE_PURCHASE;
        }
        invoice_sort_lines(document, key_of, &books);
        for (size_t i = 0; i < COUNT; i++) {
            const struct line *line = document->lines.items[i];
            assert_string_equal(line->subscription, SORTED[i].subscription);
            assert_int_equal(line->step, SORTED[i].step);
            assert_int_equal(line->undoes != NULL, SORTED[i].kind == 0);
            assert_int_equal(line->reason == LINE_SETUP, SORTED[i].kind == 2);
        }
    }
    books_close(&books);
}

static void test_equal_lines_keep_their_order(void **state)
{
    (void)state;
    struct books books = books_open();
    struct document *document = books_document(&books);
    struct line *lines[9];
    for (size_t i = 0; i < 9; i++) {
        lines[i] = books_charge(&books, document, 10, 1, TAX_FREE);
        lines[i]->subscription = i % 2 ? "a" : "b";
    }
    invoice_sort_lines(document, key_of, &books);
    for (size_t i = 0; i < 4; i++)
        assert_ptr_equal(document->lines.items[i], lines[2 * i + 1]);
    for (size_t i = 0; i < 5; i++)
        assert_ptr_equal(document->lines.items[4 + i], lines[2 * i]);
    books_close(&books);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        enum document_type type;
        const char *series, *on;
        int64_t number;
        const char *text;
    } ROWS[] = {
        {DOCUMENT_INVOICE, "live", "2026-02-01", 42, "FA-2026-000042"},
        {DOCUMENT_CREDIT_NOTE, "live", "2025-12-31", 1, "AV-2025-000001"},
        {DOCUMENT_INVOICE, "test", "2026-01-01", 7, "TFA-2026-000007"},
        {DOCUMENT_CREDIT_NOTE, "test", "2026-01-01", 1234567, "TAV-2026-1234567"},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct document document = {.type = ROWS[i].type,
                                    .series = ROWS[i].series,
                                    .issued_on = pure_day(ROWS[i].on),
                                    .number = ROWS[i].number};
        assert_string_equal(invoice_number_format(cx.arena, &document), ROWS[i].text);
        document.number = 0;
        assert_null(invoice_number_format(cx.arena, &document));
    }
    pure_end(&cx);
}

static void test_words(void **state)
{
    (void)state;
    static const char *const REASONS[LINE_REASON_COUNT] = {
        "purchase",       "renewal", "increase",   "decrease",        "plan_change",
        "billing_change", "cancel",  "reactivate", "support_removal", "setup"};
    static const char *const TYPES[] = {"invoice", "credit_note", "record"};
    enum line_reason reason;
    enum document_type type;
    for (size_t i = 0; i < LINE_REASON_COUNT; i++) {
        assert_string_equal(line_reason_format((enum line_reason)i), REASONS[i]);
        assert_true(line_reason_parse(REASONS[i], &reason));
        assert_int_equal(reason, i);
    }
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        assert_string_equal(document_type_format((enum document_type)i), TYPES[i]);
        assert_true(document_type_parse(TYPES[i], &type));
        assert_int_equal(type, i);
    }
    assert_false(line_reason_parse("", &reason));
    assert_false(document_type_parse("quote", &type));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credit_has_the_figures_of_its_line),
        cmocka_unit_test(test_credit_days),
        cmocka_unit_test(test_credit_is_bounded_by_what_is_left),
        cmocka_unit_test(test_setup_is_not_credited),
        cmocka_unit_test(test_order_of_lines),
        cmocka_unit_test(test_equal_lines_keep_their_order),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
