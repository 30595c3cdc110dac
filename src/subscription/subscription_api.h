/* Routes of subscriptions (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/subscriptions?account=&status= */
enum err subscription_api_list(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
/* GET /v1/subscriptions/{id} */
enum err subscription_api_load(struct context *cx, const struct http_request *request,
                               struct http_reply *reply);
/* GET /v1/subscriptions/{id}/addons */
enum err subscription_api_list_addons(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply);
/* GET /v1/subscriptions/{id}/history */
enum err subscription_api_list_history(struct context *cx, const struct http_request *request,
                                       struct http_reply *reply);
/* PATCH /v1/subscriptions/{id}: {quantity} (the new total), {recurring_billing}, or {billing,
 * term}; one change a request, now or with `when` at renewal. What is an order stands in
 * `order`. */
enum err subscription_api_change(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* POST /v1/subscriptions/{id}/change_plan: {offer, when: "now" | "renewal"} */
enum err subscription_api_change_plan(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply);
/* GET /v1/subscriptions/{id}/scheduled_changes */
enum err subscription_api_list_scheduled(struct context *cx, const struct http_request *request,
                                         struct http_reply *reply);
/* DELETE /v1/subscriptions/{id}/scheduled_changes/{change} */
enum err subscription_api_unschedule(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply);
/* POST /v1/subscriptions/{id}/cancel: {when: "now" | "end_of_term"} */
enum err subscription_api_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);

/* Says whether the subscription of the path is there, in the version that If-Match names. It is
 * locked first when a version is named: nobody changes it between this look and the command. */
enum err subscription_api_check_present(struct context *cx, const struct http_request *request);
