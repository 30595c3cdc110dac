/* Support requests of a customer (screens, The other pages). */
#pragma once

#include "http/http.h"

/* GET /support */
enum err support_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* GET /support/{id} */
enum err support_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* GET, POST /support/new; `subscription` names the add-on that is to be removed. */
enum err support_page_ask(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err support_page_open(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);

/* The same requests as the seller's staff sees and answers them (support_seller_page.c). They are
 * about any organisation: the request says which.
 *
 * GET /seller/support: of all customers; `state`, else those that are open */
enum err support_page_list_all(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
/* GET, POST /seller/support/{id}: a removal with its effect, kept as a review */
enum err support_page_examine(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
enum err support_page_resolve(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
