/* Routes of test clocks (api, Resources): the seller's, for test keys. */
#pragma once

#include "http/http.h"

/* POST /v1/test_clocks */
enum err clock_api_create(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /v1/test_clocks */
enum err clock_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
/* GET /v1/test_clocks/{id}: with how far an advance is. */
enum err clock_api_load(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
/* POST /v1/test_clocks/{id}/advance. The finish walks, at most PROVIDER_WAIT_MS; what is left by
 * then is the tick's, and the answer says 202. */
enum err clock_api_advance(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
enum err clock_api_finish(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* DELETE /v1/test_clocks/{id} */
enum err clock_api_delete(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
