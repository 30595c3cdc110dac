/* The tax side of a billing account over the API: its details, and the checks of its number. */
#pragma once

#include "http/http.h"

enum err account_api_change(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
enum err account_api_list_checks(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
