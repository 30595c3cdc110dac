/* The agreement account's windows: within 168 hours what was bought, renewed or added can be taken
 * back (rules §4, Licences and Cancel now). Pure. */
#pragma once

#include "engine/state.h"

/* The instant at which the window of the purchase, or of the renewal, is closed. */
instant window_end(const struct state *state, const struct subscription *sub);

/* How many of its licences can be taken back now, the state holding their batches, and the instant
 * at which the first of these cannot any more. */
int64_t window_refundable(const struct context *cx, const struct state *state,
                          const struct subscription *sub, instant *ret_until);

/* Refuses with `closed` when the window of purchase and renewal is over; always open on a classic
 * account. */
enum err window_check(struct context *cx, const struct state *state, const struct subscription *sub,
                      enum err closed);
/* Refuses fewer licences than may be taken back (reduction_window_closed). */
enum err window_check_reduction(struct context *cx, const struct state *state,
                                const struct subscription *sub, int64_t fewer);

/* Licences were taken back, the newest batch first; or added. */
void window_take_batches(const struct context *cx, const struct state *state,
                         const struct subscription *sub, int64_t fewer);
void window_add_batch(struct context *cx, struct state *state, const struct subscription *sub,
                      int64_t more);
