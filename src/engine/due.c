/* What falls due, one item at a time (rules §4, The engine): at one instant first charges and
 * retries, then ends, then beginnings; by name within each. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/assign.h"
#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/earn.h"
#include "engine/foresee.h"
#include "engine/renew.h"

enum due_phase { DUE_CHARGE, DUE_END, DUE_BEGIN, DUE_EARN };

/* One thing that falls due. */
struct due_item {
    instant at;
    enum due_phase phase;
    const char *name;
    void (*work)(struct context *cx, struct state *state, const struct due_item *item);
    struct document *document;
    struct subscription *sub;
    struct order *order;
    struct account *account;
};

static void due_attempt(struct context *cx, struct state *state, const struct due_item *item)
{
    collect_attempt(cx, state, item->document);
}

static void due_give_up(struct context *cx, struct state *state, const struct due_item *item)
{
    collect_give_up(cx, state, item->document);
}

static void due_order_lapses(struct context *cx, struct state *state, const struct due_item *item)
{
    order_fail(cx, state, item->order, ERR_PAYMENT_FAILED);
}

static void due_expire(struct context *cx, struct state *state, const struct due_item *item)
{
    bill_close_period(state, item->sub);
    decide_end_family(cx, state, item->sub, ENDED_BY_TERM);
}

static void due_disable(struct context *cx, struct state *state, const struct due_item *item)
{
    decide_move_family(cx, state, item->sub, SUBSCRIPTION_DISABLED, "subscription.disabled");
}

static void due_delete(struct context *cx, struct state *state, const struct due_item *item)
{
    decide_delete_family(cx, state, item->sub);
}

static void due_start(struct context *cx, struct state *state, const struct due_item *item)
{
    decide_move_family(cx, state, item->sub, SUBSCRIPTION_ACTIVE, "subscription.started");
}

static void due_next_period(struct context *cx, struct state *state, const struct due_item *item)
{
    renew_group(cx, state, item->sub);
}

static void due_cut(struct context *cx, struct state *state, const struct due_item *item)
{
    assign_cut(cx, state, item->sub);
}

static void due_earn(struct context *cx, struct state *state, const struct due_item *item)
{
    earn_month(cx, state, item->account);
}

/* decide() ends with it. */
static void due_foresee(struct context *cx, struct state *state, const struct due_item *item)
{
    (void)cx;
    (void)state;
    (void)item;
}

static void due_consider(struct due_item *best, const struct due_item *item)
{
    if (item->at == INSTANT_NONE)
        return;
    if (best->at != INSTANT_NONE) {
        if (item->at != best->at) {
            if (item->at > best->at)
                return;
        } else if (item->phase != best->phase) {
            if (item->phase > best->phase)
                return;
        } else if (strcmp(item->name, best->name) >= 0) {
            return;
        }
    }
    *best = *item;
}

static void due_consider_documents(const struct state *state, struct due_item *best)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        if (document->state != DOCUMENT_ISSUED || money_sign(document->unpaid) <= 0)
            continue;
        due_consider(best, &(struct due_item){.at = document->next_attempt_at,
                                              .phase = DUE_CHARGE,
                                              .name = document->id,
                                              .work = due_attempt,
                                              .document = document});
        due_consider(best, &(struct due_item){.at = collect_give_up_at(state, document),
                                              .phase = DUE_END,
                                              .name = document->id,
                                              .work = due_give_up,
                                              .document = document});
    }
    for (size_t i = 0; i < state->orders.count; i++) {
        struct order *order = state->orders.items[i];
        if (order->state != ORDER_ACTION_REQUIRED)
            continue;
        due_consider(best, &(struct due_item){.at = order->expires_at,
                                              .phase = DUE_CHARGE,
                                              .name = order->id,
                                              .work = due_order_lapses,
                                              .order = order});
    }
}

/* The day and the work of the next step of a subscription's life. */
static bool due_next_step(const struct state *state, struct subscription *sub, civil_day *ret_on,
                          struct due_item *item)
{
    const struct offer *offer = state_offer(state, sub);
    switch (sub->status) {
    case SUBSCRIPTION_SCHEDULED:
        *ret_on = sub->start_on;
        item->phase = DUE_BEGIN;
        item->work = due_start;
        return true;
    case SUBSCRIPTION_TRIAL:
    case SUBSCRIPTION_ACTIVE:
        *ret_on = sub->period_end;
        bool ends = sub->period_end >= sub->term_end && !renew_is_wanted(state, sub);
        item->phase = ends ? DUE_END : DUE_BEGIN;
        item->work = ends ? due_expire : due_next_period;
        return true;
    case SUBSCRIPTION_EXPIRED:
        *ret_on = sub->status_on + (civil_day)offer->grace_days;
        item->phase = DUE_END;
        item->work = due_disable;
        return true;
    case SUBSCRIPTION_DISABLED:
        *ret_on = sub->status_on + (civil_day)offer->disabled_days;
        item->phase = DUE_END;
        item->work = due_delete;
        return true;
    case SUBSCRIPTION_PLANNED:
    case SUBSCRIPTION_DELETED:
    case SUBSCRIPTION_STATUS_COUNT:
        break;
    }
    return false;
}

