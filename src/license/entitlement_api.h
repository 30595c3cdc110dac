/* Routes of entitlements (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/entitlements/check?feature=&organization=: may the customer use it, how much of it,
 * until when, and by which subscriptions. A key of a customer may leave its organisation out. */
enum err entitlement_api_check(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
