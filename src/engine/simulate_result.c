#include "engine/simulate_result.h"

#include "base/json.h"

/* Order ---------------------------------------------------------------------------------------- */

/* By time of issue. Of one instant, as they were committed: the engine works off what falls due
 * there by name, and steps follow each other, so that a credit comes after what it undoes. */
static int compare_documents(const void *a_item, const void *b_item)
{
    const struct shown_document *a = a_item;
    const struct shown_document *b = b_item;
    if (a->issued_at != b->issued_at)
        return a->issued_at < b->issued_at ? -1 : 1;
    return strcmp(a->born, b->born);
}

static int compare_subscriptions(const void *a_item, const void *b_item)
{
    const struct shown_subscription *a = a_item;
    const struct shown_subscription *b = b_item;
    if (a->start_on != b->start_on)
        return a->start_on < b->start_on ? -1 : 1;
    return strcmp(a->as, b->as);
}

/* Numbers of lines ----------------------------------------------------------------------------- */

struct line_number {
    const char *id;
    int64_t number;
};

struct numbering {
    struct line_number *lines; /* sorted by id */
    size_t count;
};

static int compare_numbers(const void *a_item, const void *b_item)
{
    const struct line_number *a = a_item;
    const struct line_number *b = b_item;
    return strcmp(a->id, b->id);
}

/* From 1, in the order in which they are printed. */
static struct numbering number_lines(struct context *cx, const struct shown_document_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i]->line_count;
    struct numbering numbering = {.lines = ARENA_ARRAY(cx->arena, struct line_number, count)};
    for (size_t i = 0; i < list->count; i++) {
        const struct shown_document *document = list->items[i];
        for (size_t l = 0; l < document->line_count; l++) {
            numbering.lines[numbering.count] = (struct line_number){
                .id = document->lines[l].id, .number = (int64_t)numbering.count + 1};
            numbering.count++;
        }
    }
    qsort(numbering.lines, numbering.count, sizeof(*numbering.lines), compare_numbers);
    return numbering;
}

static void put_number(struct json_writer *w, const char *name, const struct numbering *numbering,
                       const char *id)
{
    struct line_number wanted = {.id = id};
    const struct line_number *found = id == NULL
                                          ? NULL
                                          : bsearch(&wanted, numbering->lines, numbering->count,
                                                    sizeof(*numbering->lines), compare_numbers);
    if (found == NULL)
        json_put_null(w, name);
    else
        json_put_integer(w, name, found->number);
}

/* Documents ------------------------------------------------------------------------------------ */

static void put_line(struct json_writer *w, const struct numbering *numbering,
                     const struct shown_line *line)
{
    json_open_object(w, NULL);
    put_number(w, "id", numbering, line->id);
    json_put_text(w, "as", line->as);
    json_put_text(w, "offer", line->offer);
    json_put_text(w, "reason", line_reason_format(line->reason));
    json_put_day(w, "from", line->from_on);
    json_put_day(w, "to", line->to_on);
    json_put_integer(w, "quantity", line->quantity);
    json_put_unit_price(w, "unit_amount", line->unit);
    json_put_integer(w, "days", line->days);
    json_put_integer(w, "of_days", line->of_days);
    json_put_integer(w, "amount", line->amount.minor);
    if (line->undoes != NULL)
        put_number(w, "undoes", numbering, line->undoes);
    json_close_object(w);
}

static void put_document(struct json_writer *w, const struct numbering *numbering,
                         const struct shown_document *document)
{
    json_open_object(w, NULL);
    json_put_day(w, "at", document->issued_on);
    json_put_text(w, "type", document_type_format(document->type));
    json_open_array(w, "lines");
    for (size_t i = 0; i < document->line_count; i++)
        put_line(w, numbering, &document->lines[i]);
    json_close_array(w);
    json_put_integer(w, "net", document->net.minor);
    json_put_integer(w, "tax", document->tax.minor);
    json_put_integer(w, "total", document->total.minor);
    json_put_text(w, "currency", document->total.currency);
    json_put_integer(w, "credit_used", document->credit_used.minor);
    json_put_day(w, "paid_at", document->paid_on);
    json_close_object(w);
}

static void put_documents(struct json_writer *w, const struct numbering *numbering,
                          const struct shown_document_list *list)
{
    json_open_array(w, "documents");
    for (size_t i = 0; i < list->count; i++)
        put_document(w, numbering, list->items[i]);
    json_close_array(w);
}

static void put_refund(struct json_writer *w, civil_day on, struct money amount)
{
    json_open_object(w, NULL);
    json_put_day(w, "at", on);
    json_put_integer(w, "amount", amount.minor);
    json_close_object(w);
}

/* One entry a day. */
static void put_refunds(struct json_writer *w, const struct refund_list *list)
{
    json_open_array(w, "refunds");
    for (size_t i = 0; i < list->count;) {
        civil_day on = list->items[i]->on;
        struct money sum = money_zero(list->items[i]->amount.currency);
        for (; i < list->count && list->items[i]->on == on; i++)
            sum = money_add(sum, list->items[i]->amount);
        put_refund(w, on, sum);
    }
    json_close_array(w);
}

