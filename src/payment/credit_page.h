/* The credit balance of a billing account: what moved it, and what of it can go back. */
#pragma once

#include "http/http.h"

enum err credit_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* The pane that asks for a refund. */
enum err credit_page_refund(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
