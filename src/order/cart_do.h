/* Use cases of carts: lines that are not ordered yet. */
#pragma once

#include "engine/command.h"
#include "order/order_store.h"

/* Begins a cart of an account of cx->customer; the lines are taken as they are, and judged when
 * they are reviewed. Errors: ERR_NOT_FOUND for the account. */
enum err cart_begin(struct context *cx, const char *account, const struct order_request *lines,
                    struct cart *ret_cart);

/* Loads a cart as it is now: one whose order failed can be ordered again, for nothing remains of
 * that but its record. */
enum err cart_load_present(struct context *cx, const char *id, struct cart *ret_cart);

/* Refuses a cart that was ordered (ERR_CART_ORDERED). */
enum err cart_check_open(struct context *cx, const struct cart *cart);

enum err cart_read_lines(struct context *cx, const struct cart *cart, struct order_request *ret);

/* Gives an open cart other lines, and the next version. */
enum err cart_change_lines(struct context *cx, struct cart *cart,
                           const struct order_request *lines);

/* The command that orders the cart; payment method and purchase order number are the caller's. */
enum err cart_command(struct context *cx, const struct cart *cart, struct command *ret_command);

/* Marks the cart as ordered; `order` may be NULL. */
enum err cart_close(struct context *cx, struct cart *cart, const char *order);
