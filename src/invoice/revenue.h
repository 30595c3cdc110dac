/* Revenue: what lines earn by day (rules §6, Ledger). Pure.
 *
 * A line is earned over its days, a credit takes back over the days that it undoes. Until then its
 * amount is deferred revenue. The ledger posts what was earned when a month is over, simulations
 * print it month by month: both are pieces of the same lines, rounded cumulatively. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"

/* A line as far as it earns. */
struct revenue_line {
    struct money amount;
    civil_day from_on;
    civil_day to_on; /* half-open; the same day for what is earned whole on it (setup) */
    size_t place;    /* the caller's own */
};
LIST_TYPE(revenue_line_list, struct revenue_line);

/* What a line earned in a month. */
struct revenue {
    civil_day month_on; /* its first day */
    size_t place;       /* the line's */
    struct money amount;
};
LIST_TYPE(revenue_list, struct revenue);

/* The first day of a day's month, and of the month after. */
civil_day revenue_month(civil_day day);
civil_day revenue_next_month(civil_day day);

/* Adds what a line earns before `end_on`, month by month; months without revenue are left out. */
void revenue_add_months(struct context *cx, struct revenue_list *list,
                        const struct revenue_line *line, civil_day end_on);

/* What lines earn in [from_on, to_on) together; DAY_NONE: from their beginning. */
struct money revenue_earned(const struct revenue_line_list *lines, const char *currency,
                            civil_day from_on, civil_day to_on);

/* Says whether a line that runs from one day to another earns something on `on` or later. */
bool revenue_is_left(civil_day from_on, civil_day to_on, civil_day on);
