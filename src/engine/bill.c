#include "engine/bill.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "engine/collect.h"
#include "engine/earn.h"
#include "invoice/proration.h"

struct document *bill_begin(struct context *cx, const struct state *state,
                            const struct bill_for *to)
{
    const char *currency = to->account->currency;
    struct document *document = ARENA_NEW(cx->arena, struct document);
    document->id = id_next(cx, "inv");
    document->account = to->account->id;
    document->order = to->order;
    document->payment_method = to->payment_method;
    document->purchase_order = to->purchase_order;
    document->state = DOCUMENT_PLANNED;
    document->issued_on = state->issue_on;
    document->issued_at = state->issue_at;
    document->net = document->tax = document->total = money_zero(currency);
    document->unpaid = document->credit_used = money_zero(currency);
    document->due_on = document->paid_on = DAY_NONE;
    document->first_failed_at = document->next_attempt_at = INSTANT_NONE;
    document->series = state->organization.live ? "live" : "test";
    document->row = ROW_NEW;
    return document;
}

/* The tax of a subscription's lines: for a recurring line the rate of the first day of its
 * period, else that of the day of the command (rules §6, Tax). */
static struct tax_rule bill_tax(const struct state *state, const struct account *account,
                                const struct offer *offer, civil_day on)
{
    struct tax_party party = {
        .seller_country = state->seller->country,
        .registrations = state->seller->registrations,
        .country = account->sold_to.country,
        .postal_code = account->sold_to.postal_code,
        .vat_id = account->vat_id,
        .vat_state = account->vat_state,
        .vat_state_on = account->vat_state_on,
        .vat_proof = account->vat_proof,
        .taxed = account->taxed,
        .account = account->id,
        .exemptions = &state->exemptions,
    };
    return tax_decide(state->current, &party, offer->tax_category, on);
}

static struct line *bill_line(struct context *cx, const struct state *state,
                              struct document *document, const struct subscription *sub,
                              enum line_reason reason)
{
    struct account *account = state_find_account(state, sub->account);
    struct line *line = ARENA_NEW(cx->arena, struct line);
    line->id = id_next(cx, "lin");
    line->document = document->id;
    line->subscription = sub->id;
    line->offer = sub->offer;
    line->catalog = sub->catalog;
    line->reason = reason;
    line->row = ROW_NEW;
    civil_day tax_on = reason == LINE_RENEWAL ? sub->period_start : state->today;
    line->tax = bill_tax(state, account, state_offer(state, sub), tax_on);
    list_push(cx->arena, &document->lines, line);
    return line;
}

static void bill_part(struct context *cx, const struct state *state, struct document *document,
                      const struct subscription *sub, const struct price_part *part,
                      civil_day from_on, int64_t days, enum line_reason reason)
{
    struct line *line = bill_line(cx, state, document, sub, reason);
    line->from_on = from_on;
    line->to_on = sub->period_end;
    line->quantity = part->quantity;
    line->unit = part->unit;
    line->step = part->step;
    line->days = days;
    line->of_days = subscription_whole_days(sub);
    line->amount = proration_amount(part->unit, part->quantity, days, line->of_days, sub->currency);
    line->left = line->amount;
}

static const struct price *bill_price(const struct state *state, const struct subscription *sub)
{
    const struct price *price =
        offer_find_price(state_offer(state, sub), sub->currency, sub->term, sub->billing);
    assert(price != NULL); /* the version was chosen because it has the price */
    return price;
}

/* Days that a charge from `from_on` bills: in mid-period `full` bills the whole one. What starts
 * with its period bills its days, also when that is a piece of a whole one (rules §4). */
static int64_t bill_days(const struct offer *offer, const struct subscription *sub,
                         civil_day from_on)
{
    if (offer->proration == PRORATION_FULL && from_on > sub->period_start)
        return subscription_whole_days(sub);
    return sub->period_end - from_on;
}

/* What a charge from `from_on` bills, step by step; none: no line until the next period (§6). */
static size_t bill_split(const struct state *state, const struct subscription *sub,
                         civil_day from_on, struct price_part *parts, int64_t *ret_days)
{
    const struct offer *offer = state_offer(state, sub);
    *ret_days = bill_days(offer, sub, from_on);
    if (offer->proration == PRORATION_NONE && from_on > sub->period_start)
        return 0;
    return price_split(bill_price(state, sub), sub->quantity, parts);
}

struct money bill_amount(const struct state *state, const struct subscription *sub,
                         civil_day from_on)
{
    struct price_part parts[PRICE_PARTS_MAX];
    int64_t days;
    size_t count = bill_split(state, sub, from_on, parts, &days);
    struct money sum = money_zero(sub->currency);
    for (size_t i = 0; i < count; i++)
        sum = money_add(sum, proration_amount(parts[i].unit, parts[i].quantity, days,
                                              subscription_whole_days(sub), sub->currency));
    return sum;
}

