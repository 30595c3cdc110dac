/* GET /: what needs attention. */
#pragma once

#include "http/http.h"

enum err home_page_show(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
