/* Subscription details (screens, page 2): what it is and costs, its licences, add-ons, settings,
 * and history. */
#include "subscription/details_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/permissions.h"
#include "engine/engine_store.h"
#include "engine/next_charge.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "invoice/invoice_store.h"
#include "license/entitlement.h"
#include "order/order_store.h"
#include "subscription/details_show_page.h"
#include "subscription/schedule_page.h"
#include "subscription/subscription_store.h"

static enum err load_order(struct context *cx, struct details *details)
{
    const char *id;
    struct order *order;
    TRY(order_find_of_subscription(cx, details->sub->id, &id));
    if (id == NULL)
        return OK;
    TRY(order_load(cx, id, &order));
    details->order = order;
    return OK;
}

static enum err load_details(struct context *cx, const struct http_request *request,
                             struct details *ret_details)
{
    struct subscription *sub;
    struct account *account;
    const struct catalog *catalog;
    TRY(subscription_load(cx, request->path_values[0], &sub));
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, NULL);
    TRY(account_load(cx, sub->account, &account));
    TRY(catalog_load(cx, sub->catalog, &catalog));
    struct details details = {
        .request = request,
        .shows_money = actor_may(cx, PERM_PRODUCTS_VIEW),
        .sub = sub,
        .account = account,
        .offer = catalog_find_offer(catalog, sub->offer),
        .today = zone_day(account->time_zone, cx->now),
    };
    TRY(show_name(cx, sub, &details.name));
    if (details.shows_money) {
        TRY(state_load_read(cx, &details.state));
        state_use_account(details.state, state_find_account(details.state, sub->account), cx->now);
        TRY(load_order(cx, &details));
    }
    *ret_details = details;
    return OK;
}

static void put_licenses(struct context *cx, struct view *view, const struct details *details)
{
    const struct subscription *sub = details->sub;
    struct view *licenses = view_child(view, "licenses");
    const char *total = show_quantity(cx, details->offer, sub->quantity);
    bool is_for_people = details->offer->scope == SCOPE_USER;
    view_text(
        licenses, "heading",
        message_say(cx, is_for_people ? "subscription.licenses" : "subscription.quantity", NULL));
    view_text(licenses, "counted",
              !is_for_people ? total
                             : message_say(cx, "details.assigned", "assigned",
                                           locale_integer(cx->arena, cx->language, sub->assigned),
                                           "total", total, NULL));
    view_bool(licenses, "meter", is_for_people && sub->quantity > 0);
    view_integer(licenses, "assigned", sub->assigned);
    view_integer(licenses, "total", sub->quantity);
    struct view *actions = view_list(licenses, "actions");
    details_put_action(cx, view_item(actions),
                       is_for_people ? "details.change_licenses" : "details.change_quantity",
                       details, "licenses", ACTION_BUY_LICENSES, false);
    if (is_for_people)
        show_action(cx, details->request, view_item(actions),
                    message_say(cx, "licenses.manage", NULL),
                    arena_print(cx->arena, "/billing/licenses/%s", sub->id), false, NULL);
    else if (entitlement_is_storage(details->offer))
        show_action(cx, details->request, view_item(actions), message_say(cx, "storage.see", NULL),
                    "/billing/storage", false, NULL);
}

/* Adds `next`: when the next period begins, and what it costs, with all that waits for it. */
static void put_next(struct context *cx, struct view *view, const struct details *details,
                     const struct subscription *sub)
{
    struct subscription *held = state_find_subscription(details->state, sub->id);
    struct next_charge charge;
    if (held == NULL || !next_charge_of(cx, details->state, held, &charge))
        return;
    struct view *next = view_child(view, "next");
    view_text(next, "amount", locale_money(cx->arena, cx->language, charge.net));
    show_date(cx, next, charge.on, details->today);
}

/* Adds `next_price`: what was announced for a renewal to come (rules §1). */
static void put_next_price(struct context *cx, struct view *view, const struct subscription *sub)
{
    if (sub->next_catalog == 0)
        return;
    view_text(view, "next_price",
              message_say(cx, "details.next_price", "date",
                          locale_day(cx->arena, cx->language, sub->next_price_on), "price",
                          locale_money(cx->arena, cx->language, sub->next_price), "period",
                          show_period(cx, sub->term, sub->billing), NULL));
}

static enum err put_summary(struct context *cx, struct view *view, const struct details *details)
{
    const struct subscription *sub = details->sub;
    struct view *summary = view_child(view, "summary");
    view_text(summary, "quantity", show_quantity(cx, details->offer, sub->quantity));
    if (!details->shows_money)
        return OK;
    show_next_date(cx, summary, sub, details->today);
    TRY(show_subscription_price(cx, summary, sub));
    put_next_price(cx, summary, sub);
    put_next(cx, summary, details, sub);
    return OK;
}

static enum err put_addon(struct context *cx, struct view *rows, const struct details *details,
                          const struct subscription *addon)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, addon->catalog, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, addon->offer);
    struct view *row = view_item(rows);
    view_print(row, "href", "/billing/products/%s", addon->id);
    view_text(row, "name", show_text(cx, offer->name));
    view_text(row, "quantity", show_quantity(cx, offer, addon->quantity));
    if (!details->shows_money)
        return OK;
    TRY(show_subscription_price(cx, row, addon));
    put_next(cx, row, details, addon);
    return OK;
}

