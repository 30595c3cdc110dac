#include "engine/show_months_page.h"

#include "base/context.h"
#include "base/locale.h"

enum { BAR_PARTS = 100 };

void show_months(struct context *cx, struct view *view, const struct month_amount_list *months,
                 const char *currency)
{
    struct money zero = money_zero(currency), most = zero, all = zero;
    for (size_t i = 0; i < months->count; i++) {
        struct money amount = months->items[i]->amount;
        most = money_compare(amount, most) > 0 ? amount : most;
        all = money_add(all, amount);
    }
    struct view *rows = view_list(view, "months");
    for (size_t i = 0; i < months->count; i++) {
        struct money amount = months->items[i]->amount;
        struct money shown = money_sign(amount) > 0 ? amount : zero;
        struct view *row = view_item(rows);
        view_text(row, "month", locale_month(cx->arena, cx->language, months->items[i]->on));
        view_text(row, "amount", locale_money(cx->arena, cx->language, amount));
        view_integer(row, "part", money_parts(shown, most, BAR_PARTS));
        view_integer(row, "whole", BAR_PARTS);
    }
    view_text(view, "total", locale_money(cx->arena, cx->language, all));
}
