#include "app/home_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "base/period.h"
#include "customer/customer_store.h"
#include "customer/permissions.h"
#include "engine/show_months_page.h"
#include "engine/show_page.h"
#include "invoice/bill_store.h"
#include "invoice/revenue.h"
#include "license/license_do.h"
#include "license/license_store.h"
#include "subscription/subscription_store.h"

/* Why a subscription needs somebody; NULL: it does not. */
static const char *attention_key(const struct subscription *sub)
{
    if (sub->parent != NULL)
        return NULL;
    if (subscription_is_past_due(sub))
        return "home.past_due";
    if (sub->status == SUBSCRIPTION_EXPIRED || sub->status == SUBSCRIPTION_DISABLED)
        return "home.ended";
    bool ends = !sub->recurring_billing &&
                (sub->status == SUBSCRIPTION_ACTIVE || sub->status == SUBSCRIPTION_TRIAL);
    return ends ? "home.expiring" : NULL;
}

static void put_tile(struct context *cx, struct view *tiles, const char *key, const char *status,
                     int64_t count)
{
    struct view *tile = view_item(tiles);
    view_print(tile, "href", "/billing/products?status=%s", status);
    view_text(tile, "label", message_say(cx, key, NULL));
    view_text(tile, "value", locale_integer(cx->arena, cx->language, count));
}

/* How many licences can be assigned; and which product has too many assigned, if `attention`. */
static enum err put_licenses(struct context *cx, struct view *tiles, struct view *attention)
{
    struct license_count_list counts = {0};
    int64_t available = 0;
    TRY(license_count_all(cx, &counts));
    for (size_t i = 0; i < counts.count; i++) {
        const struct license_count *count = counts.items[i];
        const char *name;
        available += count->available;
        if (attention == NULL || count->too_many == 0 || !subscription_is_working(count->sub))
            continue;
        TRY(show_name(cx, count->sub, &name));
        struct view *row = view_item(attention);
        view_print(row, "href", "/billing/licenses/%s", count->sub->id);
        view_text(row, "name", name);
        view_text(row, "text",
                  message_count(cx, "home.conflict", count->too_many, "date",
                                locale_day(cx->arena, cx->language, count->removed_on), NULL));
        show_status(cx, row, count->sub);
    }
    struct view *tile = view_item(tiles);
    view_text(tile, "href", "/billing/licenses");
    view_text(tile, "label", message_say(cx, "home.licenses", NULL));
    view_text(tile, "value", locale_integer(cx->arena, cx->language, available));
    return OK;
}

static enum err put_products(struct context *cx, const struct http_request *request,
                             struct view *view)
{
    struct subscription_list list = {0};
    int64_t active = 0, trials = 0;
    TRY(subscription_load_held(cx, &list));
    bool shows_attention = actor_may(cx, PERM_PRODUCTS_VIEW);
    struct view *attention = view_list(view, "attention");
    view_bool(view, "shows_attention", shows_attention);
    for (size_t i = 0; i < list.count; i++) {
        const struct subscription *sub = list.items[i];
        active += sub->status == SUBSCRIPTION_ACTIVE && sub->parent == NULL;
        trials += sub->status == SUBSCRIPTION_TRIAL;
        const char *key = attention_key(sub), *name;
        if (key == NULL || !shows_attention)
            continue;
        struct view *row = view_item(attention);
        TRY(show_name(cx, sub, &name));
        const char *pay = arena_print(cx->arena, "/billing/accounts/%s/pay", sub->account);
        bool pays = subscription_is_past_due(sub) && http_missing(cx, request, HTTP_GET, pay) == 0;
        view_text(row, "href",
                  pays ? pay : arena_print(cx->arena, "/billing/products/%s", sub->id));
        view_text(row, "name", name);
        view_text(row, "text", message_say(cx, key, NULL));
        show_status(cx, row, sub);
    }
    struct view *tiles = view_list(view, "tiles");
    put_tile(cx, tiles, "home.products", "active", active);
    put_tile(cx, tiles, "home.trials", "trial", trials);
    TRY(put_licenses(cx, tiles, shows_attention ? attention : NULL));
    view_bool(view, "has_attention", view_is_true(attention));
    return OK;
}

/* What the person holds a licence of: that everybody may see (rules §8, member). */
static enum err put_own_licenses(struct context *cx, struct view *view, const char *person)
{
    struct license_list list = {0};
    TRY(license_load_of_user(cx, person, &list));
    struct view *rows = view_list(view, "own");
    for (size_t i = 0; i < list.count; i++) {
        struct subscription *sub;
        const char *name;
        TRY(subscription_load(cx, list.items[i]->subscription, &sub));
        TRY(show_name(cx, sub, &name));
        struct view *row = view_item(rows);
        view_text(row, "name", name);
        show_status(cx, row, sub);
    }
    view_bool(view, "has_own", list.count > 0);
    return OK;
}

/* What was invoiced in the months past, for each billing account that was invoiced anything. */
static enum err put_spend(struct context *cx, struct view *view)
{
    enum { MONTHS = 6, ACCOUNTS_MAX = 3 };
    struct account_list accounts = {0};
    struct view *spend = view_list(view, "spend");
    TRY(account_load_all(cx, &accounts));
    for (size_t i = 0; i < accounts.count && i < ACCOUNTS_MAX; i++) {
        const struct account *account = accounts.items[i];
        const civil_day last_on = revenue_month(zone_day(account->time_zone, cx->now));
        const civil_day first_on = period_add_months(last_on, 1 - MONTHS);
        struct bill_month_list billed = {0};
        struct month_amount_list months = {0};
        TRY(bill_sum_months(cx, account->id, first_on, &billed));
        size_t at = 0;
        for (civil_day on = first_on; on <= last_on; on = revenue_next_month(on)) {
            struct month_amount *month = ARENA_NEW(cx->arena, struct month_amount);
            bool is_there = at < billed.count && billed.items[at]->month_on == on;
            month->on = on;
            month->amount = is_there ? billed.items[at++]->total : money_zero(account->currency);
            list_push(cx->arena, &months, month);
        }
        if (billed.count == 0)
            continue;
        struct view *item = view_item(spend);
        view_text(item, "name", accounts.count > 1 ? account->name : "");
        show_months(cx, item, &months, account->currency);
    }
    view_bool(view, "has_spend", view_is_true(spend));
    return OK;
}

enum err home_page_show(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct view *view = view_object(cx->arena);
    const struct http_session *session = request->session;
    view_text(view, "greeting",
              message_say(cx, "home.greeting", "organization", session->organization, NULL));
    if (session->customer[0] == '\0') {
        http_reply_redirect(reply, request, "/seller");
        return OK;
    }
    if (http_missing(cx, request, HTTP_GET, "/billing/products") == 0)
        TRY(put_products(cx, request, view));
    if (actor_may(cx, PERM_PRODUCTS_VIEW))
        TRY(put_spend(cx, view));
    TRY(put_own_licenses(cx, view, session->person));
    http_reply_page(reply, 200, "home", view);
    return OK;
}
