/* Running the simulation of a whole seller (sim.h): the real use cases on a real store, with
 * failing payments, stops of the process and jumps of the clock; and every invariant looked at
 * after each step (formats, Self-checks). */
#pragma once

#include "base/context.h"
#include "engine/sim.h"

/* Errors: ERR_INVALID for a store that is not empty; those of the store. */
enum err sim_run(struct context *cx, const struct sim_options *options,
                 struct sim_result *ret_result);
