#include "engine/method_form_page.h"

#include <string.h>

#include "base/message.h"
#include "customer/seller.h"
#include "html/field.h"
#include "payment/payment_do.h"

static const char *typed(const struct http_form *form, const char *name, const char *otherwise)
{
    const char *value = http_form_value(form, name);
    return value != NULL ? value : otherwise;
}

static bool is_transfer(const struct http_form *form)
{
    return strcmp(typed(form, "kind", "card"), "transfer") == 0;
}

void method_form_put(struct context *cx, struct view *fields, const struct http_form *form,
                     const char *problem)
{
    struct view *radio = field_radio(fields, "kind");
    view_text(radio, "label", message_say(cx, "method.kind", NULL));
    field_option(radio, "card", message_say(cx, "method.card", NULL), !is_transfer(form));
    struct view *transfer = field_option(
        radio, "transfer", message_say(cx, "method.transfer", NULL), is_transfer(form));
    view_text(transfer, "detail",
              message_count(cx, "method.transfer_terms", cx->seller->payment_terms_days, NULL));
    struct view *field = field_text(fields, "number", typed(form, "number", ""));
    view_text(field, "label", message_say(cx, "method.number", NULL));
    view_text(field, "type", "text");
    view_text(field, "autocomplete", "off");
    view_bool(field, "optional", true);
    view_bool(field, "described", true);
    view_text(field, "hint", message_say(cx, "method.test_numbers", NULL));
    field_error(field, problem);
}

enum err method_form_create(struct context *cx, const char *account, const struct http_form *form,
                            struct payment_method *ret_method, const char **ret_problem)
{
    const struct method_request wanted = {
        .account = account,
        .kind = is_transfer(form) ? METHOD_TRANSFER : METHOD_CARD,
        .number = is_transfer(form) ? NULL : typed(form, "number", ""),
    };
    *ret_problem = NULL;
    enum err err = method_create(cx, &wanted, ret_method);
    if (err == OK || err_http_status(err) >= 500)
        return err;
    *ret_problem = err == ERR_INVALID ? message_say(cx, "method.bad_number", NULL)
                                      : message_fault(cx->arena, cx->language, &cx->fault);
    fault_clear(cx);
    return OK;
}

enum err method_form_answer(struct context *cx, const struct http_request *request,
                            struct http_reply *reply, struct pane *pane, const char *account,
                            const char *address)
{
    struct payment_method method;
    const char *problem = NULL;
    if (pane->form != NULL) {
        TRY(method_form_create(cx, account, pane->form, &method, &problem));
        if (problem == NULL) {
            http_reply_redirect(reply, request,
                                arena_print(cx->arena, "%s?payment_method=%s", address, method.id));
            return OK;
        }
    }
    method_form_put(cx, pane->fields, pane->form != NULL ? pane->form : pane->kept, problem);
    struct view *submit = view_child(pane->view, "submit");
    view_text(submit, "label", message_say(cx, "method.add", NULL));
    view_text(submit, "value", "save");
    http_reply_page(reply, problem != NULL ? 422 : 200, "pane_form", pane->view);
    return OK;
}
