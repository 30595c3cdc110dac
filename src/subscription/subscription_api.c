#include "subscription/subscription_api.h"

#include "base/limits.h"
#include "customer/customer_store.h"
#include "engine/command_api.h"
#include "http/http_list.h"
#include "subscription/subscription_json.h"
#include "subscription/subscription_store.h"

/* One that awaits its order's payment is nothing yet. */
static enum err load_shown(struct context *cx, const char *id, struct subscription **ret_sub)
{
    TRY(subscription_load(cx, id, ret_sub));
    if ((*ret_sub)->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    return OK;
}

static enum err check_status(struct context *cx, const char *status)
{
    enum subscription_status parsed;
    if (status == NULL ||
        (subscription_status_parse(status, &parsed) && parsed != SUBSCRIPTION_PLANNED))
        return OK;
    return fault(cx, ERR_INVALID, "param", "status", "value", "must be a state of a subscription",
                 NULL);
}

static enum err reply_page(struct context *cx, const struct http_request *request,
                           struct http_reply *reply, const char *parent)
{
    struct http_page page;
    struct subscription_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct subscription_query query = {
        .after = page.after,
        .before = page.before,
        .status = http_query(request, "status"),
        .account = http_query(request, "account"),
        .parent = parent,
        .limit = page.limit + 1,
    };
    TRY(check_status(cx, query.status));
    TRY(subscription_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++) {
        json_open_object(&w, NULL);
        subscription_put(&w, list.items[i]);
        json_close_object(&w);
    }
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err subscription_api_list(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    return reply_page(cx, request, reply, NULL);
}

enum err subscription_api_list_addons(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply)
{
    struct subscription *sub;
    TRY(load_shown(cx, request->path_values[0], &sub));
    return reply_page(cx, request, reply, sub->id);
}

enum err subscription_api_load(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    struct subscription *sub;
    TRY(load_shown(cx, request->path_values[0], &sub));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    subscription_put(&w, sub);
    json_close_object(&w);
    http_reply_version(cx, reply, sub->version);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err subscription_api_list_history(struct context *cx, const struct http_request *request,
                                       struct http_reply *reply)
{
    struct subscription *sub;
    struct subscription_change_list list = {0};
    TRY(load_shown(cx, request->path_values[0], &sub));
    TRY(subscription_load_changes(cx, sub->id, &list));
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        subscription_change_encode(&w, list.items[i]);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err subscription_api_check_present(struct context *cx, const struct http_request *request)
{
    struct organization organization;
    struct subscription *sub;
    if (request->if_match != NULL)
        TRY(organization_lock(cx, &organization));
    TRY(load_shown(cx, request->path_values[0], &sub));
    return http_check_version(cx, request, sub->version);
}

enum err subscription_api_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    static const char *const WHEN[] = {"now", "end_of_term", NULL};
    struct json_reader r;
    struct http_review review;
    struct command command = {.subscription = request->path_values[0]};
    int when = 0;
    int reason = -1;
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(json_choice(&r, "when", OPTIONAL, WHEN, &when));
    TRY(json_choice(&r, "reason", OPTIONAL, CANCEL_REASONS, &reason));
    TRY(json_prose(&r, "feedback", OPTIONAL, &command.feedback));
    TRY(json_done(&r));
    TRY(subscription_api_check_present(cx, request));
    command.cancel_reason =
        reason < 0 ? CANCEL_REASON_NONE : (enum cancel_reason)((int)CANCEL_REASON_FIRST + reason);
    command.kind = when == 0 ? COMMAND_CANCEL : COMMAND_CANCEL_AT_END;
    return command_api_run(cx, request, reply, &command, &review, NULL);
}
