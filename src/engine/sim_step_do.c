/* The steps that are no commands of the engine: time, providers, the catalogue, people who look. */
#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "engine/available_do.h"
#include "engine/engine_do.h"
#include "engine/sim_store.h"
#include "engine/sim_world.h"
#include "invoice/invoice_store.h"
#include "payment/payment_do.h"
#include "payment/payment_store.h"
#include "payment/sandbox_do.h"

/* Time ----------------------------------------------------------------------------------------- */

/* A test clock takes each due instant in turn, so nothing is late. Where the process stopped, what
 * was asked of providers is answered first, as of that instant; one that answers late is asked
 * twice there, as engine_run_due would have. */
static enum err run_walk(struct sim_world *world, struct sim_act *act)
{
    struct context *cx = &world->cx;
    instant until = act->command.until;
    struct organization organization;
    TRY(engine_settle_payments(cx, NULL));
    TRY(engine_settle_payments(cx, NULL));
    for (int64_t i = 0; i < DUE_STEPS_MAX; i++) {
        TRY(organization_load(cx, &organization));
        instant due_at = organization.due_at;
        if (due_at == INSTANT_NONE || due_at > until)
            break;
        cx->now = world->slot->now = due_at > cx->now ? due_at : cx->now;
        TRY(engine_run_due(cx, cx->now, true));
    }
    cx->now = world->slot->now = until;
    return OK;
}

/* A server that was away comes back late. */
static enum err run_late(struct sim_world *world, struct sim_act *act)
{
    world->cx.now = world->slot->now = act->command.until;
    return engine_run_due(&world->cx, world->cx.now, false);
}

/* What a server's tick does for all who live in real time. */
static enum err run_tick(struct sim_world *world, struct sim_act *act)
{
    int64_t customers = 1, failed = 0;
    (void)act;
    TRY(sim_lapse_claims(&world->cx));
    while (customers > 0) {
        TRY(engine_run_all_due(&world->cx, world->cx.now, false, &customers, &failed));
        if (failed > 0)
            return fault(&world->cx, ERR_INTERNAL, "value", "due work failed", NULL);
    }
    for (int i = 0; i < SIM_REAL_TIME; i++) {
        world->cx.customer = world->slots[i].customer;
        world->cx.providers = &world->slots[i].providers;
        if (world->slots[i].customer != NULL)
            TRY(engine_settle_payments(&world->cx, NULL));
    }
    world->cx.customer = world->slot->customer;
    return OK;
}

static bool is_in_real_time(const struct sim_world *world)
{
    return world->slot < world->slots + SIM_REAL_TIME;
}

static enum err act_jump(struct sim_world *world, struct sim_act *act)
{
    int64_t jump_ms = sim_jump_ms(&world->dice);
    bool is_late = sim_chance(&world->dice, 1, 4);
    act->is_stoppable = true;
    if (is_in_real_time(world)) {
        world->wall += jump_ms;
        act->is_of_all = true;
        act->run = run_tick;
        return OK;
    }
    act->command.until = world->slot->now + jump_ms;
    act->run = is_late ? run_late : run_walk;
    return OK;
}

/* Providers ------------------------------------------------------------------------------------ */

static enum err run_settle(struct sim_world *world, struct sim_act *act)
{
    (void)act;
    return engine_settle_payments(&world->cx, NULL);
}

static enum err act_settle(struct sim_world *world, struct sim_act *act)
{
    (void)world;
    act->run = run_settle;
    act->is_stoppable = true;
    return OK;
}

/* From now on charges are declined, or accepted. */
static enum err act_provider(struct sim_world *world, struct sim_act *act)
{
    (void)act;
    world->slot->providers.decline = sim_chance(&world->dice, 1, 3);
    return OK;
}

static enum err run_authenticate(struct sim_world *world, struct sim_act *act)
{
    struct context *cx = &world->cx;
    struct payment *payment;
    struct provider_answer answer;
    struct engine_run run = {0};
    TRY(payment_load(cx, act->text, &payment));
    TRY(sandbox_authenticate(cx, payment, act->number == 1, &answer));
    act->command = (struct command){
        .kind = COMMAND_SETTLE_PAYMENT,
        .settlement = {.payment = payment->id,
                       .state = answer.state,
                       .provider_ref = answer.provider_ref,
                       .failure = answer.failure},
    };
    world->result->commands++;
    return engine_command(cx, &act->command, &run);
}

/* A person stands before the bank and says yes or no. */
static enum err act_authenticate(struct sim_world *world, struct sim_act *act)
{
    struct context look = sim_look(world);
    struct payment_list payments = {0};
    TRY(payment_load_open(&look, &payments));
    for (size_t i = 0; i < payments.count; i++) {
        if (payments.items[i]->state != PAYMENT_ACTION_REQUIRED)
            continue;
        act->text = payments.items[i]->id;
        act->number = sim_below(&world->dice, 2);
        act->run = run_authenticate;
        act->is_keyed = act->is_stoppable = true;
    }
    return OK;
}

