#include "payment/sandbox_do.h"

#include "db/db.h"
#include "payment/sandbox_store.h"

static struct provider_answer sandbox_answer(struct context *cx, const struct payment *payment,
                                             enum payment_state state)
{
    struct provider_answer answer = {
        .state = state,
        .provider_ref = arena_print(cx->arena, "sandbox/%s", provider_key(cx, payment)),
    };
    if (state == PAYMENT_FAILED)
        answer.failure = "card_declined";
    if (state == PAYMENT_ACTION_REQUIRED)
        answer.action_url = arena_print(cx->arena, "/sandbox/authenticate/%s", payment->id);
    if (state == PAYMENT_UNKNOWN)
        answer.provider_ref = NULL; /* no answer came */
    return answer;
}

struct sandbox_work {
    struct sandbox_charge charge;
    const struct provider_world *world;
    enum payment_state state;
};

static enum err sandbox_charge_work(struct context *cx, void *arg)
{
    struct sandbox_work *work = arg;
    TRY(sandbox_ask(cx, &work->charge));
    work->state = sandbox_decide(&work->charge, work->world);
    return sandbox_save(cx, work->charge.key, payment_state_format(work->state));
}

enum err sandbox_charge(struct context *cx, const struct payment *payment,
                        const struct payment_method *method, const struct provider_world *world,
                        struct provider_answer *ret_answer)
{
    struct sandbox_work work = {
        .charge = {.key = provider_key(cx, payment),
                   .token = method->token,
                   .amount = payment->amount,
                   .by_itself = payment->document != NULL},
        .world = world,
    };
    TRY(db_transact(cx, sandbox_charge_work, &work));
    *ret_answer = sandbox_answer(cx, payment, work.state);
    ret_answer->is_said_twice =
        work.state == PAYMENT_SUCCEEDED && sandbox_says_twice(method->token);
    return OK;
}

/* The sandbox sends everything back at once, and asking it again changes nothing. */
enum err sandbox_refund(struct context *cx, const struct refund *refund,
                        struct provider_answer *ret_answer)
{
    *ret_answer = (struct provider_answer){
        .state = PAYMENT_SUCCEEDED,
        .provider_ref = arena_print(cx->arena, "sandbox/%s", refund->id),
    };
    return OK;
}

struct authenticate_work {
    const char *key;
    enum payment_state state;
};

static enum err sandbox_authenticate_work(struct context *cx, void *arg)
{
    const struct authenticate_work *work = arg;
    const char *outcome;
    TRY(sandbox_load(cx, work->key, &outcome));
    if (strcmp(outcome, payment_state_format(PAYMENT_ACTION_REQUIRED)) != 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment", NULL);
    return sandbox_save(cx, work->key, payment_state_format(work->state));
}

enum err sandbox_authenticate(struct context *cx, const struct payment *payment, bool accepts,
                              struct provider_answer *ret_answer)
{
    struct authenticate_work work = {
        .key = provider_key(cx, payment),
        .state = accepts ? PAYMENT_SUCCEEDED : PAYMENT_FAILED,
    };
    TRY(db_transact(cx, sandbox_authenticate_work, &work));
    *ret_answer = sandbox_answer(cx, payment, work.state);
    return OK;
}
