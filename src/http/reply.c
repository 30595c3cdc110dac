/* Answers, and the one place where a fault becomes application/problem+json (RFC 9457). */
#include "base/log.h"
#include "base/message.h"
#include "base/reason.h"
#include "http/http_private.h"

void http_reply_json(struct http_reply *reply, int status, struct json_writer *w)
{
    reply->status = status;
    reply->content_type = NULL;
    reply->body = json_end(w);
    reply->body_size = strlen(reply->body);
}

void http_reply_file(struct http_reply *reply, const char *content_type, const char *name,
                     const struct buf *content)
{
    reply->status = 200;
    reply->content_type = content_type;
    reply->body = buf_text(content);
    reply->body_size = content->size;
    http_reply_header(reply, "Content-Disposition",
                      arena_print(content->arena, "attachment; filename=\"%s\"", name));
}

bool http_is_page(const struct http_request *request)
{
    if (request->route != NULL)
        return (request->route->flags & ROUTE_PAGE) != 0;
    return request->accept != NULL && strstr(request->accept, "text/html") != NULL &&
           strncmp(request->path, "/v1/", 4) != 0;
}

void http_reply_page(struct http_reply *reply, int status, const char *template, struct view *view)
{
    reply->status = status;
    reply->content_type = "text/html; charset=utf-8";
    reply->template = template;
    reply->view = view;
}

void http_reply_redirect(struct http_reply *reply, const struct http_request *request,
                         const char *address)
{
    bool by_htmx = request->hx_request != NULL;
    reply->status = by_htmx ? MHD_HTTP_NO_CONTENT : MHD_HTTP_SEE_OTHER;
    reply->template = NULL;
    http_reply_header(reply, by_htmx ? "HX-Redirect" : "Location", address);
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
    assert(reply->header_count < HTTP_HEADERS_MAX);
    assert(strpbrk(name, "\r\n") == NULL && strpbrk(value, "\r\n") == NULL);
    reply->headers[reply->header_count++] = (struct http_pair){name, value};
}

/* ── Versions ─────────────────────────────────────────────────────────────────────────── */

static const char *version_tag(struct arena *arena, int64_t version)
{
    return arena_print(arena, "\"%" PRId64 "\"", version);
}

void http_reply_version(struct context *cx, struct http_reply *reply, int64_t version)
{
    http_reply_header(reply, "ETag", version_tag(cx->arena, version));
}

/* If-Match is "*" or a list of tags. A weak tag never matches (RFC 9110, 13.1.1). */
enum err http_check_version(struct context *cx, const struct http_request *request, int64_t version)
{
    const char *rest = request->if_match;
    if (rest == NULL)
        return OK;
    const char *tag = version_tag(cx->arena, version);
    while (*rest != '\0') {
        rest += strspn(rest, ", ");
        size_t size = strcspn(rest, ", ");
        bool any = size == 1 && rest[0] == '*';
        if (any || (size == strlen(tag) && memcmp(rest, tag, size) == 0))
            return OK;
        rest += size;
    }
    return fault(cx, ERR_VERSION_MISMATCH, "param", "If-Match", NULL);
}

/* ── Faults ───────────────────────────────────────────────────────────────────────────── */

/* "addon_not_removable" gives "Addon not removable": the same for every occurrence. */
static const char *title_of(struct arena *arena, const char *code)
{
    char *title = arena_copy(arena, code);
    for (char *p = title; *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    return title;
}

/* The limits that were not kept, as members of their own: callers can correct by them. */
static void put_limits(struct json_writer *w, const struct fault *fault)
{
    static const char *const limits[] = {"min", "max", "step"};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const char *text = fault_arg(fault, limits[i]);
        int64_t number;
        if (text != NULL && decimal_parse(text, 0, &number))
            json_put_integer(w, limits[i], number);
    }
}

static const char *problem_json(struct context *cx, const struct http_request *request)
{
    const struct fault *fault = &cx->fault;
    const char *code = err_code(fault->code);
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "type", arena_print(cx->arena, "urn:annex:error:%s", code));
    json_put_text(&w, "title", title_of(cx->arena, code));
    json_put_integer(&w, "status", err_http_status(fault->code));
    json_put_text(&w, "detail", message_fault(cx->arena, cx->language, fault));
    json_put_text(&w, "code", code);
    if (fault->param != NULL)
        json_put_text(&w, "param", fault->param);
    put_limits(&w, fault);
    if (fault->reason_count > 0) {
        json_open_array(&w, "reasons");
        for (size_t i = 0; i < fault->reason_count; i++)
            reason_write(cx, &w, &fault->reasons[i]);
        json_close_array(&w);
    }
    if (fault->detail != NULL)
        json_put_raw(&w, "differs", fault->detail);
    json_put_text(&w, "request_id", request->request_id);
    json_close_object(&w);
    return json_end(&w);
}

/* When to come back, in seconds; NULL when coming back does not help. */
static const char *retry_after(const struct fault *fault)
{
    const char *given = fault_arg(fault, "retry_after");
    if (given != NULL)
        return given;
    int status = err_http_status(fault->code);
    if (fault->code == ERR_IDEMPOTENCY_RUNNING || status == MHD_HTTP_SERVICE_UNAVAILABLE)
        return "1";
    return status == MHD_HTTP_TOO_MANY_REQUESTS ? "5" : NULL;
}

void http_reply_fault(struct context *cx, const struct http_request *request,
                      struct http_reply *reply)
{
    assert(cx->fault.code != OK);
    *reply = (struct http_reply){
        .status = err_http_status(cx->fault.code),
        .content_type = "application/problem+json",
        .body = problem_json(cx, request),
    };
    reply->body_size = strlen(reply->body);
    if (reply->status == MHD_HTTP_UNAUTHORIZED)
        http_reply_header(reply, "WWW-Authenticate", "Bearer");
    const char *after = retry_after(&cx->fault);
    if (after != NULL)
        http_reply_header(reply, "Retry-After", after);
}
