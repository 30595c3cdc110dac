#include "support/books.h"

#include "invoice/proration.h"
#include "support/pure.h"

const struct tax_rule TAX_TWENTY = {TAX_DOMESTIC, "standard", 20000000, NULL};
const struct tax_rule TAX_FIVE_AND_HALF = {TAX_DOMESTIC, "book", 5500000, NULL};
const struct tax_rule TAX_FREE = {TAX_NONE, "standard", 0, NULL};

struct books books_open(void)
{
    return (struct books){.cx = pure_context()};
}

void books_close(struct books *books)
{
    pure_end(&books->cx);
}

struct document_source books_source(const struct books *books)
{
    return (struct document_source){books->documents.items, books->documents.count,
                                    books->lines.items, books->lines.count};
}

struct document *books_document(struct books *books)
{
    struct document *document = ARENA_NEW(books->cx.arena, struct document);
    document->id = id_next(&books->cx, "inv");
    document->row = ROW_NEW;
    return document;
}

struct line *books_charge(struct books *books, struct document *document, int64_t unit_minor,
                          int64_t quantity, struct tax_rule tax)
{
    struct line *line = ARENA_NEW(books->cx.arena, struct line);
    *line = (struct line){
        .id = id_next(&books->cx, "lin"),
        .document = document->id,
        .subscription = "sub_1",
        .offer = "suite",
        .catalog = 3,
        .reason = LINE_PURCHASE,
        .from_on = pure_day("2026-01-13"),
        .to_on = pure_day("2026-02-13"),
        .quantity = quantity,
        .unit = {unit_minor * 1000000},
        .days = 31,
        .of_days = 31,
        .tax = tax,
        .in_force = true,
        .row = ROW_NEW,
    };
    line->amount = proration_amount(line->unit, quantity, line->days, line->of_days, "EUR");
    line->left = line->amount;
    list_push(books->cx.arena, &document->lines, line);
    return line;
}

void books_issue(struct books *books, struct document *document)
{
    struct document_source source = books_source(books);
    invoice_total(document, &source);
    invoice_apply_credits(document, &source);
    document->row = ROW_STORED;
    list_push(books->cx.arena, &books->documents, document);
    for (size_t i = 0; i < document->lines.count; i++) {
        document->lines.items[i]->row = ROW_STORED;
        list_push(books->cx.arena, &books->lines, document->lines.items[i]);
    }
}

struct document *books_credit(struct books *books, struct line *const *lines, size_t count,
                              const char *from)
{
    struct document *document = books_document(books);
    for (size_t i = 0; i < count; i++) {
        struct line *credit =
            invoice_add_credit(&books->cx, document, lines[i], pure_day(from), LINE_CANCEL);
        assert(credit);
    }
    books_issue(books, document);
    return document;
}
