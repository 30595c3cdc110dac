#include "eligibility/shop_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "engine/available_do.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "subscription/subscription_store.h"

/* ── For whom ─────────────────────────────────────────────────────────────────────────── */

static enum err find_target(struct context *cx, const struct http_request *request,
                            struct shop *shop)
{
    const char *id = http_query(request, "for");
    if (id == NULL || id[0] == '\0')
        return OK;
    struct subscription *sub;
    TRY(subscription_load(cx, id, &sub));
    if (sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    shop->target = sub;
    return show_name(cx, sub, &shop->target_name);
}

static enum err find_account(struct context *cx, const struct http_request *request,
                             struct shop *shop)
{
    const char *named = http_query(request, "account");
    if (shop->target != NULL)
        named = shop->target->account;
    TRY(account_load_all(cx, &shop->accounts));
    bool is_any = named == NULL || named[0] == '\0';
    for (size_t i = 0; i < shop->accounts.count && shop->account == NULL; i++)
        if (is_any || strcmp(shop->accounts.items[i]->id, named) == 0)
            shop->account = shop->accounts.items[i];
    return shop->account != NULL ? OK : fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
}

enum err shop_load(struct context *cx, const struct http_request *request, struct shop *ret_shop)
{
    struct shop shop = {0};
    TRY(find_target(cx, request, &shop));
    TRY(find_account(cx, request, &shop));
    TRY(subscription_load_held(cx, &shop.held));
    TRY(subscription_load_trialed(cx, &shop.trialed, &shop.trialed_count));
    TRY(catalog_load_current(cx, &shop.catalog));
    TRY(available_list(cx, shop.account->id, &shop.items, &shop.count));
    *ret_shop = shop;
    return OK;
}

enum err shop_find(struct context *cx, const struct shop *shop, const char *offer,
                   const struct availability **ret_item)
{
    for (size_t i = 0; i < shop->count; i++) {
        if (strcmp(shop->items[i].offer->id, offer) == 0) {
            *ret_item = &shop->items[i];
            return OK;
        }
    }
    return fault(cx, ERR_NOT_FOUND, "param", "/offer", NULL);
}

/* ── Where ────────────────────────────────────────────────────────────────────────────── */

const char *shop_address(struct context *cx, const struct shop *shop, const char *path)
{
    if (shop->target != NULL)
        return arena_print(cx->arena, "%s?for=%s", path, shop->target->id);
    if (shop->account != shop->accounts.items[0])
        return arena_print(cx->arena, "%s?account=%s", path, shop->account->id);
    return path;
}

const char *shop_offer_address(struct context *cx, const struct shop *shop, const char *offer)
{
    return shop_address(cx, shop, arena_print(cx->arena, "/billing/purchase/%s", offer));
}

void shop_show_crumbs(struct context *cx, const struct shop *shop, struct view *view,
                      const char *title, bool is_inside)
{
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "products.title", NULL), "/billing/products");
    if (shop->target != NULL)
        show_crumb(crumbs, shop->target_name,
                   arena_print(cx->arena, "/billing/products/%s", shop->target->id));
    if (is_inside)
        show_crumb(crumbs, message_say(cx, "purchase.title", NULL),
                   shop_address(cx, shop, "/billing/purchase"));
    show_crumb(crumbs, title, NULL);
}

/* ── What ─────────────────────────────────────────────────────────────────────────────── */

bool shop_has_trial(const struct shop *shop, const struct availability *item)
{
    return item->available &&
           eligibility_has_trial(item->offer, shop->trialed, shop->trialed_count);
}

bool shop_connects(const struct shop *shop, const struct offer *offer)
{
    return offer->kind == OFFER_TRADITIONAL_ADDON && shop->account->type == ACCOUNT_CLASSIC;
}

const struct subscription *shop_find_held(const struct shop *shop, const char *id)
{
    for (size_t i = 0; i < shop->held.count; i++)
        if (strcmp(shop->held.items[i]->id, id) == 0)
            return shop->held.items[i];
    return NULL;
}

const char *shop_offer_name(struct context *cx, const struct shop *shop, const char *offer)
{
    const struct offer *found = catalog_find_offer(shop->catalog, offer);
    return found != NULL ? show_text(cx, found->name) : offer;
}

/* That the customer has it; in which state, when none is active. NULL: it has not. */
static const char *held_text(struct context *cx, const struct shop *shop, const struct offer *offer)
{
    const char *key = NULL;
    for (size_t i = 0; i < shop->held.count; i++) {
        const struct subscription *sub = shop->held.items[i];
        if (strcmp(sub->offer, offer->id) != 0)
            continue;
        if (subscription_is_held(sub))
            return message_say(cx, "purchase.held", NULL);
        key = sub->status == SUBSCRIPTION_PLANNED
                  ? "state.awaiting_payment"
                  : arena_print(cx->arena, "state.%s", show_status_key(sub));
    }
    return key != NULL ? message_say(cx, key, NULL) : NULL;
}

void shop_show_offer(struct context *cx, const struct shop *shop, struct view *view,
                     const struct offer *offer)
{
    const char *kind = arena_print(cx->arena, "purchase.kind_%s", offer_kind_format(offer->kind));
    const char *held = held_text(cx, shop, offer);
    view_text(view, "name", show_text(cx, offer->name));
    view_text(view, "kind", message_say(cx, kind, NULL));
    view_text(view, "held", held != NULL ? held : "");
    view_text(view, "description", show_text(cx, offer->description));
}

const char *shop_unit_price(struct context *cx, const struct price *price)
{
    struct unit_price unit = price->tier_mode == TIER_NONE ? price->unit : price->tiers[0].unit;
    return locale_unit_price(cx->arena, cx->language, unit, price->currency);
}

void shop_show_unit_price(struct context *cx, struct view *view, const struct offer *offer,
                          const struct price *price)
{
    struct view *shown = view_child(view, "price");
    view_text(shown, "amount", shop_unit_price(cx, price));
    view_text(shown, "per",
              message_say(cx, "product.per_unit", "unit", show_unit(cx, offer, 1), "period",
                          show_period(cx, price->term, price->billing), NULL));
}
