#include "payment/pay_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "customer/customer_store.h"
#include "engine/decide_parts.h"
#include "engine/method_form_page.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "invoice/bill_store.h"
#include "payment/authenticate_do.h"
#include "payment/payment_store.h"

static const char *pay_address(struct context *cx, const char *account)
{
    return arena_print(cx->arena, "/billing/accounts/%s/pay", account);
}

/* ── What came of what was asked for ──────────────────────────────────────────────────── */

static struct view *put_alert(struct context *cx, struct view *alerts, const char *kind,
                              const char *key, struct money amount)
{
    struct view *alert = view_item(alerts);
    view_text(alert, "kind", kind);
    view_text(alert, "text",
              message_say(cx, key, "amount", locale_money(cx->arena, cx->language, amount), NULL));
    view_bool(alert, "urgent", strcmp(kind, "danger") == 0);
    view_bool(alert, "heading", false);
    return alert;
}

static void put_bank_link(struct context *cx, const struct http_request *request,
                          struct view *alert, const struct payment *payment)
{
    bool is_sandbox = strcmp(payment->provider, "sandbox") == 0;
    const char *address = is_sandbox || payment->action_url == NULL
                              ? arena_print(cx->arena, "/billing/payments/%s/bank", payment->id)
                              : payment->action_url;
    show_action(cx, request, view_child(alert, "action"), message_say(cx, "order.go_to_bank", NULL),
                address, false, NULL);
}

static void put_outcome(struct context *cx, const struct http_request *request, struct view *alerts,
                        const struct payment *payment)
{
    switch (payment->state) {
    case PAYMENT_SUCCEEDED:
        put_alert(cx, alerts, "success", "pay.paid", payment->amount);
        break;
    case PAYMENT_FAILED:
        put_alert(cx, alerts, "danger", "pay.declined", payment->amount);
        break;
    case PAYMENT_ACTION_REQUIRED:
        put_bank_link(cx, request, put_alert(cx, alerts, "warning", "pay.bank", payment->amount),
                      payment);
        break;
    case PAYMENT_REQUESTED:
    case PAYMENT_PENDING:
    case PAYMENT_UNKNOWN:
        put_alert(cx, alerts, "info", "pay.processing", payment->amount);
        break;
    }
}

/* `?asked=`: the charges that were asked for, with points between them; what is none is left. */
static enum err put_outcomes(struct context *cx, const struct http_request *request,
                             const struct account *account, struct view *view)
{
    const char *id = http_query(request, "asked");
    struct view *alerts = view_list(view, "alerts");
    while (id != NULL && *id != '\0') {
        size_t length = strcspn(id, ".");
        struct payment *payment;
        enum err err = payment_load(cx, arena_print(cx->arena, "%.*s", (int)length, id), &payment);
        if (err == ERR_NOT_FOUND)
            fault_clear(cx);
        else if (err != OK)
            return err;
        else if (strcmp(payment->account, account->id) == 0)
            put_outcome(cx, request, alerts, payment);
        id += length + (id[length] == '.');
    }
    return OK;
}

/* ── The pane ─────────────────────────────────────────────────────────────────────────── */

/* What is unpaid, the oldest first; says how much it is in all. */
static void put_unpaid(struct context *cx, struct view *view, const struct account *account,
                       const struct document_list *unpaid)
{
    struct view *along = view_child(view, "along");
    struct view *items = view_list(along, "items");
    struct money sum = money_zero(account->currency);
    for (size_t i = 0; i < unpaid->count; i++) {
        const struct document *document = unpaid->items[i];
        struct view *item = view_item(items);
        view_text(item, "name",
                  message_say(cx, "pay.invoice", "number", show_number(cx, document), "date",
                              locale_day(cx->arena, cx->language, document->issued_on), NULL));
        view_text(item, "detail", locale_money(cx->arena, cx->language, document->unpaid));
        view_print(item, "href", "/billing/invoices/%s", document->id);
        sum = money_add(sum, document->unpaid);
    }
    view_text(
        along, "title",
        message_say(cx, "pay.unpaid", "amount", locale_money(cx->arena, cx->language, sum), NULL));
}

static const char *chosen_method(const struct pane *pane, const struct account *account,
                                 const struct method_list *methods)
{
    const char *said = pane_value(pane, "payment_method");
    const char *first = NULL;
    for (size_t i = 0; i < methods->count; i++) {
        const struct payment_method *method = methods->items[i];
        if (strcmp(method->account, account->id) != 0 || !pay_can_charge(method))
            continue;
        if (said != NULL && strcmp(method->id, said) == 0)
            return method->id;
        bool is_default =
            account->default_method != NULL && strcmp(account->default_method, method->id) == 0;
        if (first == NULL || is_default)
            first = method->id;
    }
    return first;
}

