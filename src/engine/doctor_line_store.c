/* Every line and every tax recomputed (rules §6, Proration, Documents). */
#include "engine/doctor_store.h"

#include <string.h>

#include "base/limits.h"
#include "db/db.h"
#include "invoice/invoice.h"
#include "invoice/proration.h"

#define DIFFERS(select)                                                                            \
    "SELECT place, CAST(expected AS text), CAST(found AS text) FROM (" select                      \
    ") t WHERE expected <> found ORDER BY place"

/* What the issued credits of each line undo. */
#define CREDITED                                                                                   \
    "SELECT c.undoes, SUM(c.amount_minor) AS amount FROM document_line c JOIN document e"          \
    " ON e.id = c.document AND e.customer = c.customer AND e.state = 'issued'"                     \
    " WHERE c.customer = $1 AND c.undoes IS NOT NULL GROUP BY c.undoes"

/* The members that a credit has from its line. */
#define FIGURES(line)                                                                              \
    line ".subscription || ' ' || " line ".offer || ' ' || CAST(" line                             \
         ".quantity AS text) || ' x ' || CAST(" line                                               \
         ".unit_micros AS text) || ' / ' || CAST(" line ".of_days AS text) || ' ' || " line        \
         ".to_on || ' ' || " line ".tax_treatment || ' ' || " line                                 \
         ".tax_category || ' ' || CAST(" line                                                      \
         ".tax_percent_micros AS text) || ' ' || COALESCE(" line ".tax_proof, '')"

/* Amounts -------------------------------------------------------------------------------------- */

/* A line as its amount is recomputed. */
struct figures {
    const char *id;
    bool is_credit;
    bool is_setup;
    int64_t days_between; /* from its first day to its last */
    int64_t quantity;
    struct unit_price unit;
    int64_t days;
    int64_t of_days;
    struct money amount;
};

static struct figures read_figures(struct db_rows *rows)
{
    struct figures line;
    int c = 0;
    line.id = db_get_text(rows, c++);
    line.is_credit = db_get_text(rows, c++) != NULL;
    line.is_setup = strcmp(db_get_text(rows, c++), line_reason_format(LINE_SETUP)) == 0;
    civil_day from_on = db_get_day(rows, c++);
    line.days_between = db_get_day(rows, c++) - from_on;
    line.quantity = db_get_integer(rows, c++);
    line.unit.micros = db_get_integer(rows, c++);
    line.days = db_get_integer(rows, c++);
    line.of_days = db_get_integer(rows, c++);
    int64_t minor = db_get_integer(rows, c++);
    line.amount = money_of(minor, db_get_text(rows, c++));
    return line;
}

/* Figures that no line has; they are not to be counted with. */
static bool figures_are_possible(const struct figures *line)
{
    if (line->quantity < 0 || line->quantity > QUANTITY_ASKED_MAX || line->unit.micros < 0 ||
        line->unit.micros > UNIT_PRICE_MAX_MICROS)
        return false;
    if (line->is_setup)
        return line->days == 0 && line->days_between == 0 && !line->is_credit;
    return line->of_days > 0 && line->days > 0 && line->days <= line->of_days &&
           (line->days == line->days_between || line->days == line->of_days);
}

/* "the same formula with that line's figures, never more than what is left of the line" */
static void check_figures(struct doctor *doctor, const struct figures *line, struct money *left)
{
    if (!figures_are_possible(line)) {
        doctor_note(doctor, line->id, "days and a quantity of its period", "impossible figures");
        return;
    }
    struct money amount =
        line->is_setup ? proration_amount(line->unit, line->quantity, 1, 1, line->amount.currency)
                       : proration_amount(line->unit, line->quantity, line->days, line->of_days,
                                          line->amount.currency);
    if (line->is_credit) {
        amount = money_negate(money_least(amount, *left));
        *left = money_add(*left, line->amount);
    } else {
        *left = line->amount;
    }
    doctor_compare(doctor, line->id, amount.minor, line->amount.minor);
}

