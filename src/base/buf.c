#include "base/buf.h"

enum { CAPACITY_FIRST = 256 };

struct buf buf_create(struct arena *arena)
{
    return (struct buf){.arena = arena};
}

/* Makes room for `size` more bytes and the end, with more to spare each time. */
static void buf_grow(struct buf *buf, size_t size)
{
    assert(size < SIZE_MAX / 4 && buf->size < SIZE_MAX / 4);
    size_t wanted = buf->size + size + 1;
    size_t capacity = buf->capacity ? buf->capacity * 2 : CAPACITY_FIRST;
    if (capacity < wanted)
        capacity = wanted;
    char *data = arena_alloc(buf->arena, capacity);
    if (buf->size > 0)
        memcpy(data, buf->data, buf->size);
    buf->data = data;
    buf->capacity = capacity;
}

char *buf_room(struct buf *buf, size_t size)
{
    if (size >= buf->capacity - buf->size)
        buf_grow(buf, size);
    return buf->data + buf->size;
}

void buf_took(struct buf *buf, size_t size)
{
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void buf_add(struct buf *buf, const char *data, size_t size)
{
    char *room = buf_room(buf, size);
    if (size > 0)
        memcpy(room, data, size);
    buf_took(buf, size);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_print(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(size >= 0);
    vsnprintf(buf_room(buf, (size_t)size), (size_t)size + 1, format, again);
    va_end(again);
    buf_took(buf, (size_t)size);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}
