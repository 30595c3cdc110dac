/* Why a bill is different from the one before. */
#pragma once

#include "http/http.h"

enum err compare_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
