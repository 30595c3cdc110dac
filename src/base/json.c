/* jansson comes first: json.h gives some of its names another meaning. */
#include <jansson.h>

#include "base/json.h"

#include "base/limits.h"
#include "base/text.h"

/* What is told of a text may hold pieces of it. */
static const char *told(struct context *cx, const char *text)
{
    return text_has_controls(text) ? text_make_printable(arena_copy(cx->arena, text)) : text;
}

static enum err invalid(struct context *cx, const char *param, const char *what)
{
    return fault(cx, ERR_INVALID, "param", told(cx, param), "value", told(cx, what), NULL);
}

static enum err invalid_place(struct context *cx, int line, int column, const char *what)
{
    char *place = arena_print(cx->arena, "line %d column %d", line, column);
    return fault(cx, ERR_INVALID, "param", place, "place", place, "value", told(cx, what), NULL);
}

/* JSON pointer of a member (RFC 6901: ~ and / are escaped). */
static const char *path_join(const struct json_reader *r, const char *name)
{
    struct buf path = buf_create(r->cx->arena);
    buf_add_text(&path, r->path);
    buf_add_text(&path, "/");
    for (const char *c = name; *c; c++) {
        if (*c == '~')
            buf_add_text(&path, "~0");
        else if (*c == '/')
            buf_add_text(&path, "~1");
        else
            buf_add(&path, c, 1);
    }
    return buf_text(&path);
}

static const char *path_item(const struct json_reader *r, const char *name, size_t index)
{
    return arena_print(r->cx->arena, "%s/%zu", path_join(r, name), index);
}

enum err json_fault(struct json_reader *r, const char *name, const char *what)
{
    return invalid(r->cx, name ? path_join(r, name) : r->path, what);
}

enum err json_array_fault(struct json_reader *r, const char *name, size_t index, const char *what)
{
    return invalid(r->cx, path_item(r, name, index), what);
}

/* Opening --------------------------------------------------------------------------------- */

/* Where a character of the text stands, for people. */
struct place {
    int line;
    int column;
    int depth;
    bool in_text;
    bool escaped;
};

static void place_move(struct place *place, char c)
{
    bool continued = ((unsigned char)c & 0xc0) == 0x80;
    if (c == '\n') {
        place->line++;
        place->column = 0;
    } else if (!continued) {
        place->column++;
    }
    if (place->escaped)
        place->escaped = false;
    else if (place->in_text && c == '\\')
        place->escaped = true;
    else if (c == '"')
        place->in_text = !place->in_text;
    else if (!place->in_text && (c == '{' || c == '['))
        place->depth++;
    else if (!place->in_text && (c == '}' || c == ']'))
        place->depth--;
}

/* The parser calls itself for every level and has a much higher limit of its own, so the depth
 * is checked on the text before it starts. */
static enum err check_depth(struct context *cx, const char *text, size_t size)
{
    struct place place = {.line = 1};
    for (size_t i = 0; i < size; i++) {
        place_move(&place, text[i]);
        if (place.depth > JSON_DEPTH_MAX) {
            char *what = arena_print(cx->arena, "is nested deeper than %d levels", JSON_DEPTH_MAX);
            return invalid_place(cx, place.line, place.column, what);
        }
    }
    return OK;
}

static enum err reader_open(struct context *cx, struct json_reader *ret_reader, json_t *object,
                            const char *path)
{
    if (!json_is_object(object))
        return invalid(cx, path, "must be an object");
    if (json_object_size(object) > JSON_MEMBERS_MAX) {
        char *what = arena_print(cx->arena, "must have at most %d members", JSON_MEMBERS_MAX);
        return invalid(cx, path, what);
    }
    *ret_reader = (struct json_reader){.cx = cx, .object = object, .path = path};
    return OK;
}

static void tree_release(void *tree)
{
    json_decref(tree);
}

enum err json_open(struct context *cx, struct json_reader *ret_reader, const char *text,
                   size_t size)
{
    TRY(check_depth(cx, text, size));
    json_error_t error;
    json_t *tree = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!tree)
        return invalid_place(cx, error.line, error.column, error.text);
    arena_on_release(cx->arena, tree_release, tree);
    if (!json_is_object(tree))
        return invalid_place(cx, 1, 1, "must be an object");
    return reader_open(cx, ret_reader, tree, "");
}

