/* Revenue in the ledger (rules §6): deferred revenue becomes revenue, posted for each billing
 * account on the first day of a month for the months before. At any time
 *
 *     revenue posted = what all issued lines of the account earned before account->earned_until
 *
 * so a document that is issued with days before that one posts their revenue, or takes it back, at
 * once. Pure. */
#pragma once

#include "engine/state.h"

/* A document is issued: what it earned already, and when its account next posts revenue. */
void earn_issued(struct context *cx, struct state *state, const struct document *document);

/* The account's month is over: posts what its lines, which are in state->earning, earned since
 * earned_until. */
void earn_month(struct context *cx, struct state *state, struct account *account);
