#include "order/cart_do.h"

#include <string.h>

#include "customer/customer_store.h"
#include "order/order_json.h"

static const char *cart_text(struct context *cx, const struct order_request *lines)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    order_put_request_lines(&w, lines);
    json_close_object(&w);
    return json_end(&w);
}

/* What is stored was checked when it came in; it is read by the same reader. */
enum err cart_read_lines(struct context *cx, const struct cart *cart, struct order_request *ret)
{
    struct json_reader r;
    TRY(json_open(cx, &r, cart->lines, strlen(cart->lines)));
    TRY(order_read_lines(&r, REQUIRED, ret));
    return json_done(&r);
}

enum err cart_begin(struct context *cx, const char *account, const struct order_request *lines,
                    struct cart *ret_cart)
{
    struct account *of;
    TRY(account_load(cx, account, &of));
    struct cart cart = {
        .id = id_next(cx, "crt"),
        .account = of->id,
        .lines = cart_text(cx, lines),
        .state = "open",
        .version = 1,
        .created_at = cx->now,
    };
    TRY(cart_insert(cx, &cart));
    *ret_cart = cart;
    return OK;
}

enum err cart_load_present(struct context *cx, const char *id, struct cart *ret_cart)
{
    struct order *order;
    TRY(cart_load(cx, id, ret_cart));
    if (ret_cart->order == NULL)
        return OK;
    TRY(order_load(cx, ret_cart->order, &order));
    if (order->state == ORDER_FAILED) {
        ret_cart->state = "open";
        ret_cart->order = NULL;
    }
    return OK;
}

enum err cart_check_open(struct context *cx, const struct cart *cart)
{
    if (strcmp(cart->state, "open") == 0)
        return OK;
    return fault(cx, ERR_CART_ORDERED, "param", "/cart", NULL);
}

enum err cart_change_lines(struct context *cx, struct cart *cart, const struct order_request *lines)
{
    cart->lines = cart_text(cx, lines);
    return cart_save(cx, cart);
}

enum err cart_command(struct context *cx, const struct cart *cart, struct command *ret_command)
{
    struct command command = {.kind = COMMAND_ORDER, .account = cart->account};
    TRY(cart_read_lines(cx, cart, &command.order));
    *ret_command = command;
    return OK;
}

enum err cart_close(struct context *cx, struct cart *cart, const char *order)
{
    cart->state = "ordered";
    cart->order = order;
    return cart_save(cx, cart);
}
