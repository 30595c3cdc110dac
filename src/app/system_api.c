#include "app/system_api.h"

#include "app/openapi.h"
#include "base/message.h"
#include "db/db.h"

static void reply_status(struct context *cx, struct http_reply *reply, const char *status)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "status", status);
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
}

enum err system_api_health(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    (void)request;
    reply_status(cx, reply, "ok");
    return OK;
}

enum err system_api_ready(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    (void)request;
    TRY(db_check_schema(cx));
    reply_status(cx, reply, "ready");
    return OK;
}

static void put_error(struct context *cx, struct json_writer *w, enum err err)
{
    static const char *const LANGUAGES[] = {"en", "fr"};
    const char *key = arena_print(cx->arena, "error.%s", err_code(err));
    json_open_object(w, NULL);
    json_put_text(w, "code", err_code(err));
    json_put_integer(w, "status", err_http_status(err));
    json_open_object(w, "detail");
    for (size_t i = 0; i < sizeof LANGUAGES / sizeof *LANGUAGES; i++)
        json_put_text(w, LANGUAGES[i], message_template(LANGUAGES[i], key));
    json_close_object(w);
    json_close_object(w);
}

enum err system_api_list_errors(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    (void)request;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "list");
    json_open_array(&w, "data");
    for (int err = OK + 1; err < ERR_COUNT; err++)
        put_error(cx, &w, (enum err)err);
    json_close_array(&w);
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err system_api_openapi(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    (void)request;
    reply->status = 200;
    reply->body = openapi_print(cx);
    reply->body_size = strlen(reply->body);
    return OK;
}
