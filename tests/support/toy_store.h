/* A toy application for the server's own tests: things with an id and a value. It runs in a
 * process of its own, as the real one does, on the store that ANNEX_STORE names.
 *
 *     GET    /v1/hello                 inline; public
 *     GET    /v1/things?limit&after&before   echoes the page
 *     GET    /v1/things/{id}           404, or the thing with its ETag
 *     PATCH  /v1/things/{id}           {value}; If-Match
 *     DELETE /v1/things/{id}           204
 *     POST   /v1/things                {id, value}; counts its runs
 *     POST   /v1/things/refuse         writes, then refuses with limits and reasons
 *     POST   /v1/things/fail           writes, then fails with ERR_INTERNAL
 *     POST   /v1/things/slow           {id, value}, a third of a second long
 *     POST   /v1/things/{id}/pay       finish after the commit: the value becomes "paid"
 *     POST   /v1/things/{id}/break     the finish fails
 *     GET    /v1/disk/{state}          inline; "full": files cannot grow any more; "free"
 *
 * `Authorization: Bearer NAME` makes NAME the actor.
 */
#pragma once

#include <stdatomic.h>
#include <sys/types.h>

#include "http/http.h"

enum { TOY_CLIENT_WAIT_MS = 1500, TOY_SLOW_MS = 300 };

/* Shared with the server's process. */
struct toy_shared {
    struct http_stats stats;
    _Atomic int runs; /* of the handlers that write */
    _Atomic int ticks;
};

struct toy {
    pid_t pid;
    int port;
    bool sqlite;
    struct toy_shared *shared;
};

/* Brings the store up to date, empties it and starts the server. */
struct toy toy_start(void);
/* Sends SIGTERM, waits, and returns the exit status (0 when it stopped well). */
int toy_stop(struct toy *toy);

/* Past the server: how many things, and idempotency keys, the store holds. */
int64_t toy_count(void);
int64_t toy_count_keys(void);
/* Makes all idempotency keys older. */
void toy_age_keys(int64_t by_ms);
/* Removes aged keys, as the server does every minute. */
void toy_sweep_keys(void);
/* PostgreSQL: ends all other connections to the database. */
void toy_disconnect(void);
