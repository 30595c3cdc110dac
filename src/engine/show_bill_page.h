/* How pages say what is charged: quantities with their unit, the days a line bills, its
 * arithmetic in one sentence, taxes and what comes next. */
#pragma once

#include "engine/decide.h"
#include "html/view.h"

/* "42 licences", "100 GB". */
const char *show_quantity(struct context *cx, const struct offer *offer, int64_t quantity);

/* The unit alone, for so many: "licence", "licences", "GB". Units that are widely used have words
 * in both languages; others are shown as the catalogue names them. */
const char *show_unit(struct context *cx, const struct offer *offer, int64_t count);
/* The same beside a field, whatever its number. */
const char *show_units(struct context *cx, const struct offer *offer);

/* "13 Feb 2026 – 12 Mar 2026": the last day included (rules §0). */
const char *show_days(struct context *cx, civil_day from_on, civil_day to_on);

/* "100 GB × €0.20 × 12 days of 31 = €7.74"; whole periods without their days. */
const char *show_arithmetic(struct context *cx, const struct offer *offer, const struct line *line);

/* The number of a document, or that it is still to come. */
const char *show_number(struct context *cx, const struct document *document);
/* Adds `status` of a document that was sent: paid, to be paid, overdue, …. */
void show_standing(struct context *cx, struct view *view, const struct document *document,
                   civil_day today);

/* What a way to pay is called: "Visa ···· 4242"; a transfer in the person's language. */
const char *show_method(struct context *cx, const struct payment_method *method);

/* Adds the list `taxes` with {label, amount}, one for each rate, and the list `mention`
 * (show_tax_page.h). */
void show_taxes(struct context *cx, struct view *totals, const struct document *document,
                const struct tax_exemption_list *exemptions);

/* Adds `amount`, `net`, `taxes` and `mention` of a document that asks for money or gives it
 * back; NULL is one of nothing. `credit` when credit balance pays for a part. */
void show_totals(struct context *cx, struct view *totals, const struct state *state,
                 const struct document *document);

/* Adds the list `later` with {amount, text}: the next charge of each family that the decision
 * touched. */
void show_later(struct context *cx, struct view *view, const struct state *state);
