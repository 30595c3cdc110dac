#include "base/limits.h"
#include "customer/customer_store.h"
#include "engine/command_api.h"
#include "order/order_api.h"
#include "order/order_json.h"
#include "order/order_store.h"

static const char *cart_text(struct context *cx, const struct order_request *lines)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    order_put_request_lines(&w, lines);
    json_close_object(&w);
    return json_end(&w);
}

/* What is stored was checked when it came in; it is read by the same reader. */
static enum err cart_lines(struct context *cx, const struct cart *cart,
                           struct order_request *ret_request)
{
    struct json_reader r;
    TRY(json_open(cx, &r, cart->lines, strlen(cart->lines)));
    TRY(order_read_lines(&r, REQUIRED, ret_request));
    return json_done(&r);
}

static enum err reply_cart(struct context *cx, struct http_reply *reply, int status,
                           const struct cart *cart)
{
    struct order_request lines = {0};
    TRY(cart_lines(cx, cart, &lines));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "id", cart->id);
    json_put_text(&w, "object", "cart");
    json_put_instant(&w, "created_at", cart->created_at);
    json_put_integer(&w, "version", cart->version);
    json_put_text(&w, "account", cart->account);
    json_put_text(&w, "state", cart->state);
    json_put_text(&w, "order", cart->order);
    order_put_request_lines(&w, &lines);
    json_close_object(&w);
    http_reply_version(cx, reply, cart->version);
    http_reply_json(reply, status, &w);
    return OK;
}

enum err cart_api_create(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct json_reader r;
    struct order_request lines = {0};
    struct account *account;
    const char *account_id;
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "account", REQUIRED, &account_id));
    TRY(order_read_lines(&r, OPTIONAL, &lines));
    TRY(json_done(&r));
    TRY(account_load(cx, account_id, &account));
    struct cart cart = {
        .id = id_next(cx, "crt"),
        .account = account->id,
        .lines = cart_text(cx, &lines),
        .state = "open",
        .version = 1,
        .created_at = cx->now,
    };
    TRY(cart_insert(cx, &cart));
    return reply_cart(cx, reply, 201, &cart);
}

/* A cart whose order failed can be ordered again: nothing remains of that but its record. */
static enum err cart_load_present(struct context *cx, const char *id, struct cart *ret_cart)
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

enum err cart_api_load(struct context *cx, const struct http_request *request,
                       struct http_reply *reply)
{
    struct cart cart;
    TRY(cart_load_present(cx, request->path_values[0], &cart));
    return reply_cart(cx, reply, 200, &cart);
}

static enum err cart_load_open(struct context *cx, const struct http_request *request,
                               struct cart *ret_cart)
{
    TRY(cart_load_present(cx, request->path_values[0], ret_cart));
    TRY(http_check_version(cx, request, ret_cart->version));
    if (strcmp(ret_cart->state, "open") == 0)
        return OK;
    return fault(cx, ERR_CART_ORDERED, "param", "/cart", NULL);
}

enum err cart_api_add_line(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct cart cart;
    struct json_reader r;
    struct order_request lines = {0};
    struct order_request_line added;
    TRY(http_body(cx, request, &r));
    TRY(order_read_line(&r, &added));
    TRY(json_done(&r));
    TRY(cart_load_open(cx, request, &cart));
    TRY(cart_lines(cx, &cart, &lines));
    if (lines.line_count == CART_LINES_MAX)
        return fault(cx, ERR_INVALID, "param", "/lines", "value", "the cart is full", NULL);
    struct order_request_line *all =
        ARENA_ARRAY(cx->arena, struct order_request_line, lines.line_count + 1);
    for (size_t i = 0; i < lines.line_count; i++) {
        all[i] = lines.lines[i];
        if (added.name != NULL && all[i].name != NULL && strcmp(all[i].name, added.name) == 0)
            return fault(cx, ERR_INVALID, "param", "/name", "value", "is the name of another line",
                         NULL);
    }
    all[lines.line_count] = added;
    cart.lines =
        cart_text(cx, &(struct order_request){.lines = all, .line_count = lines.line_count + 1});
    TRY(cart_save(cx, &cart));
    return reply_cart(cx, reply, 200, &cart);
}

static enum err cart_command(struct context *cx, const struct cart *cart, struct json_reader *r,
                             struct command *ret_command)
{
    struct command command = {.kind = COMMAND_ORDER, .account = cart->account};
    TRY(cart_lines(cx, cart, &command.order));
    TRY(json_text(r, "payment_method", OPTIONAL, &command.order.payment_method));
    TRY(json_text(r, "purchase_order", OPTIONAL, &command.order.purchase_order));
    TRY(json_done(r));
    *ret_command = command;
    return OK;
}

enum err cart_api_review(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct cart cart;
    struct json_reader r;
    struct command command;
    TRY(http_body(cx, request, &r));
    TRY(cart_load_open(cx, request, &cart));
    TRY(cart_command(cx, &cart, &r, &command));
    const struct http_review review = {.preview = true, .subject = cart.id};
    return command_api_run(cx, request, reply, &command, &review, NULL);
}

enum err cart_api_checkout(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct cart cart;
    struct json_reader r;
    struct command command;
    struct http_review review = {0};
    const char *order = NULL;
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "token", REQUIRED, &review.token));
    TRY(cart_load_open(cx, request, &cart));
    TRY(cart_command(cx, &cart, &r, &command));
    review.subject = cart.id;
    TRY(command_api_run(cx, request, reply, &command, &review, &order));
    cart.state = "ordered";
    cart.order = order;
    return cart_save(cx, &cart);
}
