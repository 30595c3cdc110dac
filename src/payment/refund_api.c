#include "payment/refund_api.h"

#include <string.h>

#include "customer/customer_store.h"
#include "engine/command_api.h"
#include "payment/payment_json.h"
#include "payment/payment_store.h"

static enum err reply_refunds(struct context *cx, struct http_reply *reply, const char *account_id,
                              const struct refund_list *refunds)
{
    struct account *account;
    bool is_open = false;
    TRY(account_load(cx, account_id, &account));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "credit_refund");
    json_put_text(&w, "account", account->id);
    json_open_array(&w, "refunds");
    for (size_t i = 0; i < refunds->count; i++) {
        refund_encode(&w, NULL, refunds->items[i]);
        is_open = is_open || refunds->items[i]->state == REFUND_REQUESTED;
    }
    json_close_array(&w);
    json_put_money(&w, "balance", account->credit);
    json_close_object(&w);
    http_reply_json(reply, is_open ? 202 : 200, &w);
    return OK;
}

static enum err read_amount(struct json_reader *r, const struct money **ret_amount)
{
    struct json_reader amount;
    bool present;
    int64_t minor;
    const char *currency;
    TRY(json_object(r, "amount", OPTIONAL, &amount, &present));
    if (!present)
        return OK;
    TRY(json_integer(&amount, "amount", REQUIRED, 1, INT64_MAX, &minor));
    TRY(json_text(&amount, "currency", REQUIRED, &currency));
    if (currency_decimals(currency) < 0)
        return json_fault(&amount, "currency", "is not a currency");
    struct money *money = ARENA_NEW(r->cx->arena, struct money);
    *money = money_of(minor, currency);
    *ret_amount = money;
    return json_done(&amount);
}

enum err refund_api_request(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct account *account;
    struct json_reader r;
    struct http_review review;
    struct command command = {.kind = COMMAND_REFUND};
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(read_amount(&r, &command.amount));
    TRY(json_done(&r));
    TRY(account_load(cx, request->path_values[0], &account));
    command.account = account->id;
    struct engine_run run = {
        .preview = review.preview, .token = review.token, .subject = review.subject};
    TRY(engine_command(cx, &command, &run));
    if (run.preview) {
        command_api_reply_preview(cx, reply, &run);
        return OK;
    }
    char *carry = arena_copy(cx->arena, "");
    const struct refund_list *made = &run.state->refunds;
    for (size_t i = 0; i < made->count; i++)
        carry = arena_print(cx->arena, "%s%s%s", carry, i ? " " : "", made->items[i]->id);
    reply->carry = carry;
    return reply_refunds(cx, reply, account->id, made);
}

enum err refund_api_finish(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct refund_list refunds = {0};
    TRY(engine_settle_payments(cx, NULL));
    for (const char *id = reply->carry; *id != '\0';) {
        size_t length = strcspn(id, " ");
        struct refund *refund;
        TRY(refund_load(cx, arena_print(cx->arena, "%.*s", (int)length, id), &refund));
        list_push(cx->arena, &refunds, refund);
        id += length + (id[length] == ' ');
    }
    TRY(reply_refunds(cx, reply, request->path_values[0], &refunds));
    return command_api_keep(cx, request, reply);
}
