/* Panes that change a subscription: its add-ons, its licences, recurring billing, its end and its
 * return (screens, "Manage add-ons" and the panes beside it). Each shows the effect first and
 * commits exactly that. */
#pragma once

#include "http/http.h"

/* GET, POST /billing/products/{id}/addons */
enum err change_page_show_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
enum err change_page_save_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* GET, POST /billing/products/{id}/licenses */
enum err change_page_show_licenses(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
enum err change_page_save_licenses(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
/* GET, POST /billing/products/{id}/recurring */
enum err change_page_show_recurring(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply);
enum err change_page_save_recurring(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply);
/* GET, POST /billing/products/{id}/cancel */
enum err change_page_show_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
enum err change_page_save_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* GET, POST /billing/products/{id}/reactivate */
enum err change_page_show_reactivate(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply);
enum err change_page_save_reactivate(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply);
/* After the commit of any of them: the provider is asked. */
enum err change_page_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
