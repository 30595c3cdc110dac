/* Rows of subscriptions and of their history. */
#pragma once

#include "base/context.h"
#include "subscription/subscription.h"

/* Loads all of the customer's that are not deleted, oldest first. */
enum err subscription_load_held(struct context *cx, struct subscription_list *list);
/* Loads one by its id, deleted or not; ERR_NOT_FOUND when the customer has none. */
enum err subscription_load(struct context *cx, const char *id, struct subscription **ret_sub);
/* Loads all, the deleted too, by start and name (formats, Order). */
enum err subscription_load_all(struct context *cx, struct subscription_list *list);
/* Lists a page, newest first, planned ones left out. `before`/`after`: ids, or "". */
struct subscription_query {
    const char *after;
    const char *before;
    const char *status;  /* or NULL */
    const char *account; /* or NULL */
    const char *parent;  /* children of this one, or NULL */
    int64_t limit;
};
enum err subscription_list_page(struct context *cx, const struct subscription_query *query,
                                struct subscription_list *list);

/* Writes what a decision did to it: insert, update (compare-and-set of its version) or delete,
 * by its row mark. ERR_STORE_CONFLICT when someone else changed it. */
enum err subscription_save(struct context *cx, struct subscription *sub);

/* Offers of which the customer began a trial once, whatever it became since. */
enum err subscription_load_trialed(struct context *cx, const char ***ret_offers, size_t *ret_count);

/* Batches of the customer's that were added after an instant, oldest first, and their saving by
 * row mark; two of one instant become one. */
enum err subscription_load_batches(struct context *cx, instant after,
                                   struct subscription_batch_list *list);
enum err subscription_save_batch(struct context *cx, struct subscription_batch *batch);

enum err subscription_insert_change(struct context *cx, const struct subscription_change *change);
enum err subscription_load_changes(struct context *cx, const char *subscription,
                                   struct subscription_change_list *list);
