/* Why an offer is not available, in sentences with links to what would change that; and what it
 * requires. All of it is read from the judgement (eligibility.h): nothing is judged here. */
#include "base/locale.h"
#include "base/message.h"
#include "eligibility/shop_page.h"
#include "engine/show_page.h"

/* A sentence, and the links beside it. */
struct why {
    struct view *view;
    struct view *ways;
};

static struct why add_why(struct view *list, const char *text)
{
    struct view *view = view_item(list);
    view_text(view, "text", text);
    return (struct why){.view = view, .ways = view_list(view, "way")};
}

static void add_way(struct why why, const char *label, const char *href)
{
    struct view *way = view_item(why.ways);
    view_text(way, "label", label);
    view_text(way, "href", href);
}

static void add_offer_way(struct context *cx, const struct shop *shop, struct why why,
                          const char *offer)
{
    const char *name = shop_offer_name(cx, shop, offer);
    add_way(why, message_say(cx, "why.see", "name", name, NULL),
            shop_offer_address(cx, shop, offer));
}

/* "See Suite (42)", "See Suite (past due)" */
static enum err add_held_way(struct context *cx, struct why why, const struct subscription *sub)
{
    const char *name;
    const char *detail = locale_integer(cx->arena, cx->language, sub->quantity);
    TRY(show_name(cx, sub, &name));
    if (!subscription_is_held(sub)) {
        const char *key = arena_print(cx->arena, "state.%s", show_status_key(sub));
        detail = message_say(cx, key, NULL);
    }
    add_way(why, message_say(cx, "why.see_held", "name", name, "detail", detail, NULL),
            arena_print(cx->arena, "/billing/products/%s", sub->id));
    return OK;
}

static enum err add_held_ways(struct context *cx, const struct shop *shop, struct why why,
                              const char *offer)
{
    for (size_t i = 0; i < shop->held.count; i++) {
        const struct subscription *sub = shop->held.items[i];
        if (strcmp(sub->offer, offer) == 0 && sub->status != SUBSCRIPTION_PLANNED)
            TRY(add_held_way(cx, why, sub));
    }
    return OK;
}

static const char *names_of(struct context *cx, const struct shop *shop, const char *const *offers,
                            size_t count, const char *last)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = shop_offer_name(cx, shop, offers[i]);
    return show_join(cx, names, count, last);
}

/* ── What is missing ──────────────────────────────────────────────────────────────────── */

/* Ids that a reason names. */
static bool names_offer(const struct reason *reason, const char *offer)
{
    for (size_t i = 0; i < reason->offer_count; i++)
        if (strcmp(reason->offers[i], offer) == 0)
            return true;
    return false;
}

static size_t count_named(const struct reason *reason, const struct offer_ids *ids)
{
    size_t count = 0;
    for (size_t i = 0; i < ids->count; i++)
        count += names_offer(reason, ids->items[i]);
    return count;
}

/* Of an any_of and of connects_to the reason names all or none (eligibility.h). */
static bool lacks_any(const struct reason *reason, const struct offer_ids *ids)
{
    return ids->count > 0 && count_named(reason, ids) == ids->count;
}

/* One sentence for what is missing: one of several, or all of them. */
static void add_missing(struct context *cx, const struct shop *shop, struct view *list,
                        const struct reason *reason, const struct offer_ids *ids, bool is_any,
                        bool is_all_there_is)
{
    const char **offers = ARENA_ARRAY(cx->arena, const char *, ids->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < ids->count; i++)
        if (names_offer(reason, ids->items[i]))
            offers[count++] = ids->items[i];
    const char *many = is_any && count > 1 ? "any" : "all";
    const char *key = arena_print(cx->arena, "why.%s_%s", is_all_there_is ? "soon" : "need", many);
    const char *names = names_of(cx, shop, offers, count, is_any ? "why.or" : "why.and");
    struct why why = add_why(list, message_say(cx, key, "offers", names, NULL));
    for (size_t i = 0; i < count; i++)
        add_offer_way(cx, shop, why, offers[i]);
}

static void add_requires(struct context *cx, const struct shop *shop, struct view *list,
                         const struct offer *offer, const struct reason *reason)
{
    bool base = lacks_any(reason, &offer->connects_to);
    bool any = lacks_any(reason, &offer->requires_any);
    bool all = count_named(reason, &offer->requires_all) > 0;
    bool is_one = base + any + all == 1;
    if (base)
        add_missing(cx, shop, list, reason, &offer->connects_to, true, is_one);
    if (any)
        add_missing(cx, shop, list, reason, &offer->requires_any, true, is_one);
    if (all)
        add_missing(cx, shop, list, reason, &offer->requires_all, false, is_one);
}

