#include "base/lock.h"

#include <threads.h>

struct lock {
    mtx_t mutex;
};

static void lock_release(void *lock)
{
    mtx_destroy(&((struct lock *)lock)->mutex);
}

struct lock *lock_create(struct arena *arena)
{
    struct lock *lock = ARENA_NEW(arena, struct lock);
    int made = mtx_init(&lock->mutex, mtx_plain);
    assert(made == thrd_success);
    arena_on_release(arena, lock_release, lock);
    return lock;
}

void lock_take(struct lock *lock)
{
    int taken = mtx_lock(&lock->mutex);
    assert(taken == thrd_success);
}

void lock_give(struct lock *lock)
{
    int given = mtx_unlock(&lock->mutex);
    assert(given == thrd_success);
}
