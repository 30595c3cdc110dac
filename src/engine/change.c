/* Changes to what is held: quantity, cancel, recurring billing, removal by support. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "engine/assign.h"
#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/schedule.h"
#include "engine/window.h"

static struct subscription *change_target(const struct state *state, const struct command *command)
{
    return state_find_subscription(state, command->subscription);
}

static struct document *change_begin(struct context *cx, struct state *state,
                                     const struct subscription *sub)
{
    cx->cause = sub->id;
    struct bill_for to = {
        .account = state->account,
        .order = sub->order,
        .payment_method = sub->payment_method,
    };
    return bill_begin(cx, state, &to);
}

static void change_finish(struct context *cx, struct state *state, struct document *document,
                          struct decision *decision)
{
    if (!bill_total(cx, state, document))
        return;
    bill_issue(cx, state, document, NULL);
    decision->document = document;
}

enum err decide_check_action(struct context *cx, const struct subscription *sub,
                             enum subscription_action action)
{
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    if (sub->parent != NULL && sub->status != SUBSCRIPTION_DELETED)
        return fault(cx, ERR_ADDON_NOT_REMOVABLE, "subscription", sub->id, "offer", sub->offer,
                     NULL);
    return subscription_check_action(cx, sub, action);
}

/* A child's state is its parent's, also for what may be done with it. */
static enum err change_check_action(struct context *cx, const struct state *state,
                                    struct subscription *sub, enum subscription_action action)
{
    if (sub->status == SUBSCRIPTION_DELETED)
        return subscription_check_action(cx, sub, action);
    return subscription_check_action(cx, state_family(state, sub), action);
}

/* "Renews, but no new licences" (rules §1). */
enum err decide_check_on_sale(struct context *cx, const struct state *state, const char *id)
{
    const struct offer *offer = catalog_find_offer(state->current, id);
    if (offer != NULL && !offer->end_of_sale)
        return OK;
    return fault(cx, ERR_OFFER_NOT_AVAILABLE, "param", "/quantity", "offer", id, NULL);
}

static int64_t change_quantity_in(const struct eligibility_input *input,
                                  const struct subscription *sub)
{
    for (size_t i = 0; i < input->holding_count; i++) {
        if (strcmp(input->holdings[i].subscription, sub->id) == 0)
            return input->holdings[i].quantity;
    }
    return sub->quantity;
}

/* Lowering a base must not leave an add-on over its maximum (rules §1, `quantity`). */
enum err decide_check_dependants(struct context *cx, const struct state *state,
                                 const struct subscription *sub,
                                 const struct eligibility_input *after)
{
    struct eligibility_input before = decide_holdings(cx, state, NULL);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *other = state->subscriptions.items[i];
        if (other == sub || !subscription_is_working(other))
            continue;
        const struct offer *offer = state_offer(state, other);
        if (offer->max_percent_of_base == 0)
            continue;
        struct quantity_bounds bounds = eligibility_quantity(after, offer);
        bool narrower = bounds.max < eligibility_quantity(&before, offer).max;
        int64_t quantity = change_quantity_in(after, other);
        if (narrower && quantity > bounds.max)
            TRY(eligibility_check_quantity(cx, offer, bounds, quantity));
    }
    return OK;
}

/* What is held once `sub` has another quantity. */
static struct eligibility_input change_holdings_with(struct context *cx, const struct state *state,
                                                     const struct subscription *sub,
                                                     int64_t quantity)
{
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    for (size_t i = 0; i < input.holding_count; i++) {
        if (strcmp(holdings[i].subscription, sub->id) == 0)
            holdings[i].quantity = quantity;
    }
    return input;
}

static enum err change_check_bounds(struct context *cx, const struct state *state,
                                    const struct subscription *sub, int64_t quantity)
{
    const struct offer *offer = state_offer(state, sub);
    struct eligibility_input input = decide_holdings(cx, state, NULL);
    TRY(eligibility_check_quantity(cx, offer, eligibility_quantity(&input, offer), quantity));
    if (quantity >= sub->quantity)
        return OK;
    struct eligibility_input after = change_holdings_with(cx, state, sub, quantity);
    return decide_check_dependants(cx, state, sub, &after);
}