/* Members --------------------------------------------------------------------------------- */

static json_t *member_peek(const struct json_reader *r, const char *name)
{
    json_t *value = json_object_get(r->object, name);
    return json_is_null(value) ? NULL : value;
}

static bool is_seen(const struct json_reader *r, const char *name)
{
    for (size_t i = 0; i < r->seen_count; i++) {
        if (strcmp(r->seen[i], name) == 0)
            return true;
    }
    return false;
}

/* Finds a member and counts it as asked for; NULL when it is absent or null. */
static json_t *member_take(struct json_reader *r, const char *name)
{
    void *member = json_object_iter_at(r->object, name);
    if (member && !is_seen(r, name)) {
        /* Cannot overflow: reader_open refuses larger objects. The tree's own copy of the name
         * lives as long as the reader. */
        r->seen[r->seen_count++] = json_object_iter_key(member);
    }
    return member_peek(r, name);
}

/* Gives the member, or NULL when it is absent and may be. */
static enum err member_get(struct json_reader *r, const char *name, enum json_presence presence,
                           json_t **ret_value)
{
    json_t *value = member_take(r, name);
    if (!value && presence == REQUIRED)
        return json_fault(r, name, "is required");
    *ret_value = value;
    return OK;
}

/* Says what is wrong with a text, or NULL. */
static const char *text_problem(struct context *cx, const json_t *value)
{
    if (!json_is_string(value))
        return "must be a text";
    if (json_string_length(value) > TEXT_MAX)
        return arena_print(cx->arena, "must have at most %d bytes", TEXT_MAX);
    if (text_has_controls(json_string_value(value)))
        return "must have no control characters";
    return NULL;
}

enum err json_text(struct json_reader *r, const char *name, enum json_presence presence,
                   const char **ret_text)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    const char *problem = text_problem(r->cx, value);
    if (problem)
        return json_fault(r, name, problem);
    *ret_text = json_string_value(value);
    return OK;
}

enum err json_prose(struct json_reader *r, const char *name, enum json_presence presence,
                    const char **ret_text)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    if (!json_is_string(value) || !text_is_prose(json_string_value(value), TEXT_MAX)) {
        return json_fault(r, name,
                          arena_print(r->cx->arena,
                                      "must be a text of at most %d bytes, without control "
                                      "characters but the ends of lines",
                                      TEXT_MAX));
    }
    *ret_text = json_string_value(value);
    return OK;
}

enum err json_integer(struct json_reader *r, const char *name, enum json_presence presence,
                      int64_t min, int64_t max, int64_t *ret_value)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    int64_t integer = json_integer_value(value);
    if (!json_is_integer(value) || integer < min || integer > max) {
        char *what =
            arena_print(r->cx->arena, "must be an integer from %" PRId64 " to %" PRId64, min, max);
        return json_fault(r, name, what);
    }
    *ret_value = integer;
    return OK;
}

enum err json_bool(struct json_reader *r, const char *name, enum json_presence presence,
                   bool *ret_value)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    if (!json_is_boolean(value))
        return json_fault(r, name, "must be true or false");
    *ret_value = json_is_true(value);
    return OK;
}

enum err json_day(struct json_reader *r, const char *name, enum json_presence presence,
                  civil_day *ret_day)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    civil_day day;
    if (!json_is_string(value) || !day_parse(json_string_value(value), &day))
        return json_fault(r, name, "must be a date (YYYY-MM-DD) from 1970 to 2199");
    *ret_day = day;
    return OK;
}

static const char *words_join(struct arena *arena, const char *const *words)
{
    struct buf text = buf_create(arena);
    buf_add_text(&text, "must be ");
    for (size_t i = 0; words[i]; i++) {
        if (i > 0)
            buf_add_text(&text, words[i + 1] ? ", " : " or ");
        buf_add_text(&text, words[i]);
    }
    return buf_text(&text);
}

enum err json_choice(struct json_reader *r, const char *name, enum json_presence presence,
                     const char *const *words, int *ret_index)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *ret_index = i;
            return OK;
        }
    }
    return json_fault(r, name, words_join(r->cx->arena, words));
}

