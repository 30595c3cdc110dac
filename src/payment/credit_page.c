#include "payment/credit_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "customer/customer_store.h"
#include "engine/collect.h"
#include "engine/engine_store.h"
#include "engine/pane_page.h"
#include "engine/show_account_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "invoice/invoice_store.h"
#include "ledger/ledger_store.h"
#include "payment/payment_store.h"

enum { ROWS_A_PAGE = 25 };

/* ── What can go back ─────────────────────────────────────────────────────────────────── */

/* The state, to be thrown away, in which all that can go back does; how much that is. */
static enum err send_all_back(struct context *cx, const char *account, struct state **ret_state,
                              struct money *ret_amount)
{
    struct state *state;
    TRY(state_load_read(cx, &state));
    state_use_account(state, state_find_account(state, account), cx->now);
    TRY(payment_load_refundable(cx, &state->payments));
    cx->cause = account;
    *ret_amount = collect_refundable(state, state->account);
    collect_refund_credit(cx, state, state->account, *ret_amount);
    *ret_state = state;
    return OK;
}

/* To which payment, and how much at most. */
static void put_refundable(struct context *cx, struct view *view, const struct state *state)
{
    struct view *rows = view_list(view, "refundable");
    for (size_t i = 0; i < state->refunds.count; i++) {
        const struct refund *refund = state->refunds.items[i];
        const struct payment *payment = state_find_payment(state, refund->payment);
        const struct payment_method *method = state_find_method(state, payment->method);
        struct view *row = view_item(rows);
        view_text(row, "name",
                  method != NULL ? show_method(cx, method)
                                 : message_say(cx, "checkout.transfer", NULL));
        view_text(row, "amount", locale_money(cx->arena, cx->language, refund->amount));
        show_date(cx, row, zone_day(state->account->time_zone, payment->created_at), state->today);
    }
    view_bool(view, "has_refundable", state->refunds.count > 0);
}

/* ── What moved it ────────────────────────────────────────────────────────────────────── */

/* The document that a movement is of: its cause, or what the payment was for; NULL: none. */
static enum err find_document(struct context *cx, const struct credit_movement *movement,
                              struct document **ret_document)
{
    const char *id = movement->cause;
    *ret_document = NULL;
    if (strcmp(movement->kind, "payment") == 0) {
        struct payment *payment;
        TRY(payment_load(cx, id, &payment));
        id = payment->document;
    } else if (strcmp(movement->kind, "refund") == 0) {
        id = NULL;
    }
    return id != NULL ? invoice_load(cx, id, ret_document) : OK;
}

static enum err put_movement(struct context *cx, struct view *rows,
                             const struct credit_movement *movement, civil_day today)
{
    struct document *document;
    TRY(find_document(cx, movement, &document));
    bool is_less = money_sign(movement->amount) < 0;
    const char *key =
        arena_print(cx->arena, is_less ? "credit.less_%s" : "credit.more_%s", movement->kind);
    struct view *row = view_item(rows);
    view_text(row, "text", message_say(cx, key, NULL));
    view_print(row, "amount", "%s%s", is_less ? "" : "+",
               locale_money(cx->arena, cx->language, movement->amount));
    show_date(cx, row, movement->on, today);
    if (document != NULL) {
        view_text(row, "number", show_number(cx, document));
        view_print(row, "href", "/billing/invoices/%s", document->id);
    } else {
        view_text(row, "href", NULL);
        view_bool(row, "number", false);
    }
    return OK;
}

static enum err put_movements(struct context *cx, const struct http_request *request,
                              struct view *view, const struct account *account, civil_day today)
{
    struct credit_movement_list list = {0};
    const char *after = http_query(request, "after");
    struct view *rows = view_list(view, "rows");
    TRY(ledger_list_credit(cx, account->id, after != NULL ? after : "", ROWS_A_PAGE + 1, &list));
    for (size_t i = 0; i < list.count && i < ROWS_A_PAGE; i++)
        TRY(put_movement(cx, rows, list.items[i], today));
    view_bool(view, "has_rows", list.count > 0);
    if (list.count <= ROWS_A_PAGE && after == NULL)
        return OK;
    struct view *pages = view_child(view, "pages");
    const char *address = arena_print(cx->arena, "/billing/credit?account=%s", account->id);
    if (after != NULL)
        view_text(view_child(pages, "previous"), "href", address);
    if (list.count > ROWS_A_PAGE)
        view_print(view_child(pages, "next"), "href", "%s&after=%s", address,
                   list.items[ROWS_A_PAGE - 1]->entry);
    return OK;
}