void decide_set_quantity(struct context *cx, struct state *state, struct subscription *sub,
                         int64_t quantity)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_integer(&w, "quantity", quantity);
    json_close_object(&w);
    const char *previous = arena_print(cx->arena, "{\"quantity\":%" PRId64 "}", sub->quantity);
    int64_t more = quantity - sub->quantity;
    if (state_find_account(state, sub->account)->type == ACCOUNT_AGREEMENT) {
        if (more > 0)
            window_add_batch(cx, state, sub, more);
        else
            window_take_batches(cx, state, sub, -more);
    }
    sub->quantity = quantity;
    row_touch(&sub->row);
    state_event(cx, state, "subscription.quantity_changed", sub->id, json_end(&w), previous);
}

/* What may be asked of it, now or at renewal. */
static enum err change_check_licenses(struct context *cx, struct state *state,
                                      struct subscription *sub, int64_t quantity)
{
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    bool lowers = quantity < sub->quantity;
    TRY(change_check_action(cx, state, sub, lowers ? ACTION_REMOVE_LICENSES : ACTION_BUY_LICENSES));
    if (sub->parent != NULL && quantity == 0)
        return fault(cx, ERR_ADDON_NOT_REMOVABLE, "subscription", sub->id, "offer", sub->offer,
                     NULL);
    return OK;
}

static enum err change_check_quantity(struct context *cx, struct state *state,
                                      struct subscription *sub, int64_t quantity)
{
    bool lowers = quantity < sub->quantity;
    if (decide_is_changing(state, sub))
        return fault(cx, ERR_CHANGE_PENDING, "subscription", sub->id, "offer", sub->offer, NULL);
    TRY(fault_blame(cx, change_check_bounds(cx, state, sub, quantity), "/quantity"));
    if (lowers) {
        TRY(window_check_reduction(cx, state, sub, sub->quantity - quantity));
        return assign_check_quantity(cx, sub, quantity);
    }
    return quantity > sub->quantity ? decide_check_on_sale(cx, state, sub->offer) : OK;
}

/* More licences are an order (rules §7); fewer are a change at once. */
enum err decide_quantity(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision)
{
    struct subscription *sub = change_target(state, command);
    TRY(change_check_licenses(cx, state, sub, command->quantity));
    if (command->at_renewal)
        return schedule_put(cx, state, command, SCHEDULE_QUANTITY);
    TRY(change_check_quantity(cx, state, sub, command->quantity));
    if (command->quantity == sub->quantity)
        return OK;
    if (command->quantity > sub->quantity)
        return order_increase(cx, state, command, sub, decision);
    struct document *document = change_begin(cx, state, sub);
    int64_t old_quantity = sub->quantity;
    decide_set_quantity(cx, state, sub, command->quantity);
    bill_quantity(cx, state, document, sub, old_quantity, LINE_DECREASE);
    change_finish(cx, state, document, decision);
    return OK;
}

static enum err change_check_cancel(struct context *cx, struct state *state,
                                    struct subscription *sub)
{
    TRY(decide_check_action(cx, sub, ACTION_CANCEL));
    if (sub->status == SUBSCRIPTION_TRIAL || sub->status == SUBSCRIPTION_SCHEDULED)
        return OK;
    if (state->account->type == ACCOUNT_AGREEMENT)
        return window_check(cx, state, sub, ERR_CANCELLATION_WINDOW_CLOSED);
    int64_t max = state->seller->cancel_licenses_max;
    if (state_offer(state, sub)->scope != SCOPE_USER || sub->quantity <= max)
        return OK;
    return fault(cx, ERR_TOO_MANY_LICENSES_TO_CANCEL, "max",
                 arena_print(cx->arena, "%" PRId64, max), "subscription", sub->id, NULL);
}

