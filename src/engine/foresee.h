/* The next price, announced as soon as it is known (rules §1): what a subscription will cost from
 * the first renewal that takes a version with another price. It stays beside the subscription
 * until then, and is announced once. Pure. */
#pragma once

#include "engine/state.h"

/* Brings what is announced of every subscription up to what is known now; what is new is an
 * event. The last step of every decision. */
void foresee_prices(struct context *cx, struct state *state);

/* When a price that a later version brought is to be announced; INSTANT_NONE: none is. */
instant foresee_due_at(struct context *cx, const struct state *state);
