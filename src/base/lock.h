/* A lock around something that threads share. Threads themselves live in http/ only; what they
 * share elsewhere (the cache of catalogues) is guarded here, for the few instructions of a
 * look-up, never around I/O. */
#pragma once

#include "base/arena.h"

struct lock;

/* The lock lives as long as the arena. */
struct lock *lock_create(struct arena *arena);
void lock_take(struct lock *lock);
void lock_give(struct lock *lock);
