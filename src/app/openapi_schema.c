#include "app/openapi.h"

enum row_kind { ROW_REQUEST, ROW_REPLY, ROW_WITH, ROW_FIELD };
enum { MAYBE = 0, ALWAYS = 1 };

/* fields.def as rows: what begins a schema is followed by what it has. */
static const struct field_row {
    enum row_kind kind;
    const char *name;
    const char *text; /* type of a field, description of a schema */
    bool always;
} ROWS[] = {
#define REQUEST(name, text) {ROW_REQUEST, #name, text, false},
#define REPLY(name, text) {ROW_REPLY, #name, text, false},
#define WITH(name) {ROW_WITH, #name, NULL, false},
#define FIELD(name, type, need) {ROW_FIELD, name, type, need},
#include "app/fields.def"
#undef REQUEST
#undef REPLY
#undef WITH
#undef FIELD
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static bool begins_schema(const struct field_row *row)
{
    return row->kind == ROW_REQUEST || row->kind == ROW_REPLY;
}

/* Types --------------------------------------------------------------------------------------- */

/* The types that are no words and no other schema, as JSON schema has them. */
static const struct plain_type {
    const char *name;
    const char *type;    /* NULL: more than one, in `members` */
    const char *members; /* further members, or NULL */
} PLAIN_TYPES[] = {
    {"text", "string", NULL},
    {"integer", "integer", NULL},
    {"boolean", "boolean", NULL},
    {"date", "string", "\"format\":\"date\""},
    {"instant", "string", "\"format\":\"date-time\""},
    {"texts", "array", "\"items\":{\"type\":\"string\"}"},
    {"map", "object", "\"additionalProperties\":{\"type\":\"string\"}"},
    {"object", "object", NULL},
    {"objects", "array", "\"items\":{\"type\":\"object\"}"},
    {"unit_price", NULL, "\"type\":[\"integer\",\"string\"]"},
    {"any", NULL, ""},
};

static const struct plain_type *find_plain(const char *type)
{
    for (size_t i = 0; i < sizeof PLAIN_TYPES / sizeof *PLAIN_TYPES; i++) {
        if (strcmp(PLAIN_TYPES[i].name, type) == 0)
            return &PLAIN_TYPES[i];
    }
    return NULL;
}

static const char *reference(struct context *cx, const char *schema)
{
    return arena_print(cx->arena, "{\"$ref\":\"#/components/schemas/%s\"}", schema);
}

static const char *format_plain(struct context *cx, const struct plain_type *plain, bool nullable)
{
    const char *comma = plain->members != NULL ? "," : "";
    const char *members = plain->members != NULL ? plain->members : "";
    if (plain->type == NULL)
        return arena_print(cx->arena, "{%s}", members);
    return nullable ? arena_print(cx->arena, "{\"type\":[\"%s\",\"null\"]%s%s}", plain->type, comma,
                                  members)
                    : arena_print(cx->arena, "{\"type\":\"%s\"%s%s}", plain->type, comma, members);
}

/* One of some words. */
static const char *format_words(struct context *cx, const char *words, bool nullable)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_raw(&w, "type", nullable ? "[\"string\",\"null\"]" : "\"string\"");
    json_open_array(&w, "enum");
    while (words[0] != '\0') {
        size_t size = strcspn(words, "|");
        json_put_text(&w, NULL, arena_copy_bytes(cx->arena, words, size));
        words += size;
        words += words[0] == '|';
    }
    if (nullable)
        json_put_null(&w, NULL);
    json_close_array(&w);
    json_close_object(&w);
    return json_end(&w);
}

/* "@x" or "@x[]". */
static const char *format_reference(struct context *cx, const char *type, bool nullable)
{
    size_t size = strcspn(type, "[");
    const char *schema = reference(cx, arena_copy_bytes(cx->arena, type, size));
    if (type[size] == '[')
        return arena_print(cx->arena, "{\"type\":\"array\",\"items\":%s}", schema);
    if (!nullable)
        return schema;
    return arena_print(cx->arena, "{\"anyOf\":[%s,{\"type\":\"null\"}]}", schema);
}

/* "text>x": the id of an x, or with `expand` the x itself. */
static const char *format_id(struct context *cx, const char *schema, bool nullable)
{
    const char *type = nullable ? "[\"string\",\"null\"]" : "\"string\"";
    return arena_print(cx->arena, "{\"anyOf\":[{\"type\":%s},%s]}", type, reference(cx, schema));
}

