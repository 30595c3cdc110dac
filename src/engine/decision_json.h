/* What a decision would do or has done, as JSON: the one encoder for previews, for the comparison
 * of a review with its order, and for the answers of the API. Pure. */
#pragma once

#include "base/json.h"
#include "engine/decide.h"
#include "engine/next_charge.h"

/* Writes the members of a preview into the open object: `document` (its type, or null), `lines`
 * (each with its fraction), `net`, `tax`, `taxes`, `total`, `credit_used`, `to_pay`, `refund`,
 * `currency`, `payment_method`, `subscriptions` (each one that the decision changed, before and
 * after), and `next_charges` (the day and the net amount of the next period). Nothing in it
 * differs between two decisions that do the same: subscriptions that are new are named by their
 * line's name, and no ids or instants are written. */
void decision_put(struct context *cx, const struct state *state, const struct decision *decision,
                  struct json_writer *w);

/* One line with its fraction, as an object of a list; `subscription` is how its own is named. */
void decision_put_line(struct json_writer *w, const struct line *line, const char *subscription);

/* The answer to a preview: an object with these members, the quote's token and until when it is
 * good (`token` may be NULL). */
struct json_writer decision_preview(struct context *cx, const struct state *state,
                                    const struct decision *decision, const char *token,
                                    instant expires_at);

/* The same members as a text, for comparison. */
const char *decision_text(struct context *cx, const struct state *state,
                          const struct decision *decision);

/* Says whether the decision touched one of a family. */
bool decision_touches(const struct state *state, const struct subscription *family);

/* What the next period of a family will cost; false when the decision touched none of it, or no
 * period follows. */
bool decision_next_charge(struct context *cx, const struct state *state,
                          struct subscription *family, struct next_charge *ret_next);

/* What differs between two such texts: {"member": {"was": …, "is": …}, …} for the top members
 * that are not equal. */
const char *decision_differs(struct context *cx, const char *was, const char *is);
