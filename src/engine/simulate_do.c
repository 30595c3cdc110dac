#include "engine/simulate_do.h"

#include <string.h>

#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "engine/exempt_do.h"
#include "engine/simulate_world.h"
#include "engine/vat_do.h"
#include "order/order_store.h"
#include "payment/payment_store.h"
#include "tax/exemption_store.h"

/* The seller of every simulation (formats). */
static const struct seller SELLER = {
    .name = "Seller",
    .country = "FR",
    .time_zone = "UTC",
    .payment_terms_days = 30,
    .sepa_notice_days = 14,
    .cancel_licenses_max = 25,
};

void simulate_begin(struct simulate_world *world, instant at)
{
    arena_reset(world->cx.arena);
    world->cx.now = world->cx.wall = at;
    world->cx.cause = "simulation";
    world->cx.fault = (struct fault){0};
}

bool simulate_is_refusal(enum err err)
{
    switch (err_kind(err)) {
    case ERR_KIND_INPUT:
    case ERR_KIND_MISSING:
    case ERR_KIND_STATE:
    case ERR_KIND_RULE:
        return true;
    case ERR_KIND_NONE:
    case ERR_KIND_AUTH:
    case ERR_KIND_PERMISSION:
    case ERR_KIND_PRECONDITION:
    case ERR_KIND_LIMIT:
    case ERR_KIND_STORE:
    case ERR_KIND_INTERNAL:
        break;
    }
    return false;
}

/* The store at the start ----------------------------------------------------------------------- */

static enum err create_account(struct simulate_world *world, instant at)
{
    struct context *cx = &world->cx;
    const struct simulation *simulation = world->simulation;
    const char *method = arena_copy(world->arena, id_next(cx, "pmt"));
    world->account = arena_copy(world->arena, id_next(cx, "acc"));
    struct account account = {
        .earned_until = DAY_NONE,
        .earn_on = DAY_NONE,
        .id = world->account,
        .customer = cx->customer,
        .name = "Customer",
        .type = simulation->type,
        .country = simulation->country,
        .time_zone = simulation->time_zone,
        .vat_id = simulation->vat_id,
        .vat_state_on = DAY_NONE,
        .taxed = simulation->taxed,
        .sold_to = {.line1 = "", .line2 = "", .postal_code = "", .city = ""},
        .default_method = method,
        .credit = money_zero(simulation->currency),
        .version = 1,
        .created_at = at,
    };
    account.sold_to.country = simulation->country;
    memcpy(account.currency, account.credit.currency, CURRENCY_SIZE);
    TRY(account_insert(cx, &account));
    struct payment_method paid_by = {
        .id = method,
        .customer = cx->customer,
        .account = world->account,
        .kind = simulation->by_transfer ? METHOD_TRANSFER : METHOD_CARD,
        .provider = "sandbox",
        .token = simulation->by_transfer ? "" : "tok_success",
        .label = simulation->by_transfer ? "Transfer" : "Card",
        .country = simulation->country,
        .version = 1,
        .created_at = at,
    };
    return method_insert(cx, &paid_by);
}

static enum err create_world(struct context *cx, void *arg)
{
    struct simulate_world *world = arg;
    const struct simulation *simulation = world->simulation;
    civil_day today = zone_day(simulation->time_zone, cx->now);
    int64_t number;
    TRY(catalog_insert(cx, simulation->catalog, simulation->catalog_text, today, &number));
    struct organization organization = {
        .id = cx->customer,
        .name = "Customer",
        .country = simulation->country,
        .live = false,
        .clock_at = cx->now,
        .due_at = INSTANT_NONE,
        .version = 1,
        .created_at = cx->now,
    };
    TRY(organization_insert(cx, &organization));
    return create_account(world, cx->now);
}

/* Time ----------------------------------------------------------------------------------------- */

/* Does everything due up to an instant, one due instant after another, so that what each needs of
 * memory is given back before the next. */
static enum err run_until(struct simulate_world *world, instant until)
{
    for (;;) {
        struct organization organization;
        simulate_begin(world, until);
        TRY(organization_load(&world->cx, &organization));
        instant due_at = organization.due_at;
        if (due_at == INSTANT_NONE || due_at > until)
            return OK;
        world->cx.now = world->cx.wall = due_at;
        TRY(engine_run_due(&world->cx, due_at, true));
    }
}

