/* Exemption certificates over the API. */
#pragma once

#include "http/http.h"

enum err exempt_api_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
enum err exempt_api_record(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
enum err exempt_api_revoke(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
