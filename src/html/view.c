#include "html/view.h"

static struct view *view_new(struct arena *arena, enum view_kind kind)
{
    struct view *view = ARENA_NEW(arena, struct view);
    view->arena = arena;
    view->kind = kind;
    return view;
}

struct view *view_object(struct arena *arena)
{
    return view_new(arena, VIEW_OBJECT);
}

struct view *view_of_list(struct arena *arena)
{
    return view_new(arena, VIEW_LIST);
}

struct view *view_of_text(struct arena *arena, const char *text)
{
    struct view *view = view_new(arena, VIEW_TEXT);
    view->text = text;
    return view;
}

static void append(struct view *to, const char *name, struct view *value)
{
    struct view_member *member = ARENA_NEW(to->arena, struct view_member);
    member->name = name;
    member->value = value;
    if (to->last != NULL)
        to->last->next = member;
    else
        to->first = member;
    to->last = member;
}

void view_put(struct view *object, const char *name, struct view *value)
{
    assert(object->kind == VIEW_OBJECT);
    if (value != NULL)
        append(object, name, value);
}

void view_add(struct view *list, struct view *item)
{
    assert(list->kind == VIEW_LIST);
    append(list, NULL, item);
}

void view_text(struct view *object, const char *name, const char *text)
{
    if (text != NULL)
        view_put(object, name, view_of_text(object->arena, text));
}

void view_print(struct view *object, const char *name, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    va_list again;
    va_copy(again, values);
    int size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    assert(size >= 0);
    char *text = arena_alloc(object->arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    view_text(object, name, text);
}

void view_bool(struct view *object, const char *name, bool truth)
{
    struct view *view = view_new(object->arena, VIEW_BOOL);
    view->truth = truth;
    view_put(object, name, view);
}

void view_integer(struct view *object, const char *name, int64_t integer)
{
    struct view *view = view_new(object->arena, VIEW_INTEGER);
    view->integer = integer;
    view_put(object, name, view);
}

struct view *view_child(struct view *object, const char *name)
{
    struct view *child = view_object(object->arena);
    view_put(object, name, child);
    return child;
}

struct view *view_list(struct view *object, const char *name)
{
    struct view *list = view_of_list(object->arena);
    view_put(object, name, list);
    return list;
}

struct view *view_item(struct view *list)
{
    struct view *item = view_object(list->arena);
    view_add(list, item);
    return item;
}

const struct view *view_find(const struct view *view, const char *name, size_t size)
{
    if (view == NULL || view->kind != VIEW_OBJECT)
        return NULL;
    for (const struct view_member *member = view->first; member != NULL; member = member->next)
        if (strncmp(member->name, name, size) == 0 && member->name[size] == '\0')
            return member->value;
    return NULL;
}

bool view_is_true(const struct view *view)
{
    if (view == NULL)
        return false;
    switch (view->kind) {
    case VIEW_TEXT:
        return view->text[0] != '\0';
    case VIEW_BOOL:
        return view->truth;
    case VIEW_LIST:
        return view->first != NULL;
    case VIEW_INTEGER:
    case VIEW_OBJECT:
        return true;
    }
    return false;
}

const char *view_say(const struct view *view, struct arena *arena)
{
    if (view == NULL)
        return "";
    if (view->kind == VIEW_INTEGER)
        return arena_print(arena, "%" PRId64, view->integer);
    return view->kind == VIEW_TEXT ? view->text : "";
}
