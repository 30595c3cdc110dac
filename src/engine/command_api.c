#include "engine/command_api.h"

#include "db/db.h"
#include "engine/decision_json.h"
#include "order/order_json.h"
#include "order/order_store.h"
#include "payment/payment_store.h"
#include "subscription/subscription_json.h"
#include "subscription/subscription_store.h"

void command_api_reply_preview(struct context *cx, struct http_reply *reply,
                               const struct engine_run *run)
{
    struct json_writer w =
        decision_preview(cx, run->state, &run->decision, run->ret_token, run->ret_expires_at);
    http_reply_json(reply, 200, &w);
}

static enum err order_action_url(struct context *cx, const struct order *order,
                                 const char **ret_url)
{
    *ret_url = NULL;
    if (order->state != ORDER_ACTION_REQUIRED || order->payment == NULL)
        return OK;
    struct payment *payment;
    TRY(payment_load(cx, order->payment, &payment));
    *ret_url = payment->action_url;
    return OK;
}

/* An order of more licences is shown inside its subscription, a purchase by itself. */
static enum err reply_order(struct context *cx, struct http_reply *reply, const struct order *order)
{
    const char *action_url;
    TRY(order_action_url(cx, order, &action_url));
    struct json_writer w = json_begin(cx->arena);
    int status = order_is_pending(order) ? 202 : 201;
    if (order->kind == ORDER_PURCHASE) {
        order_encode(&w, NULL, order, action_url);
        http_reply_json(reply, status, &w);
        return OK;
    }
    struct subscription *sub;
    TRY(subscription_load(cx, order->lines.items[0]->subscription, &sub));
    json_open_object(&w, NULL);
    subscription_put(&w, sub);
    order_encode(&w, "order", order, action_url);
    json_close_object(&w);
    http_reply_version(cx, reply, sub->version);
    http_reply_json(reply, status == 202 ? 202 : 200, &w);
    return OK;
}

static enum err reply_subscription(struct context *cx, struct http_reply *reply, const char *id)
{
    struct subscription *sub;
    TRY(subscription_load(cx, id, &sub));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    subscription_put(&w, sub);
    json_close_object(&w);
    http_reply_version(cx, reply, sub->version);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err command_api_run(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, const struct command *command,
                         const struct http_review *review, const char **ret_order)
{
    (void)request;
    struct engine_run run = {
        .preview = review->preview,
        .token = review->token,
        .subject = review->subject,
    };
    TRY(engine_command(cx, command, &run));
    if (run.preview) {
        command_api_reply_preview(cx, reply, &run);
        return OK;
    }
    const struct order *order = run.decision.order;
    if (order == NULL)
        return reply_subscription(cx, reply, command->subscription);
    if (ret_order != NULL)
        *ret_order = order->id;
    if (order_is_pending(order))
        reply->carry = arena_copy(cx->arena, order->id);
    return reply_order(cx, reply, order);
}

struct keep_work {
    const struct http_request *request;
    const struct http_reply *reply;
};

static enum err keep_work(struct context *cx, void *arg)
{
    const struct keep_work *work = arg;
    return http_idempotency_keep(cx, work->request, work->reply);
}

enum err command_api_keep(struct context *cx, const struct http_request *request,
                          const struct http_reply *reply)
{
    struct keep_work work = {.request = request, .reply = reply};
    return db_transact(cx, keep_work, &work);
}

enum err command_api_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct order *order;
    TRY(engine_settle_payments(cx, reply->carry));
    TRY(order_load(cx, reply->carry, &order));
    if (order->state == ORDER_FAILED) {
        enum err why = err_parse(order->failure);
        enum err told = fault(cx, why ? why : ERR_PAYMENT_FAILED, NULL);
        if (told != OK)
            http_reply_fault(cx, request, reply);
    } else {
        TRY(reply_order(cx, reply, order));
    }
    return command_api_keep(cx, request, reply);
}
