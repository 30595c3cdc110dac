/* annex sim (formats, Self-checks). */
#pragma once

#include "base/context.h"

/* Runs a random world and prints what it came to as JSON; it needs no store. ERR_INTERNAL, with no
 * fault left to be told, when something did not hold: each is a line on standard error. */
enum err sim_cli(struct context *cx, int argc, char **argv);
