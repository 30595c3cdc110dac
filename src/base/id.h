/* Identifiers: a prefix and a ULID: 48 bits of wall time in milliseconds, then 80 bits that
 * begin at random and count up within one unit of work. They sort by time of birth, so new
 * rows go to the right edge of every index.
 *
 * The randomness is given by whoever makes the context; a simulation gives a seed, and so the
 * same run has the same ids.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct context;

struct id_source {
    uint64_t high; /* upper 16 bits of the 80 */
    uint64_t low;  /* lower 64 bits */
    int64_t at_ms; /* the time in the ids, when it is not the context's wall; 0: it is */
};

/* Seeds from the operating system's randomness. */
void id_seed_random(struct id_source *ids);

/* Seeds from a number, for simulations and tests. */
void id_seed_number(struct id_source *ids, uint64_t seed);

/* Returns a new id such as "sub_01k9…"; in the context's arena. */
const char *id_next(struct context *cx, const char *prefix);

/* Says whether `id` has the form of an id with this prefix. */
bool id_is(const char *id, const char *prefix);
