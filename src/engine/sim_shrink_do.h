/* Shrinking a seed that fails (formats, Self-checks): the fewest steps that fail as it did. */
#pragma once

#include "engine/sim_do.h"

/* Writes them to a file: the step numbers for `annex sim --only`, and what does not hold. In
 * memory, whatever store the failure was found on. Errors: of the file. */
enum err sim_shrink(struct context *cx, const struct sim_options *options,
                    const struct sim_result *failed, const char *path);
