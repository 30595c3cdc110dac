#include "subscription/lifecycle_api.h"

#include "base/limits.h"
#include "engine/command_api.h"
#include "subscription/subscription_api.h"

/* What the body of such a command may say besides its token. */
enum members { NO_MEMBERS, OF_PAYMENT, OF_PAYMENT_AND_QUANTITY };

static enum err run(struct context *cx, const struct http_request *request,
                    struct http_reply *reply, enum command_kind kind, enum members members)
{
    struct json_reader r;
    struct http_review review;
    struct command command = {.kind = kind, .subscription = request->path_values[0]};
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    if (members == OF_PAYMENT_AND_QUANTITY) {
        TRY(json_integer(&r, "quantity", REQUIRED, -ORDER_QUANTITY_MAX, ORDER_QUANTITY_MAX,
                         &command.quantity));
    }
    if (members != NO_MEMBERS) {
        TRY(json_text(&r, "payment_method", OPTIONAL, &command.payment_method));
        TRY(json_text(&r, "purchase_order", OPTIONAL, &command.purchase_order));
    }
    TRY(json_done(&r));
    TRY(subscription_api_check_present(cx, request));
    return command_api_run(cx, request, reply, &command, &review, NULL);
}

enum err lifecycle_api_reactivate(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    return run(cx, request, reply, COMMAND_REACTIVATE, OF_PAYMENT);
}

enum err lifecycle_api_buy_trial(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    return run(cx, request, reply, COMMAND_BUY_TRIAL, OF_PAYMENT_AND_QUANTITY);
}

enum err lifecycle_api_extend_trial(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply)
{
    return run(cx, request, reply, COMMAND_EXTEND_TRIAL, NO_MEMBERS);
}

enum err lifecycle_api_delete(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    return run(cx, request, reply, COMMAND_DELETE, NO_MEMBERS);
}
