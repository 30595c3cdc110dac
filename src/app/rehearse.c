#include "app/rehearse.h"

#include "customer/seller.h"
#include "db/db.h"
#include "http/http_subject.h"
#include "order/order_store.h"
#include "order/quote_do.h"

/* What a preview was made with. */
struct setting {
    struct id_source ids;
    int64_t now;
    int64_t wall;
};

struct run {
    const struct http_request *request;
    struct setting setting;
    struct http_reply reply;
};

/* The handler's request: the same without preview and token, which are none of its business. */
static enum err request_without_review(struct context *cx, const struct http_request *request,
                                       struct http_request *ret_request)
{
    struct json_reader body;
    struct json_writer w = json_begin(cx->arena);
    TRY(http_body(cx, request, &body));
    json_open_object(&w, NULL);
    for (size_t i = 0; i < json_member_count(&body); i++) {
        const char *name = json_member_name(&body, i);
        if (strcmp(name, "token") != 0)
            json_put_raw(&w, name, json_raw(&body, name));
    }
    json_close_object(&w);
    *ret_request = *request;
    ret_request->query_count = 0;
    for (size_t i = 0; i < request->query_count; i++) {
        if (strcmp(request->query[i].name, "preview") != 0)
            ret_request->query[ret_request->query_count++] = request->query[i];
    }
    ret_request->body = json_end(&w);
    ret_request->body_size = strlen(ret_request->body);
    return OK;
}

static enum err run_handler(struct context *cx, void *arg)
{
    struct run *run = arg;
    return run->request->route->handler(cx, run->request, &run->reply);
}

/* Runs the handler in the setting of a preview and undoes what it did; its answer stays. */
static enum err run_and_undo(struct context *cx, struct run *run)
{
    struct context own = *cx; /* handlers turn to other customers */
    run->reply = (struct http_reply){0};
    own.ids = run->setting.ids;
    own.now = run->setting.now;
    own.wall = run->setting.wall;
    enum err err = db_rehearse(&own, run_handler, run);
    cx->fault = own.fault;
    return err;
}

static struct quote_terms terms_of(struct context *cx, const struct run *run, const char *subject)
{
    return (struct quote_terms){
        .subject = subject,
        .result = run->reply.body,
        .today = zone_day(cx->seller->time_zone, cx->now),
    };
}

/* The same answer, and what makes it a preview. */
static void reply_preview(struct context *cx, const struct run *run, const char *token,
                          instant expires_at, struct http_reply *reply)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_bool(&w, "preview", true);
    json_put_text(&w, "token", token);
    json_put_instant(&w, "expires_at", expires_at);
    json_close_object(&w);
    const char *head = json_end(&w);
    const char *rest = run->reply.body + 1;
    const char *comma = rest[0] == '}' ? "" : ",";
    reply->status = 200;
    reply->body = arena_print(cx->arena, "%.*s%s%s", (int)strlen(head) - 1, head, comma, rest);
    reply->body_size = strlen(reply->body);
}

static enum err preview(struct context *cx, struct run *run, const char *subject,
                        struct http_reply *reply)
{
    const char *token;
    instant expires_at;
    run->setting = (struct setting){.ids = cx->ids, .now = cx->now, .wall = cx->wall};
    run->setting.ids.at_ms = cx->wall;
    TRY(run_and_undo(cx, run));
    struct quote_terms terms = terms_of(cx, run, subject);
    terms.setting = arena_print(cx->arena,
                                "{\"high\":\"%" PRIx64 "\",\"low\":\"%" PRIx64
                                "\",\"now\":\"%" PRIx64 "\",\"wall\":\"%" PRIx64 "\"}",
                                run->setting.ids.high, run->setting.ids.low,
                                (uint64_t)run->setting.now, (uint64_t)run->setting.wall);
    TRY(quote_keep(cx, &terms, &token, &expires_at));
    reply_preview(cx, run, token, expires_at, reply);
    return OK;
}

static enum err read_number(struct json_reader *r, const char *name, uint64_t *ret_value)
{
    const char *text;
    TRY(json_text(r, name, REQUIRED, &text));
    *ret_value = strtoull(text, NULL, 16);
    return OK;
}

static enum err setting_load(struct context *cx, const char *token, struct setting *ret_setting)
{
    struct quote quote;
    struct json_reader r;
    uint64_t now, wall;
    TRY(quote_load(cx, token, &quote));
    if (strcmp(quote.command, "{}") == 0) /* of a command of the engine */
        return fault(cx, ERR_NOT_FOUND, "param", "/token", NULL);
    TRY(json_open(cx, &r, quote.command, strlen(quote.command)));
    TRY(read_number(&r, "high", &ret_setting->ids.high));
    TRY(read_number(&r, "low", &ret_setting->ids.low));
    TRY(read_number(&r, "now", &now));
    TRY(read_number(&r, "wall", &wall));
    ret_setting->now = (int64_t)now;
    ret_setting->wall = ret_setting->ids.at_ms = (int64_t)wall;
    return OK;
}

static enum err commit(struct context *cx, struct run *run, const struct http_review *review,
                       struct http_reply *reply)
{
    TRY(setting_load(cx, review->token, &run->setting));
    TRY(run_and_undo(cx, run));
    const struct quote_terms terms = terms_of(cx, run, review->subject);
    TRY(quote_take(cx, review->token, &terms, run->request->path));
    cx->ids = run->setting.ids;
    return run->request->route->handler(cx, run->request, reply);
}

enum err rehearse(struct context *cx, const struct http_request *request, struct http_reply *reply)
{
    struct json_reader body;
    struct http_review review;
    struct http_request own;
    TRY(http_body(cx, request, &body));
    TRY(http_review_read(cx, request, &body, &review));
    if (!review.preview && review.token == NULL)
        return request->route->handler(cx, request, reply);
    TRY(request_without_review(cx, request, &own));
    struct run run = {.request = &own};
    return review.preview ? preview(cx, &run, review.subject, reply)
                          : commit(cx, &run, &review, reply);
}
