/* Routes of carts (api, Resources). */
#pragma once

#include "http/http.h"

/* POST /v1/carts */
enum err cart_api_create(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* GET /v1/carts/{id} */
enum err cart_api_load(struct context *cx, const struct http_request *request,
                       struct http_reply *reply);
/* POST /v1/carts/{id}/lines: one line; answers with the cart. */
enum err cart_api_add_line(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* POST /v1/carts/{id}/review: what ordering would do, and a token bound to the cart. */
enum err cart_api_review(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* POST /v1/carts/{id}/checkout: orders what the token's review showed. Its finish is
 * order_api_finish. */
enum err cart_api_checkout(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
