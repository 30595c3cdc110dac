/* Purchase services, and Why not? Together they show every offer once. */
#include "eligibility/eligibility_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "eligibility/shop_page.h"
#include "engine/available_do.h"
#include "engine/show_page.h"

/* The groups of the page, in their order: what is for the subscription one comes from, and the
 * rest by kind. */
enum group { GROUP_FOR, GROUP_BASE, GROUP_TRADITIONAL, GROUP_STANDALONE, GROUP_COUNT };

/* What the page asks for, and what belongs to the subscription one comes from. */
struct wish {
    const char *q;
    const char *category;
    const struct availability *own;
    size_t own_count;
};

static const char *text_of(const struct http_request *request, const char *name)
{
    const char *text = http_query(request, name);
    return text != NULL ? text : "";
}

/* ── Which offers ─────────────────────────────────────────────────────────────────────── */

static bool is_wanted(struct context *cx, const struct wish *wish, const struct offer *offer)
{
    if (wish->category[0] != '\0' && strcmp(wish->category, offer->category) != 0)
        return false;
    return wish->q[0] == '\0' || strcasestr(show_text(cx, offer->name), wish->q) != NULL ||
           strcasestr(show_text(cx, offer->description), wish->q) != NULL;
}

static enum group group_of(const struct wish *wish, const struct offer *offer)
{
    for (size_t i = 0; i < wish->own_count; i++)
        if (wish->own[i].offer == offer)
            return GROUP_FOR;
    switch (offer->kind) {
    case OFFER_TRADITIONAL_ADDON:
        return GROUP_TRADITIONAL;
    case OFFER_STANDALONE_ADDON:
        return GROUP_STANDALONE;
    case OFFER_BASE:
        break;
    }
    return GROUP_BASE;
}

/* ── A card ───────────────────────────────────────────────────────────────────────────── */

/* The smallest payment for the smallest quantity. */
static const struct price *least_price(const struct availability *item)
{
    const struct price *least = item->prices[0];
    int64_t quantity = item->quantity.min;
    for (size_t i = 1; i < item->price_count; i++)
        if (money_compare(price_whole_period(item->prices[i], quantity),
                          price_whole_period(least, quantity)) < 0)
            least = item->prices[i];
    return least;
}

/* For a subscription an add-on has the price of its term and billing; else the least is shown. */
static void put_price(struct context *cx, const struct shop *shop, struct view *card,
                      const struct availability *item, bool is_own)
{
    const struct price *price = NULL;
    if (is_own && shop_connects(shop, item->offer))
        price = offer_find_price(item->offer, shop->account->currency, shop->target->term,
                                 shop->target->billing);
    bool is_from = price == NULL && item->price_count > 1;
    if (price == NULL)
        price = least_price(item);
    view_bool(card, "from", is_from);
    shop_show_unit_price(cx, card, item->offer, price);
}

/* "For: Suite, Suite Complete", or the trial that there is. */
static void put_note(struct context *cx, const struct shop *shop, struct view *card,
                     const struct availability *item)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, item->connects_to_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < item->connects_to_count; i++) {
        const char *name = shop_offer_name(cx, shop, item->connects_to[i]->offer);
        bool is_known = false;
        for (size_t j = 0; j < count; j++)
            is_known = is_known || strcmp(names[j], name) == 0;
        if (!is_known)
            names[count++] = name;
    }
    const char *note = "";
    if (count > 0)
        note = message_say(cx, "purchase.connects", "offers", show_join(cx, names, count, "why.or"),
                           NULL);
    else if (shop_has_trial(shop, item))
        note = message_count(cx, "purchase.trial", item->offer->trial_days, NULL);
    view_text(card, "connects", note);
}

static void put_card(struct context *cx, const struct shop *shop, struct view *offers,
                     const struct availability *item, bool is_own)
{
    struct view *card = view_item(offers);
    view_text(card, "href", shop_offer_address(cx, shop, item->offer->id));
    shop_show_offer(cx, shop, card, item->offer);
    put_price(cx, shop, card, item, is_own);
    put_note(cx, shop, card, item);
}

/* ── The page ─────────────────────────────────────────────────────────────────────────── */

static const char *heading_of(struct context *cx, const struct shop *shop, enum group group)
{
    static const char *const KEYS[GROUP_COUNT] = {
        [GROUP_FOR] = "purchase.group_for",
        [GROUP_BASE] = "purchase.group_base",
        [GROUP_TRADITIONAL] = "purchase.group_traditional",
        [GROUP_STANDALONE] = "purchase.group_standalone",
    };
    const char *name = group == GROUP_FOR ? shop->target_name : "";
    return message_say(cx, KEYS[group], "name", name, NULL);
}

