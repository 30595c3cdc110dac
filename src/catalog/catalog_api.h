/* Routes of the catalogue (api, Resources). */
#pragma once

#include "http/http.h"

/* GET /v1/offers?kind=: what is on sale today, in catalogue order. */
enum err catalog_api_list_offers(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* GET /v1/offers/{id}: any offer of the current catalogue. */
enum err catalog_api_load_offer(struct context *cx, const struct http_request *request,
                                struct http_reply *reply);
/* GET /v1/offers/{id}/addons: the add-ons on sale that connect to it or require it. */
enum err catalog_api_list_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);
/* GET /v1/catalog_versions: newest first; `after` is a number. */
enum err catalog_api_list_versions(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
/* POST /v1/catalog_versions: publishes the body, a catalogue file; ?preview=true only validates
 * it and says what it would change. */
enum err catalog_api_publish(struct context *cx, const struct http_request *request,
                             struct http_reply *reply);
