/* Proration: what part of a period costs (rules §6). Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/money.h"

/* The amount of a line that bills part of a period:
 *
 *     round-half-up(unit price × quantity × days ÷ days of the whole period)
 *
 * one exact fraction, rounded once. The denominator is the whole, unshortened period; the
 * change day belongs to the new state; halves round away from zero (rules §6). Who bills says the
 * days: engine/bill.c. */
struct money proration_amount(struct unit_price unit, int64_t quantity, int64_t days,
                              int64_t of_days, const char *currency);

/* What of a line's amount is earned in [from_on, to_on), both clamped to the line's own days:
 * pieces are rounded cumulatively, so that they add up to the amount (rules §6). A line of no
 * days (setup) is earned whole on its first day. */
struct money proration_earned(struct money amount, civil_day line_from_on, civil_day line_to_on,
                              civil_day from_on, civil_day to_on);
