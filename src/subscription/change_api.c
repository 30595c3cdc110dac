/* Changes of a subscription over HTTP: now, or scheduled for its renewal. */
#include "base/limits.h"
#include "engine/command_api.h"
#include "http/http_list.h"
#include "subscription/schedule_store.h"
#include "subscription/subscription_api.h"
#include "subscription/subscription_json.h"
#include "subscription/subscription_store.h"

static const char *const TERMS[] = {"P1M", "P1Y", "P3Y", NULL};
static const char *const BILLINGS[] = {"monthly", "yearly", "upfront", NULL};
static const char *const WHEN[] = {"now", "renewal", NULL};

static enum err read_billing(struct json_reader *r, struct command *command)
{
    int term = -1;
    int billing = -1;
    TRY(json_choice(r, "term", OPTIONAL, TERMS, &term));
    TRY(json_choice(r, "billing", OPTIONAL, BILLINGS, &billing));
    if (term >= 0 && billing < 0)
        return json_fault(r, "billing", "goes with the term");
    command->term = term < 0 ? TERM_NONE : term_parse(TERMS[term]);
    command->billing = billing < 0 ? BILLING_NONE : billing_parse(BILLINGS[billing]);
    return OK;
}

/* When, and what an order needs besides. */
static enum err read_rest(struct json_reader *r, struct command *command)
{
    int when = 0;
    TRY(json_choice(r, "when", OPTIONAL, WHEN, &when));
    TRY(json_text(r, "payment_method", OPTIONAL, &command->payment_method));
    TRY(json_text(r, "purchase_order", OPTIONAL, &command->purchase_order));
    command->at_renewal = when == 1;
    return json_done(r);
}

/* How many changes are wanted, and the kind of the last. What pays is one by itself; beside another
 * it is what pays for that. */
static int read_kind(const struct json_reader *r, struct command *command)
{
    static const struct {
        const char *member;
        enum command_kind kind;
    } CHANGES[] = {
        {"quantity", COMMAND_SET_QUANTITY},
        {"recurring_billing", COMMAND_RECURRING_BILLING},
        {"billing", COMMAND_BILLING},
        {"ends_with", COMMAND_END_WITH},
        {"payment_method", COMMAND_PAYMENT_METHOD},
    };
    int wanted = 0;
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        bool is_beside = CHANGES[i].kind == COMMAND_PAYMENT_METHOD && wanted > 0;
        if (!json_has(r, CHANGES[i].member) || is_beside)
            continue;
        command->kind = CHANGES[i].kind;
        wanted++;
    }
    return wanted;
}

static enum err check_kind(struct json_reader *r, const struct command *command, int wanted)
{
    if (wanted != 1)
        return json_fault(r, wanted == 0 ? "quantity" : "recurring_billing",
                          "one change a request: quantity, recurring_billing, billing, ends_with, "
                          "or payment_method");
    if (command->kind == COMMAND_RECURRING_BILLING && command->at_renewal)
        return json_fault(r, "when", "recurring billing changes now");
    if (command->kind == COMMAND_PAYMENT_METHOD && command->at_renewal)
        return json_fault(r, "when", "what pays changes now");
    if (command->kind == COMMAND_PAYMENT_METHOD && command->payment_method == NULL)
        return json_fault(r, "payment_method", "must name what is to pay");
    if (command->kind == COMMAND_END_WITH && !command->at_renewal)
        return json_fault(r, "when", "the end of a term is chosen for the next: renewal");
    return OK;
}

/* Reads which one change is wanted. */
static enum err read_change(struct json_reader *r, struct command *command)
{
    int wanted = read_kind(r, command);
    TRY(json_integer(r, "quantity", OPTIONAL, -ORDER_QUANTITY_MAX, ORDER_QUANTITY_MAX,
                     &command->quantity));
    TRY(json_bool(r, "recurring_billing", OPTIONAL, &command->on));
    if (command->kind == COMMAND_PAYMENT_METHOD)
        TRY(json_bool(r, "everywhere", OPTIONAL, &command->on));
    TRY(read_billing(r, command));
    TRY(json_text(r, "ends_with", OPTIONAL, &command->ends_with));
    TRY(read_rest(r, command));
    return check_kind(r, command, wanted);
}

enum err subscription_api_change(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    struct json_reader r;
    struct http_review review;
    struct command command = {.subscription = request->path_values[0]};
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(read_change(&r, &command));
    TRY(subscription_api_check_present(cx, request));
    return command_api_run(cx, request, reply, &command, &review, NULL);
}

enum err subscription_api_change_plan(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply)
{
    struct json_reader r;
    struct http_review review;
    struct command command = {.kind = COMMAND_CHANGE_PLAN, .subscription = request->path_values[0]};
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(json_text(&r, "offer", REQUIRED, &command.offer));
    TRY(read_billing(&r, &command));
    TRY(read_rest(&r, &command));
    TRY(subscription_api_check_present(cx, request));
    return command_api_run(cx, request, reply, &command, &review, NULL);
}

enum err subscription_api_list_scheduled(struct context *cx, const struct http_request *request,
                                         struct http_reply *reply)
{
    struct subscription *sub;
    struct schedule_list list = {0};
    TRY(subscription_api_check_present(cx, request));
    TRY(subscription_load(cx, request->path_values[0], &sub));
    TRY(schedule_load(cx, sub->id, &list));
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        scheduled_change_encode(&w, list.items[i], sub->term_end);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err subscription_api_unschedule(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply)
{
    static const struct http_review now = {0};
    struct command command = {
        .kind = COMMAND_UNSCHEDULE,
        .subscription = request->path_values[0],
        .scheduled_change = request->path_values[1],
    };
    TRY(subscription_api_check_present(cx, request));
    return command_api_run(cx, request, reply, &command, &now, NULL);
}
