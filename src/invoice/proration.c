#include "invoice/proration.h"

struct money proration_amount(struct unit_price unit, int64_t quantity, int64_t days,
                              int64_t of_days, const char *currency)
{
    return money_fraction(unit, quantity, days, of_days, currency);
}

/* What is earned of the line before a day: all of it when the line is over. */
static struct money earned_before(struct money amount, civil_day line_from_on, civil_day line_to_on,
                                  civil_day before)
{
    if (before <= line_from_on)
        return money_zero(amount.currency);
    if (before >= line_to_on)
        return amount;
    return money_share(amount, before - line_from_on, line_to_on - line_from_on);
}

struct money proration_earned(struct money amount, civil_day line_from_on, civil_day line_to_on,
                              civil_day from_on, civil_day to_on)
{
    if (from_on >= to_on)
        return money_zero(amount.currency);
    return money_subtract(earned_before(amount, line_from_on, line_to_on, to_on),
                          earned_before(amount, line_from_on, line_to_on, from_on));
}
