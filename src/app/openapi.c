#include "app/openapi.h"

#include "app/routes.h"
#include "app/version.h"
#include "base/limits.h"
#include "customer/permissions.h"

static const char *const METHODS[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "get",
    [HTTP_POST] = "post",
    [HTTP_PATCH] = "patch",
    [HTTP_DELETE] = "delete",
};

static const struct permission_name {
    uint64_t permission;
    const char *name;
} PERMISSION_NAMES[] = {
#define PERMISSION(name, bit, text, scope, place, organization, agreement, seller)                 \
    {PERM_##name, text},
#include "customer/permissions.def"
#undef PERMISSION
};

/* Parameters ---------------------------------------------------------------------------------- */

static const struct query_name {
    const char *name;
    const char *schema;
    const char *description;
} QUERY_NAMES[] = {
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":20}",
     "How many at most"},
    {"after", "{\"type\":\"string\"}", "Go on after this one: `next` of the page before"},
    {"before", "{\"type\":\"string\"}", "Go back before this one"},
    {"account", "{\"type\":\"string\"}", "Of this billing account only"},
    {"status", "{\"type\":\"string\"}", "In this state only"},
    {"state", "{\"type\":\"string\"}", "In this state only"},
    {"kind", "{\"type\":\"string\"}", "Of this kind only"},
    {"feature", "{\"type\":\"string\"}", "The name of a feature"},
    {"months", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":36,\"default\":12}",
     "How far to look ahead"},
    {"organization", "{\"type\":\"string\"}", "The organisation that it is about"},
    {"expand", "{\"type\":\"string\"}",
     "Members to give whole instead of by their id, as subscription.addons,customer"},
    {"token", "{\"type\":\"string\"}", "Commits what the preview with this token showed"},
    {"user", "{\"type\":\"string\"}", "A user: an id of a person, or a name of the customer's own"},
};

static void put_parameter(struct json_writer *w, const char *name, const char *in, bool required,
                          const char *schema, const char *description)
{
    json_open_object(w, NULL);
    json_put_text(w, "name", name);
    json_put_text(w, "in", in);
    json_put_bool(w, "required", required);
    json_put_text(w, "description", description);
    json_put_raw(w, "schema", schema);
    json_close_object(w);
}

static void put_path_parameters(struct context *cx, struct json_writer *w, const char *path)
{
    for (const char *open = strchr(path, '{'); open != NULL; open = strchr(open + 1, '{')) {
        const char *name = arena_copy_bytes(cx->arena, open + 1, strcspn(open + 1, "}"));
        put_parameter(w, name, "path", true, "{\"type\":\"string\"}", "The id");
    }
}

static void put_query_parameters(struct context *cx, struct json_writer *w, const char *names)
{
    while (names != NULL && names[0] != '\0') {
        size_t size = strcspn(names, " ");
        const char *name = arena_copy_bytes(cx->arena, names, size);
        size_t i = 0;
        while (strcmp(QUERY_NAMES[i].name, name) != 0) {
            i++;
            assert(i < sizeof QUERY_NAMES / sizeof *QUERY_NAMES); /* add it to the table above */
        }
        put_parameter(w, name, "query", false, QUERY_NAMES[i].schema, QUERY_NAMES[i].description);
        names += size;
        names += names[0] == ' ';
    }
}

static void put_parameters(struct context *cx, struct json_writer *w,
                           const struct http_route *route)
{
    json_open_array(w, "parameters");
    put_path_parameters(cx, w, route->path);
    put_query_parameters(cx, w, route->query);
    if ((route->flags & ROUTE_PREVIEW) != 0) {
        put_parameter(w, "preview", "query", false, "{\"type\":\"boolean\"}",
                      "Show what it would do; the answer's token commits that");
    }
    if ((route->flags & ROUTE_WRITE) != 0) {
        const char *schema =
            arena_print(cx->arena, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":%d}",
                        IDEMPOTENCY_KEY_MAX);
        put_parameter(w, "Idempotency-Key", "header", false, schema,
                      "The first answer is kept for 24 hours and given again");
    }
    if ((route->flags & ROUTE_VERSIONED) != 0) {
        put_parameter(w, "If-Match", "header", false, "{\"type\":\"string\"}",
                      "The ETag that it was read with; 412 when it has changed since");
    }
    if ((route->permission & customer_permissions()) != 0) {
        put_parameter(w, "Annex-Organization", "header", false, "{\"type\":\"string\"}",
                      "The organisation, for a key of the seller");
    }
    json_close_array(w);
}

/* Operations ---------------------------------------------------------------------------------- */

static void put_content(struct context *cx, struct json_writer *w, const char *schema)
{
    bool is_text = schema != NULL && strcmp(schema, OPENAPI_TEXT) == 0;
    json_open_object(w, "content");
    json_open_object(w, is_text ? "text/plain" : "application/json");
    if (is_text)
        json_put_raw(w, "schema", "{\"type\":\"string\"}");
    else if (schema != NULL)
        openapi_put_body_schema(cx, w, "schema", schema);
    else
        json_put_raw(w, "schema", "{\"type\":\"object\"}");
    json_close_object(w);
    json_close_object(w);
}

