/* Test clocks (rules §0): test organisations may live in a time of their own, which stands still
 * until it is told to advance. Then everything due on the way is done, each due instant in turn, as
 * it would be done in real time (rules §4, The engine).
 *
 * An advance is kept with the clock, so that any node goes on with it, also after a stop. While it
 * is under way the clock's organisations take no commands: their time is one that nobody chose. So
 * it is for one that was parked on the way and is tried again, until it is where the clock is. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

struct test_clock {
    const char *id;
    const char *name;  /* "" when none was given */
    instant now_at;    /* its time; of an advance under way where it began */
    instant target_at; /* where an advance under way leads; INSTANT_NONE: it stands still */
    int64_t version;
    instant created_at; /* by the clock on the wall */
};
LIST_TYPE(test_clock_list, struct test_clock);

/* How far an advance is, in organisations of the clock. */
struct clock_progress {
    int64_t organizations;
    int64_t done;   /* that are where the clock is, or is going to be */
    int64_t parked; /* that failed three times on the way, and stay where they are */
};

/* The time that the clock's organisations are at, or on the way to. */
static inline instant clock_leads_to(const struct test_clock *clock)
{
    return clock->target_at != INSTANT_NONE ? clock->target_at : clock->now_at;
}
