/* The pages of buying (screens, 3 to 5): what can be bought, what cannot and why, and the page of
 * an offer. */
#pragma once

#include "http/http.h"

enum err eligibility_page_list(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
enum err eligibility_page_unavailable(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply);
enum err eligibility_page_offer(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
/* Makes a cart of what the offer's form says, and goes to its checkout. */
enum err eligibility_page_buy(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
