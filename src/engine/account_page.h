/* Billing accounts: the list, one with its tax identity, and the form for its details. */
#pragma once

#include "http/http.h"

enum err account_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
enum err account_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* The form, for both methods. */
enum err account_page_edit(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
