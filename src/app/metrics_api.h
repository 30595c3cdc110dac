/* GET /metrics: how the server and its due work are, for whoever watches over it. It says nothing
 * of customers or money, so it needs no key; a proxy in front decides who reaches it. */
#pragma once

#include "http/http.h"

/* The counters that /metrics shows besides what is in the store; given once, before serving. */
void metrics_start(const struct http_stats *stats);

enum err metrics_api_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
