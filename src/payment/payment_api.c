#include "payment/payment_api.h"

#include "engine/engine_do.h"
#include "http/http_list.h"
#include "invoice/invoice_store.h"
#include "payment/authenticate_do.h"
#include "payment/payment_do.h"
#include "payment/payment_json.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"

/* Methods -------------------------------------------------------------------------------------- */

static void reply_method(struct context *cx, struct http_reply *reply, int status,
                         const struct payment_method *method)
{
    struct json_writer w = json_begin(cx->arena);
    method_encode(&w, NULL, method);
    http_reply_version(cx, reply, method->version);
    http_reply_json(reply, status, &w);
}

enum err payment_api_create_method(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    static const char *const KINDS[] = {"card", "sepa_debit", "transfer", NULL};
    struct method_request wanted = {0};
    struct payment_method method;
    struct json_reader r;
    int kind = 0;
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "account", REQUIRED, &wanted.account));
    TRY(json_choice(&r, "kind", REQUIRED, KINDS, &kind));
    TRY(json_text(&r, "number", OPTIONAL, &wanted.number));
    TRY(json_text(&r, "test", OPTIONAL, &wanted.test));
    TRY(json_text(&r, "label", OPTIONAL, &wanted.label));
    TRY(json_text(&r, "country", OPTIONAL, &wanted.country));
    TRY(json_done(&r));
    bool known = method_kind_parse(KINDS[kind], &wanted.kind);
    assert(known);
    TRY(method_create(cx, &wanted, &method));
    reply_method(cx, reply, 201, &method);
    return OK;
}

enum err payment_api_list_methods(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct http_page page;
    struct method_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct method_query query = {
        .account = http_query(request, "account"),
        .after = page.after,
        .before = page.before,
        .limit = page.limit + 1,
    };
    TRY(method_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        method_encode(&w, NULL, list.items[i]);
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err payment_api_load_method(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    struct payment_method *method;
    TRY(method_load(cx, request->path_values[0], &method));
    reply_method(cx, reply, 200, method);
    return OK;
}

/* Usage ---------------------------------------------------------------------------------------- */

static bool is_method(const char *used, const struct payment_method *method)
{
    return used != NULL && strcmp(used, method->id) == 0;
}

static enum err put_subscriptions(struct context *cx, struct json_writer *w,
                                  const struct payment_method *method)
{
    struct subscription_list list = {0};
    TRY(subscription_load_held(cx, &list));
    json_open_array(w, "subscriptions");
    for (size_t i = 0; i < list.count; i++) {
        const struct subscription *sub = list.items[i];
        if (sub->status != SUBSCRIPTION_PLANNED && is_method(sub->payment_method, method))
            json_put_text(w, NULL, sub->id);
    }
    json_close_array(w);
    return OK;
}

static enum err put_invoices(struct context *cx, struct json_writer *w,
                             const struct payment_method *method)
{
    struct document_list list = {0};
    struct line_list lines = {0};
    TRY(invoice_load_open(cx, &list, &lines));
    json_open_array(w, "invoices");
    for (size_t i = 0; i < list.count; i++) {
        const struct document *document = list.items[i];
        if (document->state == DOCUMENT_ISSUED && money_sign(document->unpaid) > 0 &&
            is_method(document->payment_method, method))
            json_put_text(w, NULL, document->id);
    }
    json_close_array(w);
    return OK;
}

enum err payment_api_load_usage(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    struct payment_method *method;
    TRY(method_load(cx, request->path_values[0], &method));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "payment_method_usage");
    json_put_text(&w, "payment_method", method->id);
    TRY(put_subscriptions(cx, &w, method));
    TRY(put_invoices(cx, &w, method));
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* The sandbox's bank --------------------------------------------------------------------------- */

enum err payment_api_authenticate(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct json_reader r;
    struct payment *payment;
    bool accepts = true;
    TRY(http_body(cx, request, &r));
    TRY(json_bool(&r, "accept", OPTIONAL, &accepts));
    TRY(json_done(&r));
    TRY(payment_authenticate(cx, request->path_values[0], accepts, &payment));

    struct json_writer w = json_begin(cx->arena);
    payment_encode(&w, NULL, payment);
    http_reply_json(reply, 200, &w);
    return OK;
}