enum err credit_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct view *view = view_object(cx->arena);
    const struct account *account;
    struct state *state;
    struct money refundable;
    TRY(show_account(cx, request, view, &account));
    TRY(send_all_back(cx, account->id, &state, &refundable));
    civil_day today = zone_day(account->time_zone, cx->now);
    view_text(view, "balance", locale_money(cx->arena, cx->language, account->credit));
    view_text(view, "most", locale_money(cx->arena, cx->language, refundable));
    put_refundable(cx, view, state);
    show_action(cx, request, view_child(view, "ask"), message_say(cx, "credit.ask", NULL),
                arena_print(cx->arena, "/billing/accounts/%s/refund", account->id), true,
                money_sign(refundable) > 0 ? NULL : message_say(cx, "credit.why_not", NULL));
    TRY(put_movements(cx, request, view, account, today));
    if (http_query(request, "asked") != NULL) {
        struct view *notice = view_child(view, "notice");
        view_text(notice, "kind", "success");
        view_text(notice, "text", message_say(cx, "credit.asked", NULL));
        view_bool(notice, "urgent", false);
    }
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "bills.title", NULL), "/billing/invoices");
    show_crumb(crumbs, message_say(cx, "credit.title", NULL), NULL);
    http_reply_page(reply, 200, "credit", view);
    return OK;
}

/* ── Asking for it ────────────────────────────────────────────────────────────────────── */

/* The field, and the command that it asks for; what is shown first is all that can go back. */
static void put_amount(struct context *cx, struct pane *pane, const struct account *account,
                       struct money most)
{
    const char *typed = pane_value(pane, "amount");
    int64_t minor =
        typed != NULL ? field_parse_amount(typed, currency_decimals(account->currency)) : 0;
    if (typed == NULL)
        typed = locale_decimal(cx->arena, cx->language, most);
    pane->asked = field_text(pane->fields, "amount", typed);
    view_text(pane->asked, "label",
              message_say(cx, "credit.amount", "currency", account->currency, NULL));
    view_text(pane->asked, "type", "text");
    view_bool(pane->asked, "described", true);
    view_text(pane->asked, "hint",
              message_say(cx, "credit.most", "amount", locale_money(cx->arena, cx->language, most),
                          NULL));
    if (minor < 0)
        pane->error = message_say(cx, "credit.no_amount", NULL);
    field_error(pane->asked, pane->error);
    struct money *amount = ARENA_NEW(cx->arena, struct money);
    *amount = money_of(minor, account->currency);
    pane->has_command = pane->form != NULL && minor >= 0;
    pane->command = (struct command){
        .kind = COMMAND_REFUND,
        .account = account->id,
        .amount = amount,
        .quantity = minor, /* its review is for this amount */
    };
}

enum err credit_page_refund(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct pane pane;
    struct account *account;
    struct state *state;
    struct money most;
    bool is_done = false;
    TRY(account_load(cx, request->path_values[0], &account));
    const char *back = arena_print(cx->arena, "/billing/credit?account=%s", account->id);
    TRY(pane_begin_account(cx, request, "credit.ask", back, "credit.back", &pane));
    TRY(send_all_back(cx, account->id, &state, &most));
    if (money_sign(most) <= 0) {
        pane_say_only(cx, reply, &pane, message_say(cx, "credit.why_not", NULL));
        return OK;
    }
    pane.button = "credit.button";
    put_amount(cx, &pane, account, most);
    TRY(pane_decide(cx, reply, &pane, &is_done));
    if (!is_done) {
        pane_reply(cx, reply, &pane);
        return OK;
    }
    reply->carry = arena_copy(cx->arena, account->id);
    http_reply_redirect(reply, request, arena_print(cx->arena, "%s&asked=yes", back));
    return OK;
}
