/* What the program says of itself. */
#pragma once

#include "http/http.h"

/* GET /healthz: the program runs. */
enum err system_api_health(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* GET /readyz: the store answers, and is at this program's schema; else 503. */
enum err system_api_ready(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /v1/errors: every code with its status and its sentence in both languages; where a fault
 * has more to say, the sentence has {placeholders}. */
enum err system_api_list_errors(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
/* GET /openapi.json: the description of all routes (app/openapi.h). */
enum err system_api_openapi(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
