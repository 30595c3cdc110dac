#include "invoice/invoice_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/seller.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "invoice/bill_store.h"
#include "invoice/invoice_store.h"
#include "payment/payment_store.h"
#include "tax/exemption_store.h"

/* ── Who sells, and who buys ──────────────────────────────────────────────────────────── */

/* As it was when the document was issued: a later address does not change it. */
struct party {
    const char *name;
    const char *line1;
    const char *line2;
    const char *postal_code;
    const char *city;
    const char *country;
    const char *vat_id;
};

static enum err read_party(struct json_reader *document, const char *member, struct party *party)
{
    struct json_reader r;
    bool present;
    TRY(json_object(document, member, REQUIRED, &r, &present));
    TRY(json_text(&r, "name", OPTIONAL, &party->name));
    TRY(json_text(&r, "line1", OPTIONAL, &party->line1));
    TRY(json_text(&r, "line2", OPTIONAL, &party->line2));
    TRY(json_text(&r, "postal_code", OPTIONAL, &party->postal_code));
    TRY(json_text(&r, "city", OPTIONAL, &party->city));
    TRY(json_text(&r, "country", OPTIONAL, &party->country));
    return json_text(&r, "vat_id", OPTIONAL, &party->vat_id);
}

static void put_text_line(struct view *lines, const char *text)
{
    if (text != NULL && text[0] != '\0')
        view_text(view_item(lines), "text", text);
}

static void put_party(struct context *cx, struct view *view, const char *member,
                      const struct party *party)
{
    struct view *view_of = view_child(view, member);
    struct view *lines = view_list(view_of, "lines");
    const char *code = party->postal_code != NULL ? party->postal_code : "";
    const char *city = party->city != NULL ? party->city : "";
    view_text(view_of, "name", party->name);
    put_text_line(lines, party->line1);
    put_text_line(lines, party->line2);
    put_text_line(lines, arena_print(cx->arena, code[0] ? "%s %s" : "%s%s", code, city));
    if (party->country != NULL)
        put_text_line(lines, locale_country(cx->arena, cx->language, party->country));
    if (party->vat_id != NULL)
        put_text_line(lines, message_say(cx, "bill.vat_id", "vat_id", party->vat_id, NULL));
}

static enum err put_parties(struct context *cx, struct view *view, const struct bill *bill)
{
    const struct address *address = &bill->account->sold_to;
    struct party seller = {.name = cx->seller->name, .country = cx->seller->country};
    struct party buyer = {bill->account->name,  address->line1, address->line2,
                          address->postal_code, address->city,  address->country,
                          bill->account->vat_id};
    const char *frozen;
    TRY(bill_load_frozen(cx, bill->document->id, &frozen));
    if (frozen != NULL) {
        struct json_reader r;
        TRY(json_open(cx, &r, frozen, strlen(frozen)));
        TRY(read_party(&r, "seller", &seller));
        TRY(read_party(&r, "sold_to", &buyer));
    }
    put_party(cx, view, "sold_by", &seller);
    put_party(cx, view, "sold_to", &buyer);
    return OK;
}

/* ── Lines ────────────────────────────────────────────────────────────────────────────── */

static void put_link(struct context *cx, struct view *view, const struct document *document)
{
    view_print(view, "href", "/billing/invoices/%s", document->id);
    view_text(view, "number", show_number(cx, document));
}

/* What a credit undoes stands on another document, or on this one. */
static enum err put_undone(struct context *cx, struct view *row, const struct bill *bill,
                           const struct line *line)
{
    struct document *undone;
    if (line->undoes == NULL)
        return OK;
    TRY(bill_load_of_line(cx, line->undoes, &undone));
    if (strcmp(undone->id, bill->document->id) != 0 && undone->type != DOCUMENT_RECORD)
        put_link(cx, view_child(row, "undoes"), undone);
    return OK;
}

static enum err put_line(struct context *cx, struct view *rows, const struct bill *bill,
                         const struct line *line)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, line->catalog, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, line->offer);
    struct view *row = view_item(rows);
    const char *reason = line_reason_format(line->reason);
    view_text(row, "name", show_text(cx, offer->name));
    view_print(row, "href", "/billing/products/%s", line->subscription);
    view_text(row, "reason",
              message_say(
                  cx, arena_print(cx->arena, line->undoes ? "bill.undo_%s" : "bill.for_%s", reason),
                  NULL));
    if (line->reason != LINE_SETUP)
        view_text(row, "days", show_days(cx, line->from_on, line->to_on));
    view_text(row, "arithmetic", show_arithmetic(cx, offer, line));
    view_text(row, "amount", locale_money(cx->arena, cx->language, line->amount));
    return put_undone(cx, row, bill, line);
}

