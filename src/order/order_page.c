#include "order/order_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "invoice/invoice_store.h"
#include "order/cart_do.h"
#include "payment/authenticate_do.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"

static const char *const OUTCOMES[] = {
    [ORDER_AWAITING_PAYMENT] = "processing",
    [ORDER_ACTION_REQUIRED] = "bank",
    [ORDER_COMPLETED] = "placed",
    [ORDER_FAILED] = "failed",
};

/* ── Lines ────────────────────────────────────────────────────────────────────────────── */

static enum err load_document(struct context *cx, const struct order *order,
                              struct document **ret_document)
{
    *ret_document = NULL;
    return order->document != NULL ? invoice_load_planned(cx, order->document, ret_document) : OK;
}

static struct money line_amount(const struct order *order, const struct order_line *line,
                                const struct document *document)
{
    struct money sum = money_zero(order->total.currency);
    for (size_t i = 0; document != NULL && i < document->lines.count; i++)
        if (strcmp(document->lines.items[i]->subscription, line->subscription) == 0)
            sum = money_add(sum, document->lines.items[i]->amount);
    return sum;
}

static enum err put_base(struct context *cx, struct view *row, const char *parent)
{
    struct subscription *base;
    const char *name;
    if (parent == NULL)
        return OK;
    TRY(subscription_load(cx, parent, &base));
    TRY(show_name(cx, base, &name));
    view_text(view_child(row, "base"), "name", name);
    return OK;
}

static enum err put_line(struct context *cx, struct view *rows, const struct order *order,
                         const struct order_line *line, const struct document *document)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, line->catalog, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, line->offer);
    struct view *row = view_item(rows);
    if (order->state == ORDER_COMPLETED)
        view_print(row, "href", "/billing/products/%s",
                   line->parent != NULL ? line->parent : line->subscription);
    view_text(row, "name", show_text(cx, offer->name));
    view_text(row, "quantity", show_quantity(cx, offer, line->quantity));
    show_date(cx, row, line->start_on, order->placed_on);
    if (order->state != ORDER_FAILED)
        view_text(row, "amount",
                  locale_money(cx->arena, cx->language, line_amount(order, line, document)));
    return order->state != ORDER_FAILED ? put_base(cx, row, line->parent) : OK;
}

/* ── Facts ────────────────────────────────────────────────────────────────────────────── */

static enum err put_facts(struct context *cx, struct view *view, const struct order *order,
                          const struct document *document)
{
    struct view *facts = view_list(view, "facts");
    show_fact(cx, facts, "order.number", order->id);
    if (order->state == ORDER_COMPLETED && document != NULL && document->type != DOCUMENT_RECORD) {
        struct view *invoice = show_fact(cx, facts, "order.invoice", show_number(cx, document));
        view_print(invoice, "href", "/billing/invoices/%s", document->id);
        show_fact(cx, facts, "order.net", locale_money(cx->arena, cx->language, document->net));
        show_fact(cx, facts, "order.tax", locale_money(cx->arena, cx->language, document->tax));
    }
    if (order->payment_method != NULL) {
        struct payment_method *method;
        TRY(method_load(cx, order->payment_method, &method));
        bool is_done = order->state == ORDER_COMPLETED;
        show_fact(cx, facts, is_done ? "order.paid_with" : "checkout.pay_with",
                  show_method(cx, method));
    }
    show_fact(cx, facts, "order.purchase_order", order->purchase_order);
    return OK;
}

/* ── What happened, and what to do now ────────────────────────────────────────────────── */

static enum err put_failed(struct context *cx, const struct http_request *request,
                           struct view *view, const struct order *order)
{
    const char *cart;
    enum err why = order->failure ? err_parse(order->failure) : OK;
    const struct fault fault = {.code = why != OK ? why : ERR_PAYMENT_FAILED};
    view_text(view, "text", message_fault(cx->arena, cx->language, &fault));
    TRY(cart_find_of_order(cx, order->id, &cart));
    if (cart == NULL)
        return OK;
    /* The cart has what was in the order but for its number, which goes along in the address. */
    const char *number = order->purchase_order != NULL ? order->purchase_order : "";
    struct view *next =
        show_action(cx, request, view_child(view, "next"), message_say(cx, "order.again", NULL),
                    arena_print(cx->arena, "/billing/checkout/%s?po_number=%s", cart,
                                http_encode(cx->arena, number)),
                    false, NULL);
    view_bool(next, "primary", true);
    return OK;
}

