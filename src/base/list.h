/* Growing lists of pointers in an arena. Items keep their address while the list grows.
 *
 *     LIST_TYPE(subscription_list, struct subscription);
 *     struct subscription_list subscriptions = {0};
 *     list_push(arena, &subscriptions, subscription);
 *     for (size_t i = 0; i < subscriptions.count; i++) subscriptions.items[i]->…
 */
#pragma once

#include "base/arena.h"

/* A list without a name, for one place; LIST_TYPE names one that functions pass on. */
#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type **items;                                                                              \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }
#define LIST_TYPE(name, type)                                                                      \
    struct name {                                                                                  \
        type **items;                                                                              \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

#define list_push(arena, list, item)                                                               \
    ((void)((list)->items = list_grow((arena), (list)->items, (list)->count, &(list)->capacity)),  \
     (list)->items[(list)->count++] = (item))

/* Returns room for one more pointer than `count`; used by list_push only. */
void *list_grow(struct arena *arena, void *items, size_t count, size_t *capacity);

/* Sorts stably (merge sort), so that equal items keep their order. `compare` is given two
 * items themselves (struct subscription *), not their addresses as qsort would. */
void list_sort(void *items, size_t count, int (*compare)(const void *a, const void *b));
