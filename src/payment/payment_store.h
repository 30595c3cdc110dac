/* Rows of payment methods, charges and refunds. */
#pragma once

#include "base/context.h"
#include "payment/payment.h"

/* Loads all methods of the customer, the removed too (documents name them), oldest first. */
enum err method_load_all(struct context *cx, struct method_list *list);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err method_load(struct context *cx, const char *id, struct payment_method **ret_method);
enum err method_insert(struct context *cx, const struct payment_method *method);
/* Writes label, token and whether it is removed when its version is still the one that was read,
 * and counts it up; ERR_STORE_CONFLICT otherwise. */
enum err method_save(struct context *cx, struct payment_method *method);
/* Lists a page, newest first, removed ones left out; after `before` (an id, else "") oldest
 * first. `account`: only its methods, or NULL. */
struct method_query {
    const char *account;
    const char *after;
    const char *before;
    int64_t limit;
};
enum err method_list_page(struct context *cx, const struct method_query *query,
                          struct method_list *list);

/* Loads the charges that are not decided: requested, pending, action_required, unknown. */
enum err payment_load_open(struct context *cx, struct payment_list *list);
/* Loads the charges of which something can still go back: succeeded, not all refunded. */
enum err payment_load_refundable(struct context *cx, struct payment_list *list);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err payment_load(struct context *cx, const char *id, struct payment **ret_payment);
/* Loads the charges of an order, or of a document (the other one NULL), oldest first. */
enum err payment_load_of(struct context *cx, const char *order, const char *document,
                         struct payment_list *list);
/* Loads all, oldest first. */
enum err payment_load_all(struct context *cx, struct payment_list *list);
/* Writes what a decision did to it, by its row mark. */
enum err payment_save(struct context *cx, struct payment *payment);

/* Loads the refunds that have not been sent. */
enum err refund_load_requested(struct context *cx, struct refund_list *list);
/* Loads one; ERR_NOT_FOUND. */
enum err refund_load(struct context *cx, const char *id, struct refund **ret_refund);
enum err refund_load_all(struct context *cx, struct refund_list *list);
/* Writes what a decision did to it, by its row mark. */
enum err refund_save(struct context *cx, struct refund *refund);

/* The customers with charges or refunds that a provider is to be asked for, each once, at most
 * `limit`, after the id `after` (or ""). */
enum err payment_list_customers(struct context *cx, const char *after, int64_t limit,
                                const char ***ret_ids, size_t *ret_count);
/* How many charges of all customers are not decided. */
enum err payment_count_open(struct context *cx, int64_t *ret_count);
