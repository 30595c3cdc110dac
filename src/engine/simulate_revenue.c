#include "base/json.h"
#include "engine/simulate_result.h"
#include "invoice/revenue.h"

static int compare_earned(const void *a_item, const void *b_item)
{
    const struct revenue *a = a_item;
    const struct revenue *b = b_item;
    if (a->month_on != b->month_on)
        return a->month_on < b->month_on ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return 0;
}

/* Places of the subscriptions in the order of their names. */
struct name_place {
    const char *as;
    size_t place;
};

static int compare_names(const void *a_item, const void *b_item)
{
    const struct name_place *a = a_item;
    const struct name_place *b = b_item;
    return strcmp(a->as, b->as);
}

static struct name_place *sort_names(struct context *cx, const struct simulation_result *result)
{
    size_t count = result->subscriptions.count;
    struct name_place *names = ARENA_ARRAY(cx->arena, struct name_place, count);
    for (size_t i = 0; i < count; i++)
        names[i] = (struct name_place){result->subscriptions.items[i]->as, i};
    qsort(names, count, sizeof(*names), compare_names);
    return names;
}

static void add_documents(struct context *cx, struct revenue_list *list,
                          const struct simulation_result *result)
{
    const struct name_place *names = sort_names(cx, result);
    for (size_t i = 0; i < result->documents.count; i++) {
        const struct shown_document *document = result->documents.items[i];
        for (size_t l = 0; l < document->line_count; l++) {
            const struct shown_line *line = &document->lines[l];
            const struct name_place *name =
                bsearch(&(struct name_place){.as = line->as}, names, result->subscriptions.count,
                        sizeof(*names), compare_names);
            assert(name != NULL);
            if (line->from_on < result->end_on)
                revenue_add_months(
                    cx, list,
                    &(struct revenue_line){line->amount, line->from_on, line->to_on, name->place},
                    result->end_on);
        }
    }
}

static void put_entry(struct json_writer *w, const struct simulation_result *result,
                      const struct revenue *entry, struct money sum)
{
    enum { MONTH_TEXT_SIZE = sizeof "2026-01" };
    char month[DAY_TEXT_SIZE];
    day_format(entry->month_on, month);
    month[MONTH_TEXT_SIZE - 1] = '\0';
    json_open_object(w, NULL);
    json_put_text(w, "month", month);
    json_put_text(w, "as", result->subscriptions.items[entry->place]->as);
    json_put_integer(w, "amount", sum.minor);
    json_close_object(w);
}

void simulate_put_revenue(struct context *cx, struct json_writer *w,
                          const struct simulation_result *result)
{
    struct revenue_list list = {0};
    add_documents(cx, &list, result);
    list_sort(list.items, list.count, compare_earned);
    json_open_array(w, "revenue");
    for (size_t i = 0; i < list.count;) {
        const struct revenue *first = list.items[i];
        struct money sum = money_zero(first->amount.currency);
        for (; i < list.count && compare_earned(list.items[i], first) == 0; i++)
            sum = money_add(sum, list.items[i]->amount);
        if (!money_is_zero(sum))
            put_entry(w, result, first, sum);
    }
    json_close_array(w);
}
