/* Panes that end a subscription (screens, Cancel pane; rules §4). Each answers GET and POST of its
 * address. */
#pragma once

#include "http/http.h"

/* /billing/products/{id}/cancel: now or at the end of its term, with what goes with it. */
enum err end_page_cancel(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* /billing/products/{id}/delete: what is disabled, before its time. */
enum err end_page_delete(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
