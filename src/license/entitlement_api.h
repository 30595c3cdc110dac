/* Routes of entitlements (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/entitlements/check?feature=&organization=&user=: may the customer use it, or with a user
 * that user, how much of it, until when, and by which subscriptions. A key of a customer may leave
 * its organisation out. */
enum err entitlement_api_check(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
/* GET /v1/entitlements?organization=&user=: the same of every feature there is. */
enum err entitlement_api_list(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