/* Each charge, then its credits as they were issued. */
static enum err check_amounts(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    struct money left = {0};
    TRY(db_select(cx, &rows,
                  "SELECT l.id, l.undoes, l.reason, l.from_on, l.to_on, l.quantity, l.unit_micros,"
                  " l.days, l.of_days, l.amount_minor, d.currency FROM document_line l"
                  " JOIN document d ON d.id = l.document AND d.customer = l.customer"
                  " WHERE l.customer = $1 AND d.state = 'issued' AND length(d.currency) = 3"
                  " ORDER BY COALESCE(l.undoes, l.id), CASE WHEN l.undoes IS NULL THEN 0 ELSE 1"
                  " END, d.issued_at, l.id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        struct figures line = read_figures(&rows);
        if (strcmp(left.currency, line.amount.currency) != 0)
            left = money_zero(line.amount.currency);
        check_figures(doctor, &line, &left);
    }
    return db_done(&rows);
}

/* Taxes ---------------------------------------------------------------------------------------- */

/* The tax of one rule on one document. */
struct tax_sum {
    const char *document;
    const char *treatment;
    const char *category;
    int64_t percent_micros;
    bool is_there; /* the document has a row for it */
    int64_t found_minor;
    struct money charges; /* its own charge lines */
    struct money undone;  /* tax of earlier documents that its credits give back */
};

static bool is_same_rule(const struct tax_sum *a, const struct tax_sum *b)
{
    return strcmp(a->document, b->document) == 0 && strcmp(a->treatment, b->treatment) == 0 &&
           strcmp(a->category, b->category) == 0 && a->percent_micros == b->percent_micros;
}

/* "its own charge lines × rate, once, plus, for each earlier document whose lines it undoes, the
 * tax of that document's charge lines left after, minus before" */
static void end_tax(struct context *cx, struct doctor *doctor, const struct tax_sum *sum)
{
    if (sum->document == NULL)
        return;
    struct money own = money_percent(sum->charges, sum->percent_micros);
    char percent[DECIMAL_SIZE];
    decimal_format(sum->percent_micros, 6, percent);
    const char *where = arena_print(cx->arena, "%s %s %s %s %%", sum->document, sum->treatment,
                                    sum->category, percent);
    if (!sum->is_there)
        doctor_note(doctor, where, "a row of its tax", NULL);
    else
        doctor_compare(doctor, where, money_add(own, sum->undone).minor, sum->found_minor);
}

/* `running`: what is left, after this line, of the charges of the document it belongs to or
 * undoes. */
static void add_tax(struct tax_sum *sum, struct money amount, bool is_credit, struct money running)
{
    if (!is_credit) {
        sum->charges = money_add(sum->charges, amount);
        return;
    }
    struct money before = money_subtract(running, amount);
    sum->undone =
        money_add(sum->undone, money_subtract(money_percent(running, sum->percent_micros),
                                              money_percent(before, sum->percent_micros)));
}

static struct tax_sum read_tax(struct db_rows *rows)
{
    struct tax_sum sum = {
        .document = db_get_text(rows, 0),
        .treatment = db_get_text(rows, 1),
        .category = db_get_text(rows, 2),
        .percent_micros = db_get_integer(rows, 3),
        .found_minor = db_get_integer(rows, 7),
        .is_there = !db_is_null(rows, 7),
        .charges = money_zero(db_get_text(rows, 8)),
    };
    sum.undone = sum.charges;
    return sum;
}

static enum err check_taxes(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    struct tax_sum sum = {0};
    TRY(db_select(cx, &rows,
                  "SELECT w.document, w.tax_treatment, w.tax_category, w.tax_percent_micros,"
                  " w.undoes, w.amount_minor, w.running, x.tax_minor, w.currency FROM"
                  " (SELECT l.document, l.tax_treatment, l.tax_category, l.tax_percent_micros,"
                  " l.undoes, l.amount_minor, d.currency, CAST(SUM(l.amount_minor) OVER"
                  " (PARTITION BY COALESCE(u.document, l.document), l.tax_treatment,"
                  " l.tax_category, l.tax_percent_micros ORDER BY CASE WHEN l.undoes IS NULL"
                  " THEN 0 ELSE 1 END, d.issued_at, l.id ROWS UNBOUNDED PRECEDING) AS bigint)"
                  " AS running FROM document_line l JOIN document d ON d.id = l.document"
                  " AND d.customer = l.customer LEFT JOIN document_line u ON u.id = l.undoes"
                  " AND u.customer = l.customer WHERE l.customer = $1 AND d.state = 'issued'"
                  " AND length(d.currency) = 3) w"
                  " LEFT JOIN document_tax x ON x.customer = $1 AND x.document = w.document"
                  " AND x.treatment = w.tax_treatment AND x.category = w.tax_category"
                  " AND x.percent_micros = w.tax_percent_micros ORDER BY w.document,"
                  " w.tax_treatment, w.tax_category, w.tax_percent_micros",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        struct tax_sum next = read_tax(&rows);
        const char *currency = next.charges.currency;
        if (sum.document == NULL || !is_same_rule(&sum, &next)) {
            end_tax(cx, doctor, &sum);
            sum = next;
        }
        add_tax(&sum, money_of(db_get_integer(&rows, 5), currency), db_get_text(&rows, 4) != NULL,
                money_of(db_get_integer(&rows, 6), currency));
    }
    end_tax(cx, doctor, &sum);
    return db_done(&rows);
}

/* Certificates --------------------------------------------------------------------------------- */

/* Lines `l` of documents `d` with a certificate `x` of their account that frees their category. */
#define CERTIFICATE                                                                                \
    "SELECT 1 FROM tax_exemption x WHERE x.customer = l.customer AND x.account = d.account"        \
    " AND (x.categories IS NULL OR replace(' ' || x.categories || ' ', ' ' || l.tax_category"      \
    " || ' ', '') <> ' ' || x.categories || ' ')"
#define IS_VALID                                                                                   \
    " x.valid_from <= l.from_on AND (x.valid_until IS NULL OR x.valid_until >= l.from_on)"
#define CHARGES                                                                                    \
    " FROM document_line l JOIN document d ON d.id = l.document AND d.customer = l.customer"       \
    " WHERE l.customer = $1 AND l.undoes IS NULL"

/* The table ------------------------------------------------------------------------------------ */

const struct doctor_check DOCTOR_LINE_CHECKS[] = {
    {.name = "line_amount", .run = check_amounts},
    {.name = "line_left",
     .sql = DIFFERS("SELECT l.id AS place, CASE WHEN l.undoes IS NULL"
                    " THEN l.amount_minor + COALESCE(c.amount, 0) ELSE 0 END AS expected,"
                    " l.left_minor AS found FROM document_line l LEFT JOIN (" CREDITED
                    ") c ON c.undoes = l.id WHERE l.customer = $1")},
    {.name = "line_left_range",
     .sql = "SELECT id, 'from 0 to ' || CAST(amount_minor AS text), CAST(left_minor AS text)"
            " FROM document_line WHERE customer = $1 AND undoes IS NULL"
            " AND (left_minor < 0 OR left_minor > amount_minor) ORDER BY id"},
    /* "Both may carry lines of either sign; each credit line names the line it undoes." */
    {.name = "line_sign",
     .sql = "SELECT id, CASE WHEN undoes IS NULL THEN 'at least 0' ELSE 'at most 0' END,"
            " CAST(amount_minor AS text) FROM document_line WHERE customer = $1"
            " AND ((undoes IS NULL AND amount_minor < 0)"
            " OR (undoes IS NOT NULL AND amount_minor > 0)) ORDER BY id"},
    /* A period begins once, and is charged once, tier by tier. */
    {.name = "line_renewed_once",
     .sql = "SELECT l.subscription || ' ' || l.from_on, 'a renewal', CAST(COUNT(*) AS text)"
            " FROM document_line l JOIN document d ON d.id = l.document"
            " AND d.customer = l.customer WHERE l.customer = $1 AND d.state = 'issued'"
            " AND l.reason = 'renewal' AND l.undoes IS NULL"
            " GROUP BY l.subscription, l.from_on, l.step HAVING COUNT(*) > 1 ORDER BY 1"},
    {.name = "line_undoes",
     .sql = DIFFERS("SELECT c.id AS place, " FIGURES("u") " AS expected, " FIGURES(
         "c") " AS found FROM document_line c JOIN document_line u ON u.id = c.undoes"
              " AND u.customer = c.customer WHERE c.customer = $1")},
    {.name = "line_undoes_charge",
     .sql = "SELECT c.id, 'a charge that is not a setup', u.id FROM document_line c"
            " JOIN document_line u ON u.id = c.undoes AND u.customer = c.customer"
            " WHERE c.customer = $1 AND (u.undoes IS NOT NULL OR u.reason = 'setup'"
            " OR c.from_on < u.from_on) ORDER BY c.id"},
    {.name = "tax_amount", .run = check_taxes},
    /* "For a recurring line on the first day of its period"; of others the day is not kept. On the
     * day it is revoked a certificate counts until that moment. */
    {.name = "tax_exempt",
     .sql = "SELECT l.id, 'a certificate', COALESCE(l.tax_proof, 'none')" CHARGES
            " AND l.tax_treatment = 'exempt' AND NOT EXISTS (" CERTIFICATE
            " AND x.number = l.tax_proof AND (l.reason <> 'renewal' OR (" IS_VALID
            " AND (x.revoked_on IS NULL OR x.revoked_on >= l.from_on)))) ORDER BY l.id"},
    {.name = "tax_not_exempt",
     .sql = "SELECT l.id, 'exempt', l.tax_treatment" CHARGES " AND l.tax_treatment = 'domestic'"
            " AND l.reason = 'renewal' AND EXISTS (" CERTIFICATE
            " AND x.recorded_on < l.from_on AND (x.revoked_on IS NULL OR x.revoked_on > l.from_on)"
            " AND" IS_VALID ") ORDER BY l.id"},
    {.name = "tax_reverse_charge",
     .sql = "SELECT l.id, 'the proof of a check', l.tax_proof" CHARGES
            " AND l.tax_treatment = 'reverse_charge' AND l.tax_proof IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM vat_check c WHERE c.customer = l.customer AND c.account = d.account"
            " AND c.answer = 'valid' AND c.proof = l.tax_proof) ORDER BY l.id"},
    {.name = "tax_invalid_number",
     .sql = "SELECT l.id, 'the seller''s rate', l.tax_treatment FROM document_line l"
            " JOIN document d ON d.id = l.document AND d.customer = l.customer JOIN account a"
            " ON a.id = d.account AND a.customer = d.customer WHERE l.customer = $1"
            " AND l.undoes IS NULL AND l.reason = 'renewal' AND l.from_on > a.vat_state_on"
            " AND l.tax_treatment = 'reverse_charge' AND a.vat_state = 'invalid' ORDER BY l.id"},
    {.name = "account_vat",
     .sql = "SELECT a.id, 'a check that says so', a.vat_state FROM account a WHERE a.customer = $1"
            " AND a.vat_state <> 'unknown' AND NOT EXISTS (SELECT 1 FROM vat_check c"
            " WHERE c.customer = a.customer AND c.account = a.id AND c.vat_id = a.vat_id"
            " AND c.answer = a.vat_state) ORDER BY a.id"},
    {.name = "tax_net",
     .sql = DIFFERS(
         "SELECT x.document || ' ' || x.category AS place, COALESCE((SELECT SUM(l.amount_minor)"
         " FROM document_line l WHERE l.customer = x.customer AND l.document = x.document"
         " AND l.tax_treatment = x.treatment AND l.tax_category = x.category"
         " AND l.tax_percent_micros = x.percent_micros), 0)"
         " AS expected, x.net_minor AS found FROM document_tax x WHERE x.customer = $1")},
    {.name = "tax_left",
     .sql = DIFFERS(
         "SELECT x.document || ' ' || x.category AS place, COALESCE((SELECT SUM(l.left_minor)"
         " FROM document_line l WHERE l.customer = x.customer AND l.document = x.document"
         " AND l.undoes IS NULL AND l.tax_treatment = x.treatment"
         " AND l.tax_category = x.category AND l.tax_percent_micros = x.percent_micros), 0)"
         " AS expected, x.left_minor AS found FROM document_tax x WHERE x.customer = $1")},
    {.name = NULL},
};
