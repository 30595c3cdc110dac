#include "invoice/compare.h"

#include <string.h>

/* What one bill has of one subscription. */
struct side {
    const struct line *first; /* of those that bill a period; NULL: none */
    int64_t quantity;
    struct money whole;   /* what they would come to for a whole period */
    struct money charged; /* what they come to */
    struct money setup;
    struct money undone;
    size_t line_count; /* that bill a period: one for each tier step */
    bool is_mixed;     /* they are not of one period and version */
};

struct comparing {
    struct arena *arena;
    struct bill_cause_list *causes;
    const char *subscription;
    const struct side *before;
    const struct side *after;
};

static const char *const KINDS[CAUSE_COUNT] = {
    [CAUSE_ADDED] = "added",
    [CAUSE_ENDED] = "ended",
    [CAUSE_PLAN] = "plan",
    [CAUSE_FREQUENCY] = "frequency",
    [CAUSE_QUANTITY] = "quantity",
    [CAUSE_PRICE] = "price",
    [CAUSE_BOTH] = "both",
    [CAUSE_PART_BEFORE] = "part_before",
    [CAUSE_PART_AFTER] = "part_after",
    [CAUSE_SETUP] = "setup",
    [CAUSE_UNDONE] = "undone",
    [CAUSE_TAX_RATE] = "tax_rate",
    [CAUSE_TAX] = "tax",
    [CAUSE_CREDIT] = "credit",
};

const char *bill_cause_format(enum bill_cause_kind kind)
{
    return KINDS[kind];
}

struct money compare_to_pay(const struct document *document)
{
    return money_subtract(document->total, document->credit_used);
}

static bool is_of_one_period(const struct line *a, const struct line *b)
{
    return a->step != b->step && a->catalog == b->catalog && a->from_on == b->from_on &&
           a->to_on == b->to_on && a->of_days == b->of_days && strcmp(a->offer, b->offer) == 0;
}

static void side_add_charge(struct side *side, const struct line *line)
{
    if (side->first == NULL)
        side->first = line;
    else if (!is_of_one_period(side->first, line))
        side->is_mixed = true;
    side->line_count++;
    side->quantity += line->quantity;
    side->charged = money_add(side->charged, line->amount);
    side->whole = money_add(
        side->whole, money_fraction(line->unit, line->quantity, 1, 1, line->amount.currency));
}

static struct side side_of(const struct document *document, const char *subscription)
{
    const struct money zero = money_zero(document->total.currency);
    struct side side = {.whole = zero, .charged = zero, .setup = zero, .undone = zero};
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        if (strcmp(line->subscription, subscription) != 0)
            continue;
        if (line->undoes != NULL)
            side.undone = money_add(side.undone, line->amount);
        else if (line->reason == LINE_SETUP)
            side.setup = money_add(side.setup, line->amount);
        else
            side_add_charge(&side, line);
    }
    return side;
}

static void tell(const struct comparing *comparing, enum bill_cause_kind kind, struct money amount)
{
    if (money_is_zero(amount))
        return;
    struct bill_cause *cause = ARENA_NEW(comparing->arena, struct bill_cause);
    cause->kind = kind;
    cause->subscription = comparing->subscription;
    cause->amount = amount;
    if (comparing->before != NULL && comparing->after != NULL) {
        cause->before = comparing->before->first;
        cause->after = comparing->after->first;
        cause->quantity_before = comparing->before->quantity;
        cause->quantity_after = comparing->after->quantity;
    }
    list_push(comparing->arena, comparing->causes, cause);
}

/* Months, years and more: periods of one kind differ by days only. */
static bool has_other_frequency(const struct line *a, const struct line *b)
{
    enum { MONTH_DAYS_MAX = 31, YEAR_DAYS_MAX = 366 };
    const int64_t bounds[] = {MONTH_DAYS_MAX, YEAR_DAYS_MAX};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if ((a->of_days <= bounds[i]) != (b->of_days <= bounds[i]))
            return true;
    return false;
}

/* What a whole period costs more: by the quantity, by the price, or by both. The units added are
 * told at the price before, and all units then have the price after. */
