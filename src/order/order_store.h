/* Rows of orders with their lines, of carts, and of stored reviews. */
#pragma once

#include "base/context.h"
#include "order/order.h"

/* Loads the orders that await payment, with their lines, oldest first. */
enum err order_load_pending(struct context *cx, struct order_list *list);
/* Loads one with its lines; ERR_NOT_FOUND when the customer has none of that id. */
enum err order_load(struct context *cx, const char *id, struct order **ret_order);
/* The id of the order that made a subscription, its first; NULL: none is known. */
enum err order_find_of_subscription(struct context *cx, const char *subscription,
                                    const char **ret_id);

struct order_query {
    const char *after;
    const char *before;
    const char *state;   /* or NULL */
    const char *account; /* or NULL */
    int64_t limit;
};
/* Lists a page, newest first, without lines. */
enum err order_list_page(struct context *cx, const struct order_query *query,
                         struct order_list *list);
/* Loads the lines of an order into it. */
enum err order_load_lines(struct context *cx, struct order *order);

/* Writes what a decision did to it, by its row mark. */
enum err order_save(struct context *cx, struct order *order);

/* A stored review (rules §7): what was asked, and what it would do. */
struct quote {
    const char *token;
    const char *subject; /* what it is bound to: a cart's id, or the route it was asked of */
    const char *command; /* JSON that belongs to it (quote_do.h, setting), or "{}" */
    const char *result;  /* JSON of what it would do */
    civil_day quoted_on;
    instant expires_at;
    const char *used_by; /* id of what it led to, or NULL */
};
enum err quote_insert(struct context *cx, const struct quote *quote);
/* ERR_NOT_FOUND for an unknown token, also another customer's. */
enum err quote_load(struct context *cx, const char *token, struct quote *ret_quote);
/* Uses it up; ERR_QUOTE_USED when it was. */
enum err quote_use(struct context *cx, const char *token, const char *used_by);
/* Forgets what would have expired a day ago by the clock on the wall; returns how many. */
enum err quote_delete_expired(struct context *cx, int64_t *ret_count);

/* A cart: lines not yet ordered, as the JSON they were given in. */
struct cart {
    const char *id;
    const char *account;
    const char *lines; /* JSON array */
    const char *state; /* "open" or "ordered" */
    const char *order; /* ord_… it became, or NULL */
    int64_t version;
    instant created_at;
};
enum err cart_insert(struct context *cx, const struct cart *cart);
enum err cart_load(struct context *cx, const char *id, struct cart *ret_cart);
/* The id of the newest cart that became the order; NULL: it was ordered without one. */
enum err cart_find_of_order(struct context *cx, const char *order, const char **ret_id);
/* Compare-and-set of its version. ERR_STORE_CONFLICT when someone else changed it. */
enum err cart_save(struct context *cx, struct cart *cart);
