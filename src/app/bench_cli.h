/* annex bench: figures beside their baselines (bench/README.md). */
#pragma once

#include "base/context.h"

enum err bench_cli(struct context *cx, int argc, char **argv);
