/* Pages of what a customer holds. */
#pragma once

#include "http/http.h"

/* GET /billing/products: Your products. */
enum err subscription_page_list(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
