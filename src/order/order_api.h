/* Routes of orders and carts (api, Resources). */
#pragma once

#include "http/http.h"

/* POST /v1/orders: cart, review and checkout in one; ?preview=true is the review. */
enum err order_api_place(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* GET /v1/orders?account=&state= */
enum err order_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
/* GET /v1/orders/{id} */
enum err order_api_load(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);

/* POST /v1/carts: {account, lines?} */
enum err cart_api_create(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* GET /v1/carts/{id} */
enum err cart_api_load(struct context *cx, const struct http_request *request,
                       struct http_reply *reply);
/* POST /v1/carts/{id}/lines: adds one line. */
enum err cart_api_add_line(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* POST /v1/carts/{id}/review: {payment_method?, purchase_order?}; what it would cost, and a
 * token that only this cart's checkout takes. */
enum err cart_api_review(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* POST /v1/carts/{id}/checkout: {token, payment_method?, purchase_order?} */
enum err cart_api_checkout(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
