/* annex doctor --store WHERE [--json] (formats, Self-checks). */
#pragma once

#include "base/context.h"

/* Prints what does not hold. ERR_INTERNAL, with no fault left to be told, when the books are not
 * right; every other error has its fault. */
enum err doctor_cli(struct context *cx, int argc, char **argv);
