/* What a preview's token is bound to: the route and the body it was asked with. */
#pragma once

#include "http/http.h"

/* Gives a text that is the same for two requests to the same address whose bodies have the same
 * members, whatever their order, `token` left out. Errors: those of http_body. */
enum err http_subject(struct context *cx, const struct http_request *request,
                      const char **ret_subject);

/* What both ways of a mutation share: ?preview=true, or the token of one. ERR_INVALID for both
 * at once, or for a `preview` that is neither true nor false. The body's other members stay to
 * be read. */
struct http_review {
    bool preview;
    const char *token;   /* NULL: none */
    const char *subject; /* NULL: neither preview nor token */
};
enum err http_review_read(struct context *cx, const struct http_request *request,
                          struct json_reader *body, struct http_review *ret_review);