/* ── All reasons ──────────────────────────────────────────────────────────────────────── */

static const char *say_reason(struct context *cx, const char *what, const struct reason *reason,
                              const char *names)
{
    struct fault named = {.args = {{.key = "offers", .value = names}}, .arg_count = 1};
    const char *key = arena_print(cx->arena, "%s.%s", what, reason->code);
    return message_render(cx->arena, cx->language, key, &named);
}

/* Other billing accounts of the customer on which neither country nor currency stand against. */
static void add_account_ways(struct context *cx, const struct shop *shop, struct why why,
                             const struct offer *offer)
{
    for (size_t i = 0; i < shop->accounts.count; i++) {
        const struct account *account = shop->accounts.items[i];
        if (account != shop->account && offer_is_sold_in(offer, account->country) &&
            offer_has_currency(offer, account->currency))
            add_way(
                why, message_say(cx, "why.see_account", "name", account->name, NULL),
                arena_print(cx->arena, "/billing/purchase/%s?account=%s", offer->id, account->id));
    }
}

static enum err add_reason(struct context *cx, const struct shop *shop, struct view *list,
                           const struct availability *item, size_t index)
{
    const struct reason *reason = &item->reasons[index];
    enum reason_code code = item->reason_codes[index];
    if (code == REASON_REQUIRES) {
        add_requires(cx, shop, list, item->offer, reason);
        return OK;
    }
    const char *names = names_of(cx, shop, reason->offers, reason->offer_count, "why.and");
    const char *text = arena_print(cx->arena, "%s %s", say_reason(cx, "reason", reason, names),
                                   say_reason(cx, "remedy", reason, names));
    struct why why = add_why(list, text);
    if (code == REASON_COUNTRY || code == REASON_CURRENCY)
        add_account_ways(cx, shop, why, item->offer);
    if (code == REASON_LIMIT_PER_CUSTOMER)
        TRY(add_held_ways(cx, shop, why, item->offer->id));
    for (size_t i = 0; i < reason->offer_count; i++)
        TRY(add_held_ways(cx, shop, why, reason->offers[i]));
    return OK;
}

enum err shop_show_reasons(struct context *cx, const struct shop *shop, struct view *view,
                           const struct availability *item)
{
    struct view *list = view_list(view, "reasons");
    for (size_t i = 0; i < item->reason_count; i++)
        TRY(add_reason(cx, shop, list, item, i));
    return OK;
}

/* ── Conditions ───────────────────────────────────────────────────────────────────────── */

/* Does one of these reasons name as many of the offers as it takes? */
static bool stands_against(const struct availability *item, const struct offer_ids *ids)
{
    for (size_t i = 0; i < item->reason_count; i++) {
        const struct reason *reason = &item->reasons[i];
        switch (item->reason_codes[i]) {
        case REASON_REQUIRES:
            if (lacks_any(reason, ids))
                return true;
            break;
        case REASON_BASE_NOT_ACTIVE:
        case REASON_EXCLUDED_BY:
            if (count_named(reason, ids) > 0)
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

static void add_requirement(struct context *cx, const struct shop *shop, struct view *list,
                            const struct availability *item, const struct offer_ids *ids,
                            const char *key)
{
    if (ids->count == 0)
        return;
    bool is_one = ids->count == 1;
    const char *names = names_of(cx, shop, ids->items, ids->count, "why.or");
    key = arena_print(cx->arena, is_one ? "%s_one" : "%s_any", key);
    struct why why = add_why(list, message_say(cx, key, "offers", names, NULL));
    bool met = !stands_against(item, ids);
    view_bool(why.view, "met", met);
    for (size_t i = 0; i < ids->count && !met; i++)
        add_offer_way(cx, shop, why, ids->items[i]);
}

void shop_show_requirements(struct context *cx, const struct shop *shop, struct view *view,
                            const struct availability *item)
{
    const struct offer *offer = item->offer;
    struct view *list = view_list(view, "requirements");
    add_requirement(cx, shop, list, item, &offer->connects_to,
                    shop_connects(shop, offer) ? "product.connects" : "product.requires");
    add_requirement(cx, shop, list, item, &offer->requires_any, "product.requires");
    for (size_t i = 0; i < offer->requires_all.count; i++) {
        const struct offer_ids one = {.items = &offer->requires_all.items[i], .count = 1};
        add_requirement(cx, shop, list, item, &one, "product.requires");
    }
    add_requirement(cx, shop, list, item, &offer->excludes, "product.excludes");
    view_bool(view, "has_requirements", view_is_true(list));
}