/* Subscriptions -------------------------------------------------------------------------------- */

static void put_days(struct json_writer *w, const char *name, civil_day from_on, civil_day to_on)
{
    json_open_array(w, name);
    json_put_day(w, NULL, from_on);
    json_put_day(w, NULL, to_on);
    json_close_array(w);
}

static void put_history(struct json_writer *w, const struct subscription_change_list *history)
{
    json_open_array(w, "history");
    for (size_t i = 0; i < history->count; i++) {
        json_open_array(w, NULL);
        json_put_day(w, NULL, history->items[i]->on);
        json_put_text(w, NULL, subscription_status_format(history->items[i]->status));
        json_close_array(w);
    }
    json_close_array(w);
}

static void put_subscription(struct json_writer *w, const struct shown_subscription *sub)
{
    json_open_object(w, NULL);
    json_put_text(w, "as", sub->as);
    json_put_text(w, "offer", sub->offer);
    json_put_text(w, "parent", sub->parent);
    json_put_text(w, "status", subscription_status_format(sub->status));
    json_put_bool(w, "past_due", sub->past_due);
    json_put_integer(w, "quantity", sub->quantity);
    json_put_integer(w, "assigned", sub->assigned);
    json_put_bool(w, "recurring_billing", sub->recurring_billing);
    put_days(w, "period", sub->period_start, sub->period_end);
    put_days(w, "term", sub->term_start, sub->term_end);
    put_history(w, &sub->history);
    json_close_object(w);
}

static void put_subscriptions(struct json_writer *w, const struct shown_subscription_list *list)
{
    json_open_array(w, "subscriptions");
    for (size_t i = 0; i < list->count; i++)
        put_subscription(w, list->items[i]);
    json_close_array(w);
}

/* Refusals and observations -------------------------------------------------------------------- */

static void put_reason(struct json_writer *w, const struct reason *reason)
{
    json_open_object(w, NULL);
    json_put_text(w, "code", reason->code);
    json_open_array(w, "offers");
    for (size_t i = 0; i < reason->offer_count; i++)
        json_put_text(w, NULL, reason->offers[i]);
    json_close_array(w);
    json_close_object(w);
}

static void put_refusal(struct json_writer *w, const char *name,
                        const struct shown_refusal *refusal)
{
    json_open_object(w, name);
    json_put_day(w, "at", refusal->on);
    json_put_integer(w, "step", refusal->step);
    json_put_text(w, "code", refusal->code);
    json_open_array(w, "reasons");
    for (size_t i = 0; i < refusal->reason_count; i++)
        put_reason(w, &refusal->reasons[i]);
    json_close_array(w);
    json_close_object(w);
}

static void put_preview(struct json_writer *w, const struct numbering *numbering,
                        const struct shown_preview *preview)
{
    json_open_object(w, "preview");
    put_documents(w, numbering, &preview->documents);
    put_subscriptions(w, &preview->subscriptions);
    if (preview->refusal == NULL)
        json_put_null(w, "refused");
    else
        put_refusal(w, "refused", preview->refusal);
    json_close_object(w);
}

static void put_observation(struct json_writer *w, const struct numbering *numbering,
                            const struct observation *observation)
{
    json_open_object(w, NULL);
    json_put_integer(w, "step", observation->step);
    json_put_day(w, "at", observation->on);
    if (observation->available != NULL)
        json_put_raw(w, "available", observation->available);
    if (observation->preview != NULL)
        put_preview(w, numbering, observation->preview);
    json_close_object(w);
}

/* The whole ------------------------------------------------------------------------------------ */

void simulate_sort(struct shown_document_list *documents,
                   struct shown_subscription_list *subscriptions)
{
    list_sort(documents->items, documents->count, compare_documents);
    list_sort(subscriptions->items, subscriptions->count, compare_subscriptions);
}

const char *simulate_encode(struct context *cx, struct simulation_result *result)
{
    simulate_sort(&result->documents, &result->subscriptions);
    struct numbering numbering = number_lines(cx, &result->documents);
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    put_documents(&w, &numbering, &result->documents);
    put_refunds(&w, &result->refunds);
    put_subscriptions(&w, &result->subscriptions);
    json_open_array(&w, "refused");
    for (size_t i = 0; i < result->refusals.count; i++)
        put_refusal(&w, NULL, result->refusals.items[i]);
    json_close_array(&w);
    json_open_array(&w, "observations");
    for (size_t i = 0; i < result->observations.count; i++)
        put_observation(&w, &numbering, result->observations.items[i]);
    json_close_array(&w);
    simulate_put_revenue(cx, &w, result);
    json_put_integer(&w, "credit_balance", result->credit_balance.minor);
    json_put_integer(&w, "unpaid", result->unpaid.minor);
    json_put_integer(&w, "ledger_sum", result->ledger_sum);
    json_close_object(&w);
    return json_end(&w);
}
