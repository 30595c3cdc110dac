/* A catalogue of 500 offers, and an order of 50 of them, for the availability benchmark. */
#pragma once

#include "base/context.h"
#include "order/order.h"

enum { BENCH_OFFERS = 500, BENCH_HELD = 50 };

/* 50 bases, 250 traditional add-ons that connect to three bases each, 200 standalone ones that
 * require one of two bases, some also another add-on; some exclude their neighbour, some are
 * limited to one per customer, some are not sold in every country. Always the same. */
const char *bench_catalog(struct context *cx);

/* 20 of its bases and 30 traditional add-ons on them. */
struct order_request bench_catalog_order(struct context *cx);
