/* The seller's settings over the API. */
#pragma once

#include "http/http.h"

enum err seller_api_load(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
enum err seller_api_change(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
