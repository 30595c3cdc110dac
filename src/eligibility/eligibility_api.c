#include "eligibility/eligibility_api.h"

#include "eligibility/eligibility_json.h"
#include "engine/available_do.h"
#include "http/http_list.h"
#include "subscription/subscription_store.h"

/* The whole list is one answer: it is bounded by the catalogue. */
static void reply_items(struct context *cx, struct http_reply *reply,
                        const struct availability *items, size_t count)
{
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < count; i++)
        availability_encode(cx, &w, &items[i]);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
}

enum err eligibility_api_list(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    const char *account = http_query(request, "account");
    struct availability *items;
    size_t count;
    if (account == NULL)
        return fault(cx, ERR_INVALID, "param", "account", "value", "names a billing account", NULL);
    TRY(available_list(cx, account, &items, &count));
    reply_items(cx, reply, items, count);
    return OK;
}

enum err eligibility_api_list_addons(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply)
{
    struct subscription *sub;
    struct availability *items;
    size_t count;
    TRY(subscription_load(cx, request->path_values[0], &sub));
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    TRY(available_list_for(cx, sub, &items, &count));
    reply_items(cx, reply, items, count);
    return OK;
}
