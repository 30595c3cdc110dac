/* The seller's console: where its staff begins (screens, Seller console). */
#pragma once

#include "http/http.h"

/* GET /seller */
enum err seller_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
