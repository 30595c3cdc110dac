/* Panes of what pays for a subscription (screens, Payment method; rules §7). Each answers GET and
 * POST of its address. */
#pragma once

#include "http/http.h"

/* /billing/products/{id}/method: another one, for it alone or for all that the present one pays. */
enum err method_page_replace(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);
/* /billing/products/{id}/method/new: adds one, and comes back. */
enum err method_page_add(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
