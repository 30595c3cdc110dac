/* The engine's commands as steps. A new command is a function and a row. */
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "engine/engine_do.h"
#include "engine/sim_world.h"
#include "invoice/invoice_store.h"
#include "payment/payment_store.h"
#include "subscription/schedule_store.h"
#include "subscription/subscription_store.h"

enum err sim_run_command(struct sim_world *world, struct sim_act *act)
{
    struct engine_run run = {0};
    world->result->commands++;
    TRY(engine_command(&world->cx, &act->command, &run));
    if (run.decision.order != NULL && order_is_pending(run.decision.order))
        act->order = arena_copy(world->step_arena, run.decision.order->id);
    act->is_to_settle = run.decision.payments.count > 0;
    return OK;
}

/* What there is to choose from ----------------------------------------------------------------- */

static enum err pick_account(struct sim_world *world, struct account **ret_account)
{
    struct context look = sim_look(world);
    struct account_list accounts = {0};
    TRY(account_load_all(&look, &accounts));
    *ret_account = accounts.items[sim_below(&world->dice, (int64_t)accounts.count)];
    return OK;
}

/* NULL when nothing is held. */
static enum err pick_subscription(struct sim_world *world, struct subscription **ret_sub)
{
    struct context look = sim_look(world);
    struct subscription_list held = {0};
    TRY(subscription_load_held(&look, &held));
    *ret_sub = held.count > 0 ? held.items[sim_below(&world->dice, (int64_t)held.count)] : NULL;
    return OK;
}

/* One of the account's; NULL: it has none. */
static enum err pick_some_method(struct sim_world *world, const char *account, const char **ret_id)
{
    struct context look = sim_look(world);
    struct method_list methods = {0};
    *ret_id = NULL;
    TRY(method_load_all(&look, &methods));
    int64_t start = sim_below(&world->dice, (int64_t)methods.count + 1);
    for (size_t i = 0; i < methods.count; i++) {
        const struct payment_method *method = methods.items[((size_t)start + i) % methods.count];
        if (strcmp(method->account, account) == 0)
            *ret_id = method->id;
    }
    return OK;
}

/* One of the account's; NULL: its default. */
static enum err pick_method(struct sim_world *world, const char *account, const char **ret_id)
{
    *ret_id = NULL;
    return sim_chance(&world->dice, 2, 3) ? OK : pick_some_method(world, account, ret_id);
}

/* Commands ------------------------------------------------------------------------------------- */

static enum err make_order(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    struct account *account;
    struct subscription_list held = {0};
    const struct catalog *catalog;
    TRY(pick_account(world, &account));
    TRY(subscription_load_held(&look, &held));
    TRY(catalog_load_current(&look, &catalog));
    const struct sim_shelf shelf = {
        .catalog = catalog,
        .account = account,
        .held = &held,
        .name = arena_print(world->step_arena, "s%d", (int)world->step),
        .today = zone_day(account->time_zone, sim_now(world)),
    };
    command->kind = COMMAND_ORDER;
    command->account = account->id;
    command->order = sim_order(&world->dice, world->step_arena, &shelf);
    return pick_method(world, account->id, &command->order.payment_method);
}

/* One change of three waits for the renewal. */
static bool is_for_renewal(struct sim_world *world)
{
    return sim_chance(&world->dice, 1, 3);
}

static enum err make_quantity(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    struct subscription *sub;
    const struct catalog *catalog;
    TRY(pick_subscription(world, &sub));
    if (sub == NULL)
        return OK;
    TRY(catalog_load(&look, sub->catalog, &catalog));
    command->kind = COMMAND_SET_QUANTITY;
    command->subscription = sub->id;
    command->quantity =
        sim_quantity(&world->dice, catalog_find_offer(catalog, sub->offer), sub->quantity);
    command->at_renewal = is_for_renewal(world);
    if (command->quantity > sub->quantity && !command->at_renewal)
        TRY(pick_method(world, sub->account, &command->payment_method));
    return OK;
}

/* A command that names one of the things held, and nothing else. */
static enum err make_named(struct sim_world *world, enum command_kind kind, struct command *command)
{
    struct subscription *sub;
    TRY(pick_subscription(world, &sub));
    if (sub == NULL)
        return OK;
    command->kind = kind;
    command->subscription = sub->id;
    command->on = sim_chance(&world->dice, 2, 3);
    return OK;
}

static enum err make_cancel(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_CANCEL, command);
}

static enum err make_cancel_at_end(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_CANCEL_AT_END, command);
}

static enum err make_recurring_billing(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_RECURRING_BILLING, command);
}

