/* What a decision would do or has done, as JSON: the one encoder for previews, for the comparison
 * of a review with its order, and for the answers of the API. Pure. */
#pragma once

#include "base/json.h"
#include "engine/decide.h"

/* Writes the members of a preview into the open object: `lines` (each with its fraction), `net`,
 * `tax`, `taxes`, `total`, `credit_used`, `to_pay`, `currency`, `subscriptions` (each one that
 * the decision changed, before and after), `next_charges` (date and amount), and
 * `payment_method`. Nothing in it differs between two decisions that do the same: subscriptions
 * that are new are named by their line's name, and no ids or instants are written. */
void decision_put(struct context *cx, const struct state *state, const struct decision *decision,
                  struct json_writer *w);

/* The same as a text, for comparison. */
const char *decision_text(struct context *cx, const struct state *state,
                          const struct decision *decision);

/* What differs between two such texts: {"member": {"was": …, "is": …}, …} for the top members
 * that are not equal. */
const char *decision_differs(struct context *cx, const char *was, const char *is);
