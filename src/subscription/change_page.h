/* Panes that change a subscription: its add-ons, its licences, recurring billing, and its return
 * (screens, "Manage add-ons" and the panes beside it). Each shows the effect first and commits
 * exactly that; each answers GET and POST of its address. */
#pragma once

#include "http/http.h"

/* /billing/products/{id}/addons */
enum err change_page_addons(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
/* /billing/products/{id}/licenses */
enum err change_page_licenses(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
/* /billing/products/{id}/recurring */
enum err change_page_recurring(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
/* /billing/products/{id}/reactivate */
enum err change_page_reactivate(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
/* After the commit of any pane: the provider is asked. */
enum err change_page_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
