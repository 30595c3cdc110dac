/* One invoice or credit note: who, what and for which days, how it is computed, what was paid. */
#pragma once

#include "http/http.h"

enum err invoice_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
