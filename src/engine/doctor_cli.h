/* `annex doctor`: are the books right? */
#pragma once

#include "base/context.h"

enum err doctor_cli(struct context *cx, int argc, char **argv);