/* What a command led to is paid at once, and what that makes due is done. */
static enum err settle(struct simulate_world *world, instant at)
{
    TRY(engine_settle_payments(&world->cx, NULL));
    return run_until(world, at);
}

/* Commands ------------------------------------------------------------------------------------- */

#define COMMAND_NOW(kind)                                                                          \
    {                                                                                              \
        .is_supported = true, .is_command = true, .now = kind                                      \
    }
#define COMMAND_OR_LATER(kind, then)                                                               \
    {                                                                                              \
        .is_supported = true, .is_command = true, .now = kind, .has_later = true, .later = then    \
    }

/* What a step asks of the engine; those that ask nothing of it are done here. */
static const struct step_work {
    bool is_supported;
    bool is_command;
    enum command_kind now;
    bool has_later; /* `when` may be later */
    enum command_kind later;
} WORKS[STEP_KIND_COUNT] = {
    [STEP_ORDER] = COMMAND_NOW(COMMAND_ORDER),
    [STEP_SET_QUANTITY] = COMMAND_OR_LATER(COMMAND_SET_QUANTITY, COMMAND_SET_QUANTITY),
    [STEP_RECURRING_BILLING] = COMMAND_NOW(COMMAND_RECURRING_BILLING),
    [STEP_BILLING] = COMMAND_OR_LATER(COMMAND_BILLING, COMMAND_BILLING),
    [STEP_CHANGE_PLAN] = COMMAND_OR_LATER(COMMAND_CHANGE_PLAN, COMMAND_CHANGE_PLAN),
    [STEP_CANCEL] = COMMAND_OR_LATER(COMMAND_CANCEL, COMMAND_CANCEL_AT_END),
    [STEP_REACTIVATE] = COMMAND_NOW(COMMAND_REACTIVATE),
    [STEP_START_TRIAL] = COMMAND_NOW(COMMAND_ORDER),
    [STEP_EXTEND_TRIAL] = COMMAND_NOW(COMMAND_EXTEND_TRIAL),
    [STEP_BUY_TRIAL] = COMMAND_NOW(COMMAND_BUY_TRIAL),
    [STEP_DELETE] = COMMAND_NOW(COMMAND_DELETE),
    [STEP_SUPPORT_REMOVE] = COMMAND_NOW(COMMAND_SUPPORT_REMOVE),
    [STEP_PAY_BALANCE] = COMMAND_NOW(COMMAND_PAY),
    [STEP_ASSIGN] = COMMAND_NOW(COMMAND_ASSIGN),
    [STEP_UNASSIGN] = COMMAND_NOW(COMMAND_UNASSIGN),
    [STEP_PAYMENTS] = {.is_supported = true},
    [STEP_EXEMPT] = {.is_supported = true},
    [STEP_REVOKE_EXEMPTION] = {.is_supported = true},
    [STEP_VAT_CHECK] = {.is_supported = true},
    [STEP_PUBLISH] = {.is_supported = true},
    [STEP_RUN] = {.is_supported = true},
    [STEP_AVAILABLE] = {.is_supported = true},
    [STEP_PREVIEW] = {.is_supported = true},
};

static struct license_request make_license_request(struct context *cx, const struct step *step)
{
    const char **subscriptions = ARENA_ARRAY(cx->arena, const char *, 1);
    subscriptions[0] = step->subscription->id;
    return (struct license_request){
        .subscriptions = subscriptions,
        .subscription_count = 1,
        .users = step->users,
        .user_count = step->user_count,
    };
}

/* An order's lines connect to subscriptions by their ids. */
static struct order_request make_order(struct context *cx, const struct step *step)
{
    struct order_request order = step->order;
    struct order_request_line *lines =
        ARENA_ARRAY(cx->arena, struct order_request_line, order.line_count);
    for (size_t i = 0; i < order.line_count; i++) {
        lines[i] = order.lines[i];
        if (step->bases[i] != NULL && step->bases[i]->id != NULL)
            lines[i].connect_to = step->bases[i]->id;
        if (step->ends[i] != NULL) /* of an order that was refused: a name that is not found */
            lines[i].ends_with = step->ends[i]->id ? step->ends[i]->id : step->ends[i]->name;
    }
    order.lines = lines;
    return order;
}

