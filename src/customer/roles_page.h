/* What each role may do, printed from the table of permissions (screens, The other pages; rules
 * §8). */
#pragma once

#include "http/http.h"

/* GET /roles: the roles of an organisation; to the seller's staff those of the seller. */
enum err roles_page_show(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
