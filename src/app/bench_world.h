/* The customers of a benchmark: organisations that pay by transfer, with a key each. */
#pragma once

#include "app/app.h"
#include "order/order.h"

struct bench_customer {
    const char *organization;
    const char *account;
    const char *method;
    const char *key;    /* its id */
    const char *secret; /* what goes into Authorization */
};

struct bench_world {
    struct app app;
    struct bench_customer *customers;
    size_t count;
};

/* Opens an empty store as cx->db, brings it to this program's schema and publishes the catalogue.
 * bench_world_close closes it again, and keeps world->customers. */
enum err bench_world_open(struct context *cx, const char *store, const char *catalog, size_t size,
                          struct bench_world *ret_world);
void bench_world_close(struct context *cx, struct bench_world *world);

/* Signs up so many organisations; each places the order, if there is one. One transaction. */
enum err bench_world_fill(struct context *cx, struct bench_world *world, size_t count,
                          const struct order_request *order);

/* Places an order for a customer. */
enum err bench_world_order(struct context *cx, const struct bench_customer *customer,
                           const struct order_request *order);
