/* Reviews: what is shown is what happens, and a token is good once, in time and for its subject
 * (rules §7, Review). */
#include "base/limits.h"
#include "engine/decision_json.h"
#include "engine/engine_do.h"
#include "engine/sim_world.h"
#include "invoice/invoice_store.h"
#include "order/order_store.h"
#include "payment/payment_store.h"

#define SUBJECT "review"

/* What may happen between a review and its order. */
enum between { NOTHING, USED_TWICE, OTHER_SUBJECT, TOO_LATE, OTHERS_CAME, BETWEEN_COUNT };

static enum err commit(struct sim_world *world, const struct command *command, const char *token,
                       const char *subject, struct engine_run *ret_run)
{
    *ret_run = (struct engine_run){.token = token, .subject = subject};
    fault_clear(&world->cx);
    world->result->commands++;
    return engine_command(&world->cx, command, ret_run);
}

static void expect(struct sim_world *world, enum err expected, enum err found, const char *what)
{
    if (expected != found)
        sim_violate(world, "review",
                    arena_print(world->step_arena, "%s: expected %s, found %s", what,
                                err_code(expected), err_code(found)));
}

static bool is_as_shown(const struct document *shown, const struct document *stored)
{
    return money_compare(shown->net, stored->net) == 0 &&
           money_compare(shown->tax, stored->tax) == 0 &&
           money_compare(shown->total, stored->total) == 0;
}

/* Pay balance: what comes back is billed once its charges have succeeded, all of them. */
static enum err check_paid(struct sim_world *world, const struct document *shown,
                           const struct payment_list *asked)
{
    enum { NEWEST = 20 };
    struct context *cx = &world->cx;
    struct document_list list = {0};
    TRY(engine_settle_payments(cx, NULL));
    for (size_t i = 0; i < asked->count; i++) {
        struct payment *payment;
        TRY(payment_load(cx, asked->items[i]->id, &payment));
        if (payment->state != PAYMENT_SUCCEEDED)
            return OK;
    }
    if (shown == NULL)
        return OK;
    const struct document_query newest = {
        .after = "", .before = "", .account = shown->account, .limit = NEWEST};
    TRY(invoice_list_page(cx, &newest, &list));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i]->issued_at >= shown->issued_at && is_as_shown(shown, list.items[i]))
            return OK;
    sim_violate(world, "review", "what was paid for did not come back as the preview said");
    return OK;
}

/* The document that came of it says what the preview said. */
static enum err check_document(struct sim_world *world, const struct document *shown,
                               const struct engine_run *run)
{
    struct context *cx = &world->cx;
    const struct document *made = run->decision.document;
    struct document *stored;
    struct order *order = run->decision.order;
    if (run->decision.payments.count > 0)
        return check_paid(world, shown, &run->decision.payments);
    if (order != NULL && order_is_pending(order)) {
        TRY(engine_settle_payments(cx, order->id));
        TRY(order_load(cx, order->id, &order));
    }
    const char *id = order != NULL ? order->document : made != NULL ? made->id : NULL;
    if (order != NULL && order->state != ORDER_COMPLETED)
        return OK;
    if ((shown == NULL) != (id == NULL)) {
        sim_violate(world, "review", "a document where the preview had none, or none");
        return OK;
    }
    if (id == NULL)
        return OK;
    TRY(invoice_load(cx, id, &stored));
    if (!is_as_shown(shown, stored))
        sim_violate(world, "review", "a document of another amount than the preview's");
    return OK;
}

static enum err run_between(struct sim_world *world, struct sim_act *act, enum between between,
                            const struct engine_run *review)
{
    struct context *cx = &world->cx;
    const struct command *command = &act->command;
    const struct document *shown = review->decision.document;
    struct engine_run run;
    enum err err;
    switch (between) {
    case TOO_LATE:
        cx->now += QUOTE_LIFE_MS;
        if (world->slot->now < cx->now)
            world->slot->now = cx->now;
        err = commit(world, command, review->ret_token, SUBJECT, &run);
        return err == OK ? fault(cx, ERR_INTERNAL, "value", "a token was good for too long", NULL)
                         : err;
    case OTHER_SUBJECT:
        expect(world, ERR_NOT_FOUND, commit(world, command, review->ret_token, "another", &run),
               "a token of another subject");
        return OK;
    case OTHERS_CAME:
        world->slot->providers.decline = !world->slot->providers.decline;
        err = engine_settle_payments(cx, NULL);
        world->slot->providers.decline = !world->slot->providers.decline;
        TRY(err);
        err = commit(world, command, review->ret_token, SUBJECT, &run);
        return err;
    case NOTHING:
    case USED_TWICE:
    case BETWEEN_COUNT:
        break;
    }
    err = commit(world, command, review->ret_token, SUBJECT, &run);
    expect(world, OK, err, "what was just reviewed");
    TRY(err);
    TRY(check_document(world, shown, &run));
    if (between != USED_TWICE)
        return OK;
    err = commit(world, command, review->ret_token, SUBJECT, &run);
    if (err == OK)
        sim_violate(world, "review", "a token was used twice");
    return OK;
}

enum err sim_run_review(struct sim_world *world, struct sim_act *act)
{
    struct context *cx = &world->cx;
    struct engine_run review = {.preview = true, .subject = SUBJECT};
    world->result->commands++;
    enum err err = engine_command(cx, &act->command, &review);
    if (err != OK) {
        enum err again;
        struct engine_run run = {0};
        fault_clear(cx);
        again = engine_command(cx, &act->command, &run);
        expect(world, err, again, "a refusal");
        fault_clear(cx);
        return OK;
    }
    return run_between(world, act, (enum between)act->number, &review);
}
