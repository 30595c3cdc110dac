/* GET /billing/products/{id}: a subscription with everything that belongs to it. */
#pragma once

#include "http/http.h"

enum err details_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
