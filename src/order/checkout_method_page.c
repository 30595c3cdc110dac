/* A payment method added on the way to an order. */
#include "base/message.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "order/checkout_page.h"
#include "order/checkout_show_page.h"
#include "payment/payment_do.h"

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void put_hidden(struct view *list, const char *name, const char *value)
{
    struct view *item = view_item(list);
    view_text(item, "name", name);
    view_text(item, "value", value);
}

static void put_fields(struct context *cx, struct view *view, const char *kind, const char *number,
                       const char *problem)
{
    struct view *fields = view_list(view, "fields");
    struct view *radio = field_radio(fields, "kind");
    view_text(radio, "label", message_say(cx, "method.kind", NULL));
    bool is_transfer = strcmp(kind, "transfer") == 0;
    field_option(radio, "card", message_say(cx, "method.card", NULL), !is_transfer);
    struct view *transfer =
        field_option(radio, "transfer", message_say(cx, "method.transfer", NULL), is_transfer);
    view_print(transfer, "detail", "%s",
               message_count(cx, "method.transfer_terms", cx->seller->payment_terms_days, NULL));
    struct view *field = field_text(fields, "number", number);
    view_text(field, "label", message_say(cx, "method.number", NULL));
    view_text(field, "type", "text");
    view_text(field, "autocomplete", "off");
    view_bool(field, "optional", true);
    view_bool(field, "described", true);
    view_text(field, "hint", message_say(cx, "method.test_numbers", NULL));
    field_error(field, problem);
}

/* Shows the form; what was typed in the order goes along. */
static void show(struct context *cx, struct http_reply *reply, int status, const char *cart,
                 const struct http_form *form, const char *problem)
{
    struct view *view = view_object(cx->arena);
    const char *address = arena_print(cx->arena, "/billing/checkout/%s", cart);
    const char *po = or_empty(http_form_value(form, "po_number"));
    view_text(view, "title", message_say(cx, "method.title", NULL));
    view_print(view, "post", "%s/method", address);
    struct view *hidden = view_list(view, "hidden");
    put_hidden(hidden, "po_number", po);
    view_text(view, "intro", message_say(cx, "method.intro", NULL));
    const char *kind = http_form_value(form, "kind");
    put_fields(cx, view, kind != NULL ? kind : "card", or_empty(http_form_value(form, "number")),
               problem);
    struct view *submit = view_child(view, "submit");
    view_text(submit, "label", message_say(cx, "method.add", NULL));
    view_text(submit, "value", "save");
    struct view *back = view_child(view, "back");
    view_print(back, "href", "%s?po_number=%s", address, http_encode(cx->arena, po));
    view_text(back, "label", message_say(cx, "method.back", NULL));
    http_reply_page(reply, status, "pane_form", view);
}

enum err checkout_page_ask_method(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct cart cart;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    if (request->method == HTTP_GET)
        TRY(show_kept_form(cx, request, form));
    else
        TRY(http_form_read(cx, request, form));
    TRY(cart_load_present(cx, request->path_values[0], &cart));
    show(cx, reply, 200, cart.id, form, NULL);
    if (request->method == HTTP_GET)
        show_kept_notice(cx, reply->view, form);
    return OK;
}

enum err checkout_page_add_method(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct cart cart;
    struct payment_method method;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    TRY(cart_load_present(cx, request->path_values[0], &cart));
    const char *kind = or_empty(http_form_value(form, "kind"));
    const struct method_request wanted = {
        .account = cart.account,
        .kind = strcmp(kind, "transfer") == 0 ? METHOD_TRANSFER : METHOD_CARD,
        .number = strcmp(kind, "transfer") == 0 ? NULL : or_empty(http_form_value(form, "number")),
    };
    enum err err = method_create(cx, &wanted, &method);
    if (err != OK && err_http_status(err) < 500) {
        const char *told = err == ERR_INVALID ? message_say(cx, "method.bad_number", NULL)
                                              : message_fault(cx->arena, cx->language, &cx->fault);
        fault_clear(cx);
        show(cx, reply, 422, cart.id, form, told);
        return OK;
    }
    TRY(err);
    http_reply_redirect(
        reply, request,
        arena_print(cx->arena, "/billing/checkout/%s?payment_method=%s&po_number=%s", cart.id,
                    method.id,
                    http_encode(cx->arena, or_empty(http_form_value(form, "po_number")))));
    return OK;
}