/* False when it is no unit price. */
static bool unit_price_read(const json_t *value, int64_t *ret_micros)
{
    if (json_is_integer(value))
        return !__builtin_mul_overflow(json_integer_value(value), 1000000, ret_micros);
    return json_is_string(value) && decimal_parse(json_string_value(value), 6, ret_micros);
}

enum err json_unit_price(struct json_reader *r, const char *name, enum json_presence presence,
                         struct unit_price *ret_price)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (!value)
        return OK;
    int64_t micros;
    if (!unit_price_read(value, &micros) || micros < 0 || micros > UNIT_PRICE_MAX_MICROS) {
        char *what = arena_print(r->cx->arena,
                                 "must be minor units from 0 to %" PRId64
                                 ", an integer or a text with at most six decimals",
                                 UNIT_PRICE_MAX_MICROS / 1000000);
        return json_fault(r, name, what);
    }
    ret_price->micros = micros;
    return OK;
}

/* Inside -------------------------------------------------------------------------------- */

enum err json_object(struct json_reader *r, const char *name, enum json_presence presence,
                     struct json_reader *ret_reader, bool *ret_present)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (value)
        TRY(reader_open(r->cx, ret_reader, value, path_join(r, name)));
    *ret_present = value != NULL;
    return OK;
}

enum err json_array(struct json_reader *r, const char *name, enum json_presence presence,
                    size_t max_count, size_t *ret_count)
{
    json_t *value = NULL;
    TRY(member_get(r, name, presence, &value));
    if (value && (!json_is_array(value) || json_array_size(value) > max_count)) {
        char *what = arena_print(r->cx->arena, "must be an array of at most %zu items", max_count);
        return json_fault(r, name, what);
    }
    *ret_count = json_array_size(value);
    return OK;
}

static json_t *item_get(const struct json_reader *r, const char *name, size_t index)
{
    json_t *item = json_array_get(json_object_get(r->object, name), index);
    assert(item);
    return item;
}

enum err json_array_object(struct json_reader *r, const char *name, size_t index,
                           struct json_reader *ret_reader)
{
    return reader_open(r->cx, ret_reader, item_get(r, name, index), path_item(r, name, index));
}

enum err json_array_text(struct json_reader *r, const char *name, size_t index,
                         const char **ret_text)
{
    json_t *item = item_get(r, name, index);
    const char *problem = text_problem(r->cx, item);
    if (problem)
        return json_array_fault(r, name, index, problem);
    *ret_text = json_string_value(item);
    return OK;
}

bool json_has(const struct json_reader *r, const char *name)
{
    return member_peek(r, name) != NULL;
}

char json_type(const struct json_reader *r, const char *name)
{
    json_t *value = json_object_get(r->object, name);
    if (!value)
        return 0;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return 'o';
    case JSON_ARRAY:
        return 'a';
    case JSON_STRING:
        return 's';
    case JSON_INTEGER:
        return 'i';
    case JSON_REAL:
        return 'r';
    case JSON_TRUE:
    case JSON_FALSE:
        return 'b';
    case JSON_NULL:
        break;
    }
    return 'n';
}

static int raw_add(const char *data, size_t size, void *buf)
{
    buf_add(buf, data, size);
    return 0;
}

const char *json_raw(struct json_reader *r, const char *name)
{
    json_t *value = member_take(r, name);
    if (!value)
        return NULL;
    struct buf text = buf_create(r->cx->arena);
    int failed = json_dump_callback(value, raw_add, &text, JSON_COMPACT | JSON_ENCODE_ANY);
    assert(!failed);
    return buf_text(&text);
}

size_t json_member_count(const struct json_reader *r)
{
    return json_object_size(r->object);
}

const char *json_member_name(const struct json_reader *r, size_t index)
{
    void *member = json_object_iter(r->object);
    for (; member && index > 0; index--)
        member = json_object_iter_next(r->object, member);
    assert(member);
    return json_object_iter_key(member);
}

enum err json_done(struct json_reader *r)
{
    const char *name;
    json_t *value;
    json_object_foreach(r->object, name, value)
    {
        if (!is_seen(r, name))
            return json_fault(r, name, "unknown member");
    }
    return OK;
}
