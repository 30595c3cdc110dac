/* The threads that call the application about every second: one for what falls due, which is also
 * called soon after a commit, and one for what takes its time. */
#include "base/clock.h"
#include "base/log.h"
#include "http/http_private.h"

void tick_open(struct tick *tick)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&tick->lock, NULL);
    pthread_cond_init(&tick->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    tick->woken = false;
    tick->stopping = false;
}

void tick_wake(struct server *server)
{
    struct tick *tick = &server->tick;
    pthread_mutex_lock(&tick->lock);
    bool changed = !tick->woken;
    tick->woken = true;
    pthread_mutex_unlock(&tick->lock);
    if (changed)
        pthread_cond_signal(&tick->changed);
}

void tick_stop(struct tick *tick)
{
    pthread_mutex_lock(&tick->lock);
    tick->stopping = true;
    pthread_mutex_unlock(&tick->lock);
    pthread_cond_signal(&tick->changed);
}

/* Waits with the lock held until the time has come or the server stops. */
static void wait_until(struct tick *tick, int64_t until_us, bool or_woken)
{
    struct timespec until = {
        .tv_sec = until_us / 1000000,
        .tv_nsec = until_us % 1000000 * 1000,
    };
    int waited = 0;
    while (waited == 0 && !tick->stopping && !(or_woken && tick->woken))
        waited = pthread_cond_timedwait(&tick->changed, &tick->lock, &until);
}

/* Waits for the next tick; false when there is none any more. Under steady writing the tick is
 * always awake, so that it rests a little between two rounds: one round does what many commits
 * left. */
static bool wait_for_next(struct tick *tick, int64_t ended_us)
{
    pthread_mutex_lock(&tick->lock);
    wait_until(tick, ended_us + HTTP_TICK_GAP_MS * 1000, false);
    wait_until(tick, ended_us + HTTP_TICK_MS * 1000, true);
    tick->woken = false;
    bool goes_on = !tick->stopping;
    pthread_mutex_unlock(&tick->lock);
    return goes_on;
}

static void run_tick(struct crew_member *member, const struct http_hooks *hooks)
{
    struct context cx = crew_context(member);
    if (hooks->prepare != NULL)
        hooks->prepare(&cx, hooks->app);
    if (hooks->tick != NULL)
        hooks->tick(&cx, hooks->app);
    db_release(member->db);
}

static void run_sweep(struct crew_member *member)
{
    struct context cx = crew_context(member);
    enum err err = idempotency_sweep(&cx);
    if (err != OK)
        log_line(LOG_WARNING, "idempotency_sweep_failed", "code", err_code(err), NULL);
    db_release(member->db);
}

void *tick_run(void *arg)
{
    struct crew_member *member = arg;
    struct server *server = member->server;
    int64_t sweep_us = clock_monotonic_us();
    while (wait_for_next(&server->tick, clock_monotonic_us())) {
        run_tick(member, &server->config->hooks);
        if (clock_monotonic_us() < sweep_us)
            continue;
        run_sweep(member);
        sweep_us = clock_monotonic_us() + (int64_t)HTTP_SWEEP_MS * 1000;
    }
    return NULL;
}

void *errand_run(void *arg)
{
    struct crew_member *member = arg;
    struct server *server = member->server;
    const struct http_hooks *hooks = &server->config->hooks;
    while (wait_for_next(&server->errand_tick, clock_monotonic_us())) {
        if (hooks->errand == NULL)
            continue;
        struct context cx = crew_context(member);
        if (hooks->prepare != NULL)
            hooks->prepare(&cx, hooks->app);
        hooks->errand(&cx, hooks->app);
        db_release(member->db);
    }
    return NULL;
}
