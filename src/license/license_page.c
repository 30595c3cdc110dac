#include "license/license_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "engine/show_page.h"
#include "engine/show_people_page.h"
#include "license/license_store.h"
#include "subscription/subscription_store.h"

enum { HOLDERS_A_PAGE = 20 }; /* as many as are assigned at a time */

/* ── What several pages say ───────────────────────────────────────────────────────────── */

enum err license_page_load(struct context *cx, const char *id, struct subscription **ret_sub,
                           const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(subscription_load(cx, id, ret_sub));
    TRY(catalog_load(cx, (*ret_sub)->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, (*ret_sub)->offer);
    bool is_for_people = *ret_offer != NULL && (*ret_offer)->scope == SCOPE_USER;
    if (!is_for_people || (*ret_sub)->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    return OK;
}

const char *license_page_why_off(struct context *cx, const struct http_request *request,
                                 const struct license_count *count, const char **ret_way)
{
    *ret_way = NULL;
    if (subscription_check_action(cx, count->sub, ACTION_ASSIGN) != OK)
        return show_fault(cx);
    if (count->available > 0)
        return NULL;
    const char *all = message_say(cx, "licenses.all_assigned", NULL);
    const char *buy = arena_print(cx->arena, "/billing/products/%s/licenses", count->sub->id);
    uint64_t missing = http_missing(cx, request, HTTP_GET, buy);
    if (missing != 0)
        return arena_print(
            cx->arena, "%s %s", all,
            message_say(cx, "licenses.ask_to_buy", "who", show_who(cx, missing), NULL));
    if (subscription_allows(count->sub, ACTION_BUY_LICENSES))
        *ret_way = buy;
    return all;
}

void license_page_put_way(struct context *cx, struct view *view, const char *way)
{
    if (way == NULL)
        return;
    struct view *link = view_child(view, "way");
    view_text(link, "href", way);
    view_text(link, "label", message_say(cx, "licenses.buy", NULL));
    view_bool(link, "pane", true);
}

void license_page_put_pages(struct context *cx, struct view *view, const char *address,
                            int64_t page, int64_t last)
{
    if (last <= 1)
        return;
    struct view *pages = view_child(view, "pages");
    if (page > 1)
        view_print(view_child(pages, "previous"), "href", "%s%" PRId64, address, page - 1);
    if (page < last)
        view_print(view_child(pages, "next"), "href", "%s%" PRId64, address, page + 1);
    view_text(pages, "text",
              message_say(cx, "products.page", "page",
                          locale_integer(cx->arena, cx->language, page), "pages",
                          locale_integer(cx->arena, cx->language, last), NULL));
}

static void put_counts(struct context *cx, struct view *view, const struct license_count *count)
{
    view_text(view, "available", locale_integer(cx->arena, cx->language, count->available));
    view_text(view, "assigned", locale_integer(cx->arena, cx->language, count->sub->assigned));
    view_text(view, "total", locale_integer(cx->arena, cx->language, count->total));
}

/* What is the matter when more is assigned than there is, and when it ends by itself; NULL: it is
 * not so. */
static const char *say_conflict(struct context *cx, const struct license_count *count)
{
    if (count->too_many == 0)
        return NULL;
    const char *date = locale_day(cx->arena, cx->language, count->removed_on);
    return subscription_is_working(count->sub)
               ? message_count(cx, "licenses.conflict", count->too_many, "date", date, NULL)
               : message_say(cx, "licenses.kept_until", "date", date, NULL);
}

static void put_alert(struct view *alerts, const char *heading, const char *text, const char *href,
                      const char *label)
{
    struct view *alert = view_item(alerts);
    view_text(alert, "kind", "warning");
    view_text(alert, "heading", heading);
    view_text(alert, "text", text);
    view_bool(alert, "urgent", false);
    if (href == NULL)
        return;
    struct view *action = view_child(alert, "action");
    view_text(action, "href", href);
    view_text(action, "label", label);
    view_bool(action, "pane", false);
}

/* ── Every product ────────────────────────────────────────────────────────────────────── */

struct product {
    const struct license_count *count;
    const char *name;
    const char *language;
};
LIST_TYPE(product_list, struct product);

static int compare_products(const void *a, const void *b)
{
    const struct product *one = a, *other = b;
    int order = locale_compare(one->language, one->name, other->name);
    return order != 0 ? order : strcmp(one->count->sub->id, other->count->sub->id);
}

static enum err load_products(struct context *cx, struct product_list *products)
{
    struct license_count_list counts = {0};
    TRY(license_count_all(cx, &counts));
    for (size_t i = 0; i < counts.count; i++) {
        struct product *product = ARENA_NEW(cx->arena, struct product);
        product->count = counts.items[i];
        product->language = cx->language;
        TRY(show_name(cx, counts.items[i]->sub, &product->name));
        list_push(cx->arena, products, product);
    }
    list_sort(products->items, products->count, compare_products);
    return OK;
}

enum err license_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct product_list products = {0};
    struct view *view = view_object(cx->arena);
    TRY(load_products(cx, &products));
    show_action(cx, request, view_child(view, "purchase"),
                message_say(cx, "products.purchase", NULL), "/billing/purchase", false, NULL);
    struct view *alerts = view_list(view, "alerts");
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < products.count; i++) {
        const struct product *product = products.items[i];
        const struct subscription *sub = product->count->sub;
        const char *href = arena_print(cx->arena, "/billing/licenses/%s", sub->id);
        const char *conflict = say_conflict(cx, product->count);
        struct view *row = view_item(rows);
        view_text(row, "href", href);
        view_text(row, "name", product->name);
        TRY(show_base(cx, row, sub, "/billing/licenses"));
        show_status(cx, row, sub);
        put_counts(cx, row, product->count);
        if (conflict != NULL)
            put_alert(alerts, product->name, conflict, href, message_say(cx, "licenses.see", NULL));
    }
    view_bool(view, "has_rows", products.count > 0);
    http_reply_page(reply, 200, "licenses", view);
    return OK;
}

