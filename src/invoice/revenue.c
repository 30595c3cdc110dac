#include "invoice/revenue.h"

#include "invoice/proration.h"

civil_day revenue_month(civil_day day)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    return day - day_of_month + 1;
}

civil_day revenue_next_month(civil_day day)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    return revenue_month(day) + days_in_month(year, month);
}

void revenue_add_months(struct context *cx, struct revenue_list *list,
                        const struct revenue_line *line, civil_day end_on)
{
    civil_day month_on = revenue_month(line->from_on);
    do {
        civil_day next_on = revenue_next_month(month_on);
        civil_day until_on = next_on < end_on ? next_on : end_on;
        struct money amount =
            proration_earned(line->amount, line->from_on, line->to_on, month_on, until_on);
        if (!money_is_zero(amount)) {
            struct revenue *revenue = ARENA_NEW(cx->arena, struct revenue);
            *revenue = (struct revenue){month_on, line->place, amount};
            list_push(cx->arena, list, revenue);
        }
        month_on = next_on;
    } while (month_on < line->to_on && month_on < end_on);
}

struct money revenue_earned(const struct revenue_line_list *lines, const char *currency,
                            civil_day from_on, civil_day to_on)
{
    struct money sum = money_zero(currency);
    for (size_t i = 0; i < lines->count; i++) {
        const struct revenue_line *line = lines->items[i];
        sum = money_add(sum,
                        proration_earned(line->amount, line->from_on, line->to_on, from_on, to_on));
    }
    return sum;
}

bool revenue_is_left(civil_day from_on, civil_day to_on, civil_day on)
{
    return to_on > on || (from_on == to_on && from_on >= on);
}
