#include "app/tick_job.h"

#include "app/app.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "customer/clock_store.h"
#include "customer/customer_store.h"
#include "customer/session_store.h"
#include "engine/engine_do.h"
#include "engine/vat_do.h"
#include "invoice/invoice_store.h"
#include "order/order_store.h"
#include "payment/payment_store.h"

enum {
    NUMBER_STEPS_MAX = 20, /* of one tick */
    DUE_EVERY_MS = 1000,
    DUE_ROUNDS_MAX = 50,     /* of at most DUE_BATCH_MAX customers, in one tick */
    SETTLE_ROUNDS_MAX = 100, /* of at most DUE_BATCH_MAX customers, in one tick */
    WALK_US = 500000,        /* of one tick, on test clocks */
    TIDY_EVERY_MS = 60000,
};

static void tell_failure(struct context *cx, const char *what, enum err err)
{
    if (err == OK)
        return;
    log_line(LOG_ERROR, what, "code", err_code(err), "customer", cx->customer, NULL);
    fault_clear(cx);
}

/* While its clock advances the walk settles, each thing at its time. */
static enum err settle_customer(struct context *cx)
{
    struct organization organization;
    TRY(organization_load(cx, &organization));
    enum err err = engine_check_clock(cx, &organization);
    if (err == ERR_CLOCK_ADVANCING) {
        fault_clear(cx);
        return OK;
    }
    TRY(err);
    if (organization.clock_at != INSTANT_NONE)
        cx->now = organization.clock_at;
    return engine_settle_payments(cx, NULL);
}

/* Charges and refunds that nobody waits for, or whose answer has not come. */
static enum err settle_payments(struct context *cx)
{
    const char *after = "";
    size_t count = DUE_BATCH_MAX;
    for (int round = 0; round < SETTLE_ROUNDS_MAX && count == DUE_BATCH_MAX; round++) {
        const char **ids;
        TRY(payment_list_customers(cx, after, DUE_BATCH_MAX, &ids, &count));
        for (size_t i = 0; i < count; i++) {
            struct context own = *cx;
            own.customer = after = ids[i];
            tell_failure(&own, "settling_failed", settle_customer(&own));
            cx->ids = own.ids;
        }
    }
    return OK;
}

/* Goes on with the advances that nobody drives any more, and with who was left behind on one: a
 * piece of each in turn. */
static enum err walk_clocks(struct context *cx)
{
    struct test_clock_list list = {0};
    int64_t until_us = clock_monotonic_us() + WALK_US;
    bool any_worked = true;
    TRY(clock_list_busy(cx, DUE_BATCH_MAX, &list));
    while (any_worked && clock_monotonic_us() < until_us) {
        any_worked = false;
        for (size_t i = 0; i < list.count && clock_monotonic_us() < until_us; i++) {
            struct context own = *cx;
            struct test_clock clock;
            bool worked = false;
            own.wall = clock_wall_ms();
            enum err err = engine_walk_clock(&own, list.items[i]->id, &clock, &worked);
            tell_failure(&own, "walking_failed", err);
            cx->ids = own.ids;
            any_worked = any_worked || (err == OK && worked);
        }
    }
    return OK;
}

static enum err run_due(struct context *cx)
{
    int64_t customers = 1, failed;
    for (int i = 0; i < DUE_ROUNDS_MAX && customers > 0; i++) {
        cx->now = cx->wall = clock_wall_ms(); /* claims lapse by the clock on the wall */
        TRY(engine_run_all_due(cx, cx->wall, false, &customers, &failed));
    }
    return OK;
}

/* What fails at one of these stops none of the others. */
static void work_due(struct context *cx)
{
    tell_failure(cx, "due_work_failed", run_due(cx));
    tell_failure(cx, "settling_failed", settle_payments(cx));
    tell_failure(cx, "telling_parked_failed", engine_tell_parked(cx));
    tell_failure(cx, "walking_failed", walk_clocks(cx));
}

/* Reviews are kept for a day after they expired, so that a late answer can still say so. */
static enum err tidy_work(struct context *cx, void *arg)
{
    int64_t *count = arg;
    TRY(session_sweep(cx));
    return quote_delete_expired(cx, count);
}

static enum err tidy(struct context *cx)
{
    int64_t count;
    return db_transact(cx, tidy_work, &count);
}

static bool is_time(instant *last, instant now, int64_t every_ms)
{
    if (*last != INSTANT_NONE && now >= *last && now - *last < every_ms)
        return false;
    *last = now;
    return true;
}

void errand_job(struct context *cx, void *arg)
{
    const struct app *app = arg;
    bool asked = vat_service_is_on(&app->vat_service);
    cx->actor = (struct actor){.kind = ACTOR_ENGINE, .id = "engine", .customer = ""};
    if (asked)
        tell_failure(cx, "vat_check_failed", vat_check_next(cx, &app->vat_service, &asked));
}

void tick_job(struct context *cx, void *arg)
{
    struct app *app = arg;
    cx->actor = (struct actor){.kind = ACTOR_ENGINE, .id = "engine", .customer = ""};
    tell_failure(cx, "numbering_failed", invoice_number_due(cx, NUMBER_STEPS_MAX));
    if (is_time(&app->due_at, cx->wall, DUE_EVERY_MS)) {
        tell_failure(cx, "settings_failed", app_refresh(cx, app));
        work_due(cx);
        tell_failure(cx, "numbering_failed", invoice_number_due(cx, NUMBER_STEPS_MAX));
    }
    if (is_time(&app->tidy_at, cx->wall, TIDY_EVERY_MS))
        tell_failure(cx, "tidying_failed", tidy(cx));
}
