#include "engine/engine_store.h"

#include <string.h>

#include "base/limits.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "event/event_store.h"
#include "invoice/invoice_store.h"
#include "ledger/ledger_store.h"
#include "license/license_store.h"
#include "order/order_store.h"
#include "payment/payment_store.h"
#include "subscription/cancellation_store.h"
#include "subscription/schedule_store.h"
#include "subscription/subscription_store.h"
#include "tax/exemption_store.h"

/* A customer's versions are few and parsed once (catalog_store.h), so all are at hand. */
static enum err state_load_catalogs(struct context *cx, struct state *state)
{
    TRY(catalog_load_current(cx, &state->current));
    for (int64_t number = 1; number < state->current->number; number++) {
        const struct catalog *catalog;
        TRY(catalog_load(cx, number, &catalog));
        list_push(cx->arena, &state->catalogs, catalog);
    }
    list_push(cx->arena, &state->catalogs, state->current);
    return OK;
}

/* An add-on whose order still awaits its payment may outlive its base: it is there too, to be found
 * deleted. */
static enum err state_load_parents(struct context *cx, struct state *state)
{
    size_t count = state->subscriptions.count;
    for (size_t i = 0; i < count; i++) {
        const char *parent = state->subscriptions.items[i]->parent;
        struct subscription *sub;
        if (parent == NULL || state_find_subscription(state, parent) != NULL)
            continue;
        TRY(subscription_load(cx, parent, &sub));
        list_push(cx->arena, &state->subscriptions, sub);
    }
    return OK;
}

/* Most customers never had a certificate. */
static enum err state_load_exemptions(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->accounts.count; i++) {
        if (state->accounts.items[i]->exemptions > 0)
            return exemption_load_all(cx, NULL, &state->exemptions);
    }
    return OK;
}

static enum err state_load_rows(struct context *cx, struct state *state)
{
    TRY(state_load_catalogs(cx, state));
    TRY(account_load_all(cx, &state->accounts));
    TRY(state_load_exemptions(cx, state));
    TRY(subscription_load_held(cx, &state->subscriptions));
    TRY(state_load_parents(cx, state));
    TRY(schedule_load(cx, NULL, &state->schedules));
    TRY(method_load_all(cx, &state->methods));
    TRY(order_load_pending(cx, &state->orders));
    TRY(invoice_load_open(cx, &state->documents, &state->lines));
    return payment_load_open(cx, &state->payments);
}

/* A command may name a subscription that is deleted: it gets its own refusal. */
static enum err state_load_named(struct context *cx, struct state *state, const char *id)
{
    if (id == NULL || state_find_subscription(state, id) != NULL)
        return OK;
    struct subscription *sub;
    enum err err = subscription_load(cx, id, &sub);
    if (err == ERR_NOT_FOUND) {
        fault_clear(cx);
        return OK; /* decide() says so */
    }
    TRY(err);
    if (sub->parent != NULL && state_find_subscription(state, sub->parent) == NULL)
        TRY(state_load_named(cx, state, sub->parent));
    list_push(cx->arena, &state->subscriptions, sub);
    return OK;
}

/* Says whether something on the account goes on whatever falls due or is settled next: then its
 * credit is not sent back (rules §6, Credit). */
static bool state_goes_on(const struct state *state, const struct account *account)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        bool lives = sub->status == SUBSCRIPTION_SCHEDULED ||
                     (sub->status == SUBSCRIPTION_ACTIVE && !subscription_is_past_due(sub));
        if (lives && strcmp(sub->account, account->id) == 0)
            return true;
    }
    return false;
}

/* A customer who holds nothing that credit could pay for gets it back: then the payments matter
 * that can still be refunded. They are as many as ever were made, so they are left alone as long
 * as they can be. */
