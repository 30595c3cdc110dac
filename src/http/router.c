/* Which row of the table of routes a request is for. */
#include "http/http_private.h"

static const char *const method_names[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "GET",
    [HTTP_POST] = "POST",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
};

/* HTTP_METHOD_COUNT for what no route can have. HEAD is GET; the library leaves out the body. */
static enum http_method parse_method(const char *name)
{
    if (strcmp(name, "HEAD") == 0)
        return HTTP_GET;
    int method = 0;
    while (method < HTTP_METHOD_COUNT && strcmp(method_names[method], name) != 0)
        method++;
    return (enum http_method)method;
}

struct path {
    const char *segments[HTTP_SEGMENTS_MAX];
    size_t count;
};

/* Splits "/v1/offers/off_1" and decodes each segment. A segment may be empty (a slash at the
 * end, or two): no route has an empty one. */
static enum err split_path(struct context *cx, const char *raw, struct path *ret_path)
{
    struct path path = {0};
    if (raw[0] != '/')
        return fault(cx, ERR_NOT_FOUND, NULL);
    while (*raw == '/') {
        raw++;
        size_t size = strcspn(raw, "/");
        if (path.count == HTTP_SEGMENTS_MAX)
            return fault(cx, ERR_NOT_FOUND, NULL);
        const char *segment = request_decode(cx->arena, raw, size);
        if (segment == NULL)
            return fault(cx, ERR_INVALID, "param", "path", NULL);
        path.segments[path.count++] = segment;
        raw += size;
    }
    *ret_path = path;
    return OK;
}

/* Does the path fit the row's pattern? *ret_values counts its {…}. Every request is held against
 * every row, so a row that does not fit is left at the first letter that differs. */
static bool fits(const char *pattern, const struct path *path, size_t *ret_values)
{
    size_t values = 0;
    for (size_t i = 0; i < path->count; i++) {
        const char *segment = path->segments[i];
        if (*pattern++ != '/')
            return false;
        if (*pattern == '{') {
            if (*segment == '\0')
                return false;
            values++;
            pattern += strcspn(pattern, "/");
            continue;
        }
        for (; *segment != '\0'; segment++, pattern++)
            if (*segment != *pattern || *pattern == '/') /* a decoded slash parts nothing */
                return false;
        if (*pattern != '/' && *pattern != '\0')
            return false;
    }
    *ret_values = values;
    return *pattern == '\0';
}

static void take_values(struct http_request *request, const struct path *path)
{
    const char *pattern = request->route->path;
    for (size_t i = 0; i < path->count; i++) {
        pattern++;
        if (pattern[0] == '{') {
            assert(request->path_value_count < HTTP_PATH_VALUES_MAX);
            request->path_values[request->path_value_count++] = path->segments[i];
        }
        pattern += strcspn(pattern, "/");
    }
}

/* "GET, HEAD, POST" */
static const char *allow_header(struct arena *arena, const bool has[HTTP_METHOD_COUNT])
{
    struct buf buf = buf_create(arena);
    for (int method = 0; method < HTTP_METHOD_COUNT; method++) {
        if (!has[method])
            continue;
        buf_print(&buf, "%s%s", buf.size > 0 ? ", " : "", method_names[method]);
        if (method == HTTP_GET)
            buf_add_text(&buf, ", HEAD");
    }
    return buf_text(&buf);
}

/* Of several rows that fit, the one with fewest {…} wins: /v1/licenses/assign is not an id. NULL:
 * none; `has` are the methods that the path takes. */
static const struct http_route *find_route(const struct http_route *routes, size_t count,
                                           const struct path *path, enum http_method wanted,
                                           bool has[HTTP_METHOD_COUNT])
{
    const struct http_route *found = NULL;
    size_t fewest = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t values;
        if (!fits(routes[i].path, path, &values))
            continue;
        has[routes[i].method] = true;
        if (routes[i].method == wanted && values < fewest) {
            fewest = values;
            found = &routes[i];
        }
    }
    return found;
}

uint64_t http_route_missing(const struct context *cx, const struct http_route *route)
{
    return route->permission & ~cx->actor.permissions;
}

uint64_t http_missing(struct context *cx, const struct http_request *request,
                      enum http_method method, const char *address)
{
    struct path path = {0};
    bool has[HTTP_METHOD_COUNT] = {false};
    const char *raw = arena_copy_bytes(cx->arena, address, strcspn(address, "?#"));
    struct fault before = cx->fault;
    if (split_path(cx, raw, &path) != OK) {
        cx->fault = before;
        return 0;
    }
    const struct http_route *route =
        find_route(request->routes, request->route_count, &path, method, has);
    return route != NULL ? http_route_missing(cx, route) : 0;
}

enum err router_match(struct context *cx, const struct http_config *config, const char *method,
                      struct http_request *request, const char **ret_allow)
{
    struct path path = {0};
    TRY(split_path(cx, request->path, &path));
    bool has[HTTP_METHOD_COUNT] = {false};
    request->routes = config->routes;
    request->route_count = config->route_count;
    request->route =
        find_route(config->routes, config->route_count, &path, parse_method(method), has);
    if (request->route == NULL && memchr(has, true, sizeof has) == NULL)
        return fault(cx, ERR_NOT_FOUND, NULL);
    if (request->route == NULL) {
        *ret_allow = allow_header(cx->arena, has);
        return fault(cx, ERR_METHOD_NOT_ALLOWED, NULL);
    }
    request->method = request->route->method;
    take_values(request, &path);
    return OK;
}
