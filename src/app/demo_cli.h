/* `annex demo` and `annex tour`: try it. */
#pragma once

#include "base/context.h"

enum err demo_cli(struct context *cx, int argc, char **argv);
enum err tour_cli(struct context *cx, int argc, char **argv);