/* An answer that was given long ago arrives once more, or one that is overtaken: it changes
 * nothing, but that money counts, also late. */
static enum err act_answer(struct sim_world *world, struct sim_act *act)
{
    struct context look = sim_look(world);
    struct payment_list payments = {0};
    TRY(payment_load_all(&look, &payments));
    if (payments.count == 0)
        return OK;
    const struct payment *payment =
        payments.items[sim_below(&world->dice, (int64_t)payments.count)];
    if (strcmp(payment->provider, "sandbox") != 0)
        return OK;
    bool is_decided = payment->state == PAYMENT_SUCCEEDED || payment->state == PAYMENT_FAILED;
    enum payment_state said = payment->state == PAYMENT_FAILED && sim_chance(&world->dice, 1, 4)
                                  ? PAYMENT_SUCCEEDED
                                  : PAYMENT_FAILED;
    if (!is_decided)
        return OK;
    act->command = (struct command){
        .kind = COMMAND_SETTLE_PAYMENT,
        .settlement = {.payment = payment->id, .state = said, .failure = NULL},
    };
    if (said == PAYMENT_FAILED)
        act->command.settlement.failure = "card_declined";
    act->run = sim_run_command;
    act->is_keyed = act->is_stoppable = true;
    return OK;
}

/* A person at the bank has sent a refund, or it came back. */
static enum err act_refund(struct sim_world *world, struct sim_act *act)
{
    struct context look = sim_look(world);
    struct refund_list refunds = {0};
    TRY(refund_load_requested(&look, &refunds));
    if (refunds.count == 0)
        return OK;
    act->command = (struct command){
        .kind = COMMAND_SETTLE_REFUND,
        .refund = refunds.items[sim_below(&world->dice, (int64_t)refunds.count)]->id,
        .settlement = {.state =
                           sim_chance(&world->dice, 3, 4) ? PAYMENT_SUCCEEDED : PAYMENT_FAILED},
    };
    act->run = sim_run_command;
    act->is_keyed = act->is_stoppable = true;
    return OK;
}

/* Customers ------------------------------------------------------------------------------------ */

static const char *const CARDS[] = {"success",           "success", "decline", "authentication",
                                    "decline_recurring", "late",    "twice",   "never"};

static enum err add_method(struct sim_world *world, struct context *cx,
                           const struct account *account, const char *card)
{
    const struct method_request request = {
        .account = account->id,
        .kind = card != NULL ? METHOD_CARD : METHOD_TRANSFER,
        .test = card,
    };
    struct payment_method method;
    (void)world;
    return method_create(cx, &request, &method);
}

static enum err run_method(struct sim_world *world, struct sim_act *act)
{
    struct account *account;
    TRY(account_load(&world->cx, act->text, &account));
    int64_t count = sizeof CARDS / sizeof *CARDS;
    return add_method(world, &world->cx, account, act->number < count ? CARDS[act->number] : NULL);
}

static enum err act_method(struct sim_world *world, struct sim_act *act)
{
    struct context look = sim_look(world);
    struct account_list accounts = {0};
    TRY(account_load_all(&look, &accounts));
    act->text = accounts.items[sim_below(&world->dice, (int64_t)accounts.count)]->id;
    act->number = sim_below(&world->dice, 10);
    act->run = run_method;
    act->is_keyed = act->is_stoppable = true;
    return OK;
}

static enum err run_account(struct sim_world *world, struct sim_act *act)
{
    struct sim_dice dice = {.state = (uint64_t)act->number};
    const struct account_request request = sim_account(&dice, world->form);
    struct account account;
    TRY(account_create(&world->cx, &request, &account));
    return add_method(world, &world->cx, &account, sim_chance(&dice, 3, 4) ? "success" : NULL);
}

static enum err act_account(struct sim_world *world, struct sim_act *act)
{
    act->number = (int64_t)sim_throw(&world->dice);
    act->run = run_account;
    act->is_keyed = act->is_stoppable = true;
    return OK;
}

/* Whoever leaves is not waited for: their time stands still. */
static enum err leave(struct sim_world *world)
{
    sim_begin(world, 0);
    return sim_stop_clock(&world->cx);
}

enum err sim_sign_up(struct sim_world *world)
{
    struct sim_slot *slot = world->slot;
    struct organization_request request =
        sim_organization(&world->dice, world->step_arena, world->form);
    struct organization_created created;
    if (slot->customer != NULL)
        TRY(leave(world));
    slot->now = world->wall + sim_between(&world->dice, -400, 400) * MS_PER_DAY;
    slot->steps_left = sim_between(&world->dice, SIM_LIFE_MIN, SIM_LIFE_MAX);
    slot->providers = (struct provider_world){0};
    slot->is_broken = false;
    sim_begin(world, 0);
    if (!is_in_real_time(world))
        request.clock_at = world->cx.now;
    TRY(organization_create(&world->cx, &request, &created));
    slot->customer = arena_copy(world->arena, created.organization.id);
    sim_record_sign_up(world);
    return add_method(world, &world->cx, &created.account,
                      sim_chance(&world->dice, 3, 4) ? "success" : NULL);
}

