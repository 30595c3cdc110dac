/* The checkout, and a payment method added on the way (screens, page 6). */
#pragma once

#include "http/http.h"

/* GET /billing/checkout/{id}: the order as it would be placed now, to the cent. */
enum err checkout_page_show(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
/* POST: do=update shows it again with other quantities or another payment method, remove=N leaves
 * a line out, do=method asks for a payment method, do=place orders what was shown. */
enum err checkout_page_act(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* After the commit: the provider is asked. */
enum err checkout_page_finish(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);

/* GET, POST /billing/checkout/{id}/method: adds a payment method and goes back to the order as it
 * was. */
enum err checkout_page_ask_method(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
enum err checkout_page_add_method(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
