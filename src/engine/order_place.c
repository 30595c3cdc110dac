/* Placing an order and what becomes of it (rules §7). */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "engine/bill.h"
#include "engine/collect.h"
#include "engine/decide_parts.h"
#include "engine/order_parts.h"

/* The base's method when everything is connected to subscriptions held; else the account's. */
static const char *order_default_method(const struct state *state, const struct order_draft *drafts,
                                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (drafts[i].holding->parent == NULL || drafts[i].base == NULL)
            return state->account->default_method;
    }
    const char *method = drafts[0].base->payment_method;
    return method ? method : state->account->default_method;
}

enum err order_find_method(struct context *cx, const struct state *state, const char *id,
                           const struct payment_method **ret_method)
{
    struct payment_method *method = id ? state_find_method(state, id) : NULL;
    if (id != NULL &&
        (method == NULL || method->removed || strcmp(method->account, state->account->id) != 0))
        return fault(cx, ERR_NOT_FOUND, "param", "/payment_method", NULL);
    if (method != NULL && method->kind == METHOD_CARD &&
        strcmp(method->country, state->account->country) != 0)
        return fault(cx, ERR_PAYMENT_METHOD_COUNTRY, "param", "/payment_method", "country",
                     state->account->country, NULL);
    *ret_method = method;
    return OK;
}

struct order *order_begin(struct context *cx, const struct state *state, enum order_kind kind,
                          const char *purchase_order)
{
    struct order *order = ARENA_NEW(cx->arena, struct order);
    order->id = id_next(cx, "ord");
    order->account = state->account->id;
    order->kind = kind;
    order->state = ORDER_AWAITING_PAYMENT;
    order->placed_on = state->today;
    order->placed_at = cx->now;
    order->expires_at = INSTANT_NONE;
    order->purchase_order = purchase_order;
    order->total = order->credit_held = money_zero(state->account->currency);
    order->actor = cx->actor.id;
    order->created_at = cx->now;
    order->row = ROW_NEW;
    cx->cause = order->id;
    return order;
}

void order_add_line(struct context *cx, struct order *order, const struct subscription *sub,
                    int64_t quantity)
{
    struct order_line *line = ARENA_NEW(cx->arena, struct order_line);
    line->position = (int64_t)order->lines.count + 1;
    line->offer = sub->offer;
    line->catalog = sub->catalog;
    line->quantity = quantity;
    line->term = sub->term;
    line->billing = sub->billing;
    line->subscription = sub->id;
    line->parent = sub->parent;
    line->start_on = sub->start_on;
    line->trial = sub->trial_end != DAY_NONE;
    list_push(cx->arena, &order->lines, line);
}

static struct subscription *order_new_subscription(struct context *cx, const struct state *state,
                                                   const struct order *order,
                                                   const struct order_draft *draft)
{
    struct subscription *sub = ARENA_NEW(cx->arena, struct subscription);
    sub->id = id_next(cx, "sub");
    sub->customer = state->organization.id;
    sub->account = state->account->id;
    sub->name = draft->request->name ? draft->request->name : sub->id;
    sub->order = order->id;
    sub->offer = draft->offer->id;
    sub->catalog = state->current->number;
    sub->status = SUBSCRIPTION_PLANNED;
    sub->status_on = state->today;
    sub->past_due_at = sub->activated_at = INSTANT_NONE;
    sub->quantity = draft->quantity;
    sub->term = draft->term;
    sub->billing = draft->billing;
    memcpy(sub->currency, state->account->currency, sizeof sub->currency);
    sub->start_on = draft->start_on;
    sub->trial_end = sub->conflict_on = sub->next_price_on = DAY_NONE;
    sub->next_price = money_zero(sub->currency);
    sub->recurring_billing = true;
    sub->created_at = cx->now;
    sub->row = ROW_NEW;
    return sub;
}

/* Makes the planned subscriptions, parents before children. */
static void order_plan_subscriptions(struct context *cx, struct state *state, struct order *order,
                                     struct order_draft *drafts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        drafts[i].subscription = order_new_subscription(cx, state, order, &drafts[i]);
        list_push(cx->arena, &state->subscriptions, drafts[i].subscription);
    }
    for (size_t i = 0; i < count; i++) {
        struct subscription *sub = drafts[i].subscription;
        bool connected = drafts[i].holding->parent != NULL;
        if (connected)
            continue;
        decide_start_term(state, sub, sub->start_on);
        if (drafts[i].ends_on != DAY_NONE)
            subscription_end_on(sub, drafts[i].ends_on, drafts[i].anchor_on);
        if (drafts[i].request->trial) {
            sub->trial_end = sub->start_on + (civil_day)drafts[i].offer->trial_days;
            sub->period_end = sub->term_end = sub->trial_end;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct subscription *sub = drafts[i].subscription;
        if (drafts[i].holding->parent == NULL)
            continue;
        struct subscription *base =
            drafts[i].base ? drafts[i].base : drafts[i].base_draft->subscription;
        sub->parent = base->id;
        sub->order = base->order; /* it joins its parent's order (rules §3.4) */
        sub->recurring_billing = base->recurring_billing;
        decide_start_term(state, sub, sub->start_on);
    }
}

