#include "base/list.h"

enum { CAPACITY_FIRST = 8 };

void *list_grow(struct arena *arena, void *items, size_t count, size_t *capacity)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : CAPACITY_FIRST;
    void *grown = arena_alloc(arena, wanted * sizeof(void *));
    if (count > 0)
        memcpy(grown, items, count * sizeof(void *));
    *capacity = wanted;
    return grown;
}

/* The items have any type of pointer: they are read and written as bytes, because C does not
 * let a `struct x **` be used as a `void **`. */
static void *item_get(const char *items, size_t i)
{
    void *item;
    memcpy(&item, items + i * sizeof(item), sizeof(item));
    return item;
}

static void item_set(char *items, size_t i, void *item)
{
    memcpy(items + i * sizeof(item), &item, sizeof(item));
}

static void items_reverse(char *items, size_t from, size_t to)
{
    while (from + 1 < to) {
        void *item = item_get(items, from);
        item_set(items, from++, item_get(items, --to));
        item_set(items, to, item);
    }
}

/* Exchanges the neighbours [from, middle) and [middle, to). */
static void items_rotate(char *items, size_t from, size_t middle, size_t to)
{
    items_reverse(items, from, middle);
    items_reverse(items, middle, to);
    items_reverse(items, from, to);
}

/* The first place in [from, to) whose item is not less than (after_equals: greater than) the
 * pivot. */
static size_t items_place(const char *items, size_t from, size_t to, const void *pivot,
                          bool after_equals, int (*compare)(const void *a, const void *b))
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare(item_get(items, middle), pivot);
        if (order < 0 || (order == 0 && after_equals))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Merges the sorted neighbours [from, middle) and [middle, to) in place: halves the longer,
 * finds where its cut falls in the other, exchanges the inner parts, and merges both sides. */
static void items_merge(char *items, size_t from, size_t middle, size_t to,
                        int (*compare)(const void *a, const void *b))
{
    if (from == middle || middle == to)
        return;
    if (to - from == 2) {
        if (compare(item_get(items, middle), item_get(items, from)) < 0)
            items_reverse(items, from, to);
        return;
    }
    size_t left;
    size_t right;
    if (middle - from > to - middle) {
        left = from + (middle - from) / 2;
        right = items_place(items, middle, to, item_get(items, left), false, compare);
    } else {
        right = middle + (to - middle) / 2;
        left = items_place(items, from, middle, item_get(items, right), true, compare);
    }
    items_rotate(items, left, middle, right);
    size_t joint = left + (right - middle);
    items_merge(items, from, left, joint, compare);
    items_merge(items, joint, right, to, compare);
}

static void items_sort(char *items, size_t from, size_t to,
                       int (*compare)(const void *a, const void *b))
{
    if (to - from < 2)
        return;
    size_t middle = from + (to - from) / 2;
    items_sort(items, from, middle, compare);
    items_sort(items, middle, to, compare);
    /* Most lists come nearly sorted. */
    if (compare(item_get(items, middle - 1), item_get(items, middle)) > 0)
        items_merge(items, from, middle, to, compare);
}

void list_sort(void *items, size_t count, int (*compare)(const void *a, const void *b))
{
    items_sort(items, 0, count, compare);
}
