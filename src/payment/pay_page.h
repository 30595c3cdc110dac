/* Paying what is unpaid on a billing account: what, with what, and what comes back by it; the way
 * to the bank and back. */
#pragma once

#include "http/http.h"

enum err pay_page_balance(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* A way to pay that is added on the way. */
enum err pay_page_add_method(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);
/* Sends what was asked for, or is to go back, after the commit. */
enum err pay_page_finish(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* The sandbox's bank. */
enum err pay_page_bank(struct context *cx, const struct http_request *request,
                       struct http_reply *reply);