static const char *format_type(struct context *cx, const char *type)
{
    size_t size = strcspn(type, "?");
    bool nullable = type[size] == '?';
    const char *bare = arena_copy_bytes(cx->arena, type, size);
    if (bare[0] == '@')
        return format_reference(cx, bare + 1, nullable);
    if (strncmp(bare, "text>", 5) == 0)
        return format_id(cx, bare + 5, nullable);
    if (strcmp(bare, "money") == 0)
        return format_reference(cx, bare, nullable);
    const struct plain_type *plain = find_plain(bare);
    return plain != NULL ? format_plain(cx, plain, nullable) : format_words(cx, bare, nullable);
}

/* Schemas ------------------------------------------------------------------------------------- */

/* Calls `put` for each field of the schema, those of other schemas it is made with first. */
static void each_field(struct context *cx, struct json_writer *w, const char *schema,
                       void (*put)(struct context *cx, struct json_writer *w,
                                   const struct field_row *row))
{
    size_t i = 0;
    while (i < ROW_COUNT && !(begins_schema(&ROWS[i]) && strcmp(ROWS[i].name, schema) == 0))
        i++;
    assert(i < ROW_COUNT); /* every name that is used is in the table */
    for (i++; i < ROW_COUNT && !begins_schema(&ROWS[i]); i++) {
        if (ROWS[i].kind == ROW_WITH)
            each_field(cx, w, ROWS[i].name, put);
        else
            put(cx, w, &ROWS[i]);
    }
}

static void put_property(struct context *cx, struct json_writer *w, const struct field_row *row)
{
    json_put_raw(w, row->name, format_type(cx, row->text));
}

static void put_required(struct context *cx, struct json_writer *w, const struct field_row *row)
{
    (void)cx;
    if (row->always)
        json_put_text(w, NULL, row->name);
}

void openapi_put_schemas(struct context *cx, struct json_writer *w)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct field_row *row = &ROWS[i];
        if (!begins_schema(row))
            continue;
        json_open_object(w, row->name);
        json_put_text(w, "type", "object");
        json_put_text(w, "description", row->text);
        json_open_object(w, "properties");
        each_field(cx, w, row->name, put_property);
        json_close_object(w);
        json_open_array(w, "required");
        each_field(cx, w, row->name, put_required);
        json_close_array(w);
        if (row->kind == ROW_REQUEST)
            json_put_bool(w, "additionalProperties", false);
        json_close_object(w);
    }
}

void openapi_put_preview_schema(struct context *cx, struct json_writer *w, const char *schema)
{
    json_open_object(w, arena_print(cx->arena, "%s" OPENAPI_PREVIEW, schema));
    json_put_text(w, "type", "object");
    json_put_text(w, "description", "What the answer would be; its token commits exactly that");
    json_open_object(w, "properties");
    json_put_raw(w, "preview", "{\"const\":true}");
    json_put_raw(w, "token", "{\"type\":\"string\"}");
    json_put_raw(w, "expires_at", "{\"type\":\"string\",\"format\":\"date-time\"}");
    each_field(cx, w, schema, put_property);
    json_close_object(w);
    json_open_array(w, "required");
    json_put_text(w, NULL, "preview");
    json_put_text(w, NULL, "token");
    json_put_text(w, NULL, "expires_at");
    each_field(cx, w, schema, put_required);
    json_close_array(w);
    json_close_object(w);
}

static void put_page(struct json_writer *w, const char *name, const char *item)
{
    json_open_object(w, name);
    json_put_text(w, "type", "object");
    json_open_object(w, "properties");
    json_put_raw(w, "object", "{\"const\":\"list\"}");
    json_open_object(w, "data");
    json_put_text(w, "type", "array");
    json_put_raw(w, "items", item);
    json_close_object(w);
    json_put_raw(w, "has_more", "{\"type\":\"boolean\"}");
    json_put_raw(w, "next", "{\"type\":[\"string\",\"null\"]}");
    json_close_object(w);
    json_put_raw(w, "required", "[\"object\",\"data\",\"has_more\",\"next\"]");
    json_close_object(w);
}

void openapi_put_body_schema(struct context *cx, struct json_writer *w, const char *name,
                             const char *schema)
{
    static const char LIST[] = "list:";
    if (strncmp(schema, LIST, sizeof LIST - 1) == 0) {
        put_page(w, name, reference(cx, schema + sizeof LIST - 1));
        return;
    }
    size_t size = strcspn(schema, "|");
    const char *first = reference(cx, arena_copy_bytes(cx->arena, schema, size));
    if (schema[size] == '\0') {
        json_put_raw(w, name, first);
        return;
    }
    json_open_object(w, name);
    json_open_array(w, "anyOf");
    json_put_raw(w, NULL, first);
    json_put_raw(w, NULL, reference(cx, schema + size + 1));
    json_close_array(w);
    json_close_object(w);
}