/* ── One product ──────────────────────────────────────────────────────────────────────── */

struct holder {
    const struct license *license;
    const char *name;
    const char *email; /* "" of who is no person */
    const char *language;
};
LIST_TYPE(holder_list, struct holder);

static int compare_holders(const void *a, const void *b)
{
    const struct holder *one = a, *other = b;
    int order = locale_compare(one->language, one->name, other->name);
    return order != 0 ? order : strcmp(one->license->id, other->license->id);
}

/* Those whose name or address has the text in it, by name. */
static enum err load_holders(struct context *cx, const struct subscription *sub, const char *q,
                             struct holder_list *holders)
{
    struct license_list licenses = {0};
    struct directory directory;
    TRY(license_load_of_subscription(cx, sub->id, &licenses));
    TRY(directory_load(cx, &directory));
    for (size_t i = 0; i < licenses.count; i++) {
        const struct person *person = directory_find(&directory, licenses.items[i]->user);
        struct holder *holder = ARENA_NEW(cx->arena, struct holder);
        holder->license = licenses.items[i];
        holder->name = person != NULL ? person->name : holder->license->user;
        holder->email = person != NULL ? person->email : "";
        holder->language = cx->language;
        if (locale_finds(holder->name, q) || locale_finds(holder->email, q))
            list_push(cx->arena, holders, holder);
    }
    list_sort(holders->items, holders->count, compare_holders);
    return OK;
}

static enum err put_holders(struct context *cx, const struct http_request *request,
                            struct view *view, const struct subscription *sub)
{
    struct holder_list holders = {0};
    struct account *account;
    int64_t page = 1;
    const char *q = http_query(request, "q");
    q = q != NULL ? q : "";
    TRY(load_holders(cx, sub, q, &holders));
    TRY(account_load(cx, sub->account, &account));
    if (http_query_integer(cx, request, "page", 1, INT32_MAX, &page) != OK)
        fault_clear(cx); /* a page that does not exist is the first */
    int64_t last = ((int64_t)holders.count + HOLDERS_A_PAGE - 1) / HOLDERS_A_PAGE;
    page = page <= last ? page : 1;
    struct view *rows = view_list(view, "rows");
    for (size_t i = (size_t)(page - 1) * HOLDERS_A_PAGE;
         i < holders.count && i < (size_t)page * HOLDERS_A_PAGE; i++) {
        const struct holder *holder = holders.items[i];
        struct view *row = view_item(rows);
        view_print(row, "id", "holder-%zu", i);
        view_text(row, "user", holder->license->user);
        view_text(row, "name", holder->name);
        view_text(row, "email", holder->email);
        show_date(cx, row, zone_day(account->time_zone, holder->license->assigned_at),
                  zone_day(account->time_zone, cx->now));
    }
    view_text(view, "q", q);
    view_bool(view, "has_holders", sub->assigned > 0);
    view_bool(view, "has_rows", holders.count > 0);
    view_text(view, "counted", message_count(cx, "licenses.people", (int64_t)holders.count, NULL));
    license_page_put_pages(cx, view,
                           arena_print(cx->arena, "/billing/licenses/%s?q=%s&page=", sub->id,
                                       http_encode(cx->arena, q)),
                           page, last);
    return OK;
}

