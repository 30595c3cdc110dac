/* Panes that assign licences of one product to people, and take them away: each shows its effect
 * first, and is carried out with the token of what was shown (rules §5; §7, Review). */
#pragma once

#include "http/http.h"

/* /billing/licenses/{id}/assign?user=&q=: up to ASSIGN_MAX people at a time. */
enum err assign_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err assign_page_save(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* /billing/licenses/{id}/unassign?user=: those who were ticked on the page of the product. */
enum err assign_page_show_unassign(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
enum err assign_page_save_unassign(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
