/* Shrinking a seed that fails (formats, Self-checks): the fewest steps that fail as it did. */
#pragma once

#include "engine/sim_do.h"

/* Tells them on standard error, for `annex sim --only`, and writes what their customer did to a
 * file that `annex simulate --check` runs, cut down as long as it fails in the same way; not every
 * failure can be told so. In memory, whatever store it was found on. Errors: of the file. */
enum err sim_shrink(struct context *cx, const struct sim_options *options,
                    const struct sim_result *failed, const char *path);
