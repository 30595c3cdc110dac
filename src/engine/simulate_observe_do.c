/* What a simulation shows: on the way (`available`, `preview`), and at its end. */
#include <string.h>

#include "customer/customer_store.h"
#include "engine/engine_do.h"
#include "engine/engine_store.h"
#include "engine/simulate_show.h"
#include "engine/simulate_world.h"
#include "invoice/invoice_store.h"
#include "ledger/ledger_store.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"

/* Observations --------------------------------------------------------------------------------- */

static struct observation *observe(struct simulate_world *world, const struct step *step)
{
    struct observation *observation = ARENA_NEW(world->arena, struct observation);
    observation->step = step->number;
    observation->on = step->on;
    list_push(world->arena, &world->result.observations, observation);
    return observation;
}

enum err simulate_observe_available(struct simulate_world *world, const struct step *step)
{
    struct state *state;
    TRY(state_load_read(&world->cx, &state));
    state_use_account(state, state->accounts.items[0], world->cx.now);
    const char *available = show_available(&world->cx, state);
    observe(world, step)->available = arena_copy(world->arena, available);
    return OK;
}

/* All subscriptions as a decision left them; those it did not see are as they were. */
static enum err load_subscriptions(struct simulate_world *world, const struct state *decided,
                                   struct subscription_list *list)
{
    struct context *cx = &world->cx;
    struct subscription_list stored = {0};
    TRY(subscription_load_all(cx, &stored));
    for (size_t i = 0; i < stored.count; i++) {
        struct subscription *sub = stored.items[i];
        if (decided != NULL && state_find_subscription(decided, sub->id) != NULL)
            continue;
        if (sub->status != SUBSCRIPTION_PLANNED)
            list_push(cx->arena, list, sub);
    }
    for (size_t i = 0; decided != NULL && i < decided->subscriptions.count; i++) {
        struct subscription *sub = decided->subscriptions.items[i];
        if (sub->status != SUBSCRIPTION_PLANNED && sub->row != ROW_REMOVED)
            list_push(cx->arena, list, sub);
    }
    return OK;
}

static void add_change(struct arena *arena, struct subscription_change_list *history,
                       const struct subscription_change *change)
{
    struct subscription_change *copy = ARENA_NEW(arena, struct subscription_change);
    copy->status = change->status;
    copy->on = change->on;
    list_push(arena, history, copy);
}

static enum err show_subscriptions(struct simulate_world *world, const struct state *decided,
                                   struct shown_subscription_list *ret_list)
{
    struct context *cx = &world->cx;
    struct subscription_list list = {0};
    TRY(load_subscriptions(world, decided, &list));
    struct show_source source = show_source_of(cx, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct subscription *sub = list.items[i];
        struct shown_subscription *shown = show_subscription(world->arena, &source, sub);
        struct subscription_change_list changes = {0};
        TRY(subscription_load_changes(cx, sub->id, &changes));
        for (size_t c = 0; c < changes.count; c++)
            add_change(world->arena, &shown->history, changes.items[c]);
        for (size_t c = 0; decided != NULL && c < decided->changes.count; c++) {
            if (strcmp(decided->changes.items[c]->subscription, sub->id) == 0)
                add_change(world->arena, &shown->history, decided->changes.items[c]);
        }
        list_push(world->arena, ret_list, shown);
    }
    return OK;
}

/* Decides and shows; the state is thrown away. */
static enum err decide_preview(struct simulate_world *world, const struct step *step,
                               struct state **ret_state)
{
    struct command command;
    bool is_one;
    TRY(simulate_command(world, step, &command, &is_one));
    if (!is_one)
        return OK;
    struct engine_run run = {.preview = true};
    TRY(engine_command(&world->cx, &command, &run));
    *ret_state = run.state;
    return OK;
}

static enum err show_new_documents(struct simulate_world *world, const struct state *state,
                                   struct shown_document_list *ret_list)
{
    struct subscription_list list = {0};
    TRY(load_subscriptions(world, state, &list));
    struct show_source source = show_source_of(&world->cx, &list);
    for (size_t i = 0; i < state->documents.count; i++) {
        const struct document *document = state->documents.items[i];
        if (document->row == ROW_NEW && document->state == DOCUMENT_ISSUED)
            list_push(world->arena, ret_list, show_document(world->arena, &source, document, true));
    }
    return OK;
}

struct shown_refusal *simulate_take_refusal(struct simulate_world *world, const struct step *step)
{
    struct shown_refusal *refusal = show_refusal(world->arena, &world->cx.fault);
    refusal->step = step->number;
    refusal->on = step->on;
    fault_clear(&world->cx);
    return refusal;
}

enum err simulate_observe_preview(struct simulate_world *world, const struct step *step)
{
    struct shown_preview *preview = ARENA_NEW(world->arena, struct shown_preview);
    struct state *state = NULL;
    enum err err = decide_preview(world, step->previewed, &state);
    if (err != OK && !simulate_is_refusal(err))
        return err;
    if (err != OK)
        preview->refusal = simulate_take_refusal(world, step);
    if (state != NULL)
        TRY(show_new_documents(world, state, &preview->documents));
    TRY(show_subscriptions(world, state, &preview->subscriptions));
    simulate_sort(&preview->documents, &preview->subscriptions);
    observe(world, step)->preview = preview;
    return OK;
}

/* The end -------------------------------------------------------------------------------------- */

static enum err gather_documents(struct simulate_world *world)
{
    struct context *cx = &world->cx;
    struct simulation_result *result = &world->result;
    struct subscription_list subscriptions = {0};
    struct document_list documents = {0};
    TRY(load_subscriptions(world, NULL, &subscriptions));
    TRY(invoice_load_all(cx, &documents));
    struct show_source source = show_source_of(cx, &subscriptions);
    for (size_t i = 0; i < documents.count; i++) {
        const struct document *document = documents.items[i];
        result->unpaid = money_add(result->unpaid, document->unpaid);
        list_push(world->arena, &result->documents,
                  show_document(world->arena, &source, document, false));
    }
    return OK;
}

static enum err gather_refunds(struct simulate_world *world)
{
    struct refund_list refunds = {0};
    TRY(refund_load_all(&world->cx, &refunds));
    for (size_t i = 0; i < refunds.count; i++) {
        struct refund *refund = ARENA_NEW(world->arena, struct refund);
        refund->on = refunds.items[i]->on;
        refund->amount = refunds.items[i]->amount;
        if (refunds.items[i]->state != REFUND_FAILED)
            list_push(world->arena, &world->result.refunds, refund);
    }
    return OK;
}

enum err simulate_gather(struct simulate_world *world)
{
    struct account *account;
    struct simulation_result *result = &world->result;
    simulate_begin(world, world->cx.now);
    result->end_on = world->simulation->until_on + 1;
    result->unpaid = money_zero(world->simulation->currency);
    TRY(account_load(&world->cx, world->account, &account));
    result->credit_balance = account->credit;
    TRY(ledger_sum(&world->cx, &result->ledger_sum));
    TRY(gather_documents(world));
    TRY(gather_refunds(world));
    return show_subscriptions(world, NULL, &result->subscriptions);
}
