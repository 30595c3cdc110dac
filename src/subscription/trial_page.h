/* Panes of a trial (rules §4): buying it, early or after its end, and extending it, once. Each
 * answers GET and POST of its address. */
#pragma once

#include "http/http.h"
#include "subscription/subscription.h"

/* /billing/products/{id}/trial */
enum err trial_page_buy(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
/* /billing/products/{id}/extend */
enum err trial_page_extend(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);

/* Why a trial cannot be extended on a day, in a sentence; NULL: it can. `days`: how long its offer
 * lets a trial be. */
const char *trial_page_why_not(struct context *cx, const struct subscription *sub, int64_t days,
                               civil_day today);
