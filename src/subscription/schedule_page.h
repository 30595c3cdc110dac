/* Changes that wait for the renewal, on the page of a subscription (screens, page 2): what each
 * will do, when, and a button that forgets it. */
#pragma once

#include "html/view.h"
#include "http/http.h"
#include "subscription/subscription.h"

/* Adds `scheduled`, with a row for each change; nothing when none waits. */
enum err schedule_page_put(struct context *cx, const struct http_request *request,
                           struct view *view, const struct subscription *sub, civil_day today);

/* Adds `along`: what waits for the renewal of it and of its add-ons, and is dropped when recurring
 * billing goes off; nothing when none waits. */
enum err schedule_page_put_dropped(struct context *cx, struct view *view,
                                   const struct subscription *sub);

/* POST /billing/products/{id}/scheduled/{change}: forgets it, and goes back to the subscription. */
enum err schedule_page_forget(struct context *cx, const struct http_request *request,
                              struct http_reply *reply);
