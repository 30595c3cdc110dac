/* annex catalog validate|diff|import|export (formats). */
#pragma once

#include "base/context.h"

/* Runs a command: argv[0] is "catalog", argv[1] the verb. Prints to standard output; `cx` has an
 * arena and the clock, and no store: the command opens what --store names, and closes it.
 *
 * The faults of a file are printed here, each in its line on standard error; then the result is
 * ERR_INVALID with no fault left in `cx` to be told. Every other error has its fault. */
enum err catalog_cli(struct context *cx, int argc, char **argv);
