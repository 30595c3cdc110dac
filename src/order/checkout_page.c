#include "order/checkout_page.h"

#include "base/message.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "order/checkout_show_page.h"

/* ── What was typed and chosen ────────────────────────────────────────────────────────── */

static const char *non_empty(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* What was kept of a form goes before what the address says. */
static const char *value_of(const struct http_request *request, const struct http_form *kept,
                            const char *name)
{
    const char *value = http_form_value(kept, name);
    return value != NULL ? value : http_query(request, name);
}

static enum err load_checkout(struct context *cx, const struct http_request *request,
                              struct checkout *checkout)
{
    TRY(cart_load_present(cx, request->path_values[0], &checkout->cart));
    return cart_read_lines(cx, &checkout->cart, &checkout->lines);
}

/* Takes the quantities of the form into the lines. Returns whether the cart differs then. */
static bool take_quantities(struct context *cx, const struct http_form *form,
                            struct checkout *checkout)
{
    size_t count = checkout->lines.line_count;
    struct order_request_line *lines = ARENA_ARRAY(cx->arena, struct order_request_line, count);
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        lines[i] = checkout->lines.lines[i];
        const char *typed = http_form_value(form, arena_print(cx->arena, "quantity-%zu", i));
        if (typed == NULL)
            continue;
        int64_t quantity = field_parse_number(typed);
        if (quantity < 0 && checkout->wrong == NULL) {
            checkout->wrong = message_say(cx, "checkout.no_number", NULL);
            checkout->wrong_line = i;
        }
        checkout->typed[i] = typed;
        changed = changed || quantity != lines[i].quantity;
        if (quantity >= 0)
            lines[i].quantity = quantity;
    }
    checkout->lines.lines = lines;
    return changed;
}

/* Leaves a line out, and what connects to it. Returns whether there was such a line. */
static bool take_removal(struct context *cx, const char *removed, struct checkout *checkout)
{
    size_t count = checkout->lines.line_count, kept = 0;
    int64_t index = removed != NULL ? field_parse_number(removed) : -1;
    if (index < 0 || (size_t)index >= count || count == 1)
        return false;
    struct order_request_line *lines = ARENA_ARRAY(cx->arena, struct order_request_line, count);
    const char *name = checkout->lines.lines[index].name;
    for (size_t i = 0; i < count; i++) {
        const struct order_request_line *line = &checkout->lines.lines[i];
        bool goes_along =
            name != NULL && line->connect_to != NULL && strcmp(line->connect_to, name) == 0;
        if (i != (size_t)index && !goes_along)
            lines[kept++] = *line;
    }
    if (kept == 0)
        return false;
    checkout->lines = (struct order_request){.lines = lines, .line_count = kept};
    memset(checkout->typed, 0, sizeof checkout->typed);
    return true;
}

/* ── Showing it ───────────────────────────────────────────────────────────────────────── */

static struct command make_command(const struct checkout *checkout)
{
    struct command command = {
        .kind = COMMAND_ORDER, .account = checkout->cart.account, .order = checkout->lines};
    command.order.payment_method = checkout->payment_method;
    command.order.purchase_order = checkout->purchase_order;
    return command;
}

static void put_alert(struct view *view, const char *kind, const char *text)
{
    struct view *alert = view_item(view_list(view, "alerts"));
    view_text(alert, "kind", kind);
    view_text(alert, "text", text);
    view_bool(alert, "urgent", true);
}

/* A refusal is told beside the quantity it concerns, else above the order. */
static const char *take_refusal(struct context *cx, struct checkout *checkout)
{
    enum err code = cx->fault.code;
    const char *param = cx->fault.param != NULL ? cx->fault.param : "";
    const char *told = show_fault(cx);
    if (code == ERR_INVALID && strcmp(param, "/payment_method") == 0)
        return message_say(cx, "checkout.no_method", NULL);
    if (code == ERR_QUANTITY_OUT_OF_RANGE) {
        const char *digits = strpbrk(param, "0123456789");
        checkout->wrong = told;
        checkout->wrong_line = digits != NULL ? (size_t)strtoul(digits, NULL, 10) : 0;
    }
    return told;
}

static bool is_refusal(enum err err)
{
    return err != OK && err_http_status(err) < 500;
}

