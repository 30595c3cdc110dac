/* Pages for signing in and out, for whom one acts, and what a person prefers. */
#pragma once

#include "http/http.h"

/* Where to go afterwards: a path of this server, never elsewhere; "/" for what is none. */
const char *sign_in_page_path(const char *path);

enum err sign_in_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
enum err sign_in_page_enter(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err sign_in_page_leave(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err sign_in_page_prefer(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);

/* GET, POST /choose-organization: who belongs to several says for which (choose_page.c). The one
 * chosen gets a session of its own, and the present one ends. */
enum err choose_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err choose_page_choose(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
