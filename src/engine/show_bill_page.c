#include "engine/show_bill_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "engine/decision_json.h"
#include "engine/show_page.h"
#include "engine/show_tax_page.h"

const char *show_unit(struct context *cx, const struct offer *offer, int64_t count)
{
    const char *key = arena_print(cx->arena, "unit.%s", offer->unit);
    const char *word = message_plural(cx->arena, cx->language, key, count);
    return word != NULL ? word : offer->unit;
}

const char *show_units(struct context *cx, const struct offer *offer)
{
    enum { MANY = 2 };
    return show_unit(cx, offer, MANY);
}

const char *show_quantity(struct context *cx, const struct offer *offer, int64_t quantity)
{
    return arena_print(cx->arena, "%s\u00a0%s", locale_integer(cx->arena, cx->language, quantity),
                       show_unit(cx, offer, quantity));
}

const char *show_number(struct context *cx, const struct document *document)
{
    const char *number = invoice_number_format(cx->arena, document);
    return number != NULL ? number : message_say(cx, "order.number_to_come", NULL);
}

void show_standing(struct context *cx, struct view *view, const struct document *document,
                   civil_day today)
{
    static const struct {
        const char *key, *word;
    } STANDINGS[] = {
        [STANDING_PAID] = {"paid", "bills.paid"},
        [STANDING_OPEN] = {"scheduled", "bills.open"},
        [STANDING_OVERDUE] = {"past_due", "bills.overdue"},
        [STANDING_WRITTEN_OFF] = {"deleted", "bills.written_off"},
        [STANDING_CREDITED] = {"completed", "bills.credited"},
    };
    enum document_standing standing = invoice_standing(document, today);
    struct view *status = view_child(view, "status");
    view_text(status, "key", STANDINGS[standing].key);
    view_text(status, "word", message_say(cx, STANDINGS[standing].word, NULL));
}

const char *show_method(struct context *cx, const struct payment_method *method)
{
    return method->kind == METHOD_TRANSFER ? message_say(cx, "checkout.transfer", NULL)
                                           : method->label;
}

const char *show_days(struct context *cx, civil_day from_on, civil_day to_on)
{
    const char *from = locale_day(cx->arena, cx->language, from_on);
    if (to_on <= from_on + 1)
        return from;
    return message_say(cx, "bill.days", "from", from, "to",
                       locale_day(cx->arena, cx->language, to_on - 1), NULL);
}

const char *show_arithmetic(struct context *cx, const struct offer *offer, const struct line *line)
{
    const char *amount = locale_money(cx->arena, cx->language, line->amount);
    const char *quantity = show_quantity(cx, offer, line->quantity);
    const char *unit =
        locale_unit_price(cx->arena, cx->language, line->unit, line->amount.currency);
    if (line->reason == LINE_SETUP || line->days == 0)
        return message_say(cx, "bill.setup", "amount", amount, NULL);
    if (line->days == line->of_days)
        return message_say(cx, "bill.whole", "quantity", quantity, "unit", unit, "amount", amount,
                           NULL);
    return message_say(cx, "bill.part", "quantity", quantity, "unit", unit, "days",
                       arena_print(cx->arena, "%" PRId64, line->days), "of_days",
                       arena_print(cx->arena, "%" PRId64, line->of_days), "amount", amount, NULL);
}

/* "20", "5.5": the percentage without zeros behind it. */
static const char *percent_of(struct context *cx, const struct tax_rule *rule)
{
    char percent[DECIMAL_SIZE];
    enum { PERCENT_DECIMALS = 6 };
    decimal_format(rule->percent_micros, PERCENT_DECIMALS, percent);
    char *text = arena_copy(cx->arena, percent);
    char *point = strchr(text, '.');
    if (point != NULL && strcmp(cx->language, "fr") == 0)
        *point = ',';
    return text;
}

void show_taxes(struct context *cx, struct view *totals, const struct document *document,
                const struct tax_exemption_list *exemptions)
{
    show_mentions(cx, totals, document, exemptions);
    struct view *taxes = view_list(totals, "taxes");
    for (size_t i = 0; i < document->tax_count; i++) {
        const struct document_tax *tax = &document->taxes[i];
        if (tax->rule.treatment != TAX_DOMESTIC)
            continue;
        struct view *row = view_item(taxes);
        view_text(row, "label",
                  message_say(cx, "bill.tax", "percent", percent_of(cx, &tax->rule), NULL));
        view_text(row, "amount", locale_money(cx->arena, cx->language, tax->tax));
    }
}

void show_totals(struct context *cx, struct view *totals, const struct state *state,
                 const struct document *document)
{
    struct money zero = money_zero(state->account->currency);
    struct money total = document ? document->total : zero;
    struct money used = document ? document->credit_used : zero;
    bool is_asked = document && document->type == DOCUMENT_INVOICE;
    struct money to_pay = is_asked ? money_subtract(total, used) : total;
    view_text(totals, "amount", locale_money(cx->arena, cx->language, to_pay));
    view_text(totals, "net",
              locale_money(cx->arena, cx->language, document ? document->net : zero));
    if (document != NULL)
        show_taxes(cx, totals, document, &state->exemptions);
    if (is_asked && money_sign(used) > 0) {
        struct view *credit = view_child(totals, "credit");
        view_text(credit, "label", message_say(cx, "bill.credit", NULL));
        view_text(credit, "amount",
                  locale_money(cx->arena, cx->language, money_subtract(zero, used)));
    }
}

static const char *say_every(struct context *cx, const struct next_charge *next)
{
    int months = billing_months(next->term, next->billing);
    if (months == 1)
        return message_say(cx, "bill.every_month", NULL);
    return message_count(cx, "bill.every_year", months / 12, NULL);
}

void show_later(struct context *cx, struct view *view, const struct state *state)
{
    struct view *later = view_list(view, "later");
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *family = state->subscriptions.items[i];
        struct next_charge next;
        if (!decision_next_charge(cx, state, family, &next))
            continue;
        struct view *row = view_item(later);
        view_text(row, "amount", locale_money(cx->arena, cx->language, next.net));
        view_text(row, "text",
                  message_say(cx, "bill.later", "date",
                              locale_day(cx->arena, cx->language, family->period_end), "every",
                              say_every(cx, &next), NULL));
    }
}