enum err simulate_command(struct simulate_world *world, const struct step *step,
                          struct command *ret_command, bool *ret_is_one)
{
    struct context *cx = &world->cx;
    const struct step_work *work = &WORKS[step->kind];
    if (!work->is_supported || (step->is_later && !work->has_later))
        return fault(cx, ERR_NOT_SUPPORTED_YET, NULL);
    struct command command = {
        .kind = step->is_later ? work->later : work->now,
        .quantity = step->quantity,
        .on = step->turns_on,
        .at_renewal = step->is_later,
        .offer = step->offer,
        .term = step->term,
        .billing = step->billing,
    };
    if (step->subscription != NULL) {
        if (step->subscription->id == NULL)
            return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
        command.subscription = step->subscription->id;
    }
    if (step->kind == STEP_PAY_BALANCE)
        command.account = world->account;
    if (step->order.line_count > 0) {
        command.account = world->account;
        command.order = make_order(cx, step);
    }
    if (step->user_count > 0)
        command.licenses = make_license_request(cx, step);
    *ret_is_one = work->is_command;
    *ret_command = command;
    return OK;
}

/* Names that an order declared now stand for its subscriptions. */
static void take_ids(struct simulate_world *world, const struct step *step,
                     const struct order *order)
{
    for (size_t i = 0; i < step->order.line_count; i++)
        step->names[i]->id = arena_copy(world->arena, order->lines.items[i]->subscription);
}

/* How the order ended, once its payment is settled. */
static enum err check_order(struct simulate_world *world, const struct step *step,
                            const char *order_id)
{
    struct order *order;
    TRY(order_load(&world->cx, order_id, &order));
    if (order->state == ORDER_COMPLETED) {
        take_ids(world, step, order);
        return OK;
    }
    enum err why = order->failure ? err_parse(order->failure) : ERR_INTERNAL;
    return fault(&world->cx, why == OK ? ERR_INTERNAL : why, NULL);
}

/* Pay balance is refused when a charge was. */
static enum err check_payments(struct simulate_world *world, const struct payment_list *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        struct payment *payment;
        TRY(payment_load(&world->cx, asked->items[i]->id, &payment));
        if (payment->state == PAYMENT_FAILED)
            return fault(&world->cx, ERR_PAYMENT_FAILED, NULL);
    }
    return OK;
}

/* From that day on; what was sold keeps its version until it renews (rules §1). */
static enum err publish(struct simulate_world *world, const struct step *step)
{
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    return catalog_publish(&world->cx, step->catalog_text, strlen(step->catalog_text), step->on,
                           &publication, &faults);
}

/* A certificate from that day on. */
static enum err exempt(struct simulate_world *world, const struct step *step)
{
    struct tax_exemption exemption, wanted = step->exemption;
    if (wanted.reason[0] == '\0')
        wanted.reason = wanted.number;
    return exemption_record(&world->cx, world->account, &wanted, &exemption);
}