/* A conflict whose days to repair it are over (rules §5); a child has one of its own. */
static void due_consider_conflict(const struct state *state, struct subscription *sub,
                                  struct due_item *best)
{
    if (sub->conflict_on == DAY_NONE || sub->row == ROW_REMOVED)
        return;
    const struct account *account = state_find_account(state, sub->account);
    due_consider(best,
                 &(struct due_item){.at = zone_start_of_day(account->time_zone, assign_cut_on(sub)),
                                    .phase = DUE_END,
                                    .name = sub->name,
                                    .work = due_cut,
                                    .sub = sub});
}

static void due_consider_subscriptions(const struct state *state, struct due_item *best)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        /* A child goes with its parent, but for one that joined while the parent moved on. */
        bool lags = sub->parent != NULL && sub->status == SUBSCRIPTION_ACTIVE &&
                    sub->period_end < state_family(state, sub)->period_end;
        if ((sub->parent != NULL && !lags) || sub->row == ROW_REMOVED)
            continue;
        struct due_item item = {.name = sub->name, .sub = sub};
        civil_day on;
        if (!due_next_step(state, sub, &on, &item))
            continue;
        const struct account *account = state_find_account(state, sub->account);
        item.at = zone_start_of_day(account->time_zone, on);
        due_consider(best, &item);
    }
}

/* A month of an account is over: its revenue is posted, last of all that is due then. */
static void due_consider_revenue(const struct state *state, struct due_item *best)
{
    for (size_t i = 0; i < state->accounts.count; i++) {
        struct account *account = state->accounts.items[i];
        if (account->earn_on == DAY_NONE)
            continue;
        due_consider(
            best, &(struct due_item){.at = zone_start_of_day(account->time_zone, account->earn_on),
                                     .phase = DUE_EARN,
                                     .name = account->id,
                                     .work = due_earn,
                                     .account = account});
    }
}

static struct due_item due_next(struct context *cx, const struct state *state)
{
    struct due_item best = {.at = INSTANT_NONE};
    due_consider_documents(state, &best);
    due_consider_subscriptions(state, &best);
    for (size_t i = 0; i < state->subscriptions.count; i++)
        due_consider_conflict(state, state->subscriptions.items[i], &best);
    due_consider_revenue(state, &best);
    if (state->accounts.count > 0) {
        due_consider(&best, &(struct due_item){.at = foresee_due_at(cx, state),
                                               .phase = DUE_EARN,
                                               .name = "",
                                               .work = due_foresee,
                                               .account = state->accounts.items[0]});
    }
    return best;
}

instant state_due_at(struct context *cx, const struct state *state)
{
    return due_next(cx, state).at;
}

const struct account *state_earns_next(struct context *cx, const struct state *state)
{
    const struct due_item item = due_next(cx, state);
    return item.work == due_earn ? item.account : NULL;
}

/* Whose account an item concerns, and what it is about. */
static const char *due_account(const struct due_item *item)
{
    return item->sub        ? item->sub->account
           : item->document ? item->document->account
           : item->order    ? item->order->account
                            : item->account->id;
}

static const char *due_cause(const struct due_item *item)
{
    return item->sub        ? item->sub->id
           : item->document ? item->document->id
           : item->order    ? item->order->id
                            : item->account->id;
}

enum err decide_due(struct context *cx, struct state *state, const struct command *command,
                    struct decision *decision)
{
    struct due_item item = due_next(cx, state);
    if (item.at == INSTANT_NONE || item.at > command->until)
        return OK;
    state_use_account(state, state_find_account(state, due_account(&item)), cx->now);
    state_use_catalog_before(state, item.at);
    cx->cause = due_cause(&item);
    item.work(cx, state, &item);
    /* What follows it foresees by what is known now, not by what was on sale when it fell due. */
    state_use_catalog_before(state, cx->now + 1);
    decision->did_something = true;
    decision->due_at = item.at;
    return OK;
}
