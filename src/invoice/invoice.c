#include "invoice/invoice.h"

#include "invoice/proration.h"

/* Credits ----------------------------------------------------------------------------------- */

/* Days of the line that are not used when it ends before `from_on`. */
static int64_t count_unused_days(const struct line *line, civil_day from_on)
{
    if (from_on <= line->from_on)
        return line->days;
    return from_on < line->to_on ? line->to_on - from_on : 0;
}

/* Says whether a credit can undo anything of the line: setup amounts are never credited, and
 * what earlier credits have used up is gone. A line that cost nothing is undone by a credit
 * of nothing. */
static bool can_be_undone(const struct line *line)
{
    return line->reason != LINE_SETUP &&
           (!money_is_zero(line->left) || money_is_zero(line->amount));
}

struct line *invoice_add_credit(struct context *cx, struct document *document,
                                const struct line *undone, civil_day from_on,
                                enum line_reason reason)
{
    int64_t days = count_unused_days(undone, from_on);
    if (days == 0 || !can_be_undone(undone))
        return NULL;
    struct money unused = proration_amount(undone->unit, undone->quantity, days, undone->of_days,
                                           undone->amount.currency);
    struct money credited = money_least(unused, undone->left);

    struct line *credit = ARENA_NEW(cx->arena, struct line);
    *credit = (struct line){
        .id = id_next(cx, "lin"),
        .document = document->id,
        .subscription = undone->subscription,
        .offer = undone->offer,
        .catalog = undone->catalog,
        .reason = reason,
        .from_on = from_on > undone->from_on ? from_on : undone->from_on,
        .to_on = undone->to_on,
        .quantity = undone->quantity,
        .unit = undone->unit,
        .step = undone->step,
        .days = days,
        .of_days = undone->of_days,
        .amount = money_negate(credited),
        .left = money_zero(credited.currency),
        .tax = undone->tax,
        .undoes = undone->id,
        .row = ROW_NEW,
    };
    list_push(cx->arena, &document->lines, credit);
    return credit;
}

/* What credits undo ------------------------------------------------------------------------- */

static bool is_same_rule(const struct tax_rule *a, const struct tax_rule *b)
{
    return a->treatment == b->treatment && a->percent_micros == b->percent_micros &&
           strcmp(a->category, b->category) == 0;
}

static struct document_tax *find_tax(struct document *document, const struct tax_rule *rule)
{
    for (size_t i = 0; i < document->tax_count; i++)
        if (is_same_rule(&document->taxes[i].rule, rule))
            return &document->taxes[i];
    return NULL;
}

/* A credit with the line it undoes, that line's document, and its tax there. */
struct undoing {
    struct line *line;
    struct document *document;
    struct document_tax *tax;
};

static struct undoing find_undone(const struct document_source *earlier, const struct line *credit)
{
    struct undoing undoing = {0};
    for (size_t i = 0; i < earlier->line_count && !undoing.line; i++)
        if (strcmp(earlier->lines[i]->id, credit->undoes) == 0)
            undoing.line = earlier->lines[i];
    assert(undoing.line);
    for (size_t i = 0; i < earlier->document_count && !undoing.document; i++)
        if (strcmp(earlier->documents[i]->id, undoing.line->document) == 0)
            undoing.document = earlier->documents[i];
    assert(undoing.document);
    undoing.tax = find_tax(undoing.document, &credit->tax);
    assert(undoing.tax); /* a document has the tax of each of its lines */
    return undoing;
}

void invoice_apply_credits(const struct document *document, const struct document_source *earlier)
{
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *credit = document->lines.items[i];
        if (!credit->undoes)
            continue;
        struct undoing undoing = find_undone(earlier, credit);
        undoing.line->left = money_add(undoing.line->left, credit->amount);
        undoing.line->in_force = false;
        row_touch(&undoing.line->row);
        undoing.tax->left = money_add(undoing.tax->left, credit->amount);
        row_touch(&undoing.document->row);
    }
}

/* Totals ------------------------------------------------------------------------------------ */

static struct money tax_of(const struct tax_rule *rule, struct money net)
{
    return money_percent(net, rule->percent_micros);
}