static enum err put_addons(struct context *cx, struct view *view, const struct details *details)
{
    struct subscription_list list = {0};
    if (details->offer->kind != OFFER_BASE || details->account->type != ACCOUNT_CLASSIC)
        return OK;
    TRY(subscription_load_held(cx, &list));
    struct view *addons = view_child(view, "addons");
    struct view *rows = view_list(addons, "rows");
    for (size_t i = 0; i < list.count; i++) {
        const struct subscription *addon = list.items[i];
        bool is_its = addon->parent != NULL && strcmp(addon->parent, details->sub->id) == 0 &&
                      addon->status != SUBSCRIPTION_PLANNED;
        if (is_its)
            TRY(put_addon(cx, rows, details, addon));
    }
    view_bool(addons, "has_rows", view_is_true(rows));
    if (view_is_true(rows))
        details_put_action(cx, view_child(addons, "manage"), "details.manage_addons", details,
                           "addons", ACTION_BUY_ADDON, true);
    const char *find = arena_print(cx->arena, "/billing/purchase?for=%s", details->sub->id);
    if (details_allows(details, ACTION_BUY_ADDON, true) &&
        http_missing(cx, details->request, HTTP_GET, find) == 0)
        view_text(view_child(addons, "find"), "href", find);
    return OK;
}

/* Adds a fact for the part `facts`. */
static struct view *put_fact(struct context *cx, struct view *facts, const char *key,
                             const char *value)
{
    struct view *fact = view_item(facts);
    view_text(fact, "label", message_say(cx, key, NULL));
    view_text(fact, "value", value);
    return fact;
}

static void put_purchase(struct context *cx, struct view *view, const struct details *details)
{
    const struct subscription *sub = details->sub;
    struct view *facts = view_list(view_child(view, "purchase_information"), "facts");
    if (details->order != NULL) {
        struct view *order = put_fact(cx, facts, "order.number", details->order->id);
        view_print(order, "href", "/billing/orders/%s", details->order->id);
        struct view *day = put_fact(cx, facts, "details.bought_on", "");
        show_date(cx, day, details->order->placed_on, details->today);
    }
    const char *plan =
        arena_print(cx->arena, "plan.%s_%s", term_format(sub->term), billing_format(sub->billing));
    put_fact(cx, facts, "product.term", message_say(cx, plan, NULL));
    put_fact(cx, facts, "products.account", details->account->name);
}

static void put_notice(struct view *view, const char *text)
{
    struct view *notice = view_child(view, "notice");
    view_text(notice, "kind", "success");
    view_text(notice, "text", text);
    view_bool(notice, "urgent", false);
}

/* What a pane has just done, with its amount: `?saved=` names the document it made, if any. A
 * scheduled change that was forgotten costs nothing. */
static enum err put_saved(struct context *cx, const struct http_request *request, struct view *view)
{
    const char *saved = http_query(request, "saved");
    struct document *document = NULL;
    if (http_query(request, "forgotten") != NULL)
        put_notice(view, message_say(cx, "scheduled.forgotten", NULL));
    if (saved == NULL)
        return OK;
    if (saved[0] != '\0' && invoice_load(cx, saved, &document) != OK)
        fault_clear(cx); /* a made-up address */
    const char *text = message_say(cx, "details.saved", NULL);
    int sign = document != NULL ? money_sign(document->total) : 0;
    if (sign != 0) {
        struct money amount = document->total;
        if (sign < 0)
            amount = money_subtract(money_zero(amount.currency), amount);
        text = message_say(cx, sign > 0 ? "details.saved_due" : "details.saved_credit", "amount",
                           locale_money(cx->arena, cx->language, amount), NULL);
    }
    put_notice(view, text);
    return OK;
}

/* What is past due, or was disabled for it, is paid on the page of its account. */
static void put_unpaid(struct context *cx, struct view *view, const struct details *details)
{
    const struct subscription *sub = details->sub;
    bool was_disabled =
        sub->status == SUBSCRIPTION_DISABLED && sub->ended_by == ENDED_BY_NON_PAYMENT;
    if (!subscription_is_past_due(sub) && !was_disabled)
        return;
    struct view *alert = view_item(view_list(view, "alerts"));
    view_text(alert, "kind", "warning");
    view_bool(alert, "urgent", false);
    view_bool(alert, "heading", false);
    view_text(alert, "text",
              message_say(cx, was_disabled ? "details.disabled_unpaid" : "details.past_due", NULL));
    const char *address = arena_print(cx->arena, "/billing/accounts/%s/pay", sub->account);
    if (http_missing(cx, details->request, HTTP_GET, address) == 0)
        show_action(cx, details->request, view_child(alert, "action"),
                    message_say(cx, "pay.go", NULL), address, true, NULL);
    else
        view_bool(alert, "action", false);
}

enum err details_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct details details;
    TRY(load_details(cx, request, &details));
    struct view *view = view_object(cx->arena);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "products.title", NULL), "/billing/products");
    show_crumb(crumbs, details.name, NULL);
    view_text(view, "title", details.name);
    view_text(view, "name", details.name);
    show_status(cx, view, details.sub);
    TRY(show_base(cx, view, details.sub, "/billing/products"));
    TRY(put_summary(cx, view, &details));
    put_licenses(cx, view, &details);
    TRY(put_addons(cx, view, &details));
    details_put_description(cx, view, &details);
    view_bool(view, "shows_money", details.shows_money);
    if (details.shows_money) {
        put_unpaid(cx, view, &details);
        TRY(details_put_settings(cx, view, &details));
        TRY(schedule_page_put(cx, request, view, details.sub, details.today));
        put_purchase(cx, view, &details);
        TRY(details_put_history(cx, view, &details));
        TRY(put_saved(cx, request, view));
    } else {
        view_text(
            view, "counts_only",
            message_say(cx, "role.counts_only", "who", show_who(cx, PERM_PRODUCTS_VIEW), NULL));
    }
    http_reply_page(reply, 200, "subscription", view);
    return OK;
}