static struct document *order_bill(struct context *cx, struct state *state,
                                   const struct order *order, const struct order_draft *drafts,
                                   size_t count)
{
    struct bill_for to = {
        .account = state->account,
        .order = order->id,
        .payment_method = order->payment_method,
        .purchase_order = order->purchase_order,
    };
    struct document *document = bill_begin(cx, state, &to);
    for (size_t i = 0; i < count; i++) {
        const struct subscription *sub = drafts[i].subscription;
        if (drafts[i].request->trial)
            continue;
        bill_charge(cx, state, document, sub, sub->start_on, LINE_PURCHASE);
        bill_setup(cx, state, document, sub);
    }
    return bill_total(cx, state, document) ? document : NULL;
}

enum err decide_order(struct context *cx, struct state *state, const struct command *command,
                      struct decision *decision)
{
    if (state->account == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    const struct order_request *request = &command->order;
    size_t count = request->line_count;
    struct order_draft *drafts;
    TRY(order_judge(cx, state, request, &drafts));

    const char *method_id = request->payment_method ? request->payment_method
                                                    : order_default_method(state, drafts, count);
    const struct payment_method *method;
    TRY(order_find_method(cx, state, method_id, &method));

    struct order *order = order_begin(cx, state, ORDER_PURCHASE, request->purchase_order);
    order->payment_method = method ? method->id : NULL;
    order_plan_subscriptions(cx, state, order, drafts, count);
    for (size_t i = 0; i < count; i++) {
        drafts[i].subscription->payment_method = order->payment_method;
        order_add_line(cx, order, drafts[i].subscription, drafts[i].quantity);
    }
    struct document *document = order_bill(cx, state, order, drafts, count);
    return order_place(cx, state, order, document, method, decision);
}

static void order_announce(struct context *cx, struct state *state, const struct order *order,
                           const char *type)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_money(&w, "total", order->total);
    json_put_text(&w, "failure", order->failure);
    json_close_object(&w);
    state_event(cx, state, type, order->id, json_end(&w), NULL);
}

enum err order_place(struct context *cx, struct state *state, struct order *order,
                     struct document *document, const struct payment_method *method,
                     struct decision *decision)
{
    list_push(cx->arena, &state->orders, order);
    decision->order = order;
    decision->document = document;
    struct money to_pay = order->total;
    if (document != NULL) {
        order->document = document->id;
        order->total = document->total;
        to_pay = document->total;
        bill_plan(cx, state, document);
    }
    order_announce(cx, state, order, "order.placed");
    if (money_sign(to_pay) > 0) {
        struct money credit = money_least(bill_credit_available(state, state->account), to_pay);
        if (money_sign(credit) > 0) {
            order->credit_held = credit;
            to_pay = money_subtract(to_pay, credit);
        }
    }
    if (money_sign(to_pay) > 0 && method == NULL) {
        return fault(cx, ERR_INVALID, "param", "/payment_method", "value",
                     "a payment method is needed: add one, or name one", NULL);
    }
    bool asks_first = money_sign(to_pay) > 0 && method_is_asked_first(method->kind);
    if (!asks_first)
        return order_complete(cx, state, order, NULL);
    struct payment *payment = collect_request(cx, state, method, to_pay, order->id, NULL, 1);
    order->payment = payment->id;
    order->expires_at = cx->now + ORDER_LIFE_MS;
    if (!decision->complete_orders)
        return OK;
    payment->state = PAYMENT_SUCCEEDED;
    return order_complete(cx, state, order, payment);
}

static bool order_brings_back(const struct order *order)
{
    return order->kind == ORDER_REACTIVATE || order->kind == ORDER_BUY_TRIAL;
}

/* A child whose base has left *active*, or an increase whose subscription has, can't be made
 * real any more (rules §7). */
