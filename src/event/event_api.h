/* GET /v1/events?after=&limit=: what happened in an organisation, oldest first, from a number
 * on (api, Events). */
#pragma once

#include "http/http.h"

/* `after` is the number of the last event that was seen; `next` gives the one to go on with. */
enum err event_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