void bill_charge(struct context *cx, const struct state *state, struct document *document,
                 const struct subscription *sub, civil_day from_on, enum line_reason reason)
{
    struct price_part parts[PRICE_PARTS_MAX];
    int64_t days;
    size_t count = bill_split(state, sub, from_on, parts, &days);
    for (size_t i = 0; i < count; i++)
        bill_part(cx, state, document, sub, &parts[i], from_on, days, reason);
}

void bill_setup(struct context *cx, const struct state *state, struct document *document,
                const struct subscription *sub)
{
    int64_t minor = offer_setup_minor(state_offer(state, sub), sub->currency);
    if (minor == 0)
        return;
    struct line *line = bill_line(cx, state, document, sub, LINE_SETUP);
    line->from_on = line->to_on =
        sub->period_start > state->today ? sub->period_start : state->today;
    line->quantity = 1;
    line->unit = unit_price_of_minor(minor);
    line->amount = money_of(minor, sub->currency);
    line->left = line->amount;
}

void bill_credit(struct context *cx, const struct state *state, struct document *document,
                 const struct subscription *sub, civil_day from_on, enum line_reason reason)
{
    if (state_offer(state, sub)->proration != PRORATION_DAY)
        return;
    for (size_t i = 0; i < state->lines.count; i++) {
        const struct line *line = state->lines.items[i];
        if (line->in_force && strcmp(line->subscription, sub->id) == 0)
            invoice_add_credit(cx, document, line, from_on, reason);
    }
}

/* With `full`: the whole price of the units added, step by step (rules §6). */
static void bill_added(struct context *cx, const struct state *state, struct document *document,
                       const struct subscription *sub, int64_t old_quantity,
                       enum line_reason reason)
{
    const struct price *price = bill_price(state, sub);
    struct price_part before[PRICE_PARTS_MAX];
    struct price_part after[PRICE_PARTS_MAX];
    size_t before_count = price_split(price, old_quantity, before);
    size_t after_count = price_split(price, sub->quantity, after);
    for (size_t i = 0; i < after_count; i++) {
        if (price->tier_mode == TIER_VOLUME)
            after[i].quantity = sub->quantity - old_quantity;
        else if (i < before_count)
            after[i].quantity -= before[i].quantity;
        if (after[i].quantity > 0) {
            bill_part(cx, state, document, sub, &after[i], state->today,
                      bill_days(state_offer(state, sub), sub, state->today), reason);
        }
    }
}

void bill_quantity(struct context *cx, const struct state *state, struct document *document,
                   const struct subscription *sub, int64_t old_quantity, enum line_reason reason)
{
    switch (state_offer(state, sub)->proration) {
    case PRORATION_NONE:
        return;
    case PRORATION_FULL:
        if (sub->quantity > old_quantity)
            bill_added(cx, state, document, sub, old_quantity, reason);
        return;
    case PRORATION_DAY:
        bill_credit(cx, state, document, sub, state->today, reason);
        bill_charge(cx, state, document, sub, state->today, reason);
        return;
    }
}

static struct line_key bill_line_key(const void *source, const struct line *line)
{
    const struct state *state = source;
    struct subscription *sub = state_find_subscription(state, line->subscription);
    assert(sub != NULL);
    return (struct line_key){
        .family = state_family(state, sub)->name,
        .is_child = sub->parent != NULL,
        .name = sub->name,
    };
}

static struct document_source bill_source(const struct state *state)
{
    return (struct document_source){
        .documents = state->documents.items,
        .document_count = state->documents.count,
        .lines = state->lines.items,
        .line_count = state->lines.count,
    };
}

bool bill_total(struct context *cx, const struct state *state, struct document *document)
{
    if (document->lines.count == 0)
        return false;
    invoice_sort_lines(document, bill_line_key, state);
    struct document_source source = bill_source(state);
    invoice_total(document, &source);
    if (document->type == DOCUMENT_CREDIT_NOTE) {
        document->id = id_next(cx, "crn");
        for (size_t i = 0; i < document->lines.count; i++)
            document->lines.items[i]->document = document->id;
    }
    return true;
}

void bill_plan(struct context *cx, struct state *state, struct document *document)
{
    list_push(cx->arena, &state->documents, document);
    for (size_t i = 0; i < document->lines.count; i++)
        list_push(cx->arena, &state->lines, document->lines.items[i]);
}

struct money bill_credit_available(const struct state *state, const struct account *account)
{
    struct money available = account->credit;
    for (size_t i = 0; i < state->orders.count; i++) {
        const struct order *order = state->orders.items[i];
        if (order_is_pending(order) && strcmp(order->account, account->id) == 0)
            available = money_subtract(available, order->credit_held);
    }
    return available;
}

static struct entry *bill_entry(struct context *cx, struct state *state,
                                const struct document *document, const char *kind)
{
    return ledger_begin(cx, &state->entries, document->account, kind, document->id, state->today);
}