static enum err put_bank(struct context *cx, const struct http_request *request, struct view *view,
                         const struct order *order)
{
    struct payment *payment;
    TRY(payment_load(cx, order->payment, &payment));
    bool is_sandbox = strcmp(payment->provider, "sandbox") == 0;
    const char *address = is_sandbox || payment->action_url == NULL
                              ? arena_print(cx->arena, "/billing/orders/%s/bank", order->id)
                              : payment->action_url;
    struct view *next =
        show_action(cx, request, view_child(view, "next"),
                    message_say(cx, "order.go_to_bank", NULL), address, false, NULL);
    view_bool(next, "primary", true);
    return OK;
}

static enum err put_outcome(struct context *cx, const struct http_request *request,
                            struct view *view, const struct order *order)
{
    const char *outcome = OUTCOMES[order->state];
    view_text(view, "outcome", outcome);
    view_text(view, "heading",
              message_say(cx, arena_print(cx->arena, "order.heading_%s", outcome), NULL));
    if (order->state != ORDER_FAILED)
        view_text(view, "text",
                  message_say(cx, arena_print(cx->arena, "order.text_%s", outcome), NULL));
    struct view *back = view_child(view, "back");
    view_text(back, "href", "/billing/products");
    view_text(back, "label", message_say(cx, "order.to_products", NULL));
    if (order->state == ORDER_FAILED)
        return put_failed(cx, request, view, order);
    if (order->state == ORDER_ACTION_REQUIRED)
        return put_bank(cx, request, view, order);
    const struct order_line *first = order->lines.items[0];
    bool is_done = order->state == ORDER_COMPLETED;
    const char *sub = first->parent != NULL ? first->parent : first->subscription;
    struct view *next =
        show_action(cx, request, view_child(view, "next"),
                    message_say(cx, is_done ? "order.to_subscription" : "order.look_again", NULL),
                    arena_print(cx->arena, is_done ? "/billing/products/%s" : "/billing/orders/%s",
                                is_done ? sub : order->id),
                    false, NULL);
    view_bool(next, "primary", true);
    return OK;
}

enum err order_page_show(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct order *order;
    struct document *document;
    struct view *view = view_object(cx->arena);
    TRY(order_load(cx, request->path_values[0], &order));
    TRY(load_document(cx, order, &document));
    TRY(put_outcome(cx, request, view, order));
    struct view *rows = view_list(view, "lines");
    for (size_t i = 0; i < order->lines.count; i++)
        TRY(put_line(cx, rows, order, order->lines.items[i], document));
    view_bool(view, "has_lines", order->lines.count > 0);
    bool is_failed = order->state == ORDER_FAILED;
    view_text(view, "lines_title",
              message_say(cx, is_failed ? "order.lines_failed" : "order.lines", NULL));
    view_bool(view, "has_amounts", !is_failed);
    if (!is_failed)
        view_text(view, "total", locale_money(cx->arena, cx->language, order->total));
    TRY(put_facts(cx, view, order, document));
    http_reply_page(reply, 200, "order", view);
    return OK;
}

/* ── The sandbox's bank ───────────────────────────────────────────────────────────────── */

static enum err load_asking(struct context *cx, const struct http_request *request,
                            struct order **ret_order)
{
    TRY(order_load(cx, request->path_values[0], ret_order));
    if ((*ret_order)->state == ORDER_ACTION_REQUIRED)
        return OK;
    return fault(cx, ERR_NOT_FOUND, "param", "/order", NULL);
}

enum err order_page_show_bank(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct order *order;
    TRY(load_asking(cx, request, &order));
    struct view *view = view_object(cx->arena);
    view_text(view, "title", message_say(cx, "bank.title", NULL));
    view_print(view, "post", "/billing/orders/%s/bank", order->id);
    view_text(view, "intro",
              message_say(cx, "bank.intro", "amount",
                          locale_money(cx->arena, cx->language, order->total), NULL));
    struct view *radio = field_radio(view_list(view, "fields"), "answer");
    view_text(radio, "label", message_say(cx, "bank.answer", NULL));
    field_option(radio, "yes", message_say(cx, "bank.yes", NULL), true);
    field_option(radio, "no", message_say(cx, "bank.no", NULL), false);
    struct view *submit = view_child(view, "submit");
    view_text(submit, "label", message_say(cx, "bank.send", NULL));
    view_text(submit, "value", "save");
    struct view *back = view_child(view, "back");
    view_print(back, "href", "/billing/orders/%s", order->id);
    view_text(back, "label", message_say(cx, "bank.back", NULL));
    http_reply_page(reply, 200, "pane_form", view);
    return OK;
}

enum err order_page_answer_bank(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    struct order *order;
    struct payment *payment;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    TRY(load_asking(cx, request, &order));
    const char *answer = http_form_value(form, "answer");
    bool accepts = answer != NULL && strcmp(answer, "yes") == 0;
    TRY(payment_authenticate(cx, order->payment, accepts, &payment));
    http_reply_redirect(reply, request, arena_print(cx->arena, "/billing/orders/%s", order->id));
    return OK;
}
