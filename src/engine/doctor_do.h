/* The doctor: recomputes invariants of the rules from the rows of a store, and says what is not
 * right. */
#pragma once

#include "base/context.h"

/* Prints each fault on a line of its own, and last `books are right`, or how many faults there
 * are; as JSON {"right", "faults", "checked"}. Returns OK only when all is right; else ERR_INTERNAL
 * without a fault, for everything was told. Errors of the store are faults of their own. */
enum err doctor_print(struct context *cx, bool as_json);
