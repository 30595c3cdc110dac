/* Use cases of carts: lines gathered, reviewed, and ordered together (rules §7, Review). Each is
 * one transaction. */
#pragma once

#include "engine/engine_do.h"
#include "order/order_store.h"

/* Errors: ERR_NOT_FOUND for the account. */
enum err cart_create(struct context *cx, const char *account, const struct order_request *request,
                     struct cart *ret_cart);

/* Loads a cart; `order` and `state` are those of a cart that can still be ordered when its order
 * has failed: nothing remains of that but its record. */
enum err cart_load_present(struct context *cx, const char *id, struct cart *ret_cart);

/* Changes the cart that it is given, as it was loaded. Errors: ERR_CART_ORDERED; ERR_INVALID for
 * one line too many, or a name that is there. */
enum err cart_add_line(struct context *cx, struct cart *cart,
                       const struct order_request_line *line);

/* Shows what ordering the cart would do, and keeps it as a quote bound to the cart. `payment`:
 * method and purchase order. Errors: ERR_CART_ORDERED; refusals of the order. */
enum err cart_review(struct context *cx, const struct cart *cart,
                     const struct order_request *payment, struct engine_run *run);

/* Orders exactly what a review showed, and marks the cart as ordered. */
enum err cart_checkout(struct context *cx, struct cart *cart, const char *token,
                       const struct order_request *payment, struct engine_run *run);
