/* Rows of support requests. */
#pragma once

#include "base/context.h"
#include "support/support.h"

enum err support_insert(struct context *cx, const struct support_request *support);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err support_load(struct context *cx, const char *id, struct support_request **ret_support);
/* Whose a request is, for the seller's staff, who know its id alone; ERR_NOT_FOUND. */
enum err support_load_customer(struct context *cx, const char *id, const char **ret_customer);
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

/* Lists a page of all customers' requests, for the seller's staff: what is open longest waiting
 * first, what is answered newest first. */
struct support_all_query {
    const char *after; /* an id, or "" */
    enum support_state state;
    int64_t limit;
};
enum err support_list_all(struct context *cx, const struct support_all_query *query,
                          struct support_list *list);
/* How many of all customers' requests are open. */
enum err support_count_open(struct context *cx, int64_t *ret_count);
