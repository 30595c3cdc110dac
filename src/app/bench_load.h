/* Load: an HTTP/1.1 client with many keep-alive connections, each with one request under way,
 * on one thread. */
#pragma once

#include "app/bench.h"
#include "base/buf.h"

enum { LOAD_CONNECTIONS = 32, LOAD_LATENCY_MAX_US = 1000000 };

struct load_connection;

struct load {
    int port; /* of this machine */
    /* Writes the next whole request to the end of `text`, which is empty. */
    void (*write_request)(void *arg, struct buf *text);
    void *arg;
    /* The client asks for answers without ever sleeping. Waking a sleeper is work of the kernel
     * for whoever answers it, so a server that is slower than its client pays for it with each
     * answer, and one that keeps the client busy never does. Not where the server has more
     * threads to run than there are processors left. */
    bool stays_awake;

    /* Of all runs together. */
    int64_t answered;       /* requests with an answer of success */
    int64_t answered_bytes; /* of their bodies */
    const char *sample;     /* one of them, ended by NUL */

    struct load_connection *connections;
    uint32_t *latencies; /* how many took that many microseconds; the last: that or more */
};

struct load load_create(struct context *cx, int port,
                        void (*write_request)(void *arg, struct buf *text), void *arg);

/* Keeps the connections busy for so long, then waits for what is under way: every request has
 * its answer at the end. A `struct bench_side` whose argument is a struct load. Errors:
 * ERR_INTERNAL for any answer that is not a success, with its beginning, and for a server that
 * hangs up or falls silent. */
enum err load_run(struct context *cx, void *load, int64_t duration_us,
                  struct bench_round *ret_round);
