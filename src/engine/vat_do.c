#include "engine/vat_do.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "customer/vat_store.h"
#include "db/db.h"
#include "engine/engine_do.h"

enum { VAT_LEASE_MS = 60000 }; /* longer than any question takes */

struct vat_work {
    const char *account;
    const char *vat_id;
    const struct vat_reply *reply;
    const char *provider;
    int64_t attempts;
};

/* The account as the answer leaves it; says whether its state is another one now. */
static bool apply_answer(struct account *account, const struct vat_check *check)
{
    enum vat_answer answer = check->reply.answer;
    if (answer == VAT_UNKNOWN)
        return false;
    bool is_news = account->vat_state != answer;
    if (is_news)
        account->vat_state_on = check->answered_on;
    account->vat_state = answer;
    account->vat_proof = answer == VAT_VALID ? check->reply.proof : NULL;
    return is_news;
}

static enum err announce(struct context *cx, struct organization *organization,
                         const struct vat_check *check)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "vat_id", check->vat_id);
    json_put_text(&w, "answer", vat_answer_format(check->reply.answer));
    json_put_text(&w, "proof", check->reply.proof);
    json_close_object(&w);
    return organization_announce(cx, organization, "billing_account.vat_checked", check->account,
                                 json_end(&w));
}

static enum err record_work(struct context *cx, void *arg)
{
    const struct vat_work *work = arg;
    struct organization organization;
    struct account *account;
    TRY(engine_bring_up(cx, &organization));
    TRY(account_load(cx, work->account, &account));
    if (account->vat_id == NULL || strcmp(account->vat_id, work->vat_id) != 0)
        return OK;
    struct vat_check check = {
        .id = id_next(cx, "vck"),
        .account = account->id,
        .vat_id = work->vat_id,
        .reply = *work->reply,
        .provider = work->provider,
        .answered_on = zone_day(account->time_zone, cx->now),
        .created_at = cx->now,
    };
    if (check.reply.answer == VAT_VALID && check.reply.proof == NULL)
        check.reply.proof = check.id; /* a service that names no consultation */
    bool is_news = apply_answer(account, &check);
    int64_t wait_ms = vat_wait_ms(check.reply.answer, work->attempts - 1);
    TRY(vat_keep(cx, &check, account, cx->wall + wait_ms));
    return is_news ? announce(cx, &organization, &check) : OK;
}

enum err vat_record(struct context *cx, const char *account, const char *vat_id,
                    const struct vat_reply *reply, const char *provider, int64_t attempts)
{
    struct vat_work work = {account, vat_id, reply, provider, attempts};
    return db_transact(cx, record_work, &work);
}

struct claim_work {
    bool live_only;
    struct vat_turn turn;
};

static enum err claim_work(struct context *cx, void *arg)
{
    struct claim_work *work = arg;
    return vat_claim(cx, work->live_only, VAT_LEASE_MS, &work->turn);
}

/* What can't be kept now is asked for again when the lease is over. */
static void tell_failure(const struct vat_turn *turn, enum err err)
{
    if (err != OK)
        log_line(LOG_WARNING, "vat_answer_not_kept", "code", err_code(err), "customer",
                 turn->customer, "account", turn->account, NULL);
}

/* In the customer's own time, and as of when the answer came. */
static enum err keep_reply(struct context *cx, const struct vat_service *service,
                           const struct vat_turn *turn, const struct vat_reply *reply)
{
    struct organization organization;
    struct context own = *cx;
    own.customer = turn->customer;
    own.now = own.wall = clock_wall_ms();
    enum err err = organization_load(&own, &organization);
    if (err == OK && organization.clock_at != INSTANT_NONE)
        own.now = organization.clock_at;
    if (err == OK)
        err = vat_record(&own, turn->account, turn->vat_id, reply, service->provider->name,
                         turn->attempts);
    cx->ids = own.ids;
    return err;
}

enum err vat_check_next(struct context *cx, const struct vat_service *service, bool *ret_asked)
{
    /* Nothing of a test organisation leaves this machine (rules §0). */
    struct claim_work work = {.live_only = !service->is_local};
    TRY(db_transact(cx, claim_work, &work));
    *ret_asked = work.turn.customer != NULL;
    if (!*ret_asked)
        return OK;
    const struct vat_question question = {.vat_id = work.turn.vat_id,
                                          .requester = cx->seller->vat_id};
    struct vat_reply reply = vat_ask(cx, service, &question);
    tell_failure(&work.turn, keep_reply(cx, service, &work.turn, &reply));
    fault_clear(cx);
    return OK;
}
