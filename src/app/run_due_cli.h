/* annex run-due: does what is due, walking through the instants (rules §4, The engine). */
#pragma once

#include "base/context.h"

enum err run_due_cli(struct context *cx, int argc, char **argv);
