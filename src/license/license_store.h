/* Rows of licences: the only SQL about them, but for the entitlement check's. */
#pragma once

#include "license/license.h"

/* Loads all of cx->customer. */
enum err license_load_all(struct context *cx, struct license_list *list);
/* Loads all that one user holds. */
enum err license_load_of_user(struct context *cx, const char *user, struct license_list *list);
/* Loads those of one subscription. */
enum err license_load_of_subscription(struct context *cx, const char *subscription,
                                      struct license_list *list);

/* Lists at most `limit` of a subscription, newest first; with `before` oldest first (http_list.h
 * turns them round). */
struct license_query {
    const char *subscription;
    const char *after;
    const char *before;
    int64_t limit;
};
enum err license_list_page(struct context *cx, const struct license_query *query,
                           struct license_list *list);

enum err license_save(struct context *cx, struct license *license);
