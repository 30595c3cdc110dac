/* Reading the file of a simulation: strictly, and every fault with its place. Pure. */
#pragma once

#include "base/context.h"
#include "base/list.h"
#include "engine/simulate.h"

/* What is wrong with a file, one line each: "timeline/2/quantity: must be …". */
LIST_TYPE(simulate_faults, const char);

/* Reads a simulation into the arena. ERR_INVALID when something is wrong: then all faults are in
 * `ret_faults`, and none is left in `cx` to be told. */
enum err simulate_parse(struct context *cx, const char *text, size_t size,
                        const struct simulation **ret_simulation,
                        struct simulate_faults *ret_faults);
