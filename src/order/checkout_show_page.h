/* What the checkout's template shows. Private to the checkout's pages. */
#pragma once

#include "base/limits.h"
#include "engine/engine_do.h"
#include "html/view.h"
#include "order/cart_do.h"

/* What a person has typed and chosen so far. */
struct checkout {
    struct cart cart;
    struct order_request lines;
    const char *payment_method; /* NULL: the one that the order takes by itself */
    const char *purchase_order;
    const char *typed[CART_LINES_MAX]; /* quantities as typed; NULL: as in the cart */
    size_t wrong_line;                 /* whose quantity was refused … */
    const char *wrong;                 /* … and why; NULL: none */
};

/* Fills the view. `run` is the preview of the order, or NULL when it was refused: `refusal` says
 * why then. */
enum err checkout_put(struct context *cx, struct view *view, const struct checkout *checkout,
                      const struct engine_run *run, const char *refusal);

/* "/billing/checkout/crt_…" */
const char *checkout_address(struct context *cx, const struct cart *cart);
