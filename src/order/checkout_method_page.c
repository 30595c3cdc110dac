/* A payment method added on the way to an order. */
#include "base/message.h"
#include "engine/method_form_page.h"
#include "engine/show_page.h"
#include "order/checkout_page.h"
#include "order/checkout_show_page.h"

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
    method_form_put(cx, view_list(view, "fields"), form, problem);
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
    const char *problem;
    TRY(method_form_create(cx, cart.account, form, &method, &problem));
    if (problem != NULL) {
        show(cx, reply, 422, cart.id, form, problem);
        return OK;
    }
    http_reply_redirect(
        reply, request,
        arena_print(cx->arena, "/billing/checkout/%s?payment_method=%s&po_number=%s", cart.id,
                    method.id,
                    http_encode(cx->arena, or_empty(http_form_value(form, "po_number")))));
    return OK;
}