/* Shows the order as it would be placed now; `alert` (or NULL) is what has just happened. */
static enum err show(struct context *cx, struct http_reply *reply, int status,
                     struct checkout *checkout, const char *alert)
{
    struct engine_run run = {.preview = true, .subject = checkout->cart.id};
    const struct command command = make_command(checkout);
    const char *why = checkout->wrong; /* beside the button */
    bool is_wrong = why != NULL;
    if (!is_wrong) {
        enum err err = engine_command(cx, &command, &run);
        is_wrong = is_refusal(err);
        if (!is_wrong)
            TRY(err);
        else
            why = take_refusal(cx, checkout);
    }
    /* What stands against the order says more than that it could not be placed just now. */
    if (is_wrong && checkout->wrong == NULL) {
        alert = why;
        why = message_say(cx, "checkout.see_above", NULL);
    }
    struct view *view = view_object(cx->arena);
    if (alert != NULL)
        put_alert(view, "warning", alert);
    TRY(checkout_put(cx, view, checkout, is_wrong ? NULL : &run, why));
    http_reply_page(reply, is_wrong && status == 200 ? 422 : status, "checkout", view);
    return OK;
}

enum err checkout_page_show(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct http_form *kept = ARENA_NEW(cx->arena, struct http_form);
    TRY(show_kept_form(cx, request, kept));
    struct checkout checkout = {
        .payment_method = non_empty(value_of(request, kept, "payment_method")),
        .purchase_order = non_empty(value_of(request, kept, "po_number")),
    };
    TRY(load_checkout(cx, request, &checkout));
    if (checkout.cart.order != NULL) {
        http_reply_redirect(reply, request,
                            arena_print(cx->arena, "/billing/orders/%s", checkout.cart.order));
        return OK;
    }
    take_quantities(cx, kept, &checkout); /* to be looked at: the cart stays as it is */
    TRY(show(cx, reply, 200, &checkout, NULL));
    show_kept_notice(cx, reply->view, kept);
    reply->status = 200;
    return OK;
}

/* ── Acting on it ─────────────────────────────────────────────────────────────────────── */

static enum err place(struct context *cx, const struct http_request *request,
                      struct http_reply *reply, struct checkout *checkout, const char *token)
{
    struct engine_run run = {.token = token != NULL ? token : "", .subject = checkout->cart.id};
    const struct command command = make_command(checkout);
    enum err err = engine_command(cx, &command, &run);
    if (is_refusal(err)) {
        /* A review that no one knows any more is one that has expired. */
        bool unknown = err == ERR_NOT_FOUND && cx->fault.param != NULL &&
                       strcmp(cx->fault.param, "/token") == 0;
        const char *told = unknown ? message_say(cx, "error.quote_expired", NULL)
                                   : message_fault(cx->arena, cx->language, &cx->fault);
        int status = unknown ? 409 : err_http_status(err);
        fault_clear(cx);
        return show(cx, reply, status, checkout, told);
    }
    TRY(err);
    const struct order *order = run.decision.order;
    TRY(cart_close(cx, &checkout->cart, order->id));
    if (order_is_pending(order))
        reply->carry = arena_copy(cx->arena, order->id);
    http_reply_redirect(reply, request, arena_print(cx->arena, "/billing/orders/%s", order->id));
    return OK;
}

enum err checkout_page_act(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    struct checkout checkout = {
        .payment_method = non_empty(http_form_value(form, "payment_method")),
        .purchase_order = non_empty(http_form_value(form, "po_number")),
    };
    TRY(load_checkout(cx, request, &checkout));
    if (checkout.cart.order != NULL) {
        http_reply_redirect(reply, request,
                            arena_print(cx->arena, "/billing/orders/%s", checkout.cart.order));
        return OK;
    }
    const char *what = http_form_value(form, "do");
    bool changed = take_quantities(cx, form, &checkout);
    changed |= take_removal(cx, http_form_value(form, "remove"), &checkout);
    if (changed && checkout.wrong == NULL)
        TRY(cart_change_lines(cx, &checkout.cart, &checkout.lines));
    if (what != NULL && strcmp(what, "method") == 0)
        return checkout_page_ask_method(cx, request, reply);
    if (what == NULL || strcmp(what, "place") != 0)
        return show(cx, reply, 200, &checkout, NULL);
    if (changed)
        return show(cx, reply, 409, &checkout, message_say(cx, "checkout.look_again", NULL));
    return place(cx, request, reply, &checkout, non_empty(http_form_value(form, "review")));
}

enum err checkout_page_finish(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    (void)request;
    return reply->carry != NULL ? engine_settle_payments(cx, reply->carry) : OK;
}
