#include "customer/parked_api.h"

#include "customer/customer_store.h"
#include "customer/due_store.h"
#include "engine/engine_do.h"
#include "http/http_list.h"

/* NULL where the process went down and nobody could say. */
static const char *text_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void parked_encode(struct json_writer *w, const struct parked_work *parked)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", parked->customer);
    json_put_text(w, "object", "parked_work");
    json_put_text(w, "organization", parked->customer);
    json_put_text(w, "subject", text_or_null(parked->subject));
    json_put_text(w, "code", text_or_null(parked->error));
    json_put_integer(w, "attempts", parked->attempts);
    json_put_instant(w, "due_at", parked->due_at);
    json_put_instant(w, "parked_at", parked->parked_at);
    json_close_object(w);
}

static void reply_parked(struct context *cx, struct http_reply *reply,
                         const struct parked_work *parked)
{
    struct json_writer w = json_begin(cx->arena);
    parked_encode(&w, parked);
    http_reply_json(reply, 200, &w);
}

/* The organisation that the address names, if the key's mode is its own. */
static enum err take_organization(struct context *cx, const struct http_request *request)
{
    struct organization organization;
    cx->customer = request->path_values[0];
    TRY(organization_load(cx, &organization));
    if (organization.live != cx->actor.live)
        return fault(cx, ERR_NOT_FOUND, "param", "/organization", NULL);
    return OK;
}

enum err parked_api_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct http_page page;
    struct parked_work_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct parked_query query = {
        .mode = cx->actor.live ? PARKED_LIVE : PARKED_TEST,
        .after = page.after,
        .limit = page.limit + 1,
    };
    TRY(due_list_parked(cx, &query, &list));
    bool has_more = list.count > (size_t)page.limit;
    size_t count = has_more ? (size_t)page.limit : list.count;
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < count; i++)
        parked_encode(&w, list.items[i]);
    http_list_end(&w, has_more ? list.items[count - 1]->customer : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err parked_api_load(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct parked_work parked;
    TRY(take_organization(cx, request));
    TRY(due_load_parked(cx, &parked));
    reply_parked(cx, reply, &parked);
    return OK;
}

enum err parked_api_retry(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct parked_work parked;
    TRY(take_organization(cx, request));
    TRY(engine_retry_parked(cx, &parked));
    reply_parked(cx, reply, &parked);
    return OK;
}
