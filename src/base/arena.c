#include "base/arena.h"

#include "base/log.h"

/* Sanitised builds learn which bytes are free, and leave a gap between allocations, so that
 * an overrun or a use after reset is found as it would be with malloc. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_GUARDED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_GUARDED 1
#endif
#endif
#ifdef ARENA_GUARDED
#include <sanitizer/asan_interface.h>
enum { GUARD_BYTES = 32 };
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
enum { GUARD_BYTES = 0 };
#endif

enum { ALIGNMENT = 16, BLOCK_FIRST = 64 * 1024, BLOCK_MAX = 1024 * 1024 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

struct release {
    struct release *next;
    void (*release)(void *what);
    void *what;
};

struct arena {
    struct block *first;   /* kept by a reset */
    struct block *current; /* has room for small allocations */
    struct release *releases;
    size_t used;
    size_t limit;
};

static_assert(_Alignof(max_align_t) <= ALIGNMENT);

[[gnu::noreturn]] static void arena_die(const char *event)
{
    log_line(LOG_ERROR, event, NULL);
    abort();
}

static struct block *block_create(size_t size)
{
    struct block *block = calloc(1, sizeof(*block) + size);
    if (!block)
        arena_die("memory_exhausted");
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->data, size);
    return block;
}

static void block_free(struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
    free(block);
}

struct arena *arena_create(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (!arena)
        arena_die("memory_exhausted");
    arena->limit = limit_bytes;
    arena->first = block_create(BLOCK_FIRST);
    arena->current = arena->first;
    return arena;
}

void arena_reset(struct arena *arena)
{
    while (arena->releases) {
        struct release *release = arena->releases;
        arena->releases = release->next;
        release->release(release->what);
    }
    struct block *first = arena->first;
    while (first->next) {
        struct block *next = first->next;
        first->next = next->next;
        block_free(next);
    }
    ASAN_UNPOISON_MEMORY_REGION(first->data, first->size);
    memset(first->data, 0, first->used);
    ASAN_POISON_MEMORY_REGION(first->data, first->size);
    first->used = 0;
    arena->current = first;
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    block_free(arena->first);
    free(arena);
}

static void *block_take(struct block *block, size_t size, size_t step)
{
    void *data = block->data + block->used;
    block->used += step;
    ASAN_UNPOISON_MEMORY_REGION(data, size);
    return data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > arena->limit - arena->used)
        arena_die("arena_limit_reached");
    size_t step = (size + GUARD_BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->used += size;
    struct block *current = arena->current;
    if (step <= current->size - current->used)
        return block_take(current, size, step);

    /* A large piece gets a block of its own, and the rest of the current one stays in use. */
    size_t next_size = current->size < BLOCK_MAX ? current->size * 2 : BLOCK_MAX;
    bool large = step > next_size / 4;
    struct block *block = block_create(large ? step : next_size);
    block->next = current->next;
    current->next = block;
    if (!large)
        arena->current = block;
    return block_take(block, size, step);
}

char *arena_copy(struct arena *arena, const char *text)
{
    return text ? arena_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *arena_copy_bytes(struct arena *arena, const void *data, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(size >= 0);
    char *text = arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

void arena_on_release(struct arena *arena, void (*release)(void *what), void *what)
{
    struct release *entry = ARENA_NEW(arena, struct release);
    *entry = (struct release){.next = arena->releases, .release = release, .what = what};
    arena->releases = entry;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
