#include "engine/decision_json.h"

#include <assert.h>
#include <string.h>

#include "engine/decide_parts.h"
#include "engine/family_change.h"

enum { PERCENT_DECIMALS = 6 };

/* ── Names that are the same each time ────────────────────────────────────────────────── */

/* What existed before has its id; what is new the name of its line, or "#2" for a nameless
 * second one. */
static const char *shown_name(struct context *cx, const struct state *state,
                              const struct subscription *sub)
{
    if (sub->row != ROW_NEW)
        return sub->id;
    if (sub->name != sub->id)
        return sub->name;
    size_t place = 1;
    for (size_t i = 0; state->subscriptions.items[i] != sub; i++)
        place += state->subscriptions.items[i]->row == ROW_NEW;
    return arena_print(cx->arena, "#%zu", place);
}

static const char *shown_id(struct context *cx, const struct state *state, const char *id)
{
    const struct subscription *sub = id ? state_find_subscription(state, id) : NULL;
    return sub ? shown_name(cx, state, sub) : id;
}

/* ── Lines and totals ─────────────────────────────────────────────────────────────────── */

void decision_put_line(struct json_writer *w, const struct line *line, const char *subscription)
{
    json_open_object(w, NULL);
    json_put_text(w, "subscription", subscription);
    json_put_text(w, "offer", line->offer);
    json_put_text(w, "reason", line_reason_format(line->reason));
    json_put_day(w, "from", line->from_on);
    json_put_day(w, "to", line->to_on);
    json_put_integer(w, "quantity", line->quantity);
    json_put_unit_price(w, "unit_amount", line->unit);
    json_put_integer(w, "days", line->days);
    json_put_integer(w, "of_days", line->of_days);
    json_put_money(w, "amount", line->amount);
    json_put_text(w, "undoes", line->undoes);
    json_close_object(w);
}

static void put_tax(const struct document_tax *tax, struct json_writer *w)
{
    char percent[DECIMAL_SIZE];
    decimal_format(tax->rule.percent_micros, PERCENT_DECIMALS, percent);
    json_open_object(w, NULL);
    json_put_text(w, "treatment", tax_treatment_format(tax->rule.treatment));
    json_put_text(w, "category", tax->rule.category);
    json_put_text(w, "percent", percent);
    json_put_money(w, "net", tax->net);
    json_put_money(w, "tax", tax->tax);
    json_close_object(w);
}

static struct money refunded(const struct state *state, const struct account *account)
{
    struct money sum = money_zero(account->currency);
    for (size_t i = 0; i < state->refunds.count; i++) {
        const struct refund *refund = state->refunds.items[i];
        if (refund->row == ROW_NEW && strcmp(refund->account, account->id) == 0)
            sum = money_add(sum, refund->amount);
    }
    return sum;
}

/* What one payer gets of the command. */
static void put_document(struct context *cx, const struct state *state,
                         const struct account *account, const struct document *document,
                         struct json_writer *w)
{
    struct money zero = money_zero(account->currency);
    json_put_text(w, "document", document ? document_type_format(document->type) : NULL);
    json_open_array(w, "lines");
    for (size_t i = 0; document && i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        decision_put_line(w, line, shown_id(cx, state, line->subscription));
    }
    json_close_array(w);
    json_put_money(w, "net", document ? document->net : zero);
    json_put_money(w, "tax", document ? document->tax : zero);
    json_open_array(w, "taxes");
    for (size_t i = 0; document && i < document->tax_count; i++)
        put_tax(&document->taxes[i], w);
    json_close_array(w);
    struct money total = document ? document->total : zero;
    struct money used = document ? document->credit_used : zero;
    bool is_asked = document && document->type == DOCUMENT_INVOICE;
    json_put_money(w, "total", total);
    json_put_money(w, "credit_used", used);
    json_put_money(w, "to_pay", is_asked ? money_subtract(total, used) : zero);
    json_put_money(w, "refund", refunded(state, account));
    json_put_text(w, "currency", account->currency);
}

/* "One command, one document per payer" (rules §6). */
static void put_elsewhere(struct context *cx, const struct state *state,
                          const struct document_list *documents, struct json_writer *w)
{
    json_open_array(w, "elsewhere");
    for (size_t i = 0; i < documents->count; i++) {
        const struct document *document = documents->items[i];
        json_open_object(w, NULL);
        json_put_text(w, "account", document->account);
        put_document(cx, state, state_find_account(state, document->account), document, w);
        json_close_object(w);
    }
    json_close_array(w);
}