/* The catalogue -------------------------------------------------------------------------------- */

enum err sim_publish(struct sim_world *world)
{
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    const char *text = sim_catalog(world->step_arena, world->form, world->version + 1);
    sim_begin(world, 0);
    world->cx.now = world->wall; /* the seller's, whatever the customer's of the step is */
    civil_day today = zone_day(world->cx.seller->time_zone, world->wall);
    if (catalog_publish(&world->cx, text, strlen(text), today, &publication, &faults) != OK)
        return fault(&world->cx, ERR_INTERNAL, "value",
                     faults.count > 0 ? faults.lines[0] : "a catalogue was refused", NULL);
    world->version++;
    return OK;
}

enum err sim_act_publish(struct sim_world *world, struct sim_act *act)
{
    (void)act;
    return world->version < SIM_VERSIONS_MAX ? sim_publish(world) : OK;
}

/* People who look ------------------------------------------------------------------------------ */

/* An order of what the list shows: the least of it, at the first price; of what is not available
 * at a price of the account's currency, if there is one. */
static void order_of(const struct sim_world *world, const struct availability *item,
                     const char *currency, struct order_request_line *line)
{
    *line = (struct order_request_line){
        .name = arena_print(world->step_arena, "s%d.0", (int)world->step),
        .offer = item->offer->id,
        .quantity = item->quantity.min,
        .start_on = DAY_NONE,
    };
    if (item->connects_to_count > 0) {
        line->connect_to = item->connects_to[0]->subscription;
        return;
    }
    const struct price *price = item->price_count > 0 ? item->prices[0] : item->offer->prices;
    for (size_t i = 0; i < item->offer->price_count && item->price_count == 0; i++) {
        if (strcmp(item->offer->prices[i].currency, currency) == 0)
            price = &item->offer->prices[i];
    }
    line->term = price->term;
    line->billing = price->billing;
}

/* "Not in the list" and "refused" can never disagree (rules §2). */
static enum err run_available(struct sim_world *world, struct sim_act *act)
{
    struct context *cx = &world->cx;
    struct availability *items;
    size_t count;
    struct order_request_line line;
    struct account *account;
    TRY(engine_run_due(cx, cx->now, false));
    TRY(account_load(cx, act->text, &account));
    TRY(available_list(cx, act->text, &items, &count));
    const struct availability *item = &items[(size_t)act->number % count];
    order_of(world, item, account->currency, &line);
    const struct command command = {
        .kind = COMMAND_ORDER, .account = act->text, .order = {.lines = &line, .line_count = 1}};
    struct engine_run run = {.preview = true};
    world->result->commands++;
    enum err err = engine_command(cx, &command, &run);
    bool is_connected = item->offer->kind == OFFER_TRADITIONAL_ADDON && line.connect_to == NULL;
    enum err expected = item->available ? OK : reason_error(item->reason_codes[0]);
    bool is_bounded = item->available && item->quantity.min > item->quantity.max;
    if (err != expected && !is_bounded && (item->available || !is_connected))
        sim_violate(world, "available",
                    arena_print(world->step_arena, "%s: listed as %s, ordered with %s",
                                item->offer->id, err_code(expected), err_code(err)));
    fault_clear(cx);
    return OK;
}

static enum err act_available(struct sim_world *world, struct sim_act *act)
{
    struct context look = sim_look(world);
    struct account_list accounts = {0};
    TRY(account_load_all(&look, &accounts));
    act->text = accounts.items[sim_below(&world->dice, (int64_t)accounts.count)]->id;
    act->number = sim_below(&world->dice, 1000);
    act->run = run_available;
    return OK;
}

static enum err run_numbers(struct sim_world *world, struct sim_act *act)
{
    (void)act;
    return invoice_number_due(&world->cx, INT64_MAX);
}

static enum err act_numbers(struct sim_world *world, struct sim_act *act)
{
    (void)world;
    act->run = run_numbers;
    act->is_stoppable = true;
    return OK;
}

/* The table ------------------------------------------------------------------------------------ */

const struct sim_kind SIM_OTHERS[] = {
    {.name = "jump", .weight = 26, .act = act_jump},
    {.name = "settle", .weight = 3, .act = act_settle},
    {.name = "provider", .weight = 3, .act = act_provider},
    {.name = "authenticate", .weight = 3, .act = act_authenticate},
    {.name = "answer", .weight = 2, .act = act_answer},
    {.name = "refund", .weight = 2, .act = act_refund},
    {.name = "method", .weight = 3, .act = act_method},
    {.name = "account", .weight = 1, .act = act_account},
    {.name = "publish", .weight = 1, .act = sim_act_publish},
    {.name = "available", .weight = 5, .act = act_available},
    {.name = "numbers", .weight = 3, .act = act_numbers},
    {.name = NULL},
};
