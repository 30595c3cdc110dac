#include "order/order_api.h"

#include "engine/command_api.h"
#include "http/http_list.h"
#include "order/order_json.h"
#include "order/order_store.h"
#include "payment/payment_store.h"

enum err order_api_place(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct json_reader r;
    struct command command = {.kind = COMMAND_ORDER};
    struct http_review review;
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(json_text(&r, "account", REQUIRED, &command.account));
    TRY(order_read_lines(&r, REQUIRED, &command.order));
    TRY(json_text(&r, "payment_method", OPTIONAL, &command.order.payment_method));
    TRY(json_text(&r, "purchase_order", OPTIONAL, &command.order.purchase_order));
    TRY(json_done(&r));
    return command_api_run(cx, request, reply, &command, &review, NULL);
}

enum err order_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct http_page page;
    struct order_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct order_query query = {
        .after = page.after,
        .before = page.before,
        .state = http_query(request, "state"),
        .account = http_query(request, "account"),
        .limit = page.limit + 1,
    };
    TRY(order_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++) {
        TRY(order_load_lines(cx, list.items[i]));
        order_encode(&w, NULL, list.items[i], NULL);
    }
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err order_api_load(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct order *order;
    struct payment *payment = NULL;
    TRY(order_load(cx, request->path_values[0], &order));
    if (order->payment != NULL)
        TRY(payment_load(cx, order->payment, &payment));
    bool waits = order->state == ORDER_ACTION_REQUIRED && payment != NULL;
    struct json_writer w = json_begin(cx->arena);
    order_encode(&w, NULL, order, waits ? payment->action_url : NULL);
    http_reply_version(cx, reply, order->version);
    http_reply_json(reply, 200, &w);
    return OK;
}
