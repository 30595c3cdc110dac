/* Rows of support requests. */
#pragma once

#include "base/context.h"
#include "support/support.h"

enum err support_insert(struct context *cx, const struct support_request *support);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err support_load(struct context *cx, const char *id, struct support_request **ret_support);
/* Writes state and answer when its version is still the one that was read, and counts it up;
 * ERR_STORE_CONFLICT otherwise. */
enum err support_save(struct context *cx, struct support_request *support);

/* Lists a page, newest first; after `before` (an id, else "") oldest first. */
struct support_query {
    const char *after;
    const char *before;
    const char *state; /* or NULL */
    int64_t limit;
};
enum err support_list_page(struct context *cx, const struct support_query *query,
                           struct support_list *list);
