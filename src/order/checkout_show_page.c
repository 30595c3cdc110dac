#include "order/checkout_show_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "payment/payment_store.h"
#include "subscription/subscription_store.h"

const char *checkout_address(struct context *cx, const struct cart *cart)
{
    return arena_print(cx->arena, "/billing/checkout/%s", cart->id);
}

/* ── Lines ────────────────────────────────────────────────────────────────────────────── */

/* The base that a line connects to: the name of its offer; NULL for none. */
static enum err find_base_name(struct context *cx, const struct catalog *catalog,
                               const struct checkout *checkout, const char *connect_to,
                               const char **ret_name)
{
    *ret_name = NULL;
    if (connect_to == NULL)
        return OK;
    for (size_t i = 0; i < checkout->lines.line_count; i++) {
        const struct order_request_line *line = &checkout->lines.lines[i];
        const struct offer *offer = catalog_find_offer(catalog, line->offer);
        if (line->name != NULL && strcmp(line->name, connect_to) == 0 && offer != NULL)
            *ret_name = show_text(cx, offer->name);
    }
    struct subscription *base;
    if (*ret_name != NULL)
        return OK;
    TRY(subscription_load(cx, connect_to, &base));
    return show_name(cx, base, ret_name);
}

/* The days, the arithmetic and the amount of what the order makes of a line. */
static void put_charges(struct context *cx, struct view *row, const struct offer *offer,
                        const struct engine_run *run, size_t index)
{
    const struct order_line *ordered = run->decision.order->lines.items[index];
    const struct document *document = run->decision.document;
    struct money sum = money_zero(run->state->account->currency);
    struct view *arithmetic = view_list(row, "arithmetic");
    const struct subscription *sub = state_find_subscription(run->state, ordered->subscription);
    const char *period = NULL;
    for (size_t i = 0; document != NULL && i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        if (strcmp(line->subscription, ordered->subscription) != 0)
            continue;
        sum = money_add(sum, line->amount);
        view_text(view_item(arithmetic), "text", show_arithmetic(cx, offer, line));
        if (period == NULL && line->reason != LINE_SETUP)
            period = show_days(cx, line->from_on, line->to_on);
    }
    if (period == NULL && sub != NULL && sub->trial_end != DAY_NONE)
        period = message_say(cx, "checkout.trial", "days",
                             show_days(cx, sub->start_on, sub->trial_end), NULL);
    view_text(row, "period", period);
    view_text(row, "amount", locale_money(cx->arena, cx->language, sum));
}

static enum err put_quantity(struct context *cx, struct view *row, const struct offer *offer,
                             const struct checkout *checkout, size_t index)
{
    struct quantity_bounds bounds;
    TRY(show_bounds(cx, checkout->cart.account, offer, &bounds));
    struct view *field = view_child(row, "quantity_field");
    const struct order_request_line *line = &checkout->lines.lines[index];
    view_print(field, "id", "quantity-%zu", index);
    view_print(field, "name", "quantity-%zu", index);
    if (checkout->typed[index] != NULL)
        view_text(field, "value", checkout->typed[index]);
    else
        view_print(field, "value", "%" PRId64, line->quantity);
    view_text(field, "unit", show_units(cx, offer));
    view_text(field, "hint",
              message_say(cx, "checkout.bounds", "min",
                          locale_integer(cx->arena, cx->language, bounds.min), "max",
                          locale_integer(cx->arena, cx->language, bounds.max), NULL));
    bool is_wrong = checkout->wrong != NULL && checkout->wrong_line == index;
    view_text(field, "error", is_wrong ? checkout->wrong : NULL);
    return OK;
}

static enum err put_lines(struct context *cx, struct view *view, const struct checkout *checkout,
                          const struct engine_run *run)
{
    const struct catalog *catalog;
    TRY(catalog_load_current(cx, &catalog));
    struct view *rows = view_list(view, "lines");
    struct view *renews = view_list(view, "renews");
    for (size_t i = 0; i < checkout->lines.line_count; i++) {
        const struct order_request_line *line = &checkout->lines.lines[i];
        const struct offer *offer = catalog_find_offer(catalog, line->offer);
        const char *base;
        struct view *row = view_item(rows);
        const char *name = offer != NULL ? show_text(cx, offer->name) : line->offer;
        view_text(row, "name", name);
        TRY(find_base_name(cx, catalog, checkout, line->connect_to, &base));
        if (base != NULL)
            view_text(view_child(row, "base"), "name", base);
        if (run != NULL && offer != NULL)
            put_charges(cx, row, offer, run, i);
        if (offer != NULL && !line->trial)
            TRY(put_quantity(cx, row, offer, checkout, i));
        if (checkout->lines.line_count > 1)
            view_print(view_child(row, "remove"), "value", "%zu", i);
        view_text(view_item(renews), "text",
                  message_say(cx,
                              base != NULL  ? "checkout.renews_with"
                              : line->trial ? "checkout.trial_converts"
                                            : "checkout.renews_alone",
                              "name", name, "base", base, NULL));
    }
    return OK;
}