static bool state_may_refund(const struct state *state, const struct command *command)
{
    switch (command->kind) {
    case COMMAND_ORDER:
    case COMMAND_RECURRING_BILLING:
    case COMMAND_ASSIGN:
    case COMMAND_UNASSIGN:
    case COMMAND_UNSCHEDULE:
    case COMMAND_PAYMENT_METHOD:
    case COMMAND_END_WITH:
    case COMMAND_WRITE_OFF:
    case COMMAND_SETTLE_REFUND:
    case COMMAND_REACTIVATE:
    case COMMAND_EXTEND_TRIAL:
    case COMMAND_BUY_TRIAL:
        return false;
    case COMMAND_CANCEL:
    case COMMAND_CANCEL_AT_END:
    case COMMAND_SUPPORT_REMOVE:
    case COMMAND_DELETE:
    case COMMAND_REFUND:
        return true;
    case COMMAND_SET_QUANTITY:
    case COMMAND_CHANGE_PLAN:
    case COMMAND_BILLING:
    case COMMAND_SETTLE_PAYMENT:
    case COMMAND_PAY:
    case COMMAND_PAY_TRANSFER:
    case COMMAND_DUE:
        break;
    }
    for (size_t i = 0; i < state->accounts.count; i++) {
        if (!state_goes_on(state, state->accounts.items[i]))
            return true;
    }
    return false;
}

/* Says whether what falls due may free licences or take some away. */
static bool state_licenses_at_stake(const struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        bool ends = sub->status == SUBSCRIPTION_DISABLED || sub->parent != NULL;
        if (sub->conflict_on != DAY_NONE || (ends && sub->assigned > 0))
            return true;
    }
    return false;
}

/* Licences are as many as people, and what is assigned is counted in the subscriptions: only a
 * command that may touch licences sees them. Those of the named users, or all; a command that
 * deletes no subscription sees none. */
static enum err state_load_licenses(struct context *cx, struct state *state,
                                    const struct command *command)
{
    enum command_kind kind = command->kind;
    const struct license_request *request = &command->licenses;
    if (kind == COMMAND_ASSIGN || kind == COMMAND_UNASSIGN) {
        TRY(license_check_request(cx, request));
        for (size_t i = 0; i < request->subscription_count; i++)
            TRY(state_load_named(cx, state, request->subscriptions[i]));
        for (size_t i = 0; i < request->user_count; i++)
            TRY(license_load_of_user(cx, request->users[i], &state->licenses));
        return OK;
    }
    bool deletes_nothing = kind == COMMAND_ORDER || kind == COMMAND_SET_QUANTITY ||
                           kind == COMMAND_RECURRING_BILLING || kind == COMMAND_CANCEL_AT_END ||
                           kind == COMMAND_PAYMENT_METHOD || kind == COMMAND_PAY_TRANSFER ||
                           kind == COMMAND_SETTLE_REFUND || kind == COMMAND_REFUND ||
                           kind == COMMAND_WRITE_OFF;
    if (deletes_nothing || (kind == COMMAND_DUE && !state_licenses_at_stake(state)))
        return OK;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        if (state->subscriptions.items[i]->assigned > 0)
            return license_load_all(cx, &state->licenses);
    }
    return OK;
}

/* Lines that earn are as many as periods: only when their revenue is posted they are there. */
static enum err state_load_earning(struct context *cx, struct state *state,
                                   const struct command *command)
{
    const struct account *account =
        command->kind == COMMAND_DUE ? state_earns_next(cx, state) : NULL;
    if (account == NULL)
        return OK;
    return invoice_load_earning(cx, account->id, account->earned_until, &state->earning);
}

static enum err state_load_for_command(struct context *cx, struct state *state,
                                       const struct command *command)
{
    TRY(state_load_named(cx, state, command->subscription));
    TRY(state_load_earning(cx, state, command));
    TRY(state_load_licenses(cx, state, command));
    bool asks_trial = false;
    for (size_t i = 0; i < command->order.line_count; i++) {
        TRY(state_load_named(cx, state, command->order.lines[i].connect_to));
        asks_trial = asks_trial || command->order.lines[i].trial;
    }
    if (asks_trial) {
        TRY(subscription_load_trialed(cx, &state->trialed_offers.items,
                                      &state->trialed_offers.count));
    }
    TRY(subscription_load_batches(cx, cx->now - BATCH_WINDOW_MS, &state->batches));
    if (state_may_refund(state, command))
        TRY(payment_load_refundable(cx, &state->payments));
    if (command->settlement.payment != NULL &&
        state_find_payment(state, command->settlement.payment) == NULL) {
        struct payment *payment;
        TRY(payment_load(cx, command->settlement.payment, &payment));
        list_push(cx->arena, &state->payments, payment);
    }
    if (command->refund != NULL) {
        struct refund *refund;
        TRY(refund_load(cx, command->refund, &refund));
        list_push(cx->arena, &state->refunds, refund);
        if (state_find_payment(state, refund->payment) == NULL) {
            struct payment *payment;
            TRY(payment_load(cx, refund->payment, &payment));
            list_push(cx->arena, &state->payments, payment);
        }
    }
    return OK;
}

