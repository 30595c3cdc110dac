/* Previews of routes that are no commands of the engine (api, Manners: "every mutation takes
 * ?preview=true"). The handler knows nothing of it: it is run and undone, and what it answered is
 * shown with a token. With the token it is run and undone again, with the ids and the time of the
 * preview, so that nothing but a change in between can make a difference; then it is run for good,
 * and gives the ids that were shown. */
#pragma once

#include "http/http.h"

/* For http_hooks: runs the route's handler as the request says, inside a transaction. Errors: the
 * handler's; those of a token (quote_do.h). */
enum err rehearse(struct context *cx, const struct http_request *request, struct http_reply *reply);
