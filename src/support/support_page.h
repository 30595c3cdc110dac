/* Support requests of a customer (screens, The other pages). */
#pragma once

#include "http/http.h"

/* GET /support */
enum err support_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* GET, POST /support/new; `subscription` names the add-on that is to be removed. */
enum err support_page_ask(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err support_page_open(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
