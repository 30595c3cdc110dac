/* The organisation's storage, as people know it: base + licences × per licence + extra. */
#pragma once

#include "http/http.h"

/* GET /billing/storage: the quota that add-ons sold by the gigabyte raise, each source of it, and
 * what lowering that would do. */
enum err storage_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
