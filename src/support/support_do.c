#include "support/support_do.h"

#include "base/json.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "subscription/subscription_store.h"
#include "support/support_store.h"

/* Who will answer sees it at once: the outbox tells. */
static enum err announce(struct context *cx, const struct support_request *support,
                         const char *type)
{
    struct organization organization;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "kind", support_kind_format(support->kind));
    json_put_text(&w, "state", support_state_format(support->state));
    json_put_text(&w, "subscription", support->subscription);
    json_close_object(&w);
    TRY(organization_lock(cx, &organization));
    return organization_announce(cx, &organization, type, support->id, json_end(&w));
}

static enum err check_subject(struct context *cx, const struct support_request *support)
{
    struct subscription *sub;
    bool is_removal = support->kind == SUPPORT_REMOVE_ADDON;
    if (support->subscription == NULL) {
        return is_removal ? fault(cx, ERR_INVALID, "param", "/subscription", "value",
                                  "names the add-on to remove", NULL)
                          : OK;
    }
    TRY(subscription_load(cx, support->subscription, &sub));
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    if (is_removal && sub->parent == NULL)
        return fault(cx, ERR_INVALID, "param", "/subscription", "value",
                     "only a traditional add-on is removed by support", NULL);
    if (is_removal && sub->status == SUBSCRIPTION_DELETED)
        return fault(cx, ERR_SUBSCRIPTION_DELETED, "subscription", sub->id, NULL);
    return OK;
}

static enum err open_work(struct context *cx, void *arg)
{
    struct support_request *support = arg;
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    support->created_at = cx->now;
    TRY(check_subject(cx, support));
    TRY(support_insert(cx, support));
    return announce(cx, support, "support_request.opened");
}

enum err support_open(struct context *cx, enum support_kind kind, const char *subscription,
                      const char *message, struct support_request *ret_support)
{
    struct support_request support = {
        .id = id_next(cx, "sup"),
        .customer = cx->customer,
        .subscription = subscription,
        .kind = kind,
        .state = SUPPORT_OPEN,
        .message = message,
        .opened_by = cx->actor.id,
        .resolved_at = INSTANT_NONE,
        .version = 1,
    };
    TRY(db_transact(cx, open_work, &support));
    *ret_support = support;
    return OK;
}

struct resolve_work {
    const struct support_request *asked;
    struct support_request answered;
    bool remove;
    const char *answer;
    struct engine_run *run;
};

static enum err resolve_work(struct context *cx, void *arg)
{
    struct resolve_work *work = arg;
    struct support_request answered = *work->asked;
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    if (work->remove) {
        struct command command = {
            .kind = COMMAND_SUPPORT_REMOVE,
            .subscription = answered.subscription,
        };
        TRY(engine_command(cx, &command, work->run));
    }
    if (work->run->preview)
        return OK;
    bool is_declined = answered.kind == SUPPORT_REMOVE_ADDON && !work->remove;
    answered.state = is_declined ? SUPPORT_DECLINED : SUPPORT_RESOLVED;
    answered.answer = work->answer;
    answered.resolved_by = cx->actor.id;
    answered.resolved_at = cx->now;
    TRY(support_save(cx, &answered));
    work->answered = answered;
    return announce(cx, &answered, "support_request.resolved");
}

enum err support_resolve(struct context *cx, struct support_request *support, bool remove,
                         const char *answer, struct engine_run *run)
{
    if (support->state != SUPPORT_OPEN)
        return fault(cx, ERR_SUPPORT_REQUEST_RESOLVED, "param", "/support_request", NULL);
    if (remove && support->kind != SUPPORT_REMOVE_ADDON)
        return fault(cx, ERR_INVALID, "param", "/remove", "value",
                     "the request asks for no removal", NULL);
    struct resolve_work work = {.asked = support, .remove = remove, .answer = answer, .run = run};
    TRY(db_transact(cx, resolve_work, &work));
    if (!run->preview)
        *support = work.answered;
    return OK;
}
