#include "base/limits.h"
#include "engine/command_api.h"
#include "order/cart_do.h"
#include "order/order_api.h"
#include "order/order_json.h"
#include "order/order_store.h"

static enum err reply_cart(struct context *cx, struct http_reply *reply, int status,
                           const struct cart *cart)
{
    struct order_request lines = {0};
    TRY(cart_read_lines(cx, cart, &lines));
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
    struct cart cart;
    const char *account;
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "account", REQUIRED, &account));
    TRY(order_read_lines(&r, OPTIONAL, &lines));
    TRY(json_done(&r));
    TRY(cart_begin(cx, account, &lines, &cart));
    return reply_cart(cx, reply, 201, &cart);
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
    return cart_check_open(cx, ret_cart);
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
    TRY(cart_read_lines(cx, &cart, &lines));
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
    const struct order_request more = {.lines = all, .line_count = lines.line_count + 1};
    TRY(cart_change_lines(cx, &cart, &more));
    return reply_cart(cx, reply, 200, &cart);
}

static enum err read_command(struct context *cx, const struct cart *cart, struct json_reader *r,
                             struct command *ret_command)
{
    TRY(cart_command(cx, cart, ret_command));
    TRY(json_text(r, "payment_method", OPTIONAL, &ret_command->order.payment_method));
    TRY(json_text(r, "purchase_order", OPTIONAL, &ret_command->order.purchase_order));
    return json_done(r);
}

enum err cart_api_review(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct cart cart;
    struct json_reader r;
    struct command command;
    TRY(http_body(cx, request, &r));
    TRY(cart_load_open(cx, request, &cart));
    TRY(read_command(cx, &cart, &r, &command));
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
    if (http_query_is(request, "preview", "true")) /* is the review */
        return cart_api_review(cx, request, reply);
    TRY(json_text(&r, "token", REQUIRED, &review.token));
    TRY(cart_load_open(cx, request, &cart));
    TRY(read_command(cx, &cart, &r, &command));
    review.subject = cart.id;
    TRY(command_api_run(cx, request, reply, &command, &review, &order));
    return cart_close(cx, &cart, order);
}
