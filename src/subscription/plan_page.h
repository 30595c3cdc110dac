/* Panes of plan and of billing frequency (screens, page 2; rules §3.6, §4). Each answers GET and
 * POST of its address. */
#pragma once

#include "customer/customer.h"
#include "http/http.h"

/* /billing/products/{id}/plan */
enum err plan_page_plan(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
/* /billing/products/{id}/frequency */
enum err plan_page_frequency(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);

/* Why whoever asks may not change the billing frequency of what is on this account, or NULL: on a
 * classic account a global administrator may (rules §8). */
const char *plan_page_why_not(struct context *cx, const struct account *account);
