#include "base/period.h"

enum { MONTHS_PER_YEAR = 12 };

static const char *const TERM_NAMES[] = {
    [TERM_NONE] = NULL,
    [TERM_P1M] = "P1M",
    [TERM_P1Y] = "P1Y",
    [TERM_P3Y] = "P3Y",
};

static const int TERM_MONTHS[] = {
    [TERM_NONE] = 0,
    [TERM_P1M] = 1,
    [TERM_P1Y] = MONTHS_PER_YEAR,
    [TERM_P3Y] = 3 * MONTHS_PER_YEAR,
};

static const char *const BILLING_NAMES[] = {
    [BILLING_NONE] = NULL,
    [BILLING_MONTHLY] = "monthly",
    [BILLING_YEARLY] = "yearly",
    [BILLING_UPFRONT] = "upfront",
};

/* Returns the index of the word, or 0; the first name is none. */
static unsigned name_find(const char *const *names, unsigned count, const char *text)
{
    for (unsigned i = 1; i < count; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    return 0;
}

enum term term_parse(const char *text)
{
    return (enum term)name_find(TERM_NAMES, sizeof(TERM_NAMES) / sizeof(*TERM_NAMES), text);
}

const char *term_format(enum term term)
{
    return TERM_NAMES[term];
}

enum billing billing_parse(const char *text)
{
    return (enum billing)name_find(BILLING_NAMES, sizeof(BILLING_NAMES) / sizeof(*BILLING_NAMES),
                                   text);
}

const char *billing_format(enum billing billing)
{
    return BILLING_NAMES[billing];
}

int term_months(enum term term)
{
    return TERM_MONTHS[term];
}

int billing_months(enum term term, enum billing billing)
{
    switch (billing) {
    case BILLING_MONTHLY:
        return 1;
    case BILLING_YEARLY:
        return MONTHS_PER_YEAR;
    case BILLING_UPFRONT:
        return term_months(term);
    case BILLING_NONE:
        break;
    }
    return 0;
}

bool billing_fits(enum term term, enum billing billing)
{
    if (term == TERM_NONE || billing == BILLING_NONE)
        return false;
    if (billing == BILLING_UPFRONT)
        return term_months(term) > MONTHS_PER_YEAR;
    return billing_months(term, billing) <= term_months(term);
}

/* Months since the year 0, which adding and comparing need no carry for. */
static int month_count(civil_day day, int *ret_day_of_month)
{
    int year;
    int month;
    day_split(day, &year, &month, ret_day_of_month);
    assert(year >= 0);
    return year * MONTHS_PER_YEAR + month - 1;
}

civil_day period_add_months(civil_day anchor_on, int months)
{
    int day_of_month;
    int count = month_count(anchor_on, &day_of_month) + months;
    assert(count >= 0);
    int year = count / MONTHS_PER_YEAR;
    int month = count % MONTHS_PER_YEAR + 1;
    int last = days_in_month(year, month);
    return day_of(year, month, day_of_month < last ? day_of_month : last);
}

civil_day period_end(civil_day anchor_on, civil_day start_on, int months)
{
    int ignored;
    int elapsed = month_count(start_on, &ignored) - month_count(anchor_on, &ignored);
    return period_add_months(anchor_on, elapsed + months);
}

civil_day period_whole_start(civil_day anchor_on, civil_day end_on, int months)
{
    return period_end(anchor_on, end_on, -months);
}

civil_day period_cut_end(civil_day anchor_on, civil_day end_on, civil_day start_on, int months)
{
    civil_day boundary = end_on;
    for (int before = months;; before += months) {
        civil_day earlier = period_end(anchor_on, end_on, -before);
        if (earlier <= start_on)
            return boundary;
        boundary = earlier;
    }
}
