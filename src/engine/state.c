#include "engine/state.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "engine/assign.h"
#include "engine/bill.h"
#include "engine/schedule.h"

/* Lists are short (one customer's), so finders walk them. */
#define FIND(list, wanted)                                                                         \
    for (size_t i = 0; i < (list).count; i++) {                                                    \
        if (strcmp((list).items[i]->id, (wanted)) == 0)                                            \
            return (list).items[i];                                                                \
    }                                                                                              \
    return NULL

struct account *state_find_account(const struct state *state, const char *id)
{
    FIND(state->accounts, id);
}

struct subscription *state_find_subscription(const struct state *state, const char *id)
{
    FIND(state->subscriptions, id);
}

struct order *state_find_order(const struct state *state, const char *id)
{
    FIND(state->orders, id);
}

struct payment *state_find_payment(const struct state *state, const char *id)
{
    FIND(state->payments, id);
}

struct payment_method *state_find_method(const struct state *state, const char *id)
{
    FIND(state->methods, id);
}

struct document *state_find_document(const struct state *state, const char *id)
{
    FIND(state->documents, id);
}

struct line *state_find_line(const struct state *state, const char *id)
{
    FIND(state->lines, id);
}

const struct catalog *state_catalog(const struct state *state, int64_t number)
{
    const struct catalog *found = NULL;
    for (size_t i = 0; i < state->catalogs.count && found == NULL; i++) {
        if (state->catalogs.items[i]->number == number)
            found = state->catalogs.items[i];
    }
    assert(found != NULL); /* a version in use is loaded */
    return found;
}

const struct offer *state_offer(const struct state *state, const struct subscription *sub)
{
    const struct offer *offer = catalog_find_offer(state_catalog(state, sub->catalog), sub->offer);
    assert(offer != NULL);
    return offer;
}

struct subscription *state_family(const struct state *state, struct subscription *sub)
{
    if (sub->parent == NULL)
        return sub;
    struct subscription *parent = state_find_subscription(state, sub->parent);
    assert(parent != NULL);
    return parent;
}

void state_use_catalog_before(struct state *state, instant at)
{
    if (state->organization.clock_at != INSTANT_NONE)
        return;
    for (size_t i = state->catalogs.count; i-- > 0;) {
        if (state->catalogs.items[i]->published_at >= at)
            continue;
        state->current = state->catalogs.items[i];
        return;
    }
}

void state_use_account(struct state *state, struct account *account, instant now)
{
    state->account = account;
    state->today = zone_day(account->time_zone, now);
    state->issue_on = zone_day(account->time_zone, state->issue_at);
}

bool state_was_changed(const struct subscription *sub)
{
    return sub->row != ROW_STORED && !sub->only_foreseen;
}

void state_touch_account(struct context *cx, struct state *state, struct account *account)
{
    for (size_t i = 0; i < state->touched_accounts.count; i++) {
        if (state->touched_accounts.items[i] == account)
            return;
    }
    list_push(cx->arena, &state->touched_accounts, account);
}

void state_event(struct context *cx, struct state *state, const char *type, const char *subject,
                 const char *data, const char *previous)
{
    struct event *event = ARENA_NEW(cx->arena, struct event);
    event->id = id_next(cx, "evt");
    event->type = type;
    event->subject = subject;
    event->data = data;
    event->previous = previous;
    list_push(cx->arena, &state->events, event);
}

/* Says whether the lines in force of a subscription still count: what is disabled for non-payment
 * comes back to the same period when it is paid (rules §7). */
static bool state_keeps_period(const struct subscription *sub)
{
    switch (sub->status) {
    case SUBSCRIPTION_EXPIRED:
    case SUBSCRIPTION_DELETED:
        return false;
    case SUBSCRIPTION_DISABLED:
        return sub->ended_by == ENDED_BY_NON_PAYMENT;
    case SUBSCRIPTION_PLANNED:
    case SUBSCRIPTION_SCHEDULED:
    case SUBSCRIPTION_TRIAL:
    case SUBSCRIPTION_ACTIVE:
    case SUBSCRIPTION_STATUS_COUNT:
        break;
    }
    return true;
}

void state_set_status(struct context *cx, struct state *state, struct subscription *sub,
                      enum subscription_status status, const char *event_type)
{
    const char *previous = NULL;
    if (sub->row != ROW_NEW && sub->status != SUBSCRIPTION_PLANNED) {
        previous =
            arena_print(cx->arena, "{\"status\":\"%s\"}", subscription_status_format(sub->status));
    }
    sub->status = status;
    sub->status_on = state->today;
    if (status != SUBSCRIPTION_ACTIVE)
        schedule_drop(state, sub); /* there is no renewal to wait for */
    if (!state_keeps_period(sub))
        bill_close_period(state, sub);
    if (status == SUBSCRIPTION_DELETED)
        assign_free(cx, state, sub);
    row_touch(&sub->row);

    struct subscription_change *change = ARENA_NEW(cx->arena, struct subscription_change);
    change->subscription = sub->id;
    change->status = status;
    change->on = state->today;
    change->at = cx->now;
    change->cause = cx->cause;
    list_push(cx->arena, &state->changes, change);

    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "offer", sub->offer);
    json_put_text(&w, "parent", sub->parent);
    json_put_integer(&w, "quantity", sub->quantity);
    json_put_text(&w, "status", subscription_status_format(status));
    json_close_object(&w);
    state_event(cx, state, event_type, sub->id, json_end(&w), previous);
}
