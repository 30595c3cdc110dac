/* Memory of one unit of work: everything is allocated here and released together.
 *
 * An arena is bounded. Input is bounded at the door (limits.h), so that a unit of work stays
 * far below its arena's limit; reaching it is a programmer's error and ends the process.
 */
#pragma once

#include <stddef.h>

struct arena;

/* Makes an arena that holds at most `limit_bytes`. The caller frees it. */
struct arena *arena_create(size_t limit_bytes);

/* Releases all that was allocated, keeping a first block for the next unit of work. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

/* Returns zeroed memory aligned for any type; it lives as long as the arena's present use.
 * Never returns NULL: over the limit the process ends with a message (limits.h bounds all
 * input so that a unit of work stays far below it). */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns a copy of `text` (NULL gives NULL). */
char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_bytes(struct arena *arena, const void *data, size_t size);

[[gnu::format(printf, 2, 3)]] char *arena_print(struct arena *arena, const char *format, ...);

/* Has `release(what)` called when the present use ends (reset or free), the latest first: for
 * what a library allocated by itself. */
void arena_on_release(struct arena *arena, void (*release)(void *what), void *what);

/* Bytes in use, for bounds and reports. */
size_t arena_used(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))
