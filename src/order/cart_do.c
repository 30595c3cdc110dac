#include "order/cart_do.h"

#include "base/limits.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "order/order_json.h"

static const char OPEN[] = "open";
static const char ORDERED[] = "ordered";

struct cart_work {
    struct cart *cart;
    const struct order_request *request;
    const char *token;
    struct engine_run *run;
};

static enum err create_work(struct context *cx, void *arg)
{
    const struct cart_work *work = arg;
    struct account *account;
    TRY(account_load(cx, work->cart->account, &account));
    return cart_insert(cx, work->cart);
}

enum err cart_create(struct context *cx, const char *account, const struct order_request *request,
                     struct cart *ret_cart)
{
    struct cart cart = {
        .id = id_next(cx, "crt"),
        .account = account,
        .lines = order_lines_format(cx->arena, request->lines, request->line_count),
        .state = OPEN,
        .version = 1,
        .created_at = cx->now,
    };
    struct cart_work work = {.cart = &cart};
    TRY(db_transact(cx, create_work, &work));
    *ret_cart = cart;
    return OK;
}

enum err cart_load_present(struct context *cx, const char *id, struct cart *ret_cart)
{
    struct cart cart;
    struct order *order;
    TRY(cart_load(cx, id, &cart));
    if (cart.order != NULL) {
        TRY(order_load(cx, cart.order, &order));
        if (order->state == ORDER_FAILED) {
            cart.state = OPEN;
            cart.order = NULL;
        }
    }
    *ret_cart = cart;
    return OK;
}

static enum err check_open(struct context *cx, const struct cart *cart)
{
    if (strcmp(cart->state, OPEN) == 0)
        return OK;
    return fault(cx, ERR_CART_ORDERED, "param", "/cart", "order", cart->order, NULL);
}

static enum err save_work(struct context *cx, void *arg)
{
    const struct cart_work *work = arg;
    return cart_save(cx, work->cart);
}

enum err cart_add_line(struct context *cx, struct cart *cart, const struct order_request_line *line)
{
    struct order_request before = {0};
    TRY(check_open(cx, cart));
    TRY(order_lines_parse(cx, cart->lines, &before));
    size_t count = before.line_count;
    if (count >= CART_LINES_MAX) {
        return fault(cx, ERR_INVALID, "param", "/lines", "value",
                     arena_print(cx->arena, "a cart has at most %d lines", CART_LINES_MAX), NULL);
    }
    struct order_request_line *lines = ARENA_ARRAY(cx->arena, struct order_request_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        lines[i] = before.lines[i];
        if (line->name != NULL && lines[i].name != NULL && strcmp(line->name, lines[i].name) == 0)
            return fault(cx, ERR_INVALID, "param", "/name", "value", "is the name of another line",
                         NULL);
    }
    lines[count] = *line;
    cart->lines = order_lines_format(cx->arena, lines, count + 1);
    struct cart_work work = {.cart = cart};
    return db_transact(cx, save_work, &work);
}

/* The command that a cart stands for. */
static enum err cart_command(struct context *cx, const struct cart *cart,
                             const struct order_request *payment, struct command *ret_command)
{
    struct command command = {.kind = COMMAND_ORDER, .account = cart->account};
    TRY(check_open(cx, cart));
    TRY(order_lines_parse(cx, cart->lines, &command.order));
    command.order.payment_method = payment->payment_method;
    command.order.purchase_order = payment->purchase_order;
    *ret_command = command;
    return OK;
}

enum err cart_review(struct context *cx, const struct cart *cart,
                     const struct order_request *payment, struct engine_run *run)
{
    struct command command;
    TRY(cart_command(cx, cart, payment, &command));
    run->preview = true;
    run->subject = cart->id;
    return engine_command(cx, &command, run);
}

static enum err checkout_work(struct context *cx, void *arg)
{
    struct cart_work *work = arg;
    struct command command;
    *work->run = (struct engine_run){.token = work->token, .subject = work->cart->id};
    TRY(cart_command(cx, work->cart, work->request, &command));
    TRY(engine_command(cx, &command, work->run));
    struct cart ordered = *work->cart;
    ordered.state = ORDERED;
    ordered.order = work->run->decision.order->id;
    return cart_save(cx, &ordered);
}

enum err cart_checkout(struct context *cx, struct cart *cart, const char *token,
                       const struct order_request *payment, struct engine_run *run)
{
    struct cart_work work = {.cart = cart, .request = payment, .token = token, .run = run};
    return db_transact(cx, checkout_work, &work);
}