/* ── What it comes to, and what was paid ──────────────────────────────────────────────── */

static void put_sum(struct context *cx, struct view *sums, const char *key, struct money amount,
                    bool is_strong)
{
    struct view *row = view_item(sums);
    view_text(row, "label", message_say(cx, key, NULL));
    view_text(row, "amount", locale_money(cx->arena, cx->language, amount));
    view_bool(row, "strong", is_strong);
}

static enum err put_totals(struct context *cx, struct view *view, const struct document *document,
                           struct money paid)
{
    struct tax_exemption_list exemptions = {0};
    struct view *totals = view_child(view, "totals");
    TRY(exemption_load_all(cx, document->account, &exemptions));
    view_text(totals, "net", locale_money(cx->arena, cx->language, document->net));
    show_taxes(cx, totals, document, &exemptions);
    view_text(totals, "total", locale_money(cx->arena, cx->language, document->total));
    if (document->type != DOCUMENT_INVOICE)
        return OK;
    struct view *sums = view_list(totals, "sums");
    if (!money_is_zero(document->credit_used))
        put_sum(cx, sums, "bill.credit", money_negate(document->credit_used), false);
    if (!money_is_zero(paid))
        put_sum(cx, sums, "bill.paid", money_negate(paid), false);
    if (!money_is_zero(document->written_off))
        put_sum(cx, sums, "bills.written_off", money_negate(document->written_off), false);
    put_sum(cx, sums, "bills.unpaid", document->unpaid, true);
    return OK;
}

static enum err put_payment(struct context *cx, struct view *rows, const struct bill *bill,
                            const struct payment *payment)
{
    struct view *row = view_item(rows);
    const char *state = payment_state_format(payment->state);
    struct payment_method *method;
    const char *label = message_say(cx, "checkout.transfer", NULL);
    if (payment->method[0] != '\0') { /* a transfer that came by itself has none */
        TRY(method_load(cx, payment->method, &method));
        label = show_method(cx, method);
    }
    instant at = payment->settled_at != INSTANT_NONE ? payment->settled_at : payment->created_at;
    view_text(row, "name", label);
    view_text(row, "text", message_say(cx, arena_print(cx->arena, "payment.%s", state), NULL));
    view_text(row, "amount", locale_money(cx->arena, cx->language, payment->amount));
    show_date(cx, row, zone_day(bill->account->time_zone, at), bill->today);
    if (!money_is_zero(payment->refunded))
        view_text(row, "refunded",
                  message_say(cx, "payment.sent_back", "amount",
                              locale_money(cx->arena, cx->language, payment->refunded), NULL));
    return OK;
}

static enum err put_payments(struct context *cx, struct view *view, const struct bill *bill,
                             struct money *ret_paid)
{
    struct payment_list list = {0};
    struct money paid = money_zero(bill->document->total.currency);
    struct view *rows = view_list(view_child(view, "payments"), "rows");
    TRY(payment_load_of(cx, NULL, bill->document->id, &list));
    for (size_t i = 0; i < list.count; i++) {
        TRY(put_payment(cx, rows, bill, list.items[i]));
        if (list.items[i]->state == PAYMENT_SUCCEEDED)
            paid = money_add(paid, list.items[i]->amount);
    }
    /* What came beyond what was unpaid became credit balance. */
    const struct document *document = bill->document;
    struct money due = money_subtract(document->total, document->credit_used);
    *ret_paid = money_least(
        paid, money_subtract(money_subtract(due, document->written_off), document->unpaid));
    view_bool(view, "has_payments", list.count > 0);
    return OK;
}

/* The documents that took lines of this one back. */
static enum err put_undoing(struct context *cx, struct view *view, const struct bill *bill)
{
    struct document_list list = {0};
    TRY(bill_load_undoing(cx, bill->document->id, &list));
    struct view *rows = view_list(view, "undoing");
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i]->id, bill->document->id) == 0)
            continue;
        struct view *row = view_item(rows);
        put_link(cx, row, list.items[i]);
        show_date(cx, row, list.items[i]->issued_on, bill->today);
        view_text(row, "amount", locale_money(cx->arena, cx->language, list.items[i]->total));
    }
    view_bool(view, "has_undoing", view_is_true(rows));
    return OK;
}

