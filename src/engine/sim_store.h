/* What a simulation asks of the rows by itself. */
#pragma once

#include "base/context.h"

/* What is true of cx->customer, without ids and instants of birth, as one number: two runs that
 * did the same have the same facts, in whatever order they wrote them. */
enum err sim_facts(struct context *cx, uint64_t *ret_facts);

/* Takes an idempotency key inside a transaction, as a server does; false when it was taken. The
 * answer under it is a code ("ok", or of a refusal). */
enum err sim_key_claim(struct context *cx, const char *key, bool *ret_claimed);
enum err sim_key_save(struct context *cx, const char *key, const char *answer);
enum err sim_key_load(struct context *cx, const char *key, const char **ret_answer);

/* The time of cx->customer stands still from now on. */
enum err sim_stop_clock(struct context *cx);

/* Says on how many accounts of cx->customer money is kept that had to go back by itself: nothing is
 * left that credit could pay for, a payment can be refunded, and no refund failed (rules §6,
 * Credit). */
enum err sim_count_kept(struct context *cx, int64_t *ret_count);

/* Lets the claims of a process that stopped lapse: by the time another goes on, they have. */
enum err sim_lapse_claims(struct context *cx);
