#include "invoice/compare_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "invoice/bill_store.h"
#include "invoice/compare.h"
#include "invoice/invoice_page.h"

struct pair {
    const struct document *before;
    const struct document *after;
};

static const char *say_money(struct context *cx, struct money amount)
{
    return locale_money(cx->arena, cx->language, amount);
}

/* With its sign, also where it is more: "+€25.00". */
static const char *say_difference(struct context *cx, struct money amount)
{
    return arena_print(cx->arena, "%s%s", money_sign(amount) > 0 ? "+" : "", say_money(cx, amount));
}

static const struct line *find_line(const struct document *document, const char *subscription)
{
    for (size_t i = 0; i < document->lines.count; i++)
        if (strcmp(document->lines.items[i]->subscription, subscription) == 0)
            return document->lines.items[i];
    return NULL;
}

static enum err offer_of(struct context *cx, const struct line *line,
                         const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, line->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, line->offer);
    return *ret_offer != NULL ? OK : fault(cx, ERR_INTERNAL, "value", "an offer not known", NULL);
}

/* ── The two bills beside each other ──────────────────────────────────────────────────── */

static void put_head(struct context *cx, struct view *view, const char *member,
                     const struct document *document)
{
    struct view *head = view_child(view, member);
    view_print(head, "address", "/billing/invoices/%s", document->id);
    view_text(head, "number", show_number(cx, document));
    show_date(cx, head, document->issued_on, DAY_NONE);
}

static void put_row(struct context *cx, struct view *rows, const char *name, struct money before,
                    struct money after, bool is_strong)
{
    struct view *row = view_item(rows);
    view_text(row, "name", name);
    view_text(row, "before", say_money(cx, before));
    view_text(row, "after", say_money(cx, after));
    view_bool(row, "strong", is_strong);
}

static struct money net_of(const struct document *document, const char *subscription)
{
    struct money sum = money_zero(document->total.currency);
    for (size_t i = 0; i < document->lines.count; i++)
        if (strcmp(document->lines.items[i]->subscription, subscription) == 0)
            sum = money_add(sum, document->lines.items[i]->amount);
    return sum;
}

/* A row for each subscription of a bill that none of `known` names. */
static enum err put_subscriptions(struct context *cx, struct view *rows, const struct pair *pair,
                                  const struct document *document, const struct document *known)
{
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        const struct offer *offer;
        if (find_line(document, line->subscription) != line ||
            (known != NULL && find_line(known, line->subscription) != NULL))
            continue;
        TRY(offer_of(cx, line, &offer));
        put_row(cx, rows, show_text(cx, offer->name), net_of(pair->before, line->subscription),
                net_of(pair->after, line->subscription), false);
    }
    return OK;
}

static enum err put_columns(struct context *cx, struct view *view, const struct pair *pair)
{
    const struct document *before = pair->before, *after = pair->after;
    struct view *rows = view_list(view, "rows");
    put_head(cx, view, "head_before", before);
    put_head(cx, view, "head_after", after);
    TRY(put_subscriptions(cx, rows, pair, after, NULL));
    TRY(put_subscriptions(cx, rows, pair, before, after));
    put_row(cx, rows, message_say(cx, "bills.tax", NULL), before->tax, after->tax, false);
    put_row(cx, rows, message_say(cx, "bills.total", NULL), before->total, after->total, true);
    if (money_is_zero(before->credit_used) && money_is_zero(after->credit_used))
        return OK;
    put_row(cx, rows, message_say(cx, "bill.credit", NULL), money_negate(before->credit_used),
            money_negate(after->credit_used), false);
    put_row(cx, rows, message_say(cx, "compare.to_pay", NULL), compare_to_pay(before),
            compare_to_pay(after), true);
    return OK;
}

/* ── The causes, in sentences ─────────────────────────────────────────────────────────── */

static const char *key_of(struct context *cx, const struct bill_cause *cause)
{
    const char *kind = bill_cause_format(cause->kind);
    bool has_two = cause->kind == CAUSE_SETUP || cause->kind == CAUSE_CREDIT;
    const char *more = has_two && money_sign(cause->amount) < 0 ? "_less" : "";
    return arena_print(cx->arena, "compare.%s%s", kind, more);
}

static const char *say_unit(struct context *cx, const struct line *line)
{
    if (line == NULL)
        return "";
    return locale_unit_price(cx->arena, cx->language, line->unit, line->amount.currency);
}

static enum err say_cause(struct context *cx, const struct pair *pair,
                          const struct bill_cause *cause, const char **ret_text)
{
    const char *key = key_of(cx, cause);
    if (cause->subscription == NULL) {
        *ret_text = message_say(cx, key, NULL);
        return OK;
    }
    const struct offer *was = NULL, *is;
    const struct line *line = find_line(pair->after, cause->subscription);
    if (line == NULL)
        line = find_line(pair->before, cause->subscription);
    TRY(offer_of(cx, line, &is));
    if (cause->before != NULL)
        TRY(offer_of(cx, cause->before, &was));
    const struct line *part = cause->kind == CAUSE_PART_BEFORE ? cause->before : cause->after;
    *ret_text =
        message_say(cx, key, "name", show_text(cx, is->name), "name_before",
                    was != NULL ? show_text(cx, was->name) : "", "before",
                    show_quantity(cx, is, cause->quantity_before), "after",
                    show_quantity(cx, is, cause->quantity_after), "price_before",
                    say_unit(cx, cause->before), "price_after", say_unit(cx, cause->after), "days",
                    part != NULL ? arena_print(cx->arena, "%" PRId64, part->days) : "", "of_days",
                    part != NULL ? arena_print(cx->arena, "%" PRId64, part->of_days) : "", NULL);
    return OK;
}

static enum err put_causes(struct context *cx, struct view *view, const struct pair *pair)
{
    struct bill_cause_list causes = {0};
    struct money sum = money_zero(pair->after->total.currency);
    compare_bills(cx->arena, pair->before, pair->after, &causes);
    struct view *list = view_list(view, "causes");
    for (size_t i = 0; i < causes.count; i++) {
        const char *text;
        struct view *item = view_item(list);
        TRY(say_cause(cx, pair, causes.items[i], &text));
        view_text(item, "text", text);
        view_text(item, "amount", say_difference(cx, causes.items[i]->amount));
        sum = money_add(sum, causes.items[i]->amount);
    }
    view_bool(view, "has_causes", causes.count > 0);
    view_text(view, "sum", say_difference(cx, sum));
    const char *key = money_is_zero(sum)    ? "compare.same"
                      : money_sign(sum) > 0 ? "compare.more"
                                            : "compare.less";
    struct money size = money_sign(sum) < 0 ? money_negate(sum) : sum;
    view_text(view, "verdict", message_say(cx, key, "amount", say_money(cx, size), NULL));
    return OK;
}

enum err compare_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct bill bill;
    struct document *previous;
    struct view *view = view_object(cx->arena);
    TRY(invoice_page_load(cx, request, &bill));
    TRY(bill_load_previous(cx, bill.document, &previous));
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "bills.title", NULL), "/billing/invoices");
    show_crumb(crumbs, show_number(cx, bill.document),
               arena_print(cx->arena, "/billing/invoices/%s", bill.document->id));
    show_crumb(crumbs, message_say(cx, "compare.title", NULL), NULL);
    view_bool(view, "has_previous", previous != NULL);
    if (previous != NULL) {
        const struct pair pair = {.before = previous, .after = bill.document};
        TRY(put_columns(cx, view, &pair));
        TRY(put_causes(cx, view, &pair));
    }
    http_reply_page(reply, 200, "compare", view);
    return OK;
}
