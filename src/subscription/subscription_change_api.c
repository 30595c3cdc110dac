/* The routes of subscription_api.h that change something. */
#include "base/limits.h"
#include "customer/customer_store.h"
#include "engine/decision_json.h"
#include "engine/engine_do.h"
#include "http/http_subject.h"
#include "order/order_do.h"
#include "order/order_json.h"
#include "subscription/subscription_api.h"
#include "subscription/subscription_json.h"
#include "subscription/subscription_store.h"

/* What a change that awaits its payment hands to the finish. */
struct change_carry {
    const char *subscription;
    const char *order;
};

/* Locked first, so that nobody changes it between this look and the command. */
static enum err check_version(struct context *cx, const struct http_request *request)
{
    struct organization organization;
    struct subscription *sub;
    if (request->if_match == NULL)
        return OK;
    TRY(organization_lock(cx, &organization));
    TRY(subscription_load(cx, request->path_values[0], &sub));
    return http_check_version(cx, request, sub->version);
}

/* The subscription as it stands, the order that the change was, and the document it made. */
static enum err reply_changed(struct context *cx, struct http_reply *reply, const char *id,
                              const struct order *order, const char *document)
{
    struct subscription *sub;
    const char *action_url = NULL;
    TRY(subscription_load(cx, id, &sub));
    if (order != NULL)
        TRY(order_load_action(cx, order, &action_url));
    struct json_writer w = json_begin(cx->arena);
    subscription_encode_open(&w, sub);
    if (order != NULL)
        order_encode(&w, "change_order", order, action_url);
    else
        json_put_null(&w, "change_order");
    json_put_text(&w, "change_document", document);
    json_close_object(&w);
    *reply = (struct http_reply){0};
    http_reply_version(cx, reply, sub->version);
    http_reply_json(reply, order != NULL && order_is_pending(order) ? 202 : 200, &w);
    return OK;
}

static enum err run_change(struct context *cx, const struct http_request *request,
                           struct command *command, const struct http_review *review,
                           struct http_reply *reply)
{
    command->subscription = request->path_values[0];
    TRY(check_version(cx, request));
    struct engine_run run = {
        .preview = review->preview, .token = review->token, .subject = review->subject};
    TRY(engine_command(cx, command, &run));
    if (review->preview) {
        struct json_writer w =
            decision_preview(cx, run.state, &run.decision, run.ret_token, run.ret_expires_at);
        http_reply_json(reply, 200, &w);
        return OK;
    }
    const struct order *order = run.decision.order;
    const struct document *document = run.decision.document;
    bool is_pending = order != NULL && order_is_pending(order);
    bool is_issued = document != NULL && !is_pending;
    TRY(reply_changed(cx, reply, command->subscription, order, is_issued ? document->id : NULL));
    if (is_pending) {
        struct change_carry *carry = ARENA_NEW(cx->arena, struct change_carry);
        *carry = (struct change_carry){command->subscription, order->id};
        reply->carry = carry;
    }
    return OK;
}

/* What this program can't change yet is told as such, not as unknown. */
static enum err check_supported(struct json_reader *body, const char *when)
{
    static const char *const LATER[] = {"billing", "term", "scheduled_changes"};
    for (size_t i = 0; i < sizeof LATER / sizeof *LATER; i++) {
        if (json_has(body, LATER[i]))
            return fault(body->cx, ERR_NOT_SUPPORTED_YET, "param",
                         arena_print(body->cx->arena, "/%s", LATER[i]), NULL);
    }
    if (strcmp(when, "now") != 0)
        return fault(body->cx, ERR_NOT_SUPPORTED_YET, "param", "/when", NULL);
    return OK;
}

static enum err decode_change(struct json_reader *body, struct command *command)
{
    static const char *const WHEN[] = {"now", "renewal", NULL};
    struct order_request payment = {0};
    int when = 0;
    TRY(json_choice(body, "when", OPTIONAL, WHEN, &when));
    TRY(check_supported(body, WHEN[when]));
    TRY(order_payment_decode(body, &payment));
    bool has_quantity = json_has(body, "quantity");
    bool has_recurring = json_has(body, "recurring_billing");
    if (has_quantity && has_recurring)
        return json_fault(body, "recurring_billing", "one change in a request");
    if (has_recurring) {
        command->kind = COMMAND_RECURRING_BILLING;
        if (payment.payment_method != NULL || payment.purchase_order != NULL)
            return json_fault(body, "payment_method", "goes with a quantity only");
        return json_bool(body, "recurring_billing", REQUIRED, &command->on);
    }
    if (payment.payment_method != NULL && !has_quantity)
        return fault(body->cx, ERR_NOT_SUPPORTED_YET, "param", "/payment_method", NULL);
    command->kind = COMMAND_SET_QUANTITY;
    command->payment_method = payment.payment_method;
    command->purchase_order = payment.purchase_order;
    return json_integer(body, "quantity", REQUIRED, -QUANTITY_ASKED_MAX, QUANTITY_ASKED_MAX,
                        &command->quantity);
}

enum err subscription_api_change(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    struct json_reader body;
    struct http_review review;
    struct command command = {0};
    TRY(http_body(cx, request, &body));
    TRY(http_review_read(cx, request, &body, &review));
    TRY(decode_change(&body, &command));
    TRY(json_done(&body));
    return run_change(cx, request, &command, &review, reply);
}

enum err subscription_api_cancel(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    static const char *const WHEN[] = {"now", "end_of_term", NULL};
    struct json_reader body;
    struct http_review review;
    int when = 0;
    TRY(http_body(cx, request, &body));
    TRY(http_review_read(cx, request, &body, &review));
    TRY(json_choice(&body, "when", OPTIONAL, WHEN, &when));
    TRY(json_done(&body));
    struct command command = {.kind = when == 0 ? COMMAND_CANCEL : COMMAND_CANCEL_AT_END};
    return run_change(cx, request, &command, &review, reply);
}

enum err subscription_api_finish(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    (void)request;
    const struct change_carry *carry = reply->carry;
    struct order *order;
    TRY(order_settle(cx, carry->order, &order));
    const char *document = order->state == ORDER_COMPLETED ? order->document : NULL;
    return reply_changed(cx, reply, carry->subscription, order, document);
}
