/* Routes of work that is parked (rules §4, The engine): the seller's. */
#pragma once

#include "http/http.h"

/* GET /v1/parked_work: by customer. */
enum err parked_api_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* GET /v1/parked_work/{id}: the id is the organisation's. */
enum err parked_api_load(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* POST /v1/parked_work/{id}/retry */
enum err parked_api_retry(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
