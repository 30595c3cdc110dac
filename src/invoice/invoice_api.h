/* Routes of documents (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/invoices?account= and GET /v1/credit_notes?account= */
enum err invoice_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err invoice_api_list_credit_notes(struct context *cx, const struct http_request *request,
                                       struct http_reply *reply);
/* GET /v1/invoices/{id} and GET /v1/credit_notes/{id}, with lines and taxes. */
enum err invoice_api_load(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err invoice_api_load_credit_note(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply);
