/* Servers under load, each in a process of its own that ends with the bench. */
#pragma once

#include <sys/types.h>

#include "base/context.h"

struct http_stats;

struct bench_child {
    pid_t pid; /* 0: there is none */
    int port;
    struct http_stats *stats; /* of the server; shared with it; NULL for the constant reply */
};

/* `annex serve` on a store, on a free port. */
enum err bench_child_serve(struct context *cx, const char *store, struct bench_child *ret_child);

/* A server of the same library with the same settings that gives one reply to every request: a
 * body of that size, and headers as Annex has them. */
enum err bench_child_constant(struct context *cx, size_t body_size, struct bench_child *ret_child);

/* Ends it and waits for that; returns the processor time that it took, in microseconds. Nothing
 * happens when there is none. */
int64_t bench_child_stop(struct bench_child *child);
