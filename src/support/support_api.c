#include "support/support_api.h"

#include "engine/decision_json.h"
#include "http/http_list.h"
#include "http/http_subject.h"
#include "support/support_do.h"
#include "support/support_store.h"

static void support_encode(struct json_writer *w, const struct support_request *support)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", support->id);
    json_put_text(w, "object", "support_request");
    json_put_instant(w, "created_at", support->created_at);
    json_put_integer(w, "version", support->version);
    json_put_text(w, "kind", support_kind_format(support->kind));
    json_put_text(w, "state", support_state_format(support->state));
    json_put_text(w, "subscription", support->subscription);
    json_put_text(w, "message", support->message);
    json_put_text(w, "answer", support->answer);
    json_put_text(w, "opened_by", support->opened_by);
    json_put_text(w, "resolved_by", support->resolved_by);
    json_put_instant(w, "resolved_at", support->resolved_at);
    json_close_object(w);
}

static void reply_support(struct context *cx, struct http_reply *reply, int status,
                          const struct support_request *support)
{
    struct json_writer w = json_begin(cx->arena);
    support_encode(&w, support);
    http_reply_version(cx, reply, support->version);
    http_reply_json(reply, status, &w);
}

enum err support_api_open(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    static const char *const KINDS[] = {"remove_addon", "other", NULL};
    struct json_reader body;
    struct support_request support;
    enum support_kind kind;
    const char *subscription = NULL;
    const char *message;
    int chosen = 0;
    TRY(http_body(cx, request, &body));
    TRY(json_choice(&body, "kind", REQUIRED, KINDS, &chosen));
    TRY(json_text(&body, "subscription", OPTIONAL, &subscription));
    TRY(json_prose(&body, "message", REQUIRED, &message));
    TRY(json_done(&body));
    bool known = support_kind_parse(KINDS[chosen], &kind);
    assert(known);
    TRY(support_open(cx, kind, subscription, message, &support));
    reply_support(cx, reply, 201, &support);
    return OK;
}

enum err support_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct http_page page;
    struct support_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct support_query query = {
        .after = page.after,
        .before = page.before,
        .state = http_query(request, "state"),
        .limit = page.limit + 1,
    };
    TRY(support_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        support_encode(&w, list.items[i]);
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err support_api_load(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct support_request *support;
    TRY(support_load(cx, request->path_values[0], &support));
    reply_support(cx, reply, 200, support);
    return OK;
}

enum err support_api_resolve(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    struct json_reader body;
    struct http_review review;
    struct support_request *support;
    const char *answer = NULL;
    bool remove;
    TRY(http_body(cx, request, &body));
    TRY(http_review_read(cx, request, &body, &review));
    TRY(json_bool(&body, "remove", REQUIRED, &remove));
    TRY(json_prose(&body, "answer", REQUIRED, &answer));
    TRY(json_done(&body));
    if ((review.preview || review.token != NULL) && !remove)
        return request->rehearse(cx, request, reply); /* an answer alone, as any other route's */
    TRY(support_load(cx, request->path_values[0], &support));
    TRY(http_check_version(cx, request, support->version));
    struct engine_run run = {
        .preview = review.preview, .token = review.token, .subject = review.subject};
    TRY(support_resolve(cx, support, remove, answer, &run));
    if (review.preview) {
        struct json_writer w =
            decision_preview(cx, run.state, &run.decision, run.ret_token, run.ret_expires_at);
        http_reply_json(reply, 200, &w);
        return OK;
    }
    reply_support(cx, reply, 200, support);
    return OK;
}
