/* Routes of payment methods (api, Resources). */
#pragma once

#include "http/http.h"

/* POST /v1/payment_methods */
enum err payment_api_create_method(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
/* GET /v1/payment_methods?account= */
enum err payment_api_list_methods(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
/* GET /v1/payment_methods/{id} */
enum err payment_api_load_method(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* GET /v1/payment_methods/{id}/usage: the subscriptions that are not deleted and the unpaid
 * invoices that it pays for (rules §7, In use). */
enum err payment_api_load_usage(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
/* POST /sandbox/authenticate/{id}: the sandbox's bank, for a charge that asks for the person.
 * Body: {"accept": false} says no. Answers with the state of the charge. */
enum err payment_api_authenticate(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
