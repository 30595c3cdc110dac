/* Money month by month, as a picture that is its own table (parts/months). */
#pragma once

#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "html/view.h"

struct context;

struct month_amount {
    civil_day on; /* any day of the month */
    struct money amount;
};
LIST_TYPE(month_amount_list, struct month_amount);

/* Adds `months`, a bar for each, the dearest as long as there is room, and `total`; the currency is
 * that of an empty sum. */
void show_months(struct context *cx, struct view *view, const struct month_amount_list *months,
                 const char *currency);
