/* Random worlds for eligibility: a catalogue, an account, what its customer holds, and a cart.
 * A seed always gives the same world. */
#pragma once

#include "eligibility/eligibility.h"

struct world {
    struct arena *arena;
    uint64_t random;
    struct offer *offers;
    struct catalog catalog;
    struct holding *holdings; /* subscriptions, then the lines of the cart */
    size_t holding_count;
    struct eligibility_input input;
};

struct world *world_create(struct arena *arena, uint64_t seed);

/* The next random number below `limit`. */
size_t world_pick(struct world *world, size_t limit);

/* Makes a catalogue of offers: their places, the search by id, `excludes` said on one side, and
 * the places in their lists. */
struct catalog world_catalog(struct arena *arena, struct offer *offers, size_t count);

/* An answer in one line: "available [b1 b2] 1..100/1 P1M/monthly …" or
 * "requires(suite,plus) excluded_by(world)". */
const char *world_print(struct arena *arena, const struct availability *answer);