static enum err put_methods(struct context *cx, struct pane *pane, const struct account *account)
{
    struct method_list methods = {0};
    TRY(method_load_all(cx, &methods));
    const char *chosen = chosen_method(pane, account, &methods);
    struct view *note = view_child(pane->view, "note");
    struct view *way = view_child(note, "way");
    view_text(note, "text",
              message_say(cx, chosen != NULL ? "pay.method_note" : "pay.no_method", NULL));
    view_print(way, "href", "%s/method", pay_address(cx, account->id));
    view_text(way, "label", message_say(cx, "method.title", NULL));
    if (chosen == NULL)
        return OK;
    pane->asked = field_radio(pane->fields, "payment_method");
    view_text(pane->asked, "label", message_say(cx, "checkout.pay_with", NULL));
    view_bool(pane->asked, "live", true);
    for (size_t i = 0; i < methods.count; i++) {
        const struct payment_method *method = methods.items[i];
        if (strcmp(method->account, account->id) == 0 && pay_can_charge(method))
            field_option(pane->asked, method->id, show_method(cx, method),
                         strcmp(method->id, chosen) == 0);
    }
    pane->command =
        (struct command){.kind = COMMAND_PAY, .account = account->id, .payment_method = chosen};
    pane->has_command = true;
    return OK;
}

/* On to what comes of it: this page again, which says it and lets one choose another method. */
static void go_on(struct context *cx, struct http_reply *reply, const struct pane *pane,
                  const struct account *account)
{
    const struct payment_list *asked = &pane->run.decision.payments;
    const char *ids = "";
    for (size_t i = 0; i < asked->count; i++)
        ids = arena_print(cx->arena, "%s%s%s", ids, i > 0 ? "." : "", asked->items[i]->id);
    reply->carry = arena_copy(cx->arena, account->id);
    http_reply_redirect(reply, pane->request,
                        arena_print(cx->arena, "%s?asked=%s", pay_address(cx, account->id), ids));
}

static void reply_nothing(struct context *cx, struct http_reply *reply, struct pane *pane)
{
    view_text(view_child(pane->view, "note"), "text", message_say(cx, "pay.nothing", NULL));
    http_reply_page(reply, 200, "pane_form", pane->view);
}

enum err pay_page_balance(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct pane pane;
    struct account *account;
    struct document_list unpaid = {0};
    bool is_done = false;
    TRY(account_load(cx, request->path_values[0], &account));
    TRY(pane_begin_account(cx, request, "pay.title", "/billing/invoices?unpaid=yes&period=all",
                           "pay.back", &pane));
    TRY(bill_load_unpaid(cx, account->id, &unpaid));
    TRY(put_outcomes(cx, request, account, pane.view));
    if (unpaid.count == 0) {
        reply_nothing(cx, reply, &pane);
        return OK;
    }
    pane.button = "pay.button";
    put_unpaid(cx, pane.view, account, &unpaid);
    TRY(put_methods(cx, &pane, account));
    TRY(pane_decide(cx, reply, &pane, &is_done));
    if (is_done)
        go_on(cx, reply, &pane, account);
    else if (pane.has_command)
        pane_reply(cx, reply, &pane);
    else
        http_reply_page(reply, 200, "pane_form", pane.view);
    return OK;
}

enum err pay_page_finish(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    (void)request;
    return reply->carry != NULL ? engine_settle_payments(cx, NULL) : OK;
}

enum err pay_page_add_method(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    struct pane pane;
    struct account *account;
    TRY(account_load(cx, request->path_values[0], &account));
    const char *address = pay_address(cx, account->id);
    TRY(pane_begin_account(cx, request, "method.title", address, "pay.back", &pane));
    return method_form_answer(cx, request, reply, &pane, account->id, address);
}

/* ── The sandbox's bank ───────────────────────────────────────────────────────────────── */

enum err pay_page_bank(struct context *cx, const struct http_request *request,
                       struct http_reply *reply)
{
    struct pane pane;
    struct payment *payment;
    TRY(payment_load(cx, request->path_values[0], &payment));
    if (payment->state != PAYMENT_ACTION_REQUIRED || payment->document == NULL)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment", NULL);
    const char *back =
        arena_print(cx->arena, "%s?asked=%s", pay_address(cx, payment->account), payment->id);
    TRY(pane_begin_account(cx, request, "bank.title", back, "pay.back", &pane));
    if (pane.form != NULL) {
        TRY(payment_authenticate(cx, payment->id, pane_says(&pane, "answer", "yes"), &payment));
        http_reply_redirect(reply, request, back);
        return OK;
    }
    view_text(pane.view, "intro",
              message_say(cx, "bank.intro", "amount",
                          locale_money(cx->arena, cx->language, payment->amount), NULL));
    struct view *radio = field_radio(pane.fields, "answer");
    view_text(radio, "label", message_say(cx, "bank.answer", NULL));
    field_option(radio, "yes", message_say(cx, "bank.yes", NULL), true);
    field_option(radio, "no", message_say(cx, "bank.no", NULL), false);
    struct view *submit = view_child(pane.view, "submit");
    view_text(submit, "label", message_say(cx, "bank.send", NULL));
    view_text(submit, "value", "save");
    http_reply_page(reply, 200, "pane_form", pane.view);
    return OK;
}
