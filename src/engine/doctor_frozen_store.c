/* What a numbered document said when it was frozen, against its rows: "documents are final when
 * issued" (rules §6). */
#include "engine/doctor_store.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "db/db.h"
#include "invoice/invoice_store.h"

enum { FROZEN_LINES_MAX = 1000000 };

/* One amount of the frozen text: {"amount": 1250, "currency": "EUR"}. */
static enum err read_amount(struct json_reader *r, const char *name, const char **ret_text)
{
    struct json_reader amount;
    bool is_there;
    int64_t minor;
    const char *currency;
    TRY(json_object(r, name, REQUIRED, &amount, &is_there));
    TRY(json_integer(&amount, "amount", REQUIRED, INT64_MIN, INT64_MAX, &minor));
    TRY(json_text(&amount, "currency", REQUIRED, &currency));
    *ret_text = arena_print(r->cx->arena, "%" PRId64 " %s", minor, currency);
    return OK;
}

static void add_line(struct buf *buf, const struct line *line, const char *reason,
                     const char *amount)
{
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
    day_format(line->from_on, from);
    day_format(line->to_on, to);
    buf_print(buf, "; %s %s %s %s %s..%s %" PRId64 " x %" PRId64 " %" PRId64 "/%" PRId64 " = %s %s",
              line->id, line->subscription, line->offer, reason, from, to, line->quantity,
              line->unit.micros, line->days, line->of_days, amount,
              line->undoes ? line->undoes : "");
}

static enum err read_line(struct json_reader *r, struct buf *buf)
{
    struct line line = {.from_on = DAY_NONE, .to_on = DAY_NONE};
    const char *reason;
    const char *amount;
    TRY(json_text(r, "id", REQUIRED, &line.id));
    TRY(json_text(r, "subscription", REQUIRED, &line.subscription));
    TRY(json_text(r, "offer", REQUIRED, &line.offer));
    TRY(json_text(r, "reason", REQUIRED, &reason));
    TRY(json_day(r, "from", REQUIRED, &line.from_on));
    TRY(json_day(r, "to", REQUIRED, &line.to_on));
    TRY(json_integer(r, "quantity", REQUIRED, INT64_MIN, INT64_MAX, &line.quantity));
    TRY(json_unit_price(r, "unit_amount", REQUIRED, &line.unit));
    TRY(json_integer(r, "days", REQUIRED, INT64_MIN, INT64_MAX, &line.days));
    TRY(json_integer(r, "of_days", REQUIRED, INT64_MIN, INT64_MAX, &line.of_days));
    TRY(json_text(r, "undoes", OPTIONAL, &line.undoes));
    TRY(read_amount(r, "amount", &amount));
    add_line(buf, &line, reason, amount);
    return OK;
}

/* All that the frozen text says of figures, in one line. */
static enum err read_frozen(struct context *cx, const char *frozen, const char **ret_text)
{
    struct json_reader r, line;
    struct buf buf = buf_create(cx->arena);
    const char *type, *net, *tax, *total;
    civil_day issued_on;
    char day[DAY_TEXT_SIZE];
    size_t count;
    TRY(json_open(cx, &r, frozen, strlen(frozen)));
    TRY(json_text(&r, "type", REQUIRED, &type));
    TRY(json_day(&r, "issued_on", REQUIRED, &issued_on));
    TRY(read_amount(&r, "net", &net));
    TRY(read_amount(&r, "tax", &tax));
    TRY(read_amount(&r, "total", &total));
    day_format(issued_on, day);
    buf_print(&buf, "%s %s %s + %s = %s", type, day, net, tax, total);
    TRY(json_array(&r, "lines", REQUIRED, FROZEN_LINES_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(json_array_object(&r, "lines", i, &line));
        TRY(read_line(&line, &buf));
    }
    *ret_text = buf_text(&buf);
    return OK;
}

static const char *print_amount(struct context *cx, struct money amount)
{
    return arena_print(cx->arena, "%" PRId64 " %s", amount.minor, amount.currency);
}

/* The same of the rows. */
static const char *print_rows(struct context *cx, const struct document *document)
{
    struct buf buf = buf_create(cx->arena);
    char day[DAY_TEXT_SIZE];
    day_format(document->issued_on, day);
    buf_print(&buf, "%s %s %s + %s = %s", document_type_format(document->type), day,
              print_amount(cx, document->net), print_amount(cx, document->tax),
              print_amount(cx, document->total));
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        add_line(&buf, line, line_reason_format(line->reason), print_amount(cx, line->amount));
    }
    return buf_text(&buf);
}

/* Two long texts: shown from where they begin to differ. */
static void note_difference(struct doctor *doctor, const char *where, const char *expected,
                            const char *found)
{
    size_t same = 0, word = 0;
    while (expected[same] != '\0' && expected[same] == found[same]) {
        same++;
        if (expected[same - 1] == ' ')
            word = same;
    }
    if (expected[same] != '\0' || found[same] != '\0')
        doctor_note(doctor, where, expected + word, found + word);
}

static enum err check_document(struct context *cx, struct doctor *doctor, const char *id,
                               const char *frozen)
{
    struct document *document;
    const char *said;
    TRY(invoice_load(cx, id, &document));
    if (frozen == NULL || read_frozen(cx, frozen, &said) != OK) {
        fault_clear(cx);
        doctor_note(doctor, id, "the figures of the document", frozen);
        return OK;
    }
    note_difference(doctor, id, said, print_rows(cx, document));
    return OK;
}

enum err doctor_check_frozen(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    if (doctor->skips_frozen)
        return OK;
    TRY(db_select(cx, &rows,
                  "SELECT id, frozen FROM document WHERE customer = $1 AND state = 'issued'"
                  " AND number IS NOT NULL AND length(currency) = 3 ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows))
        TRY(check_document(cx, doctor, db_get_text(&rows, 0), db_get_text(&rows, 1)));
    return db_done(&rows);
}
