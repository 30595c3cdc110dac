/* What the kinds of orders share. Private to the order_*.c of engine/. */
#pragma once

#include "engine/decide.h"
#include "engine/family_change.h"

/* Begins an order that awaits its payment; nothing of it is in the state yet. */
struct order *order_begin(struct context *cx, const struct state *state, enum order_kind kind,
                          const char *purchase_order);

/* Adds a line that says what a subscription becomes: `sub` as it will be. */
void order_add_line(struct context *cx, struct order *order, const struct subscription *sub,
                    int64_t quantity);

/* Finds the method an order is paid with; none for no id. Errors: not_found,
 * payment_method_country. */
enum err order_find_method(struct context *cx, const struct state *state, const char *id,
                           const struct payment_method **ret_method);

/* Says whether another period of the subscription has begun since a plan, billing or quantity was
 * ordered: what it would replace, or what was bought of it, is over. */
bool order_is_overtaken(const struct order *order, const struct subscription *sub);

/* Makes a plan or billing change real: what its lines say the subscriptions become, as of the day
 * it was ordered; children without a line are dropped. */
void order_apply_change(struct context *cx, struct state *state, const struct order *order);