/* ── Payment ──────────────────────────────────────────────────────────────────────────── */

/* The base whose method another choice would change: of an order of connected add-ons only. */
static enum err find_paying_base(struct context *cx, const struct checkout *checkout,
                                 struct subscription **ret_base)
{
    *ret_base = NULL;
    for (size_t i = 0; i < checkout->lines.line_count; i++) {
        const char *to = checkout->lines.lines[i].connect_to;
        bool is_subscription = to != NULL && strncmp(to, "sub_", 4) == 0;
        if (!is_subscription) {
            *ret_base = NULL;
            return OK;
        }
        TRY(subscription_load(cx, to, ret_base));
    }
    return OK;
}

static bool is_of_base(const struct payment_method *method, const struct subscription *base)
{
    return base != NULL && base->payment_method != NULL &&
           strcmp(base->payment_method, method->id) == 0;
}

static void put_method(struct context *cx, struct view *rows, const struct payment_method *method,
                       const char *chosen, const struct subscription *base)
{
    struct view *row = view_item(rows);
    view_print(row, "id", "method-%s", method->id);
    view_text(row, "value", method->id);
    view_text(row, "label", show_method(cx, method));
    view_text(row, "detail",
              is_of_base(method, base) ? message_say(cx, "checkout.of_base", NULL) : NULL);
    view_bool(row, "selected", chosen != NULL && strcmp(chosen, method->id) == 0);
}

static enum err put_methods(struct context *cx, struct view *view, const struct checkout *checkout,
                            const struct engine_run *run)
{
    struct method_list methods = {0};
    struct subscription *base;
    const char *base_name;
    const struct method_query query = {
        .account = checkout->cart.account, .after = "", .before = "", .limit = PAGE_MAX};
    TRY(method_list_page(cx, &query, &methods));
    TRY(find_paying_base(cx, checkout, &base));
    const char *chosen = checkout->payment_method;
    if (chosen == NULL && run != NULL)
        chosen = run->decision.order->payment_method;
    struct view *rows = view_list(view, "methods");
    /* That of the base comes first. */
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < methods.count; i++)
            if (!methods.items[i]->removed && is_of_base(methods.items[i], base) == (turn == 0))
                put_method(cx, rows, methods.items[i], chosen, base);
    bool is_other = base != NULL && chosen != NULL && base->payment_method != NULL &&
                    strcmp(base->payment_method, chosen) != 0;
    if (!is_other)
        return OK;
    TRY(show_name(cx, base, &base_name));
    view_text(view, "method_note",
              message_say(cx, "checkout.other_method", "base", base_name, NULL));
    return OK;
}

static enum err put_sold_to(struct context *cx, struct view *view, const struct checkout *checkout)
{
    struct account *account;
    TRY(account_load(cx, checkout->cart.account, &account));
    const struct address *to = &account->sold_to;
    const char *vat_id = account->vat_id;
    if (vat_id != NULL)
        vat_id = message_say(cx, "checkout.vat_id", "number", vat_id, NULL);
    const char *const lines[] = {account->name,
                                 to->line1,
                                 to->line2,
                                 arena_print(cx->arena, "%s %s",
                                             to->postal_code ? to->postal_code : "",
                                             to->city ? to->city : ""),
                                 locale_country(cx->arena, cx->language, account->country),
                                 vat_id};
    struct view *rows = view_list(view_child(view, "sold_to"), "lines");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] != NULL && lines[i][strspn(lines[i], " ")] != '\0')
            view_text(view_item(rows), "text", lines[i]);
    return OK;
}

enum err checkout_put(struct context *cx, struct view *view, const struct checkout *checkout,
                      const struct engine_run *run, const char *refusal)
{
    view_text(view, "post", checkout_address(cx, &checkout->cart));
    view_text(view, "review", run != NULL ? run->ret_token : "");
    view_text(view, "po", checkout->purchase_order ? checkout->purchase_order : "");
    TRY(put_lines(cx, view, checkout, run));
    TRY(put_methods(cx, view, checkout, run));
    TRY(put_sold_to(cx, view, checkout));
    struct view *totals = view_child(view, "totals");
    if (run != NULL) {
        show_totals(cx, totals, run->state, run->decision.document);
        show_later(cx, view, run->state);
    } else {
        view_text(totals, "amount", "–");
        view_text(totals, "net", "–");
    }
    struct view *place = view_child(view, "place");
    view_bool(place, "off", run == NULL);
    view_text(place, "why", refusal);
    return OK;
}
