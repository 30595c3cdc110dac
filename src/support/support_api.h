/* Routes of support requests (api, Resources). */
#pragma once

#include "http/http.h"

/* POST /v1/support_requests */
enum err support_api_open(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /v1/support_requests?state= */
enum err support_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /v1/support_requests/{id} */
enum err support_api_load(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* POST /v1/support_requests/{id}/resolve: the seller's support answers; {"remove": true} removes
 * the traditional add-on. With ?preview=true what that removal would do. */
enum err support_api_resolve(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);
