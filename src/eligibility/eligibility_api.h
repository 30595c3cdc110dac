/* Routes of availability (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/availability?account=: every offer, available or with all reasons against. */
enum err eligibility_api_list(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
/* GET /v1/subscriptions/{id}/available_addons: only what can be bought for it. */
enum err eligibility_api_list_addons(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply);
