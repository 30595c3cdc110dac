#include "engine/exempt_api.h"

#include "customer/customer_store.h"
#include "engine/exempt_do.h"
#include "http/http_list.h"
#include "tax/exemption_json.h"
#include "tax/exemption_store.h"

static void reply_exemption(struct context *cx, struct http_reply *reply, int status,
                            const struct tax_exemption *exemption)
{
    struct json_writer w = json_begin(cx->arena);
    exemption_encode(&w, exemption);
    http_reply_version(cx, reply, exemption->version);
    http_reply_json(reply, status, &w);
}

enum err exempt_api_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct account *account;
    struct tax_exemption_list list = {0};
    TRY(account_load(cx, request->path_values[0], &account));
    TRY(exemption_load_all(cx, account->id, &list));
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        exemption_encode(&w, list.items[i]);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err exempt_api_record(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct json_reader r;
    struct tax_exemption wanted;
    struct tax_exemption exemption;
    TRY(http_body(cx, request, &r));
    TRY(exemption_decode(&r, REQUIRED, &wanted));
    TRY(json_done(&r));
    TRY(exemption_record(cx, request->path_values[0], &wanted, &exemption));
    reply_exemption(cx, reply, 201, &exemption);
    return OK;
}

enum err exempt_api_revoke(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct json_reader r;
    struct tax_exemption *known;
    struct tax_exemption exemption;
    const char *account = request->path_values[0], *id = request->path_values[1];
    int64_t version = 0;
    TRY(http_body(cx, request, &r));
    TRY(json_done(&r));
    if (request->if_match != NULL) {
        TRY(exemption_load(cx, account, id, &known));
        TRY(http_check_version(cx, request, known->version));
        version = known->version;
    }
    TRY(exemption_revoke(cx, account, id, version, &exemption));
    reply_exemption(cx, reply, 200, &exemption);
    return OK;
}