static void tell_whole(const struct comparing *comparing)
{
    const struct side *before = comparing->before, *after = comparing->after;
    struct money difference = money_subtract(after->whole, before->whole);
    if (before->quantity == after->quantity) {
        tell(comparing, CAUSE_PRICE, difference);
        return;
    }
    if (before->first->catalog == after->first->catalog) {
        tell(comparing, CAUSE_QUANTITY, difference);
        return;
    }
    bool is_flat = before->line_count == 1 && after->line_count == 1 && before->first->step == 0 &&
                   after->first->step == 0;
    if (!is_flat) {
        tell(comparing, CAUSE_BOTH, difference);
        return;
    }
    struct money at_old_price =
        money_fraction(before->first->unit, after->quantity, 1, 1, before->first->amount.currency);
    tell(comparing, CAUSE_QUANTITY, money_subtract(at_old_price, before->whole));
    tell(comparing, CAUSE_PRICE, money_subtract(after->whole, at_old_price));
}

static void tell_charges(const struct comparing *comparing)
{
    const struct side *before = comparing->before, *after = comparing->after;
    struct money difference = money_subtract(after->charged, before->charged);
    if (before->first == NULL || after->first == NULL) {
        tell(comparing, before->first == NULL ? CAUSE_ADDED : CAUSE_ENDED, difference);
        return;
    }
    if (strcmp(before->first->offer, after->first->offer) != 0) {
        tell(comparing, CAUSE_PLAN, difference);
        return;
    }
    if (has_other_frequency(before->first, after->first)) {
        tell(comparing, CAUSE_FREQUENCY, difference);
        return;
    }
    if (before->is_mixed || after->is_mixed) {
        tell(comparing, CAUSE_BOTH, difference);
        return;
    }
    tell_whole(comparing);
    tell(comparing, CAUSE_PART_BEFORE, money_subtract(before->whole, before->charged));
    tell(comparing, CAUSE_PART_AFTER, money_subtract(after->charged, after->whole));
}

static void tell_subscription(struct comparing comparing, const struct document *before,
                              const struct document *after, const char *subscription)
{
    const struct side was = side_of(before, subscription), is = side_of(after, subscription);
    comparing.subscription = subscription;
    comparing.before = &was;
    comparing.after = &is;
    tell_charges(&comparing);
    tell(&comparing, CAUSE_SETUP, money_subtract(is.setup, was.setup));
    tell(&comparing, CAUSE_UNDONE, money_subtract(is.undone, was.undone));
}

static bool is_among(const struct document *document, size_t count, const char *subscription)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(document->lines.items[i]->subscription, subscription) == 0)
            return true;
    return false;
}

static bool is_same_rule(const struct tax_rule *a, const struct tax_rule *b)
{
    return a->treatment == b->treatment && a->percent_micros == b->percent_micros;
}

/* What the tax of a row would be at the rate that the bill before had for its category; the row's
 * own when that bill knew this rate too, or not the category. */
static struct money tax_as_before(const struct document_tax *row, const struct document *before)
{
    const struct document_tax *other = NULL;
    for (size_t i = 0; i < before->tax_count; i++) {
        const struct document_tax *known = &before->taxes[i];
        if (strcmp(known->rule.category, row->rule.category) != 0)
            continue;
        if (is_same_rule(&known->rule, &row->rule))
            return row->tax;
        other = known;
    }
    return other != NULL ? money_percent(row->net, other->rule.percent_micros) : row->tax;
}

static void tell_tax(const struct comparing *comparing, const struct document *before,
                     const struct document *after)
{
    struct money by_rate = money_zero(after->total.currency);
    for (size_t i = 0; i < after->tax_count; i++) {
        const struct document_tax *row = &after->taxes[i];
        by_rate = money_add(by_rate, money_subtract(row->tax, tax_as_before(row, before)));
    }
    struct money difference = money_subtract(after->tax, before->tax);
    tell(comparing, CAUSE_TAX_RATE, by_rate);
    tell(comparing, CAUSE_TAX, money_subtract(difference, by_rate));
}

void compare_bills(struct arena *arena, const struct document *before, const struct document *after,
                   struct bill_cause_list *causes)
{
    const struct comparing whole = {.arena = arena, .causes = causes};
    for (size_t i = 0; i < after->lines.count; i++) {
        const char *subscription = after->lines.items[i]->subscription;
        if (!is_among(after, i, subscription))
            tell_subscription(whole, before, after, subscription);
    }
    for (size_t i = 0; i < before->lines.count; i++) {
        const char *subscription = before->lines.items[i]->subscription;
        if (!is_among(before, i, subscription) &&
            !is_among(after, after->lines.count, subscription))
            tell_subscription(whole, before, after, subscription);
    }
    tell_tax(&whole, before, after);
    tell(&whole, CAUSE_CREDIT, money_subtract(before->credit_used, after->credit_used));
}
