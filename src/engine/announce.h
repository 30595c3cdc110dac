/* What events of money and of renewals say (api, Events). Pure. */
#pragma once

#include "engine/state.h"

/* Of an invoice: its total, what is unpaid of it, and when that is tried next. */
void announce_invoice(struct context *cx, struct state *state, const char *type,
                      const struct document *document);

/* Of a refund: how much of which payment. */
void announce_refund(struct context *cx, struct state *state, const char *type,
                     const struct refund *refund);

/* Of a subscription: its offer, and for what is past due the invoice. */
void announce_past_due(struct context *cx, struct state *state, const struct subscription *sub,
                       const struct document *document);
void announce_requirement(struct context *cx, struct state *state, const struct subscription *sub);

/* A period begins, and with it perhaps a term. */
void announce_period(struct context *cx, struct state *state, const struct subscription *sub,
                     bool new_term);

/* No more licences are assigned than owned. */
void announce_conflict_closed(struct context *cx, struct state *state,
                              const struct subscription *sub);
