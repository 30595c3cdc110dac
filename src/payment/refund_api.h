/* Credit balance that goes back on request. */
#pragma once

#include "http/http.h"

enum err refund_api_request(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
/* Sends it, after the commit. */
enum err refund_api_finish(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
