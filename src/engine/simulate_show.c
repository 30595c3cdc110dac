#include "engine/simulate_show.h"

#include <string.h>

#include "base/json.h"
#include "catalog/catalog_members.h"
#include "engine/decide_parts.h"

/* Subscriptions -------------------------------------------------------------------------------- */

static int compare_ids(const void *a_item, const void *b_item)
{
    struct subscription *const *a = a_item;
    struct subscription *const *b = b_item;
    return strcmp((*a)->id, (*b)->id);
}

struct show_source show_source_of(struct context *cx, const struct subscription_list *list)
{
    struct show_source source = {
        .by_id = ARENA_ARRAY(cx->arena, struct subscription *, list->count + 1),
        .count = list->count,
    };
    for (size_t i = 0; i < list->count; i++)
        source.by_id[i] = list->items[i];
    qsort(source.by_id, source.count, sizeof(*source.by_id), compare_ids);
    return source;
}

static const struct subscription *find(const struct show_source *source, const char *id)
{
    struct subscription wanted = {.id = id};
    struct subscription *key = &wanted;
    struct subscription **found =
        bsearch(&key, source->by_id, source->count, sizeof(*source->by_id), compare_ids);
    assert(found != NULL); /* rows of a customer name each other */
    return *found;
}

struct shown_subscription *show_subscription(struct arena *arena, const struct show_source *source,
                                             const struct subscription *sub)
{
    struct shown_subscription *shown = ARENA_NEW(arena, struct shown_subscription);
    *shown = (struct shown_subscription){
        .as = arena_copy(arena, sub->name),
        .offer = arena_copy(arena, sub->offer),
        .parent = sub->parent ? arena_copy(arena, find(source, sub->parent)->name) : NULL,
        .status = sub->status,
        .past_due = subscription_is_past_due(sub),
        .quantity = sub->quantity,
        .assigned = sub->assigned,
        .recurring_billing = sub->recurring_billing,
        .start_on = sub->start_on,
        .period_start = sub->period_start,
        .period_end = sub->period_end,
        .term_start = sub->term_start,
        .term_end = sub->term_end,
    };
    return shown;
}

/* Documents ------------------------------------------------------------------------------------ */

static struct shown_line show_line(struct arena *arena, const struct show_source *source,
                                   const struct line *line, bool is_preview)
{
    const struct subscription *sub = find(source, line->subscription);
    return (struct shown_line){
        .id = is_preview ? NULL : arena_copy(arena, line->id),
        .as = arena_copy(arena, sub->name),
        .offer = arena_copy(arena, line->offer),
        .reason = line->reason,
        .from_on = line->from_on,
        .to_on = line->to_on,
        .quantity = line->quantity,
        .unit = line->unit,
        .days = line->days,
        .of_days = line->of_days,
        .amount = line->amount,
        .undoes = arena_copy(arena, line->undoes),
    };
}

struct shown_document *show_document(struct arena *arena, const struct show_source *source,
                                     const struct document *document, bool is_preview)
{
    struct shown_document *shown = ARENA_NEW(arena, struct shown_document);
    *shown = (struct shown_document){
        .issued_at = document->issued_at,
        .issued_on = document->issued_on,
        .type = document->type,
        .lines = ARENA_ARRAY(arena, struct shown_line, document->lines.count),
        .line_count = document->lines.count,
        .net = document->net,
        .tax = document->tax,
        .total = document->total,
        .credit_used = document->credit_used,
        .paid_on = document->paid_on,
    };
    assert(document->lines.count > 0);
    const char *born = document->lines.items[0]->id;
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        shown->lines[i] = show_line(arena, source, line, is_preview);
        if (strcmp(line->id, born) < 0)
            born = line->id;
    }
    shown->born = arena_copy(arena, born);
    return shown;
}

/* Refusals ------------------------------------------------------------------------------------- */

static struct reason copy_reason(struct arena *arena, const struct reason *reason)
{
    const char **offers = ARENA_ARRAY(arena, const char *, reason->offer_count);
    for (size_t i = 0; i < reason->offer_count; i++)
        offers[i] = arena_copy(arena, reason->offers[i]);
    return (struct reason){
        .code = arena_copy(arena, reason->code),
        .offers = offers,
        .offer_count = reason->offer_count,
    };
}

struct shown_refusal *show_refusal(struct arena *arena, const struct fault *fault)
{
    struct shown_refusal *refusal = ARENA_NEW(arena, struct shown_refusal);
    struct reason *reasons = ARENA_ARRAY(arena, struct reason, fault->reason_count);
    for (size_t i = 0; i < fault->reason_count; i++)
        reasons[i] = copy_reason(arena, &fault->reasons[i]);
    refusal->code = err_code(fault->code);
    refusal->reasons = reasons;
    refusal->reason_count = fault->reason_count;
    return refusal;
}

/* Available offers ----------------------------------------------------------------------------- */

static void put_quantity(struct json_writer *w, const struct quantity_bounds *bounds)
{
    json_open_object(w, "quantity");
    json_put_integer(w, "min", bounds->min);
    json_put_integer(w, "max", bounds->max);
    json_put_integer(w, "step", bounds->step);
    json_close_object(w);
}

static void put_reasons(struct json_writer *w, const struct availability *item)
{
    json_open_array(w, "reasons");
    for (size_t i = 0; i < item->reason_count; i++) {
        json_open_object(w, NULL);
        json_put_text(w, "code", item->reasons[i].code);
        json_open_array(w, "offers");
        for (size_t o = 0; o < item->reasons[i].offer_count; o++)
            json_put_text(w, NULL, item->reasons[i].offers[o]);
        json_close_array(w);
        json_close_object(w);
    }
    json_close_array(w);
}

static void put_availability(struct json_writer *w, const struct availability *item)
{
    json_open_object(w, NULL);
    json_put_text(w, "offer", item->offer->id);
    json_put_bool(w, "available", item->available);
    json_open_array(w, "connects_to");
    for (size_t i = 0; i < item->connects_to_count; i++)
        json_put_text(w, NULL, item->connects_to[i]->name);
    json_close_array(w);
    put_quantity(w, &item->quantity);
    json_open_array(w, "prices");
    for (size_t i = 0; i < item->price_count; i++)
        price_write(w, item->prices[i]);
    json_close_array(w);
    put_reasons(w, item);
    json_close_object(w);
}

const char *show_available(struct context *cx, const struct state *state)
{
    struct eligibility_input input = decide_holdings(cx, state, NULL);
    struct availability *items;
    size_t count;
    eligibility_list(cx, &input, &items, &count);
    struct json_writer w = json_begin(cx->arena);
    json_open_array(&w, NULL);
    for (size_t i = 0; i < count; i++)
        put_availability(&w, &items[i]);
    json_close_array(&w);
    return json_end(&w);
}
