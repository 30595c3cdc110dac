/* Routes of a subscription's life (api, Resources; rules §4). Each takes ?preview=true and token;
 * what is an order stands in `order`. */
#pragma once

#include "http/http.h"

/* POST /v1/subscriptions/{id}/reactivate: {payment_method?, purchase_order?} */
enum err lifecycle_api_reactivate(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
/* POST /v1/subscriptions/{id}/buy_trial: {quantity, payment_method?, purchase_order?} */
enum err lifecycle_api_buy_trial(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* POST /v1/subscriptions/{id}/extend_trial: {} */
enum err lifecycle_api_extend_trial(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply);
/* POST /v1/subscriptions/{id}/delete: {} */
enum err lifecycle_api_delete(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
