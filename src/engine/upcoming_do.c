#include "engine/upcoming_do.h"

#include <string.h>

#include "db/db.h"
#include "engine/engine_store.h"
#include "license/license_store.h"
#include "payment/payment_store.h"

/* Licences matter to what becomes of trials and of what is deleted; payments to which credit goes
 * back. */
static enum err load_work(struct context *cx, void *arg)
{
    struct state **ret_state = arg;
    TRY(state_load_read(cx, ret_state));
    struct state *state = *ret_state;
    TRY(payment_load_refundable(cx, &state->payments));
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        if (state->subscriptions.items[i]->assigned > 0)
            return license_load_all(cx, &state->licenses);
    }
    return OK;
}

static void add_charge(struct context *cx, struct upcoming_charge_list *list,
                       const struct account *account, const struct document *invoice,
                       bool is_issued)
{
    if (strcmp(invoice->account, account->id) != 0)
        return;
    struct upcoming_charge *charge = ARENA_NEW(cx->arena, struct upcoming_charge);
    charge->invoice = invoice;
    charge->is_issued = is_issued;
    charge->charge_on = invoice->due_on != DAY_NONE ? invoice->due_on : invoice->issued_on;
    if (invoice->next_attempt_at != INSTANT_NONE && invoice->first_failed_at != INSTANT_NONE)
        charge->charge_on = zone_day(account->time_zone, invoice->next_attempt_at);
    list_push(cx->arena, list, charge);
}

/* Invoices that are not paid yet, as they are before anything moves on. */
static void add_open(struct context *cx, const struct state *state, const struct account *account,
                     struct upcoming_charge_list *list)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        const struct document *document = state->documents.items[i];
        if (document->state != DOCUMENT_ISSUED || money_sign(document->unpaid) <= 0)
            continue;
        struct document *noted = ARENA_NEW(cx->arena, struct document);
        *noted = *document;
        add_charge(cx, list, account, noted, true);
    }
}

static int compare_charges(const void *a_item, const void *b_item)
{
    const struct upcoming_charge *a = a_item;
    const struct upcoming_charge *b = b_item;
    return (a->charge_on > b->charge_on) - (a->charge_on < b->charge_on);
}

enum err upcoming_load(struct context *cx, const char *account, int64_t months,
                       struct upcoming *ret_upcoming)
{
    struct state *state;
    TRY(db_snapshot(cx, load_work, &state));
    const struct account *found = state_find_account(state, account);
    if (found == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    struct context own = *cx;
    if (state->organization.now_at > own.now)
        own.now = state->organization.now_at; /* its time never goes back (rules §0) */
    civil_day today = zone_day(found->time_zone, own.now);
    struct upcoming upcoming = {.until_on = period_end(today, today, (int)months)};
    struct ahead ahead = {.until = zone_start_of_day(found->time_zone, upcoming.until_on)};
    add_open(&own, state, found, &upcoming.charges);
    enum err err = ahead_run(&own, state, &ahead);
    cx->ids = own.ids;
    cx->fault = own.fault;
    TRY(err);
    for (size_t i = 0; i < ahead.invoices.count; i++)
        add_charge(cx, &upcoming.charges, found, ahead.invoices.items[i], false);
    list_sort(upcoming.charges.items, upcoming.charges.count, compare_charges);
    upcoming.until_on = zone_day(found->time_zone, ahead.done_until);
    *ret_upcoming = upcoming;
    return OK;
}
