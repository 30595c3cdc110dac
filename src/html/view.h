/* What a page shows, as data: objects, lists, texts and yes or no, made by the code of the page
 * and read by its template. Everything is in the arena; texts must live as long as it.
 *
 *     struct view *view = view_object(cx->arena);
 *     view_text(view, "name", sub->name);
 *     struct view *rows = view_list(view, "rows");
 *     view_text(view_item(rows), "price", "12,50 €");
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum view_kind { VIEW_TEXT, VIEW_BOOL, VIEW_INTEGER, VIEW_OBJECT, VIEW_LIST };

struct view_member {
    const char *name; /* NULL in a list */
    struct view *value;
    struct view_member *next;
};

struct view {
    struct arena *arena;
    enum view_kind kind;
    const char *text;
    bool truth;
    int64_t integer;
    struct view_member *first; /* of an object or list */
    struct view_member *last;
};

struct view *view_object(struct arena *arena);

/* Each adds a member to an object. A name is given once; of two, the first counts. */
void view_text(struct view *object, const char *name, const char *text); /* NULL: nothing */
[[gnu::format(printf, 3, 4)]] void view_print(struct view *object, const char *name,
                                              const char *format, ...);
void view_bool(struct view *object, const char *name, bool truth);
void view_integer(struct view *object, const char *name, int64_t integer);
void view_put(struct view *object, const char *name, struct view *value); /* NULL: nothing */
struct view *view_child(struct view *object, const char *name);           /* a new object in it */
struct view *view_list(struct view *object, const char *name);            /* a new list in it */

/* Each adds an item to a list. */
struct view *view_item(struct view *list); /* a new object */
void view_add(struct view *list, struct view *item);

/* The member of an object; NULL when there is none, or `view` is no object. */
const struct view *view_find(const struct view *view, const char *name, size_t size);
/* Does a section show? Not for no, an empty text, an empty list, and NULL. */
bool view_is_true(const struct view *view);
/* What {{name}} shows: the text, or the number in digits; "" for all else, and NULL. */
const char *view_say(const struct view *view, struct arena *arena);

/* New values that stand for themselves. */
struct view *view_of_text(struct arena *arena, const char *text);
struct view *view_of_list(struct arena *arena);
