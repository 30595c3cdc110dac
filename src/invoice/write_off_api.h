/* Routes of what is listed for write-off (rules §4): the seller's. */
#pragma once

#include "http/http.h"

/* GET /v1/write_offs: unpaid invoices of which nothing is left but what is deleted. */
enum err write_off_api_list(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
/* POST /v1/invoices/{id}/write_off, with preview. */
enum err write_off_api_write_off(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