static enum err order_check_still(const struct state *state, const struct order *order)
{
    const struct document *document =
        order->document ? state_find_document(state, order->document) : NULL;
    if (document != NULL && !bill_still_holds(state, document))
        return ERR_QUOTE_CHANGED;
    for (size_t i = 0; i < order->lines.count; i++) {
        const struct order_line *line = order->lines.items[i];
        const struct subscription *sub = state_find_subscription(state, line->subscription);
        if (sub == NULL)
            return ERR_SUBSCRIPTION_DELETED; /* and so no longer at hand */
        if (order_brings_back(order))
            return order_check_back(state, order);
        if (order->kind != ORDER_PURCHASE && sub->status != SUBSCRIPTION_ACTIVE)
            return ERR_SUBSCRIPTION_NOT_ACTIVE;
        if (order_is_overtaken(order, sub))
            return ERR_QUOTE_CHANGED;
        const struct subscription *parent =
            sub->parent ? state_find_subscription(state, sub->parent) : NULL;
        if (parent != NULL && parent->status != SUBSCRIPTION_ACTIVE &&
            parent->status != SUBSCRIPTION_PLANNED && parent->status != SUBSCRIPTION_SCHEDULED)
            return ERR_PARENT_NOT_ACTIVE;
    }
    return OK;
}

/* Choosing another method for connected add-ons makes it the base's and its children's
 * (rules §7, Methods). */
static void order_use_method(const struct state *state, const struct order *order,
                             struct subscription *sub)
{
    if (sub->parent == NULL || order->payment_method == NULL)
        return;
    struct subscription *family = state_family(state, sub);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) != family || member->status == SUBSCRIPTION_DELETED)
            continue;
        if (member->payment_method == NULL ||
            strcmp(member->payment_method, order->payment_method) != 0) {
            member->payment_method = order->payment_method;
            row_touch(&member->row);
        }
    }
}

static void order_activate(struct context *cx, struct state *state, const struct order *order,
                           struct subscription *sub)
{
    order_use_method(state, order, sub);
    if (sub->parent != NULL) { /* as its parent is by now (rules §3.2, §3.3) */
        sub->past_due_at = state_family(state, sub)->past_due_at;
        sub->recurring_billing = state_family(state, sub)->recurring_billing;
    }
    sub->activated_at = sub->trial_end == DAY_NONE ? cx->now : INSTANT_NONE;
    enum subscription_status status = SUBSCRIPTION_ACTIVE;
    if (sub->start_on > state->today)
        status = SUBSCRIPTION_SCHEDULED;
    else if (sub->trial_end != DAY_NONE)
        status = SUBSCRIPTION_TRIAL;
    state_set_status(cx, state, sub, status,
                     sub->parent ? "subscription.addon_connected" : "subscription.created");
}

static void order_apply_lines(struct context *cx, struct state *state, const struct order *order)
{
    if (order->kind == ORDER_PLAN_CHANGE || order->kind == ORDER_BILLING_CHANGE)
        order_apply_change(cx, state, order);
    for (size_t i = 0; i < order->lines.count; i++) {
        const struct order_line *line = order->lines.items[i];
        struct subscription *sub = state_find_subscription(state, line->subscription);
        if (order->kind == ORDER_PURCHASE) {
            order_activate(cx, state, order, sub);
        } else if (order->kind == ORDER_INCREASE) {
            decide_set_quantity(cx, state, sub, line->quantity);
        }
    }
    if (order_brings_back(order))
        order_apply_back(cx, state, order);
    decide_flag_requirements(cx, state);
}

enum err order_complete(struct context *cx, struct state *state, struct order *order,
                        struct payment *paid)
{
    cx->cause = order->id;
    enum err why = order_check_still(state, order);
    if (why != OK) {
        order_fail(cx, state, order, why);
        if (paid != NULL)
            collect_return(cx, state, paid);
        return OK;
    }
    order->state = ORDER_COMPLETED;
    order->expires_at = INSTANT_NONE;
    order->credit_held = money_zero(order->total.currency);
    row_touch(&order->row);
    order_apply_lines(cx, state, order);
    struct document *document =
        order->document ? state_find_document(state, order->document) : NULL;
    if (document != NULL) {
        bill_issue(cx, state, document, paid);
        if (paid != NULL)
            collect_receive(cx, state, paid, document);
    }
    order_announce(cx, state, order, "order.completed");
    return OK;
}

void order_fail(struct context *cx, struct state *state, struct order *order, enum err why)
{
    order->state = ORDER_FAILED;
    order->failure = err_code(why);
    order->expires_at = INSTANT_NONE;
    order->credit_held = money_zero(order->total.currency);
    row_touch(&order->row);
    for (size_t i = 0; i < order->lines.count && order->kind == ORDER_PURCHASE; i++) {
        struct subscription *sub =
            state_find_subscription(state, order->lines.items[i]->subscription);
        if (sub != NULL)
            sub->row = ROW_REMOVED;
    }
    struct document *document =
        order->document ? state_find_document(state, order->document) : NULL;
    if (document != NULL) {
        document->row = ROW_REMOVED;
        for (size_t i = 0; i < document->lines.count; i++) {
            document->lines.items[i]->in_force = false;
            document->lines.items[i]->row = ROW_REMOVED;
        }
    }
    order->document = NULL;
    order_announce(cx, state, order, "order.failed");
}
