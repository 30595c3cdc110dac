/* Pages for signing in and out, and what a person prefers. */
#pragma once

#include "http/http.h"

enum err sign_in_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
enum err sign_in_page_enter(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err sign_in_page_leave(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err sign_in_page_prefer(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);
