/* annex serve: the API on a store, and what falls due. */
#pragma once

#include "base/context.h"

enum err serve_cli(struct context *cx, int argc, char **argv);
