#include "payment/pay_api.h"

#include <string.h>

#include "customer/customer_store.h"
#include "engine/command_api.h"
#include "invoice/invoice_store.h"
#include "payment/payment_json.h"
#include "payment/payment_store.h"

static void reply_payments(struct context *cx, struct http_reply *reply,
                           const struct payment_list *payments)
{
    bool is_open = false;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "balance_payment");
    json_open_array(&w, "payments");
    for (size_t i = 0; i < payments->count; i++) {
        payment_encode(&w, NULL, payments->items[i]);
        is_open = is_open || payments->items[i]->state != PAYMENT_SUCCEEDED;
    }
    json_close_array(&w);
    json_close_object(&w);
    http_reply_json(reply, is_open ? 202 : 200, &w);
}

static enum err run(struct context *cx, struct http_reply *reply, const struct command *command,
                    const struct http_review *review)
{
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
    char *carry = arena_copy(cx->arena, "");
    const struct payment_list *asked = &run.decision.payments;
    for (size_t i = 0; i < asked->count; i++)
        carry = arena_print(cx->arena, "%s%s%s", carry, i ? " " : "", asked->items[i]->id);
    if (asked->count > 0)
        reply->carry = carry;
    reply_payments(cx, reply, asked);
    return OK;
}

static enum err read_pay(struct context *cx, const struct http_request *request,
                         struct command *command, struct http_review *ret_review)
{
    struct json_reader r;
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, ret_review));
    TRY(json_text(&r, "payment_method", OPTIONAL, &command->payment_method));
    return json_done(&r);
}

enum err pay_api_balance(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct account *account;
    struct http_review review;
    struct command command = {.kind = COMMAND_PAY};
    TRY(read_pay(cx, request, &command, &review));
    TRY(account_load(cx, request->path_values[0], &account));
    command.account = account->id;
    return run(cx, reply, &command, &review);
}

enum err pay_api_invoice(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct document *document;
    struct http_review review;
    struct command command = {.kind = COMMAND_PAY};
    TRY(read_pay(cx, request, &command, &review));
    TRY(invoice_load(cx, request->path_values[0], &document));
    command.account = document->account;
    command.document = document->id;
    return run(cx, reply, &command, &review);
}

enum err pay_api_finish(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct payment_list payments = {0};
    bool has_failed = false;
    TRY(engine_settle_payments(cx, NULL));
    for (const char *id = reply->carry; *id != '\0';) {
        size_t length = strcspn(id, " ");
        struct payment *payment;
        TRY(payment_load(cx, arena_print(cx->arena, "%.*s", (int)length, id), &payment));
        has_failed = has_failed || payment->state == PAYMENT_FAILED;
        list_push(cx->arena, &payments, payment);
        id += length + (id[length] == ' ');
    }
    if (has_failed) {
        enum err told = fault(cx, ERR_PAYMENT_FAILED, NULL);
        if (told != OK)
            http_reply_fault(cx, request, reply);
    } else {
        reply_payments(cx, reply, &payments);
    }
    return command_api_keep(cx, request, reply);
}