static enum err make_reactivate(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_REACTIVATE, command);
}

static enum err make_delete(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_DELETE, command);
}

static enum err make_extend_trial(struct sim_world *world, struct command *command)
{
    return make_named(world, COMMAND_EXTEND_TRIAL, command);
}

static enum err make_buy_trial(struct sim_world *world, struct command *command)
{
    command->quantity = sim_between(&world->dice, 1, 30);
    return make_named(world, COMMAND_BUY_TRIAL, command);
}

/* To any offer: the engine knows where a plan may lead. */
static enum err make_change_plan(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    const struct catalog *catalog;
    TRY(catalog_load_current(&look, &catalog));
    int64_t count = sim_chance(&world->dice, 3, 4) ? 2 : (int64_t)catalog->offer_count;
    command->offer = catalog->offers[sim_below(&world->dice, count)].id;
    command->at_renewal = is_for_renewal(world);
    return make_named(world, COMMAND_CHANGE_PLAN, command);
}

static enum err make_billing(struct sim_world *world, struct command *command)
{
    command->term = (enum term)sim_between(&world->dice, TERM_NONE, TERM_P3Y);
    command->billing = (enum billing)sim_between(&world->dice, BILLING_MONTHLY, BILLING_UPFRONT);
    command->at_renewal = is_for_renewal(world);
    return make_named(world, COMMAND_BILLING, command);
}

/* Something is paid with another method, or all that its present one pays for. */
static enum err make_payment_method(struct sim_world *world, struct command *command)
{
    struct subscription *sub;
    TRY(pick_subscription(world, &sub));
    if (sub == NULL)
        return OK;
    TRY(pick_some_method(world, sub->account, &command->payment_method));
    if (command->payment_method == NULL)
        return OK;
    command->kind = COMMAND_PAYMENT_METHOD;
    command->subscription = sub->id;
    command->on = sim_chance(&world->dice, 1, 2);
    return OK;
}

/* The next term is to end with that of another subscription, or with a month. */
static enum err make_end_with(struct sim_world *world, struct command *command)
{
    struct subscription *other;
    char day[DAY_TEXT_SIZE];
    TRY(pick_subscription(world, &other));
    command->at_renewal = true;
    if (other != NULL && sim_chance(&world->dice, 1, 2)) {
        command->ends_with = other->id;
    } else {
        day_format(zone_day("UTC", sim_now(world)) + (civil_day)sim_between(&world->dice, 0, 500),
                   day);
        command->ends_with = arena_print(world->step_arena, "%.7s", day);
    }
    return make_named(world, COMMAND_END_WITH, command);
}

static enum err make_support_remove(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    struct subscription_list held = {0};
    TRY(subscription_load_held(&look, &held));
    for (size_t i = 0; i < held.count; i++) {
        if (held.items[i]->parent == NULL || held.items[i]->status == SUBSCRIPTION_PLANNED)
            continue;
        command->kind = COMMAND_SUPPORT_REMOVE;
        command->subscription = held.items[i]->id;
        if (sim_chance(&world->dice, 1, 2))
            return OK;
    }
    return OK;
}

/* One of the changes that wait for a renewal is forgotten. */
static enum err make_unschedule(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    struct schedule_list changes = {0};
    TRY(schedule_load(&look, NULL, &changes));
    if (changes.count == 0)
        return OK;
    const struct scheduled_change *change =
        changes.items[sim_below(&world->dice, (int64_t)changes.count)];
    command->kind = COMMAND_UNSCHEDULE;
    command->subscription = change->subscription;
    command->scheduled_change = change->id;
    return OK;
}

/* Licences of one or two subscriptions for a few of the customer's people. */
static enum err make_licenses(struct sim_world *world, enum command_kind kind,
                              struct command *command)
{
    enum { USERS = 12, USERS_MAX = 4, SUBSCRIPTIONS_MAX = 2 };
    struct arena *arena = world->step_arena;
    const char **subs = ARENA_ARRAY(arena, const char *, SUBSCRIPTIONS_MAX);
    const char **users = ARENA_ARRAY(arena, const char *, USERS_MAX);
    int64_t first = sim_below(&world->dice, USERS);
    struct license_request *licenses = &command->licenses;
    int64_t wanted = sim_between(&world->dice, 1, SUBSCRIPTIONS_MAX);
    *licenses = (struct license_request){.subscriptions = subs, .users = users};
    licenses->user_count = (size_t)sim_between(&world->dice, 1, USERS_MAX);
    for (size_t i = 0; i < licenses->user_count; i++)
        users[i] = arena_print(arena, "user-%d", (int)((first + (int64_t)i) % USERS));
    while ((int64_t)licenses->subscription_count < wanted) {
        struct subscription *sub;
        TRY(pick_subscription(world, &sub));
        if (sub == NULL)
            return OK;
        subs[licenses->subscription_count++] = sub->id;
    }
    command->kind = kind;
    command->subscription = subs[0];
    return OK;
}