static void put_groups(struct context *cx, const struct shop *shop, struct view *view,
                       const struct wish *wish)
{
    struct view *groups = view_list(view, "groups");
    for (enum group group = 0; group < GROUP_COUNT; group++) {
        struct view *offers = view_of_list(cx->arena);
        for (size_t i = 0; i < shop->count; i++) {
            const struct availability *item = &shop->items[i];
            if (item->available && group_of(wish, item->offer) == group &&
                is_wanted(cx, wish, item->offer))
                put_card(cx, shop, offers, item, group == GROUP_FOR);
        }
        if (!view_is_true(offers))
            continue;
        struct view *item = view_item(groups);
        view_print(item, "id", "group-%d", (int)group);
        view_text(item, "heading", heading_of(cx, shop, group));
        view_put(item, "offers", offers);
    }
}

static void put_option(struct view *list, const char *value, const char *label, bool selected)
{
    struct view *option = view_item(list);
    view_text(option, "value", value);
    view_text(option, "label", label);
    view_bool(option, "selected", selected);
}

/* Categories that are widely used have words in both languages; others are shown as the
 * catalogue names them. */
static const char *category_label(struct context *cx, const char *category)
{
    const char *key = arena_print(cx->arena, "category.%s", category);
    const char *label = message_template(cx->language, key);
    return strcmp(label, key) == 0 ? category : label;
}

static bool is_first_of_category(const struct shop *shop, size_t index)
{
    const char *category = shop->items[index].offer->category;
    for (size_t i = 0; i < index; i++)
        if (shop->items[i].available && strcmp(shop->items[i].offer->category, category) == 0)
            return false;
    return shop->items[index].available && category[0] != '\0';
}

static void put_filters(struct context *cx, const struct shop *shop, struct view *view,
                        const struct wish *wish)
{
    struct view *filters = view_child(view, "filters");
    view_text(filters, "q", wish->q);
    struct view *list = view_list(filters, "categories");
    put_option(list, "", message_say(cx, "purchase.all", NULL), wish->category[0] == '\0');
    for (size_t i = 0; i < shop->count; i++) {
        const char *category = shop->items[i].offer->category;
        if (is_first_of_category(shop, i))
            put_option(list, category, category_label(cx, category),
                       strcmp(category, wish->category) == 0);
    }
    view_bool(filters, "has_accounts", shop->target == NULL && shop->accounts.count > 1);
    list = view_list(filters, "accounts");
    for (size_t i = 0; i < shop->accounts.count; i++) {
        const struct account *account = shop->accounts.items[i];
        put_option(list, account->id, account->name, account == shop->account);
    }
}

static void put_empty(struct context *cx, struct view *view, const char *key)
{
    struct view *empty = view_child(view, "empty");
    view_text(empty, "title", message_say(cx, arena_print(cx->arena, "%s_title", key), NULL));
    view_text(empty, "text", message_say(cx, arena_print(cx->arena, "%s_text", key), NULL));
}

static void put_target(struct context *cx, const struct shop *shop, struct view *view)
{
    if (shop->target == NULL)
        return;
    struct view *target = view_child(view, "for");
    view_text(target, "id", shop->target->id);
    view_text(target, "name", shop->target_name);
    view_text(target, "href", arena_print(cx->arena, "/billing/products/%s", shop->target->id));
}

enum err eligibility_page_list(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    struct shop shop;
    struct availability *own = NULL;
    size_t own_count = 0;
    TRY(shop_load(cx, request, &shop));
    if (shop.target != NULL)
        TRY(available_list_for(cx, shop.target, &own, &own_count));
    const struct wish wish = {
        .q = text_of(request, "q"),
        .category = text_of(request, "category"),
        .own = own,
        .own_count = own_count,
    };
    struct view *view = view_object(cx->arena);
    put_target(cx, &shop, view);
    put_filters(cx, &shop, view, &wish);
    put_groups(cx, &shop, view, &wish);
    bool filtered = wish.q[0] != '\0' || wish.category[0] != '\0';
    if (!view_is_true(view_find(view, "groups", strlen("groups"))))
        put_empty(cx, view, filtered ? "purchase.none" : "purchase.empty");
    view_text(view_child(view, "unavailable"), "href",
              shop_address(cx, &shop, "/billing/purchase/unavailable"));
    shop_show_crumbs(cx, &shop, view, message_say(cx, "purchase.title", NULL), false);
    http_reply_page(reply, 200, "purchase", view);
    return OK;
}

enum err eligibility_page_unavailable(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply)
{
    struct shop shop;
    TRY(shop_load(cx, request, &shop));
    struct view *view = view_object(cx->arena);
    struct view *offers = view_list(view, "offers");
    for (size_t i = 0; i < shop.count; i++) {
        const struct availability *item = &shop.items[i];
        if (item->available)
            continue;
        struct view *offer = view_item(offers);
        view_text(offer, "href", shop_offer_address(cx, &shop, item->offer->id));
        shop_show_offer(cx, &shop, offer, item->offer);
        TRY(shop_show_reasons(cx, &shop, offer, item));
    }
    if (!view_is_true(offers))
        put_empty(cx, view, "unavailable.empty");
    shop_show_crumbs(cx, &shop, view, message_say(cx, "unavailable.title", NULL), true);
    http_reply_page(reply, 200, "unavailable", view);
    return OK;
}