/* ── Subscriptions before and after ───────────────────────────────────────────────────── */

static void put_condition(const struct subscription *sub, const char *name, struct json_writer *w)
{
    json_open_object(w, name);
    json_put_text(w, "status", subscription_status_format(sub->status));
    json_put_integer(w, "quantity", sub->quantity);
    json_put_integer(w, "assigned", sub->assigned);
    json_put_bool(w, "recurring_billing", sub->recurring_billing);
    json_put_bool(w, "past_due", subscription_is_past_due(sub));
    json_put_bool(w, "requirement_lost", sub->requirement_lost);
    json_put_text(w, "payment_method", sub->payment_method);
    json_put_day(w, "period_start", sub->period_start);
    json_put_day(w, "period_end", sub->period_end);
    json_put_day(w, "term_start", sub->term_start);
    json_put_day(w, "term_end", sub->term_end);
    json_close_object(w);
}

static void put_subscription(struct context *cx, const struct state *state,
                             const struct subscription *sub, const struct subscription *before,
                             struct json_writer *w)
{
    json_open_object(w, NULL);
    json_put_text(w, "subscription", shown_name(cx, state, sub));
    json_put_text(w, "offer", sub->offer);
    json_put_text(w, "parent", shown_id(cx, state, sub->parent));
    json_put_text(w, "term", term_format(sub->term));
    json_put_text(w, "billing", billing_format(sub->billing));
    json_put_day(w, "trial_end", sub->trial_end);
    if (before)
        put_condition(before, "before", w);
    else
        json_put_null(w, "before");
    put_condition(sub, "after", w);
    json_close_object(w);
}

static void put_subscriptions(struct context *cx, const struct state *state,
                              const struct decision *decision, struct json_writer *w)
{
    json_open_array(w, "subscriptions");
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (!state_was_changed(sub) || sub->row == ROW_REMOVED)
            continue;
        const struct subscription *before =
            i < decision->before_count ? &decision->before[i] : NULL;
        put_subscription(cx, state, sub, before, w);
    }
    json_close_array(w);
}

/* ── What is charged next ─────────────────────────────────────────────────────────────── */

bool decision_touches(const struct state *state, const struct subscription *family)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_was_changed(member) && state_family(state, member) == family)
            return true;
    }
    return false;
}

bool decision_next_charge(struct context *cx, const struct state *state,
                          struct subscription *family, struct next_charge *ret_next)
{
    return decision_touches(state, family) && next_charge_of_family(cx, state, family, ret_next);
}

static void put_next_charges(struct context *cx, const struct state *state, struct json_writer *w)
{
    json_open_array(w, "next_charges");
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *family = state->subscriptions.items[i];
        struct next_charge next;
        if (!decision_next_charge(cx, state, family, &next))
            continue;
        json_open_object(w, NULL);
        json_put_text(w, "subscription", shown_name(cx, state, family));
        json_put_day(w, "on", next.on);
        json_put_money(w, "net", next.net);
        json_put_text(w, "term", term_format(next.term));
        json_put_text(w, "billing", billing_format(next.billing));
        json_close_object(w);
    }
    json_close_array(w);
}

/* ── The add-ons of a change of plan ──────────────────────────────────────────────────── */

static void put_fate(struct context *cx, const struct state *state,
                     const struct family_change *plan, enum family_fate fate, const char *name,
                     struct json_writer *w)
{
    json_open_array(w, name);
    for (size_t i = 1; i < plan->count; i++) {
        if (plan->members[i].fate == fate)
            json_put_text(w, NULL, shown_name(cx, state, plan->members[i].sub));
    }
    json_close_array(w);
}

/* Carried, dropped, blocking (rules §3.6): what blocks is named by the refusal. */
static void put_plan_change(struct context *cx, const struct state *state,
                            const struct family_change *plan, struct json_writer *w)
{
    if (plan == NULL) {
        json_put_null(w, "plan_change");
        return;
    }
    json_open_object(w, "plan_change");
    put_fate(cx, state, plan, FATE_KEPT, "carried", w);
    put_fate(cx, state, plan, FATE_DROPPED, "dropped", w);
    put_fate(cx, state, plan, FATE_BLOCKING, "blocking", w);
    json_close_object(w);
}

/* ── What another method is asked for ─────────────────────────────────────────────────── */