static enum err make_assign(struct sim_world *world, struct command *command)
{
    return make_licenses(world, COMMAND_ASSIGN, command);
}

static enum err make_unassign(struct sim_world *world, struct command *command)
{
    return make_licenses(world, COMMAND_UNASSIGN, command);
}

/* All that is unpaid on an account, or one of its invoices, is paid. */
static enum err make_pay(struct sim_world *world, struct command *command)
{
    struct context look = sim_look(world);
    struct account *account;
    struct document_list documents = {0};
    struct line_list lines = {0};
    TRY(pick_account(world, &account));
    command->kind = COMMAND_PAY;
    command->account = account->id;
    TRY(pick_method(world, account->id, &command->payment_method));
    if (sim_chance(&world->dice, 2, 3))
        return OK;
    TRY(invoice_load_open(&look, &documents, &lines));
    if (documents.count > 0)
        command->document = documents.items[sim_below(&world->dice, (int64_t)documents.count)]->id;
    return OK;
}

/* Credit balance goes back: all that can, or a part of it. */
static enum err make_refund(struct sim_world *world, struct command *command)
{
    enum { PARTS = 10 };
    struct account *account;
    TRY(pick_account(world, &account));
    command->kind = COMMAND_REFUND;
    command->account = account->id;
    if (money_sign(account->credit) <= 0 || sim_chance(&world->dice, 1, 2))
        return OK;
    struct money *amount = ARENA_NEW(world->step_arena, struct money);
    *amount = money_share(account->credit, 1 + sim_below(&world->dice, PARTS), PARTS);
    command->amount = amount;
    return OK;
}

/* A command about one of the invoices that are unpaid. */
static enum err make_of_unpaid(struct sim_world *world, enum command_kind kind,
                               struct command *command)
{
    struct context look = sim_look(world);
    struct document_list documents = {0};
    struct line_list lines = {0};
    TRY(invoice_load_open(&look, &documents, &lines));
    for (size_t i = 0; i < documents.count; i++) {
        const struct document *document = documents.items[i];
        if (document->state != DOCUMENT_ISSUED || money_sign(document->unpaid) <= 0)
            continue;
        command->kind = kind;
        command->account = document->account;
        command->document = document->id;
        if (sim_chance(&world->dice, 1, 2))
            return OK;
    }
    return OK;
}

/* Money arrives by transfer. */
static enum err make_pay_transfer(struct sim_world *world, struct command *command)
{
    return make_of_unpaid(world, COMMAND_PAY_TRANSFER, command);
}

static enum err make_write_off(struct sim_world *world, struct command *command)
{
    return make_of_unpaid(world, COMMAND_WRITE_OFF, command);
}

/* The table ------------------------------------------------------------------------------------ */

const struct sim_kind SIM_COMMANDS[] = {
    {.name = "order", .weight = 20, .make = make_order},
    {.name = "set_quantity", .weight = 12, .make = make_quantity},
    {.name = "cancel", .weight = 4, .make = make_cancel},
    {.name = "cancel_at_end", .weight = 2, .make = make_cancel_at_end},
    {.name = "recurring_billing", .weight = 4, .make = make_recurring_billing},
    {.name = "support_remove", .weight = 2, .make = make_support_remove},
    {.name = "reactivate", .weight = 5, .make = make_reactivate},
    {.name = "delete", .weight = 1, .make = make_delete},
    {.name = "extend_trial", .weight = 1, .make = make_extend_trial},
    {.name = "buy_trial", .weight = 2, .make = make_buy_trial},
    {.name = "change_plan", .weight = 4, .make = make_change_plan},
    {.name = "billing", .weight = 4, .make = make_billing},
    {.name = "pay_transfer", .weight = 4, .make = make_pay_transfer},
    {.name = "pay", .weight = 4, .make = make_pay},
    {.name = "payment_method", .weight = 3, .make = make_payment_method},
    {.name = "write_off", .weight = 2, .make = make_write_off},
    {.name = "end_with", .weight = 2, .make = make_end_with},
    {.name = "refund", .weight = 2, .make = make_refund},
    {.name = "unschedule", .weight = 2, .make = make_unschedule},
    {.name = "assign", .weight = 6, .make = make_assign},
    {.name = "unassign", .weight = 3, .make = make_unassign},
    {.name = NULL},
};
