/* Terms and periods (rules §0, §4): a term is a whole number of periods; the anchor's day of
 * the month is kept and clamped in short months (31 Jan → 28 Feb → 31 Mar). */
#pragma once

#include "base/day.h"

enum term { TERM_NONE, TERM_P1M, TERM_P1Y, TERM_P3Y };
enum billing { BILLING_NONE, BILLING_MONTHLY, BILLING_YEARLY, BILLING_UPFRONT };

/* "P1M" ↔ TERM_P1M; parse gives TERM_NONE / BILLING_NONE for anything else, and format gives
 * NULL for these. */
enum term term_parse(const char *text);
const char *term_format(enum term term);
enum billing billing_parse(const char *text);
const char *billing_format(enum billing billing);

int term_months(enum term term);
/* Months that one recurring line bills: 1, 12, or the whole term for upfront. */
int billing_months(enum term term, enum billing billing);
/* Billing is not longer than the term; upfront only for terms over a year (rules §1). */
bool billing_fits(enum term term, enum billing billing);

/* The day `months` after the anchor, its day of the month clamped. */
civil_day period_add_months(civil_day anchor_on, int months);

/* Periods cut backwards from an end on the grid of the anchor (rules §4, Coterminous): the first
 * boundary after `start_on`, and where the whole, unshortened period that ends there begins. */
civil_day period_cut_end(civil_day anchor_on, civil_day end_on, civil_day start_on, int months);
civil_day period_whole_start(civil_day anchor_on, civil_day end_on, int months);

/* The first boundary after `start_on` on the grid of the anchor, `months` later:
 * the end of the period or term that starts on `start_on`, itself on the grid. */
civil_day period_end(civil_day anchor_on, civil_day start_on, int months);