static enum err revoke_exemption(struct simulate_world *world, const struct step *step)
{
    struct tax_exemption_list list = {0};
    struct tax_exemption exemption;
    TRY(exemption_load_all(&world->cx, world->account, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct tax_exemption *known = list.items[i];
        if (strcmp(known->number, step->exemption.number) == 0 && known->revoked_on == DAY_NONE)
            return exemption_revoke(&world->cx, world->account, known->id, 0, &exemption);
    }
    return fault(&world->cx, ERR_NOT_FOUND, "param", "/number", NULL);
}

/* As if somebody had been asked about the account's number. */
static enum err check_vat(struct simulate_world *world, const struct step *step)
{
    const struct vat_reply reply = {
        .answer = step->turns_on ? VAT_VALID : VAT_INVALID,
        .proof = step->turns_on ? "simulation" : NULL,
    };
    if (world->simulation->vat_id == NULL)
        return fault(&world->cx, ERR_NOT_FOUND, "param", "/vat_id", NULL);
    return vat_record(&world->cx, world->account, world->simulation->vat_id, &reply, "simulation",
                      1);
}

static enum err run_command(struct simulate_world *world, const struct step *step)
{
    struct command command;
    bool is_one;
    TRY(simulate_command(world, step, &command, &is_one));
    if (step->kind == STEP_PAYMENTS)
        world->providers.decline = step->fail;
    if (step->kind == STEP_PUBLISH)
        return publish(world, step);
    if (step->kind == STEP_EXEMPT)
        return exempt(world, step);
    if (step->kind == STEP_VAT_CHECK)
        return check_vat(world, step);
    if (step->kind == STEP_REVOKE_EXEMPTION)
        return revoke_exemption(world, step);
    if (!is_one)
        return OK;
    struct engine_run run = {0};
    TRY(engine_command(&world->cx, &command, &run));
    TRY(engine_settle_payments(&world->cx, NULL));
    if (run.decision.payments.count > 0)
        TRY(check_payments(world, &run.decision.payments));
    return run.decision.order ? check_order(world, step, run.decision.order->id) : OK;
}

/* Steps ---------------------------------------------------------------------------------------- */

static enum err run_step(struct simulate_world *world, const struct step *step)
{
    TRY(run_until(world, step->at));
    simulate_begin(world, step->at);
    if (step->kind == STEP_AVAILABLE)
        return simulate_observe_available(world, step);
    if (step->kind == STEP_PREVIEW)
        return simulate_observe_preview(world, step);
    enum err err = run_command(world, step);
    if (err != OK && !simulate_is_refusal(err))
        return err;
    if (err != OK)
        list_push(world->arena, &world->result.refusals, simulate_take_refusal(world, step));
    return settle(world, step->at);
}

/* Notes the first thing that does not hold, if somebody wants to know. */
static enum err look(struct simulate_world *world, int64_t step)
{
    struct doctor doctor;
    if (world->ret_wrong == NULL || *world->ret_wrong != NULL)
        return OK;
    simulate_begin(world, world->cx.now);
    TRY(doctor_run_customer(&world->cx, &doctor));
    if (doctor.fault_count == 0)
        return OK;
    const struct doctor_fault *first = doctor.faults.items[0];
    *world->ret_wrong =
        arena_print(world->arena, "%s: %s: expected %s, found %s, after step %d", first->check,
                    first->where, first->expected != NULL ? first->expected : "nothing",
                    first->found != NULL ? first->found : "nothing", (int)step);
    return OK;
}

/* The whole ----------------------------------------------------------------------------------- */

static enum err run_world(struct simulate_world *world)
{
    const struct simulation *simulation = world->simulation;
    instant end_at = zone_start_of_day(simulation->time_zone, simulation->until_on + 1) - 1;
    simulate_begin(world, simulation->step_count > 0 ? simulation->steps[0].at : end_at);
    TRY(db_migrate(&world->cx));
    TRY(db_transact(&world->cx, create_world, world));
    for (size_t i = 0; i < simulation->step_count; i++) {
        TRY(run_step(world, &simulation->steps[i]));
        TRY(look(world, (int64_t)i));
    }
    TRY(run_until(world, end_at));
    TRY(look(world, (int64_t)simulation->step_count));
    return simulate_gather(world);
}

static enum err run_in_memory(struct simulate_world *world)
{
    TRY(db_open(&world->cx, &world->cx.db, ":memory:", DB_WRITER, true));
    world->cx.catalogs = catalog_cache_create();
    enum err err = run_world(world);
    catalog_cache_free(world->cx.catalogs);
    db_close(world->cx.db);
    return err;
}

enum err simulate_run(struct context *cx, const struct simulation *simulation,
                      const char **ret_json)
{
    return simulate_run_checked(cx, simulation, ret_json, NULL);
}

enum err simulate_run_checked(struct context *cx, const struct simulation *simulation,
                              const char **ret_json, const char **ret_wrong)
{
    if (ret_wrong != NULL)
        *ret_wrong = NULL;
    struct simulate_world world = {
        .ret_wrong = ret_wrong,
        .simulation = simulation,
        .arena = cx->arena,
        .cx = {.arena = arena_create(SIMULATION_ARENA_MAX),
               .actor = {.kind = ACTOR_OPERATOR, .id = "", .customer = ""},
               .customer = "org_simulation",
               .language = cx->language,
               .seller = &SELLER},
    };
    id_seed_number(&world.cx.ids, 1);
    world.cx.providers = &world.providers;
    enum err err = run_in_memory(&world);
    if (err != OK) {
        const char *what = fault_arg(&world.cx.fault, "value");
        err = fault(cx, err, "value", what ? what : "", NULL);
    }
    arena_free(world.cx.arena);
    TRY(err);
    *ret_json = simulate_encode(cx, &world.result);
    return OK;
}
