/* annex simulate FILE (formats, Simulation). */
#pragma once

#include "base/context.h"

/* Runs a simulation and prints its result as JSON; it needs no store. The faults of a file are
 * printed here, each in its line on standard error; then the result is ERR_INVALID with no fault
 * left in `cx` to be told. Every other error has its fault. */
enum err simulate_cli(struct context *cx, int argc, char **argv);
