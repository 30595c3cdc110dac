#include "customer/seller_api.h"

#include "customer/seller_json.h"
#include "customer/seller_store.h"

static void reply_seller(struct context *cx, struct http_reply *reply, const struct seller *seller)
{
    struct json_writer w = json_begin(cx->arena);
    seller_encode_open(&w, NULL, seller);
    json_put_text(&w, "object", "seller");
    json_put_text(&w, "time_zone", seller->time_zone);
    json_put_integer(&w, "payment_terms_days", seller->payment_terms_days);
    json_put_integer(&w, "sepa_notice_days", seller->sepa_notice_days);
    json_put_integer(&w, "cancel_licenses_max", seller->cancel_licenses_max);
    json_close_object(&w);
    http_reply_version(cx, reply, seller->version);
    http_reply_json(reply, 200, &w);
}

enum err seller_api_load(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    (void)request;
    const struct seller *seller;
    TRY(seller_load(cx, &seller));
    reply_seller(cx, reply, seller);
    return OK;
}

enum err seller_api_change(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct json_reader r;
    const struct seller *known;
    TRY(http_body(cx, request, &r));
    TRY(seller_lock(cx, &known));
    TRY(http_check_version(cx, request, known->version));
    struct seller seller = *known;
    TRY(seller_decode(&r, &seller));
    TRY(json_done(&r));
    seller.version++;
    TRY(seller_save(cx, &seller));
    reply_seller(cx, reply, &seller);
    return OK;
}
