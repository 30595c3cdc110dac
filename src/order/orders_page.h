/* Order history. */
#pragma once

#include "http/http.h"

enum err orders_page_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