/* "get_v1_offers_id_addons" */
static const char *operation_id(struct context *cx, const struct http_route *route)
{
    struct buf id = buf_create(cx->arena);
    buf_add_text(&id, METHODS[route->method]);
    for (const char *p = route->path; *p != '\0'; p++) {
        if (*p == '{' || *p == '}')
            continue;
        buf_add(&id, *p == '/' || *p == '.' ? "_" : p, 1);
    }
    return buf_text(&id);
}

static void put_permissions(struct json_writer *w, const struct http_route *route)
{
    json_open_array(w, "x-permissions");
    for (size_t i = 0; i < sizeof PERMISSION_NAMES / sizeof *PERMISSION_NAMES; i++) {
        if ((route->permission & PERMISSION_NAMES[i].permission) != 0)
            json_put_text(w, NULL, PERMISSION_NAMES[i].name);
    }
    json_close_array(w);
    if ((route->flags & ROUTE_PUBLIC) != 0)
        json_put_raw(w, "security", "[]");
}

static void put_operation(struct context *cx, struct json_writer *w, const struct http_route *route)
{
    bool writes = (route->flags & ROUTE_WRITE) != 0;
    json_open_object(w, METHODS[route->method]);
    json_put_text(w, "operationId", operation_id(cx, route));
    json_put_text(w, "summary", route->summary);
    put_permissions(w, route);
    put_parameters(cx, w, route);
    if (route->request_schema != NULL) {
        json_open_object(w, "requestBody");
        put_content(cx, w, route->request_schema);
        json_close_object(w);
    }
    json_open_object(w, "responses");
    json_open_object(w, writes ? "2XX" : "200");
    json_put_text(w, "description",
                  route->finish != NULL ? "Done; 202: it awaits its payment" : "Done");
    const char *reply = route->reply_schema;
    if ((route->flags & ROUTE_REHEARSE) != 0)
        reply = arena_print(cx->arena, "%s|%s" OPENAPI_PREVIEW, reply, reply);
    put_content(cx, w, reply);
    json_close_object(w);
    json_put_raw(w, "default", "{\"$ref\":\"#/components/responses/problem\"}");
    json_close_object(w);
    json_close_object(w);
}

static bool is_first_of_path(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(ROUTES[i].path, ROUTES[index].path) == 0)
            return false;
    }
    return true;
}

static void put_paths(struct context *cx, struct json_writer *w)
{
    json_open_object(w, "paths");
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_first_of_path(i))
            continue;
        if ((ROUTES[i].flags & ROUTE_PAGE) != 0)
            continue;
        json_open_object(w, ROUTES[i].path);
        for (size_t j = i; j < ROUTE_COUNT; j++) {
            if (strcmp(ROUTES[j].path, ROUTES[i].path) == 0)
                put_operation(cx, w, &ROUTES[j]);
        }
        json_close_object(w);
    }
    json_close_object(w);
}

/* The whole ----------------------------------------------------------------------------------- */

static void put_info(struct json_writer *w)
{
    json_open_object(w, "info");
    json_put_text(w, "title", "Annex");
    json_put_text(w, "version", ANNEX_VERSION);
    json_put_text(w, "description",
                  "Subscriptions and add-ons. Money is in minor units; days are civil days of the "
                  "billing account's time zone, and intervals half-open. Unknown members and "
                  "parameters are refused. Sentences come in English or French, by "
                  "Accept-Language.");
    json_close_object(w);
}

static bool is_shown_before(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if ((ROUTES[i].flags & ROUTE_REHEARSE) != 0 &&
            strcmp(ROUTES[i].reply_schema, ROUTES[index].reply_schema) == 0)
            return true;
    }
    return false;
}

/* What the preview of a handler that knows nothing of previews answers. */
static void put_previews(struct context *cx, struct json_writer *w)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if ((ROUTES[i].flags & ROUTE_REHEARSE) != 0 && !is_shown_before(i))
            openapi_put_preview_schema(cx, w, ROUTES[i].reply_schema);
    }
}

static void put_components(struct context *cx, struct json_writer *w)
{
    json_open_object(w, "components");
    json_open_object(w, "schemas");
    openapi_put_schemas(cx, w);
    put_previews(cx, w);
    json_close_object(w);
    json_open_object(w, "responses");
    json_open_object(w, "problem");
    json_put_text(w, "description", "What went wrong; nothing was changed");
    json_open_object(w, "content");
    json_open_object(w, "application/problem+json");
    openapi_put_body_schema(cx, w, "schema", "problem");
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
    json_close_object(w);
    json_put_raw(w, "securitySchemes",
                 "{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\","
                 "\"description\":\"An API key: annex_live_… or annex_test_…\"}}");
    json_close_object(w);
}

const char *openapi_print(struct context *cx)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "openapi", "3.1.0");
    put_info(&w);
    json_put_raw(&w, "security", "[{\"key\":[]}]");
    put_paths(cx, &w);
    put_components(cx, &w);
    json_close_object(&w);
    return json_end(&w);
}
