#include "license/license.h"

#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Gives the text that a list has twice, or NULL. */
static const char *find_twice(struct context *cx, const char *const *texts, size_t count)
{
    const char **sorted = ARENA_ARRAY(cx->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = texts[i];
    qsort(sorted, count, sizeof *sorted, compare_texts);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            return sorted[i];
    }
    return NULL;
}

static enum err check_texts(struct context *cx, const char *param, const char *const *texts,
                            size_t count)
{
    if (count == 0)
        return fault(cx, ERR_INVALID, "param", param, "value", "must name at least one", NULL);
    const char *twice = find_twice(cx, texts, count);
    if (twice == NULL)
        return OK;
    return fault(cx, ERR_INVALID, "param", param, "value",
                 arena_print(cx->arena, "names \"%s\" twice", twice), NULL);
}

enum err license_check_request(struct context *cx, const struct license_request *request)
{
    TRY(check_texts(cx, "/subscriptions", request->subscriptions, request->subscription_count));
    return check_texts(cx, "/users", request->users, request->user_count);
}

static int compare_holders(const char *a_user, const char *a_subscription, const char *b_user,
                           const char *b_subscription)
{
    int order = strcmp(a_user, b_user);
    return order != 0 ? order : strcmp(a_subscription, b_subscription);
}

static int compare_licenses(const void *a_item, const void *b_item)
{
    const struct license *a = *(const struct license *const *)a_item;
    const struct license *b = *(const struct license *const *)b_item;
    return compare_holders(a->user, a->subscription, b->user, b->subscription);
}

struct license_index license_index_build(struct context *cx, const struct license_list *list)
{
    struct license_index index = {.items =
                                      ARENA_ARRAY(cx->arena, const struct license *, list->count)};
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->row != ROW_REMOVED)
            index.items[index.count++] = list->items[i];
    }
    qsort(index.items, index.count, sizeof *index.items, compare_licenses);
    return index;
}

const struct license *license_find(const struct license_index *index, const char *subscription,
                                   const char *user)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct license *item = index->items[middle];
        int order = compare_holders(item->user, item->subscription, user, subscription);
        if (order == 0)
            return item;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int compare_newest(const void *a_item, const void *b_item)
{
    const struct license *a = a_item;
    const struct license *b = b_item;
    if (a->assigned_at != b->assigned_at)
        return a->assigned_at > b->assigned_at ? -1 : 1;
    return strcmp(b->id, a->id); /* ids are given in order */
}

void license_sort_newest(struct license_list *list)
{
    list_sort(list->items, list->count, compare_newest);
}
