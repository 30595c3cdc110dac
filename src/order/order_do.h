/* Use cases of orders beside the engine's: what happens once the order was placed. */
#pragma once

#include "base/context.h"
#include "order/order.h"

/* Outside of every transaction: asks the provider for the charge of an order that awaits it, and
 * gives the order as it stands then (rules §7: the request waits for the provider). Errors: why
 * the order failed, if it did (payment_failed, parent_not_active, …); those of the store. */
enum err order_settle(struct context *cx, const char *id, struct order **ret_order);

/* Where the bank wants the person, for an order that waits for that; else NULL. */
enum err order_load_action(struct context *cx, const struct order *order, const char **ret_url);
