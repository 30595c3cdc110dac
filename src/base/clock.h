/* The only place that reads the clock on the wall. Everyone else is told. */
#pragma once

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_ms(void);
/* Microseconds of a clock that never goes back, for durations. */
int64_t clock_monotonic_us(void);
