#include "invoice/line_store.h"

#include "invoice/invoice_store.h"

static enum err line_from_row(struct context *cx, struct db_rows *rows, struct line **ret_line)
{
    struct line *line = ARENA_NEW(cx->arena, struct line);
    const char *currency = db_get_text(rows, 22);
    int c = 0;
    line->id = db_get_text(rows, c++);
    line->document = db_get_text(rows, c++);
    line->position = db_get_integer(rows, c++);
    line->subscription = db_get_text(rows, c++);
    line->offer = db_get_text(rows, c++);
    line->catalog = db_get_integer(rows, c++);
    bool known = line_reason_parse(db_get_text(rows, c++), &line->reason);
    line->from_on = db_get_day(rows, c++);
    line->to_on = db_get_day(rows, c++);
    line->quantity = db_get_integer(rows, c++);
    line->unit = (struct unit_price){db_get_integer(rows, c++)};
    line->step = (int)db_get_integer(rows, c++);
    line->days = db_get_integer(rows, c++);
    line->of_days = db_get_integer(rows, c++);
    line->amount = money_of(db_get_integer(rows, c++), currency);
    line->left = money_of(db_get_integer(rows, c++), currency);
    line->tax.treatment = tax_treatment_parse(db_get_text(rows, c++));
    line->tax.category = db_get_text(rows, c++);
    line->tax.percent_micros = db_get_integer(rows, c++);
    line->tax.proof = db_get_text(rows, c++);
    line->undoes = db_get_text(rows, c++);
    line->in_force = db_get_bool(rows, c++);
    line->row = ROW_STORED;
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "a line with a reason not known", NULL);
    *ret_line = line;
    return OK;
}

enum err invoice_collect_lines(struct context *cx, struct db_rows *rows, struct line_list *list)
{
    while (db_next(rows)) {
        struct line *line;
        TRY(line_from_row(cx, rows, &line));
        list_push(cx->arena, list, line);
    }
    return db_done(rows);
}

enum err invoice_load_earning(struct context *cx, const char *account, civil_day from_on,
                              struct revenue_line_list *list)
{
    struct db_rows rows;
    char from[DAY_TEXT_SIZE] = "";
    if (from_on != DAY_NONE)
        day_format(from_on, from);
    TRY(db_select(cx, &rows,
                  "SELECT l.amount_minor, d.currency, l.from_on, l.to_on FROM document_line l"
                  " JOIN document d ON d.id = l.document WHERE l.customer = $1 AND l.to_on >= $2"
                  " AND d.account = $3 AND d.state = 'issued'",
                  DB_ARGS(db_text(cx->customer), db_text(from), db_text(account))));
    while (db_next(&rows)) {
        struct revenue_line *line = ARENA_NEW(cx->arena, struct revenue_line);
        line->amount = money_of(db_get_integer(&rows, 0), db_get_text(&rows, 1));
        line->from_on = db_get_day(&rows, 2);
        line->to_on = db_get_day(&rows, 3);
        list_push(cx->arena, list, line);
    }
    return db_done(&rows);
}

static enum err line_insert(struct context *cx, const struct line *line)
{
    return db_run(
        cx,
        "INSERT INTO document_line (customer, id, document, position, subscription,"
        " offer, catalog, reason, from_on, to_on, quantity, unit_micros, step, days,"
        " of_days, amount_minor, left_minor, tax_treatment, tax_category,"
        " tax_percent_micros, tax_proof, undoes, in_force) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
        " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        DB_ARGS(db_text(cx->customer), db_text(line->id), db_text(line->document),
                db_integer(line->position), db_text(line->subscription), db_text(line->offer),
                db_integer(line->catalog), db_text(line_reason_format(line->reason)),
                db_day(line->from_on), db_day(line->to_on), db_integer(line->quantity),
                db_integer(line->unit.micros), db_integer(line->step), db_integer(line->days),
                db_integer(line->of_days), db_integer(line->amount.minor),
                db_integer(line->left.minor), db_text(tax_treatment_format(line->tax.treatment)),
                db_text(line->tax.category), db_integer(line->tax.percent_micros),
                db_text(line->tax.proof), db_text(line->undoes), db_bool(line->in_force)));
}

enum err invoice_save_line(struct context *cx, struct line *line)
{
    switch (line->row) {
    case ROW_STORED:
        return OK;
    case ROW_NEW:
        TRY(line_insert(cx, line));
        break;
    case ROW_CHANGED:
        TRY(db_run(cx,
                   "UPDATE document_line SET left_minor = $1, in_force = $2"
                   " WHERE customer = $3 AND id = $4",
                   DB_ARGS(db_integer(line->left.minor), db_bool(line->in_force),
                           db_text(cx->customer), db_text(line->id))));
        break;
    case ROW_REMOVED:
        return db_run(cx, "DELETE FROM document_line WHERE customer = $1 AND id = $2",
                      DB_ARGS(db_text(cx->customer), db_text(line->id)));
    }
    line->row = ROW_STORED;
    return OK;
}