static struct state *state_begin(struct context *cx)
{
    struct state *state = ARENA_NEW(cx->arena, struct state);
    state->seller = cx->seller;
    state->issue_at = cx->now;
    return state;
}

/* Documents of lines in force hold what a credit's tax follows from; so do those of payments. */
enum err state_load_locked(struct context *cx, const struct command *command,
                           struct state **ret_state)
{
    struct state *state = state_begin(cx);
    TRY(organization_load(cx, &state->organization));
    TRY(state_load_rows(cx, state));
    TRY(state_load_for_command(cx, state, command));
    *ret_state = state;
    return OK;
}

enum err state_load(struct context *cx, const struct command *command, struct state **ret_state)
{
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    return state_load_locked(cx, command, ret_state);
}

static enum err state_read_work(struct context *cx, void *arg)
{
    struct state **ret_state = arg;
    struct state *state = state_begin(cx);
    TRY(organization_load(cx, &state->organization));
    TRY(state_load_rows(cx, state));
    *ret_state = state;
    return OK;
}

/* Rows of two moments would not fit together. */
enum err state_load_read(struct context *cx, struct state **ret_state)
{
    return db_snapshot(cx, state_read_work, ret_state);
}

static enum err state_save_money(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->documents.count; i++)
        TRY(invoice_save(cx, state->documents.items[i]));
    for (size_t i = 0; i < state->lines.count; i++)
        TRY(invoice_save_line(cx, state->lines.items[i]));
    for (size_t i = 0; i < state->payments.count; i++)
        TRY(payment_save(cx, state->payments.items[i]));
    for (size_t i = 0; i < state->refunds.count; i++)
        TRY(refund_save(cx, state->refunds.items[i]));
    for (size_t i = 0; i < state->entries.count; i++)
        TRY(ledger_insert(cx, state->entries.items[i]));
    for (size_t i = 0; i < state->touched_accounts.count; i++)
        TRY(account_save(cx, state->touched_accounts.items[i]));
    return OK;
}

static enum err state_save_holdings(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++)
        TRY(subscription_save(cx, state->subscriptions.items[i]));
    for (size_t i = 0; i < state->batches.count; i++)
        TRY(subscription_save_batch(cx, state->batches.items[i]));
    for (size_t i = 0; i < state->schedules.count; i++)
        TRY(schedule_save(cx, state->schedules.items[i]));
    for (size_t i = 0; i < state->changes.count; i++)
        TRY(subscription_insert_change(cx, state->changes.items[i]));
    for (size_t i = 0; i < state->cancellations.count; i++)
        TRY(cancellation_save(cx, state->cancellations.items[i]));
    for (size_t i = 0; i < state->licenses.count; i++)
        TRY(license_save(cx, state->licenses.items[i]));
    for (size_t i = 0; i < state->orders.count; i++)
        TRY(order_save(cx, state->orders.items[i]));
    return OK;
}

enum err state_save(struct context *cx, struct state *state)
{
    TRY(state_save_holdings(cx, state));
    TRY(state_save_money(cx, state));
    for (size_t i = 0; i < state->events.count; i++) {
        TRY(event_insert(cx, state->events.items[i], state->organization.event_seq + 1));
        state->organization.event_seq++;
    }
    state->organization.due_at = state_due_at(cx, state);
    if (state->organization.now_at < cx->now)
        state->organization.now_at = cx->now;
    if (state->organization.clock_at != INSTANT_NONE && state->organization.clock_at < cx->now)
        state->organization.clock_at = cx->now;
    return organization_save_run(cx, &state->organization);
}
