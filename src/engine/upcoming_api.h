/* GET /v1/billing_accounts/{id}/upcoming_charges?months=12: what will be charged if nothing
 * changes, by the day of the charge. */
#pragma once

#include "http/http.h"

enum err upcoming_api_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
