/* From bytes to a request. Nothing past here sees a text that is not UTF-8 or that holds a
 * control character. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unicode/utf8.h>

#include "base/limits.h"
#include "http/http_private.h"

/* ── Text ─────────────────────────────────────────────────────────────────────────────── */

static bool is_text(const char *text, size_t size, const char *controls)
{
    const uint8_t *bytes = (const uint8_t *)text;
    for (size_t i = 0; i < size;) {
        UChar32 letter;
        U8_NEXT(bytes, i, size, letter);
        bool allowed = letter > 0 && letter < 0x20 && strchr(controls, letter) != NULL;
        if ((letter < 0x20 && !allowed) || letter == 0x7f)
            return false;
    }
    return true;
}

bool request_is_text(const char *text, size_t size)
{
    return is_text(text, size, "");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static const char *decode(struct arena *arena, const char *text, size_t size, const char *controls)
{
    char *decoded = arena_copy_bytes(arena, text, size);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '%') {
            if (size - i < 3 || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        }
        decoded[length++] = c;
    }
    if (!is_text(decoded, length, controls))
        return NULL;
    return arena_copy_bytes(arena, decoded, length);
}

const char *request_decode(struct arena *arena, const char *text, size_t size)
{
    return decode(arena, text, size, "");
}

const char *request_decode_lines(struct arena *arena, const char *text, size_t size)
{
    return decode(arena, text, size, "\t\r\n");
}

/* ── Headers ──────────────────────────────────────────────────────────────────────────── */

/* Where each header goes. */
static const struct wanted_header {
    const char *name;
    size_t offset;
} wanted_headers[] = {
    {"Authorization", offsetof(struct http_request, authorization)},
    {"Idempotency-Key", offsetof(struct http_request, idempotency_key)},
    {"If-Match", offsetof(struct http_request, if_match)},
    {"Accept-Language", offsetof(struct http_request, accept_language)},
    {"Annex-Organization", offsetof(struct http_request, organization)},
    {"Content-Type", offsetof(struct http_request, content_type)},
    {"Accept", offsetof(struct http_request, accept)},
    {"Accept-Encoding", offsetof(struct http_request, accept_encoding)},
    {"Cookie", offsetof(struct http_request, cookie)},
    {"X-CSRF-Token", offsetof(struct http_request, csrf)},
    {"Sec-Fetch-Site", offsetof(struct http_request, fetch_site)},
    {"X-Forwarded-Proto", offsetof(struct http_request, forwarded_proto)},
    {"If-None-Match", offsetof(struct http_request, if_none_match)},
    {"HX-Request", offsetof(struct http_request, hx_request)},
    {"HX-Target", offsetof(struct http_request, hx_target)},
    {"HX-Boosted", offsetof(struct http_request, hx_boosted)},
    {"HX-History-Restore-Request", offsetof(struct http_request, hx_restore)},
};

struct reading {
    struct context *cx;
    struct http_request *request;
    const char *bad; /* the first header that is not acceptable */
};

static const char **place_of(struct http_request *request, const char *name)
{
    for (size_t i = 0; i < sizeof wanted_headers / sizeof wanted_headers[0]; i++)
        if (strcasecmp(wanted_headers[i].name, name) == 0)
            return (const char **)(void *)((char *)request + wanted_headers[i].offset);
    return NULL;
}

static enum MHD_Result read_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    struct reading *reading = cls;
    const char **place = place_of(reading->request, name);
    if (place == NULL)
        return MHD_YES;
    size_t size = value != NULL ? strlen(value) : 0;
    if (*place != NULL || size > HTTP_HEADER_VALUE_MAX || !request_is_text(value, size)) {
        reading->bad = arena_copy(reading->cx->arena, name);
        return MHD_NO;
    }
    *place = arena_copy_bytes(reading->cx->arena, value, size);
    return MHD_YES;
}

static const struct sockaddr *remote(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info != NULL ? info->client_addr : NULL;
}

const char *http_remote_address(struct context *cx, const struct http_request *request)
{
    char text[INET6_ADDRSTRLEN] = "";
    const void *address = request->remote;
    if (address == NULL)
        return "";
    if (request->remote->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
    else if (request->remote->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
    return arena_copy(cx->arena, text);
}

enum err request_read_head(struct context *cx, struct MHD_Connection *connection,
                           struct http_request *request)
{
    struct reading reading = {.cx = cx, .request = request};
    request->remote = remote(connection);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, read_header, &reading);
    if (reading.bad != NULL)
        return fault(cx, ERR_INVALID, "param", reading.bad, NULL);
    const char *key = request->idempotency_key;
    if (key != NULL && (key[0] == '\0' || strlen(key) > IDEMPOTENCY_KEY_MAX))
        return fault(cx, ERR_INVALID, "param", "Idempotency-Key", NULL);
    return OK;
}

/* ── Languages ────────────────────────────────────────────────────────────────────────── */

/* The weight after a language ("; q=0.8") in thousandths; 1000 when there is none. */
static int weight_of(const char *item, size_t size)
{
    const char *mark = memmem(item, size, "q=", 2);
    if (mark == NULL)
        return 1000;
    const char *end = item + size;
    int weight = 0, step = 1000;
    for (const char *p = mark + 2; p < end && step > 0; p++) {
        if (*p == '.')
            continue;
        if (*p < '0' || *p > '9')
            break;
        weight += (*p - '0') * step;
        step /= 10;
    }
    return weight;
}

/* Does the item name the language, alone or with a region ("fr", "fr-CH;q=0.5")? */
static bool names_language(const char *item, size_t size, const char *language)
{
    size_t length = strlen(language);
    return size >= length && strncasecmp(item, language, length) == 0 &&
           (size == length || strchr("-; \t", item[length]) != NULL);
}

const char *request_language(const char *accept_language)
{
    int english = 0, french = 0;
    const char *rest = accept_language != NULL ? accept_language : "";
    while (*rest != '\0') {
        rest += strspn(rest, ", \t");
        size_t size = strcspn(rest, ",");
        int weight = weight_of(rest, size);
        if (names_language(rest, size, "fr") && weight > french)
            french = weight;
        if (names_language(rest, size, "en") && weight > english)
            english = weight;
        rest += size;
    }
    return french > english ? "fr" : "en";
}

/* ── Query ────────────────────────────────────────────────────────────────────────────── */

/* Is the word one of a text of words separated by spaces? */
static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    while (words != NULL && *words != '\0') {
        size_t size = strcspn(words, " ");
        if (size == length && memcmp(words, word, length) == 0)
            return true;
        words += size;
        words += strspn(words, " ");
    }
    return false;
}