static void put_actions(struct context *cx, const struct http_request *request, struct view *view,
                        const struct license_count *count)
{
    const char *way, *id = count->sub->id;
    const char *why = license_page_why_off(cx, request, count, &way);
    const char *assign = arena_print(cx->arena, "/billing/licenses/%s/assign", id);
    const char *unassign = arena_print(cx->arena, "/billing/licenses/%s/unassign", id);
    struct view *actions = view_list(view, "actions");
    struct view *action = show_action(cx, request, view_item(actions),
                                      message_say(cx, "licenses.assign", NULL), assign, true, why);
    view_bool(action, "primary", true);
    if (http_missing(cx, request, HTTP_GET, assign) == 0)
        license_page_put_way(cx, action, way);
    why = NULL;
    if (subscription_check_action(cx, count->sub, ACTION_BUY_LICENSES) != OK)
        why = show_fault(cx);
    show_action(cx, request, view_item(actions), message_say(cx, "details.change_licenses", NULL),
                arena_print(cx->arena, "/billing/products/%s/licenses", id), true, why);
    if (http_missing(cx, request, HTTP_GET, unassign) == 0 &&
        subscription_allows(count->sub, ACTION_UNASSIGN))
        view_text(view_child(view, "unassign"), "href", unassign);
}

/* What a pane has just done: `?assigned=` and `?unassigned=` say how many. */
static void put_done(struct context *cx, const struct http_request *request, struct view *view)
{
    static const char *const DONE[] = {"assigned", "unassigned"};
    for (size_t i = 0; i < 2; i++) {
        int64_t count = 0;
        if (http_query_integer(cx, request, DONE[i], 1, INT32_MAX, &count) != OK)
            fault_clear(cx); /* a made-up address */
        if (count == 0)
            continue;
        struct view *notice = view_child(view, "notice");
        const char *key = arena_print(cx->arena, "licenses.done_%s", DONE[i]);
        view_text(notice, "kind", "success");
        view_text(notice, "text", message_count(cx, key, count, NULL));
        view_bool(notice, "urgent", false);
    }
}

enum err license_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct license_count_list counts = {0};
    struct subscription *sub;
    const struct offer *offer;
    TRY(license_page_load(cx, request->path_values[0], &sub, &offer));
    TRY(license_count_all(cx, &counts));
    struct license_count count = license_count_one(sub);
    for (size_t i = 0; i < counts.count; i++)
        if (strcmp(counts.items[i]->sub->id, sub->id) == 0)
            count = *counts.items[i];
    const char *name = show_text(cx, offer->name);
    struct view *view = view_object(cx->arena);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "licenses.title", NULL), "/billing/licenses");
    show_crumb(crumbs, name, NULL);
    view_text(view, "title", name);
    view_text(view, "name", name);
    view_print(view, "here", "/billing/licenses/%s", sub->id);
    view_print(view, "product", "/billing/products/%s", sub->id);
    show_status(cx, view, sub);
    TRY(show_base(cx, view, sub, "/billing/licenses"));
    put_counts(cx, view, &count);
    const char *conflict = say_conflict(cx, &count);
    struct view *alerts = view_list(view, "alerts");
    if (conflict != NULL)
        put_alert(alerts, NULL, conflict, NULL, NULL);
    put_actions(cx, request, view, &count);
    TRY(put_holders(cx, request, view, sub));
    put_done(cx, request, view);
    http_reply_page(reply, 200, "license", view);
    return OK;
}
