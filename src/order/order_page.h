/* What became of an order (screens, page 7). */
#pragma once

#include "http/http.h"

/* GET /billing/orders/{id} */
enum err order_page_show(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);

/* GET, POST /billing/orders/{id}/bank: the sandbox's bank, which asks the person. Test
 * organisations only, for only they have the sandbox. */
enum err order_page_show_bank(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
enum err order_page_answer_bank(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
