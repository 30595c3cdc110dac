#include "customer/clock_do.h"

#include "base/limits.h"
#include "customer/clock_store.h"
#include "db/db.h"

struct clock_work {
    const char *id;
    const char *name;
    instant at;
    struct test_clock *clock;
};

static enum err time_fault(struct context *cx, const char *what)
{
    return fault(cx, ERR_INVALID, "param", "/frozen_time", "value", what, NULL);
}

static enum err create_work(struct context *cx, void *arg)
{
    struct clock_work *work = arg;
    *work->clock = (struct test_clock){
        .id = id_next(cx, "clk"),
        .name = work->name != NULL ? work->name : "",
        .now_at = work->at,
        .target_at = INSTANT_NONE,
        .version = 1,
        .created_at = cx->wall,
    };
    return clock_insert(cx, work->clock);
}

enum err clock_create(struct context *cx, const char *name, instant at,
                      struct test_clock *ret_clock)
{
    struct test_clock clock;
    struct clock_work work = {.name = name, .at = at, .clock = &clock};
    TRY(db_transact(cx, create_work, &work));
    *ret_clock = clock;
    return OK;
}

static enum err lock_standing(struct context *cx, const char *id, struct test_clock *ret_clock)
{
    TRY(clock_lock(cx, id, ret_clock));
    if (ret_clock->target_at != INSTANT_NONE)
        return fault(cx, ERR_CLOCK_ADVANCING, NULL);
    return OK;
}

static enum err advance_work(struct context *cx, void *arg)
{
    struct clock_work *work = arg;
    struct test_clock *clock = work->clock;
    TRY(lock_standing(cx, work->id, clock));
    if (work->at <= clock->now_at)
        return time_fault(cx, "must be after the time of the clock");
    if (work->at - clock->now_at > CLOCK_ADVANCE_MAX_MS)
        return time_fault(cx, "must be at most ten years after the time of the clock");
    clock->target_at = work->at;
    return clock_save(cx, clock);
}

enum err clock_advance(struct context *cx, const char *id, instant to, struct test_clock *ret_clock)
{
    struct test_clock clock;
    struct clock_work work = {.id = id, .at = to, .clock = &clock};
    TRY(db_transact(cx, advance_work, &work));
    *ret_clock = clock;
    return OK;
}

static enum err remove_work(struct context *cx, void *arg)
{
    const struct clock_work *work = arg;
    TRY(lock_standing(cx, work->id, work->clock));
    return clock_delete(cx, work->clock);
}

enum err clock_remove(struct context *cx, const char *id)
{
    struct test_clock clock;
    struct clock_work work = {.id = id, .clock = &clock};
    return db_transact(cx, remove_work, &work);
}