static bool takes_parameter(const struct http_route *route, const char *name)
{
    if ((route->flags & ROUTE_PREVIEW) != 0 && strcmp(name, "preview") == 0)
        return true;
    return name[0] != '\0' && has_word(route->query, name);
}

static enum MHD_Result read_parameter(void *cls, enum MHD_ValueKind kind, const char *raw_name,
                                      const char *raw_value)
{
    (void)kind;
    struct reading *reading = cls;
    struct http_request *request = reading->request;
    struct arena *arena = reading->cx->arena;
    const char *value = raw_value != NULL ? raw_value : "";
    const char *name = request_decode(arena, raw_name, strlen(raw_name));
    value = request_decode(arena, value, strlen(value));
    /* Addresses of pages are passed on and decorated: what they do not know they leave. Boxes
     * that are ticked come several times. */
    bool is_page = (request->route->flags & ROUTE_PAGE) != 0;
    if (is_page && name != NULL && !takes_parameter(request->route, name))
        return MHD_YES;
    bool good = name != NULL && value != NULL && request->query_count < HTTP_QUERY_MAX &&
                takes_parameter(request->route, name) &&
                (is_page || http_query(request, name) == NULL);
    if (!good) {
        reading->bad = name != NULL && name[0] != '\0' ? name : "?";
        return MHD_NO;
    }
    request->query[request->query_count++] = (struct http_pair){name, value};
    return MHD_YES;
}

enum err request_read_query(struct context *cx, struct MHD_Connection *connection,
                            struct http_request *request)
{
    struct reading reading = {.cx = cx, .request = request};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, read_parameter, &reading);
    if (reading.bad != NULL)
        return fault(cx, ERR_INVALID, "param", reading.bad, NULL);
    return OK;
}

const char *http_encode(struct arena *arena, const char *text)
{
    struct buf buf = buf_create(arena);
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-_.~/", *c) != NULL;
        buf_print(&buf, plain ? "%c" : "%%%02X", (unsigned char)*c);
    }
    return buf_text(&buf);
}

const char *http_address(struct arena *arena, const struct http_request *request)
{
    struct buf buf = buf_create(arena);
    buf_add_text(&buf, request->path);
    for (size_t i = 0; i < request->query_count; i++)
        buf_print(&buf, "%c%s=%s", i == 0 ? '?' : '&', request->query[i].name,
                  http_encode(arena, request->query[i].value));
    return buf_text(&buf);
}

/* ── Body ─────────────────────────────────────────────────────────────────────────────── */

static bool is_of_type(const char *content_type, const char *wanted)
{
    size_t length = strlen(wanted);
    return content_type != NULL && strncasecmp(content_type, wanted, length) == 0 &&
           strchr("; \t", content_type[length]) != NULL; /* the end of the text counts too */
}

enum err request_check_body(struct context *cx, struct MHD_Connection *connection,
                            const struct http_request *request)
{
    if (request->body_size == 0 || (request->route->flags & (ROUTE_WRITE | ROUTE_OUTSIDE)) == 0)
        return OK;
    bool is_page = (request->route->flags & ROUTE_PAGE) != 0;
    const char *wanted = is_page ? "application/x-www-form-urlencoded" : "application/json";
    const char *coding =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Encoding");
    bool plain = coding == NULL || strcasecmp(coding, "identity") == 0;
    if (!is_of_type(request->content_type, wanted) || !plain)
        return fault(cx, ERR_UNSUPPORTED_MEDIA_TYPE, NULL);
    return OK;
}

/* ── For handlers ─────────────────────────────────────────────────────────────────────── */

const char *http_query(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (strcmp(request->query[i].name, name) == 0)
            return request->query[i].value;
    return NULL;
}

enum err http_query_integer(struct context *cx, const struct http_request *request,
                            const char *name, int64_t min, int64_t max, int64_t *ret_value)
{
    const char *text = http_query(request, name);
    if (text == NULL)
        return OK;
    int64_t value;
    if (!decimal_parse(text, 0, &value) || value < min || value > max)
        return fault(cx, ERR_INVALID, "param", name, NULL);
    *ret_value = value;
    return OK;
}

bool http_query_is(const struct http_request *request, const char *name, const char *value)
{
    const char *given = http_query(request, name);
    return given != NULL && strcmp(given, value) == 0;
}

enum err http_body(struct context *cx, const struct http_request *request,
                   struct json_reader *ret_reader)
{
    if (request->body_size == 0)
        return json_open(cx, ret_reader, "{}", 2);
    return json_open(cx, ret_reader, request->body, request->body_size);
}