static void put_moved(const struct decision *decision, struct json_writer *w)
{
    if (decision->moved.count == 0)
        return;
    json_open_array(w, "moved_invoices");
    for (size_t i = 0; i < decision->moved.count; i++) {
        const struct document *invoice = decision->moved.items[i];
        json_open_object(w, NULL);
        json_put_text(w, "invoice", invoice->id);
        json_put_money(w, "unpaid", invoice->unpaid);
        json_put_bool(w, "retried", invoice->first_failed_at != INSTANT_NONE && !invoice->given_up);
        json_close_object(w);
    }
    json_close_array(w);
}

/* ── Money that is asked for, and that goes back ──────────────────────────────────────── */

/* Pay balance: each invoice, and what pays it. */
static void put_asked(const struct decision *decision, struct json_writer *w)
{
    if (decision->payments.count == 0)
        return;
    json_open_array(w, "payments");
    for (size_t i = 0; i < decision->payments.count; i++) {
        const struct payment *payment = decision->payments.items[i];
        json_open_object(w, NULL);
        json_put_text(w, "invoice", payment->document);
        json_put_text(w, "payment_method", payment->method);
        json_put_money(w, "amount", payment->amount);
        json_close_object(w);
    }
    json_close_array(w);
}

/* Where money goes back to; a payment made just now has no name yet that would be the same when
 * it is decided again. */
static void put_refunds(const struct state *state, struct json_writer *w)
{
    if (money_is_zero(refunded(state, state->account)))
        return;
    json_open_array(w, "refunds");
    for (size_t i = 0; i < state->refunds.count; i++) {
        const struct refund *refund = state->refunds.items[i];
        const struct payment *payment = state_find_payment(state, refund->payment);
        if (refund->row != ROW_NEW || strcmp(refund->account, state->account->id) != 0)
            continue;
        json_open_object(w, NULL);
        json_put_text(w, "payment", payment->row != ROW_NEW ? payment->id : NULL);
        json_put_text(w, "payment_method", payment->method);
        json_put_money(w, "amount", refund->amount);
        json_close_object(w);
    }
    json_close_array(w);
}

/* ── The whole ────────────────────────────────────────────────────────────────────────── */

void decision_put(struct context *cx, const struct state *state, const struct decision *decision,
                  struct json_writer *w)
{
    assert(state->account != NULL); /* decide() has turned to it */
    const struct order *order = decision->order;
    put_document(cx, state, state->account, decision->document, w);
    put_elsewhere(cx, state, &decision->elsewhere, w);
    json_put_text(w, "payment_method", order ? order->payment_method : NULL);
    put_subscriptions(cx, state, decision, w);
    put_plan_change(cx, state, decision->plan, w);
    put_next_charges(cx, state, w);
    put_moved(decision, w);
    put_asked(decision, w);
    put_refunds(state, w);
    if (decision->written_off != NULL)
        json_put_money(w, "written_off", decision->written_off->written_off);
}

struct json_writer decision_preview(struct context *cx, const struct state *state,
                                    const struct decision *decision, const char *token,
                                    instant expires_at)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "preview");
    json_put_bool(&w, "preview", true);
    json_put_text(&w, "token", token);
    json_put_instant(&w, "expires_at", token != NULL ? expires_at : INSTANT_NONE);
    decision_put(cx, state, decision, &w);
    json_close_object(&w);
    return w;
}

const char *decision_text(struct context *cx, const struct state *state,
                          const struct decision *decision)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    decision_put(cx, state, decision, &w);
    json_close_object(&w);
    return json_end(&w);
}

static struct json_reader open_text(struct context *cx, const char *text)
{
    struct json_reader r;
    enum err err = json_open(cx, &r, text, strlen(text));
    assert(err == OK); /* decision_text wrote it */
    return r;
}

static void put_raw_or_null(struct json_writer *w, const char *name, const char *json)
{
    json_put_raw(w, name, json ? json : "null");
}

const char *decision_differs(struct context *cx, const char *was, const char *is)
{
    struct json_reader old = open_text(cx, was);
    struct json_reader new = open_text(cx, is);
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    for (size_t i = 0; i < json_member_count(&new); i++) {
        const char *name = json_member_name(&new, i);
        const char *old_value = json_raw(&old, name);
        const char *new_value = json_raw(&new, name);
        if (old_value != NULL && strcmp(old_value, new_value) == 0)
            continue;
        json_open_object(&w, name);
        put_raw_or_null(&w, "was", old_value);
        put_raw_or_null(&w, "is", new_value);
        json_close_object(&w);
    }
    json_close_object(&w);
    return json_end(&w);
}
