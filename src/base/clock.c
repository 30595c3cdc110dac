#include "base/clock.h"

static int64_t clock_read(clockid_t clock, int64_t units_per_second)
{
    struct timespec at;
    int failed = clock_gettime(clock, &at);
    assert(!failed);
    return at.tv_sec * units_per_second + at.tv_nsec / (1000000000 / units_per_second);
}

int64_t clock_wall_ms(void)
{
    return clock_read(CLOCK_REALTIME, 1000);
}

int64_t clock_monotonic_us(void)
{
    return clock_read(CLOCK_MONOTONIC, 1000000);
}
