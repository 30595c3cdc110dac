/* Upcoming charges (screens, The other pages): twelve months, as a picture and as a table. */
#pragma once

#include "http/http.h"

enum err upcoming_page_show(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
