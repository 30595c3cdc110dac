/* Routes of licences (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/licenses: per offer of user scope, in all of the organisation. */
enum err license_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /v1/subscriptions/{id}/licenses: who holds one, newest first. */
enum err license_api_list_holders(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
/* POST /v1/licenses/assign, POST /v1/licenses/unassign: one subscription or several, one user or
 * several; answers the subscriptions with their counts. */
enum err license_api_assign(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err license_api_unassign(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
