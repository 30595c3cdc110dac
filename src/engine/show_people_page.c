#include "engine/show_people_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "customer/person_store.h"
#include "engine/show_page.h"
#include "license/license_store.h"

enum { NAMED_MAX = 3 };

static int compare_people(const void *a, const void *b)
{
    const struct person *const *one = a, *const *other = b;
    return strcmp((*one)->id, (*other)->id);
}

enum err directory_load(struct context *cx, struct directory *ret_directory)
{
    struct person_list list = {0};
    TRY(person_load_all(cx, &list));
    struct directory directory = {
        .people = ARENA_ARRAY(cx->arena, const struct person *, list.count + 1),
        .count = list.count,
    };
    for (size_t i = 0; i < list.count; i++)
        directory.people[i] = list.items[i];
    if (list.count > 1)
        qsort(directory.people, directory.count, sizeof *directory.people, compare_people);
    *ret_directory = directory;
    return OK;
}

const struct person *directory_find(const struct directory *directory, const char *user)
{
    const struct person wanted = {.id = user}, *key = &wanted;
    if (directory->count == 0)
        return NULL;
    const struct person *const *found = bsearch(&key, directory->people, directory->count,
                                                sizeof *directory->people, compare_people);
    return found != NULL ? *found : NULL;
}

const char *directory_name(const struct directory *directory, const char *user)
{
    const struct person *person = directory_find(directory, user);
    return person != NULL ? person->name : user;
}

const char *show_people(struct context *cx, const struct directory *directory,
                        const char *const *users, size_t count)
{
    const char *names[NAMED_MAX];
    size_t named = count <= NAMED_MAX ? count : NAMED_MAX - 1; /* "and 1 other" is no shorter */
    for (size_t i = 0; i < named; i++)
        names[i] = directory_name(directory, users[i]);
    if (named == count)
        return show_join(cx, names, named, "people.and");
    struct buf buf = buf_create(cx->arena);
    for (size_t i = 0; i < named; i++)
        buf_print(&buf, "%s%s", i > 0 ? ", " : "", names[i]);
    return message_count(cx, "people.others", (int64_t)(count - named), "people", buf_text(&buf),
                         NULL);
}

static enum err say_people(struct context *cx, const struct license_list *list, size_t count,
                           const char *name, const char *key, const char **ret_text)
{
    struct directory directory;
    *ret_text = NULL;
    if (count == 0)
        return OK;
    TRY(directory_load(cx, &directory));
    const char **users = ARENA_ARRAY(cx->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        users[i] = list->items[i]->user;
    const char *people = show_people(cx, &directory, users, count);
    *ret_text = message_count(cx, key, (int64_t)count, "people", people, "name", name, NULL);
    return OK;
}

enum err show_holders(struct context *cx, const struct subscription *sub, const char *name,
                      const char *key, const char **ret_text)
{
    struct license_list list = {0};
    TRY(license_load_of_subscription(cx, sub->id, &list));
    return say_people(cx, &list, list.count, name, key, ret_text);
}

enum err show_too_many(struct context *cx, const struct subscription *sub, int64_t quantity,
                       const char *name, const char *key, const char **ret_text)
{
    struct license_list list = {0};
    TRY(license_load_of_subscription(cx, sub->id, &list));
    license_sort_newest(&list);
    size_t more = (int64_t)list.count > quantity ? list.count - (size_t)quantity : 0;
    return say_people(cx, &list, more, name, key, ret_text);
}
