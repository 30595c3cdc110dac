/* Use cases of test clocks. Each is one transaction; inside another it is a savepoint. */
#pragma once

#include "customer/clock.h"

/* Makes a clock that stands at an instant. `name` may be NULL. ERR_INVALID with the place. */
enum err clock_create(struct context *cx, const char *name, instant at,
                      struct test_clock *ret_clock);

/* Locks a clock and begins its advance; engine_walk_clock (engine_do.h) then does what is due on
 * the way. Errors: ERR_INVALID (/frozen_time) for an instant that is not after its time, or too far
 * from it; ERR_CLOCK_ADVANCING; ERR_NOT_FOUND. */
enum err clock_advance(struct context *cx, const char *id, instant to,
                       struct test_clock *ret_clock);

/* Removes a clock that stands still. ERR_CLOCK_ADVANCING; ERR_NOT_FOUND. */
enum err clock_remove(struct context *cx, const char *id);