bool bill_still_holds(const struct state *state, const struct document *document)
{
    struct document again = *document;
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *credit = document->lines.items[i];
        const struct line *undone = credit->undoes ? state_find_line(state, credit->undoes) : NULL;
        if (credit->undoes == NULL)
            continue;
        if (undone == NULL || !undone->in_force ||
            money_sign(money_add(undone->left, credit->amount)) < 0)
            return false;
    }
    struct document_source source = bill_source(state);
    invoice_total(&again, &source);
    return money_compare(again.tax, document->tax) == 0;
}

static void bill_use_credit(struct context *cx, struct state *state, struct document *document,
                            struct account *account)
{
    struct money used = money_least(bill_credit_available(state, account), document->unpaid);
    if (money_sign(used) <= 0)
        return;
    account->credit = money_subtract(account->credit, used);
    state_touch_account(cx, state, account);
    struct entry *entry = bill_entry(cx, state, document, "credit_used");
    ledger_post(entry, LEDGER_CREDIT_BALANCE, used);
    ledger_post(entry, LEDGER_RECEIVABLE, money_negate(used));
    ledger_end(&state->entries, entry);
    document->credit_used = money_add(document->credit_used, used);
    collect_lower(cx, state, document, used);
}

/* Spreads a credit: the invoices it names, then the others from the oldest on; the rest becomes
 * credit balance (rules §6, Credit). */
static void bill_spread_credit(struct context *cx, struct state *state,
                               struct document *credit_note, struct account *account)
{
    struct money rest = money_negate(credit_note->total);
    for (size_t i = 0; i < credit_note->lines.count; i++) {
        const char *undoes = credit_note->lines.items[i]->undoes;
        struct line *line = undoes ? state_find_line(state, undoes) : NULL;
        struct document *named = line ? state_find_document(state, line->document) : NULL;
        if (named == NULL)
            continue;
        struct money part = money_least(rest, named->unpaid);
        if (money_sign(part) > 0) {
            named->credit_used = money_add(named->credit_used, part);
            collect_lower(cx, state, named, part);
            rest = money_subtract(rest, part);
        }
    }
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *other = state->documents.items[i];
        if (strcmp(other->account, account->id) != 0 || other->state != DOCUMENT_ISSUED)
            continue;
        struct money part = money_least(rest, other->unpaid);
        if (money_sign(part) > 0) {
            other->credit_used = money_add(other->credit_used, part);
            collect_lower(cx, state, other, part);
            rest = money_subtract(rest, part);
        }
    }
    if (money_is_zero(rest))
        return;
    account->credit = money_add(account->credit, rest);
    state_touch_account(cx, state, account);
    struct entry *entry = bill_entry(cx, state, credit_note, "credit_kept");
    ledger_post(entry, LEDGER_RECEIVABLE, rest);
    ledger_post(entry, LEDGER_CREDIT_BALANCE, money_negate(rest));
    ledger_end(&state->entries, entry);
}

static void bill_post(struct context *cx, struct state *state, const struct document *document)
{
    struct entry *entry = bill_entry(cx, state, document, document_type_format(document->type));
    ledger_post(entry, LEDGER_RECEIVABLE, document->total);
    ledger_post(entry, LEDGER_DEFERRED_REVENUE, money_negate(document->net));
    ledger_post(entry, LEDGER_TAX_PAYABLE, money_negate(document->tax));
    ledger_end(&state->entries, entry);
}

static void bill_announce(struct context *cx, struct state *state, const struct document *document)
{
    if (document->type == DOCUMENT_RECORD)
        return;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_money(&w, "total", document->total);
    json_close_object(&w);
    state_event(cx, state,
                document->type == DOCUMENT_INVOICE ? "invoice.issued" : "credit_note.issued",
                document->id, json_end(&w), NULL);
}

void bill_issue(struct context *cx, struct state *state, struct document *document,
                const struct payment *paid)
{
    struct account *account = state_find_account(state, document->account);
    if (state_find_document(state, document->id) == NULL)
        bill_plan(cx, state, document);
    struct document_source source = bill_source(state);
    invoice_apply_credits(document, &source);
    for (size_t i = 0; i < document->lines.count; i++) {
        struct line *line = document->lines.items[i];
        line->in_force = line->undoes == NULL && line->reason != LINE_SETUP;
        row_touch(&line->row);
    }
    document->state = DOCUMENT_ISSUED;
    document->issued_on = state->issue_on;
    document->issued_at = state->issue_at;
    row_touch(&document->row);
    bill_announce(cx, state, document);
    bill_post(cx, state, document);
    earn_issued(cx, state, document);
    if (document->type == DOCUMENT_RECORD)
        return;
    if (document->type == DOCUMENT_CREDIT_NOTE) {
        bill_spread_credit(cx, state, document, account);
        return;
    }
    document->unpaid = document->total;
    bill_use_credit(cx, state, document, account);
    if (paid == NULL)
        collect_schedule(cx, state, document);
}

void bill_close_period(const struct state *state, const struct subscription *sub)
{
    for (size_t i = 0; i < state->lines.count; i++) {
        struct line *line = state->lines.items[i];
        if (line->in_force && strcmp(line->subscription, sub->id) == 0) {
            line->in_force = false;
            row_touch(&line->row);
        }
    }
}
