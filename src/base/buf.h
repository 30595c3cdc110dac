/* Growing byte buffers in an arena, for answers and texts. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *data; /* always ended by NUL once something was written */
    size_t size;
    size_t capacity;
};

struct buf buf_create(struct arena *arena);
void buf_add(struct buf *buf, const char *data, size_t size);
/* Makes room for `size` more bytes and returns where they go: for writers that know better than a
 * copy. What was written there counts once buf_took says so. */
char *buf_room(struct buf *buf, size_t size);
void buf_took(struct buf *buf, size_t size);
void buf_add_text(struct buf *buf, const char *text);
[[gnu::format(printf, 2, 3)]] void buf_print(struct buf *buf, const char *format, ...);
/* Returns the text so far ("" when empty); it lives in the arena. */
const char *buf_text(const struct buf *buf);
