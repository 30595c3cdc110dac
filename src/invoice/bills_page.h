/* Bills & payments: the list of invoices and credit notes. */
#pragma once

#include "http/http.h"

enum err bills_page_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
