#include "engine/upcoming_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/show_account_page.h"
#include "engine/show_months_page.h"
#include "engine/show_page.h"
#include "engine/upcoming_do.h"
#include "invoice/revenue.h"

/* "Suite × 10, Extra storage × 100": each offer that is charged for. */
static enum err say_lines(struct context *cx, const struct document *invoice, const char **ret_text)
{
    const char *text = "";
    for (size_t i = 0; i < invoice->lines.count; i++) {
        const struct line *line = invoice->lines.items[i];
        const struct catalog *catalog;
        if (line->undoes != NULL)
            continue;
        TRY(catalog_load(cx, line->catalog, &catalog));
        const struct offer *offer = catalog_find_offer(catalog, line->offer);
        text = arena_print(cx->arena, "%s%s%s × %s", text, text[0] ? ", " : "",
                           show_text(cx, offer->name),
                           locale_integer(cx->arena, cx->language, line->quantity));
    }
    *ret_text = text;
    return OK;
}

static enum err put_charges(struct context *cx, struct view *view, const struct upcoming *upcoming,
                            civil_day today)
{
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < upcoming->charges.count; i++) {
        const struct upcoming_charge *charge = upcoming->charges.items[i];
        const char *what;
        struct view *row = view_item(rows);
        TRY(say_lines(cx, charge->invoice, &what));
        show_date(cx, row, charge->charge_on, today);
        view_text(row, "what", what);
        view_text(row, "amount", locale_money(cx->arena, cx->language, charge->invoice->unpaid));
        view_bool(row, "is_issued", charge->is_issued);
    }
    view_bool(view, "has_rows", view_is_true(rows));
    return OK;
}

/* What is late already counts for the present month. */
static struct money sum_month(const struct upcoming *upcoming, const char *currency,
                              civil_day month_on, civil_day today)
{
    struct money sum = money_zero(currency);
    for (size_t i = 0; i < upcoming->charges.count; i++) {
        const struct upcoming_charge *charge = upcoming->charges.items[i];
        civil_day on = charge->charge_on > today ? charge->charge_on : today;
        if (revenue_month(on) == month_on)
            sum = money_add(sum, charge->invoice->unpaid);
    }
    return sum;
}

/* Each month up to that of the last charge. */
static void put_months(struct context *cx, struct view *view, const struct upcoming *upcoming,
                       const char *currency, civil_day today)
{
    struct month_amount_list months = {0};
    civil_day end_on = upcoming->until_on;
    size_t count = upcoming->charges.count;
    if (count > 0 && upcoming->charges.items[count - 1]->charge_on >= end_on)
        end_on = upcoming->charges.items[count - 1]->charge_on + 1;
    for (civil_day on = revenue_month(today); on < end_on; on = revenue_next_month(on)) {
        struct month_amount *month = ARENA_NEW(cx->arena, struct month_amount);
        *month = (struct month_amount){on, sum_month(upcoming, currency, on, today)};
        list_push(cx->arena, &months, month);
    }
    show_months(cx, view, &months, currency);
}

enum err upcoming_page_show(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct view *view = view_object(cx->arena);
    const struct account *account;
    struct upcoming upcoming;
    TRY(show_account(cx, request, view, &account));
    TRY(upcoming_load(cx, account->id, UPCOMING_MONTHS, &upcoming));
    civil_day today = zone_day(account->time_zone, cx->now);
    TRY(put_charges(cx, view, &upcoming, today));
    put_months(cx, view, &upcoming, account->currency, today);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "products.title", NULL), "/billing/products");
    show_crumb(crumbs, message_say(cx, "upcoming.title", NULL), NULL);
    http_reply_page(reply, 200, "upcoming", view);
    return OK;
}
