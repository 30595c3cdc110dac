/* Running a simulation: the real engine on a fresh store in memory, with a clock of its own
 * (formats, Simulation). */
#pragma once

#include "base/context.h"
#include "engine/simulate.h"

/* Runs all steps and gives the result as JSON, in the arena of `cx`. The store, the clock, the ids
 * and the customer are the simulation's own; those of `cx` are not touched. What the rules refuse
 * is part of the result. Errors: of the store, and ERR_INTERNAL. */
enum err simulate_run(struct context *cx, const struct simulation *simulation,
                      const char **ret_json);
/* The same, looking at every invariant after each step (doctor_do.h): `ret_wrong` tells of the
 * first that does not hold, "CHECK: WHERE: expected …", or is NULL. */
enum err simulate_run_checked(struct context *cx, const struct simulation *simulation,
                              const char **ret_json, const char **ret_wrong);