/* "for each earlier document whose lines it undoes, the tax of that document's charge lines left
 * after, minus before" (rules §6). The credits of one document and rate come one after another,
 * so that what is left between two of them cancels out. */
static struct money undo_tax(const struct document *document, const struct document_source *earlier,
                             size_t index)
{
    const struct line *credit = document->lines.items[index];
    const struct document_tax *undone = find_undone(earlier, credit).tax;
    struct money before = undone->left;
    for (size_t i = 0; i < index; i++) {
        const struct line *other = document->lines.items[i];
        if (other->undoes && find_undone(earlier, other).tax == undone)
            before = money_add(before, other->amount);
    }
    struct money after = money_add(before, credit->amount);
    return money_subtract(tax_of(&credit->tax, after), tax_of(&credit->tax, before));
}

static struct document_tax *use_tax(struct document *document, const struct line *line)
{
    struct document_tax *tax = find_tax(document, &line->tax);
    if (tax)
        return tax;
    assert(document->tax_count < DOCUMENT_TAXES_MAX);
    struct money zero = money_zero(line->amount.currency);
    tax = &document->taxes[document->tax_count++];
    *tax = (struct document_tax){.rule = line->tax, .net = zero, .tax = zero, .left = zero};
    return tax;
}

static void add_line(struct document *document, const struct document_source *earlier, size_t index)
{
    const struct line *line = document->lines.items[index];
    struct document_tax *tax = use_tax(document, line);
    document->net = money_add(document->net, line->amount);
    tax->net = money_add(tax->net, line->amount);
    if (line->undoes)
        tax->tax = money_add(tax->tax, undo_tax(document, earlier, index));
    else
        tax->left = money_add(tax->left, line->amount);
}

static enum document_type find_type(struct money total)
{
    if (money_is_zero(total))
        return DOCUMENT_RECORD;
    return money_sign(total) > 0 ? DOCUMENT_INVOICE : DOCUMENT_CREDIT_NOTE;
}

void invoice_total(struct document *document, const struct document_source *earlier)
{
    assert(document->lines.count > 0);
    struct money zero = money_zero(document->lines.items[0]->amount.currency);
    document->net = document->tax = zero;
    document->tax_count = 0;
    for (size_t i = 0; i < document->lines.count; i++) {
        document->lines.items[i]->position = (int64_t)i + 1;
        add_line(document, earlier, i);
    }
    /* "round-half-up(its own charge lines × rate), once": all of them are still left. */
    for (size_t i = 0; i < document->tax_count; i++) {
        struct document_tax *tax = &document->taxes[i];
        tax->tax = money_add(tax->tax, tax_of(&tax->rule, tax->left));
        document->tax = money_add(document->tax, tax->tax);
    }
    document->total = money_add(document->net, document->tax);
    document->type = find_type(document->total);
}

/* Order of lines ---------------------------------------------------------------------------- */

/* "within one subscription credits, then charges by tier step, then setup" (formats). */
static int rank_line(const struct line *line)
{
    if (line->undoes)
        return 0;
    return line->reason == LINE_SETUP ? 2 : 1;
}

static int compare_lines(struct line_key a_key, const struct line *a, struct line_key b_key,
                         const struct line *b)
{
    int order = strcmp(a_key.family, b_key.family);
    if (order == 0)
        order = (int)a_key.is_child - (int)b_key.is_child;
    if (order == 0)
        order = strcmp(a_key.name, b_key.name);
    if (order == 0)
        order = rank_line(a) - rank_line(b);
    if (order == 0)
        order = a->step - b->step;
    return order;
}

/* Lines mostly come in order: each is put behind the last one that does not follow it, found by
 * halving, so that the keys are asked for n log n times at most. */
void invoice_sort_lines(struct document *document,
                        struct line_key (*key)(const void *source, const struct line *line),
                        const void *source)
{
    struct line **lines = document->lines.items;
    for (size_t i = 0; i < document->lines.count; i++) {
        struct line *line = lines[i];
        struct line_key line_key = key(source, line);
        size_t low = 0, high = i;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            struct line_key middle_key = key(source, lines[middle]);
            if (compare_lines(middle_key, lines[middle], line_key, line) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        memmove(&lines[low + 1], &lines[low], (i - low) * sizeof(struct line *));
        lines[low] = line;
    }
}