/* Members of a family that bill: the parent first, then its children. */
static void change_credit_family(struct context *cx, struct state *state, struct document *document,
                                 struct subscription *family, civil_day from_on)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) == family && member->status == family->status)
            bill_credit(cx, state, document, member, from_on, LINE_CANCEL);
    }
}

/* A scheduled subscription that is cancelled never was: deleted, with full credit. */
static void change_delete_scheduled(struct context *cx, struct state *state,
                                    struct subscription *family)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) != family || member->status != SUBSCRIPTION_SCHEDULED)
            continue;
        member->recurring_billing = false;
        member->ended_by = ENDED_BY_CANCEL;
        state_set_status(cx, state, member, SUBSCRIPTION_DELETED, "subscription.deleted");
    }
}

/* With credit for the unused days; a scheduled one, which never began, with full credit. */
static enum err change_end_now(struct context *cx, struct state *state, struct subscription *sub,
                               struct decision *decision)
{
    struct document *document = change_begin(cx, state, sub);
    bool scheduled = sub->status == SUBSCRIPTION_SCHEDULED;
    change_credit_family(cx, state, document, sub, scheduled ? sub->start_on : state->today);
    if (scheduled)
        change_delete_scheduled(cx, state, sub);
    else
        decide_end_family(cx, state, sub, ENDED_BY_CANCEL);
    change_finish(cx, state, document, decision);
    return OK;
}

static void change_recurring_billing(struct context *cx, struct state *state,
                                     struct subscription *sub, bool on)
{
    if (sub->recurring_billing == on)
        return;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) != sub || member->status != sub->status)
            continue;
        member->recurring_billing = on;
        if (!on)
            schedule_drop(state, member); /* on again does not bring it back (rules §4) */
        row_touch(&member->row);
    }
    state_event(cx, state, "subscription.recurring_billing_changed", sub->id,
                on ? "{\"recurring_billing\":true}" : "{\"recurring_billing\":false}",
                on ? "{\"recurring_billing\":false}" : "{\"recurring_billing\":true}");
}

/* Why, when anything was said. */
static void change_note_reason(struct context *cx, struct state *state,
                               const struct command *command)
{
    if (command->cancel_reason == CANCEL_REASON_NONE && command->feedback == NULL)
        return;
    struct cancellation *cancellation = ARENA_NEW(cx->arena, struct cancellation);
    *cancellation = (struct cancellation){
        .subscription = command->subscription,
        .at_end = command->kind == COMMAND_CANCEL_AT_END,
        .reason = command->cancel_reason,
        .feedback = command->feedback,
        .by = cx->actor.id,
        .on = state->today,
        .at = cx->now,
        .row = ROW_NEW,
    };
    list_push(cx->arena, &state->cancellations, cancellation);
}

enum err decide_cancel(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision)
{
    struct subscription *sub = change_target(state, command);
    TRY(change_check_cancel(cx, state, sub));
    change_note_reason(cx, state, command);
    if (sub->status != SUBSCRIPTION_TRIAL)
        return change_end_now(cx, state, sub, decision);
    change_recurring_billing(cx, state, sub, false); /* expired at its end, whatever `when` */
    return OK;
}

enum err decide_recurring_billing(struct context *cx, struct state *state,
                                  const struct command *command, struct decision *decision)
{
    struct subscription *sub = change_target(state, command);
    bool on = command->kind == COMMAND_RECURRING_BILLING && command->on;
    enum subscription_action action =
        command->kind == COMMAND_CANCEL_AT_END ? ACTION_CANCEL : ACTION_RECURRING_BILLING;
    TRY(decide_check_action(cx, sub, action));
    change_note_reason(cx, state, command);
    if (command->kind == COMMAND_CANCEL_AT_END && sub->status == SUBSCRIPTION_SCHEDULED)
        return change_end_now(cx, state, sub, decision); /* it never began */
    change_recurring_billing(cx, state, sub, on);
    return OK;
}

