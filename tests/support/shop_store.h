/* A seller's shop for store tests: a catalogue on sale, and customers who pay by card. */
#pragma once

#include "customer/customer.h"
#include "customer/seller.h"
#include "support/store.h"

extern const struct seller SHOP_SELLER; /* in France; its days are those of UTC */

/* Nobody acts yet; a new cache of catalogues is the caller's to free. */
void shop_open(struct context *cx);
/* On sale from the day of cx->now. */
void shop_publish(struct context *cx, const char *catalog);
/* Signs up a customer in euros, untaxed, in UTC, and makes it cx->customer; returns its account. */
const char *shop_sign_up(struct context *cx, enum account_type type);
/* A card of the sandbox, by what it does ("success", "decline", …); returns its id. */
const char *shop_add_card(struct context *cx, const char *account, const char *test);