/* What one can do here; why it differs can be said of what bills a period, if one was before. */
static enum err put_actions(struct context *cx, struct view *view, const struct bill *bill)
{
    struct document *previous = NULL;
    struct view *actions = view_list(view, "actions");
    bool recurs = false;
    for (size_t i = 0; i < bill->document->lines.count; i++)
        recurs = recurs || bill->document->lines.items[i]->reason == LINE_RENEWAL;
    if (money_sign(bill->document->unpaid) > 0) {
        struct view *pay = show_action(
            cx, bill->request, view_item(actions), message_say(cx, "pay.go", NULL),
            arena_print(cx->arena, "/billing/accounts/%s/pay", bill->account->id), true, NULL);
        view_bool(pay, "primary", true);
    }
    if (recurs)
        TRY(bill_load_previous(cx, bill->document, &previous));
    if (previous != NULL)
        show_action(cx, bill->request, view_item(actions), message_say(cx, "compare.title", NULL),
                    arena_print(cx->arena, "/billing/invoices/%s/compare", bill->document->id),
                    false, NULL);
    view_bool(view, "has_actions", view_is_true(actions));
    return OK;
}

/* ── The page ─────────────────────────────────────────────────────────────────────────── */

static enum err put_facts(struct context *cx, struct view *view, const struct bill *bill)
{
    const struct document *document = bill->document;
    struct view *facts = view_list(view, "facts");
    show_fact(cx, facts, "bills.number", show_number(cx, document));
    show_date(cx, show_fact(cx, facts, "bill.issued_on", ""), document->issued_on, bill->today);
    if (document->type == DOCUMENT_INVOICE && document->due_on != DAY_NONE)
        show_date(cx, show_fact(cx, facts, "bill.due_on", ""), document->due_on, bill->today);
    show_fact(cx, facts, "order.purchase_order", document->purchase_order);
    show_fact(cx, facts, "bills.account", bill->account->name);
    if (document->order != NULL) {
        struct view *order = show_fact(cx, facts, "order.number", document->order);
        view_print(order, "href", "/billing/orders/%s", document->order);
    }
    if (document->payment_method != NULL) {
        struct payment_method *method;
        TRY(method_load(cx, document->payment_method, &method));
        show_fact(cx, facts, "checkout.pay_with", show_method(cx, method));
    }
    return OK;
}

enum err invoice_page_load(struct context *cx, const struct http_request *request,
                           struct bill *ret_bill)
{
    struct document *document;
    struct account *account;
    TRY(invoice_load(cx, request->path_values[0], &document));
    if (document->type == DOCUMENT_RECORD) /* it is sent to nobody */
        return fault(cx, ERR_NOT_FOUND, "param", "/document", NULL);
    TRY(account_load(cx, document->account, &account));
    *ret_bill = (struct bill){request, document, account, zone_day(account->time_zone, cx->now)};
    return OK;
}

enum err invoice_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct bill bill;
    struct money paid;
    TRY(invoice_page_load(cx, request, &bill));
    const struct document *document = bill.document;
    struct view *view = view_object(cx->arena);
    const char *type = document_type_format(document->type);
    const char *title = message_say(cx, arena_print(cx->arena, "bill.title_%s", type), "number",
                                    show_number(cx, document), NULL);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "bills.title", NULL), "/billing/invoices");
    show_crumb(crumbs, title, NULL);
    view_text(view, "title", title);
    show_standing(cx, view, document, bill.today);
    TRY(put_parties(cx, view, &bill));
    TRY(put_facts(cx, view, &bill));
    struct view *rows = view_list(view, "lines");
    for (size_t i = 0; i < document->lines.count; i++)
        TRY(put_line(cx, rows, &bill, document->lines.items[i]));
    TRY(put_payments(cx, view, &bill, &paid));
    TRY(put_totals(cx, view, document, paid));
    TRY(put_undoing(cx, view, &bill));
    TRY(put_actions(cx, view, &bill));
    http_reply_page(reply, 200, "bill", view);
    return OK;
}
