/* ?expand=subscription.addons,customer (api, Manners): puts what an id stands for in its place, by
 * the routes that give it and with their permissions, two levels deep. */
#pragma once

#include "http/http.h"

/* For http_hooks: replaces the answer's body, an object or a list of them. What an id stands for
 * and is not there any more stays an id. Errors: ERR_INVALID for a name that cannot be expanded
 * here, or more than EXPAND_MAX of them; ERR_FORBIDDEN. */
enum err expand(struct context *cx, const struct http_request *request, struct http_reply *reply);