/* What eligibility sees when the marked subscriptions are gone. */
static struct eligibility_input change_holdings_without(struct context *cx,
                                                        const struct state *state, const bool *gone)
{
    struct holding *holdings;
    struct eligibility_input input = decide_holdings(cx, state, &holdings);
    size_t kept = 0;
    for (size_t i = 0; i < input.holding_count; i++) {
        bool is_gone = false;
        for (size_t s = 0; s < state->subscriptions.count; s++) {
            const struct subscription *sub = state->subscriptions.items[s];
            is_gone = is_gone || (gone[s] && strcmp(sub->id, holdings[i].subscription) == 0);
        }
        if (!is_gone)
            holdings[kept++] = holdings[i];
    }
    input.holding_count = kept;
    return input;
}

/* Marks the traditional add-ons that require what goes, and those that require them in turn
 * (rules §3.3). What is ordered and awaits its payment is not held yet: its order goes on. Returns
 * whether another one was marked. */
static bool change_mark_dependants(struct context *cx, const struct state *state, bool *gone)
{
    const bool *nothing = ARENA_ARRAY(cx->arena, bool, state->subscriptions.count);
    struct eligibility_input before = change_holdings_without(cx, state, nothing);
    struct eligibility_input after = change_holdings_without(cx, state, gone);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        bool is_there = sub->status != SUBSCRIPTION_DELETED && sub->status != SUBSCRIPTION_PLANNED;
        if (gone[i] || sub->parent == NULL || !is_there)
            continue;
        const struct offer *offer = state_offer(state, sub);
        if (eligibility_meets_requirements(cx, &before, offer) &&
            !eligibility_meets_requirements(cx, &after, offer)) {
            gone[i] = true;
            return true;
        }
    }
    return false;
}

static void change_remove(struct context *cx, struct state *state, struct document *document,
                          struct subscription *sub)
{
    if (state_family(state, sub)->status == SUBSCRIPTION_ACTIVE)
        bill_credit(cx, state, document, sub, state->today, LINE_SUPPORT_REMOVAL);
    sub->recurring_billing = false;
    sub->ended_by = ENDED_BY_SUPPORT;
    sub->past_due_at = INSTANT_NONE;
    state_set_status(cx, state, sub, SUBSCRIPTION_DELETED, "subscription.deleted");
}

/* Removes the marked ones that the account in use pays for, on a document of its own; `first`
 * names its order and method. */
static void change_remove_paid_by(struct context *cx, struct state *state, const bool *gone,
                                  struct subscription *first, struct decision *decision)
{
    struct document *document = change_begin(cx, state, first);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (gone[i] && strcmp(sub->account, state->account->id) == 0)
            change_remove(cx, state, document, sub);
    }
    change_finish(cx, state, document, decision);
}

/* What requires an add-on may be on another account: "one command, one document per payer". */
static void change_remove_elsewhere(struct context *cx, struct state *state, const bool *gone)
{
    struct account *own = state->account;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        struct decision theirs = {0};
        if (!gone[i] || sub->status == SUBSCRIPTION_DELETED)
            continue;
        state_use_account(state, state_find_account(state, sub->account), cx->now);
        change_remove_paid_by(cx, state, gone, sub, &theirs);
    }
    state_use_account(state, own, cx->now);
}

enum err decide_support_remove(struct context *cx, struct state *state,
                               const struct command *command, struct decision *decision)
{
    struct subscription *sub = change_target(state, command);
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    if (sub->parent == NULL)
        return fault(cx, ERR_INVALID, "param", "/subscription", "value",
                     "only a traditional add-on is removed by support", NULL);
    if (sub->status == SUBSCRIPTION_DELETED)
        return fault(cx, ERR_SUBSCRIPTION_DELETED, "subscription", sub->id, NULL);
    bool *gone = ARENA_ARRAY(cx->arena, bool, state->subscriptions.count);
    for (size_t i = 0; i < state->subscriptions.count; i++)
        gone[i] = state->subscriptions.items[i] == sub;
    while (change_mark_dependants(cx, state, gone))
        ;
    change_remove_paid_by(cx, state, gone, sub, decision);
    change_remove_elsewhere(cx, state, gone);
    decide_flag_requirements(cx, state);
    return OK;
}
