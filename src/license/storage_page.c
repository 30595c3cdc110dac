#include "license/storage_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "license/entitlement_store.h"

/* The terms of the sum. */
enum term_kind { TERM_BASE, TERM_LICENSES, TERM_EXTRA, TERM_COUNT };

struct storage {
    const struct http_request *request;
    const char *feature;
    const struct offer *unit_of; /* whose unit the amounts are in */
    struct entitlement_source *sources;
    size_t count;
    int64_t total;
};

/* ── What there is ────────────────────────────────────────────────────────────────────── */

/* The offer sold by the gigabyte: one that is held, else one of the catalogue; NULL: none. */
static enum err find_unit(struct context *cx, struct storage *storage)
{
    const struct catalog *catalog;
    for (size_t i = 0; i < storage->count && storage->unit_of == NULL; i++)
        if (entitlement_is_storage(storage->sources[i].offer))
            storage->unit_of = storage->sources[i].offer;
    TRY(catalog_load_current(cx, &catalog));
    for (size_t i = 0; i < catalog->offer_count && storage->unit_of == NULL; i++)
        if (entitlement_is_storage(&catalog->offers[i]))
            storage->unit_of = &catalog->offers[i];
    if (storage->unit_of != NULL)
        storage->feature = entitlement_find_quota(storage->unit_of)->name;
    return OK;
}

static const char *say(struct context *cx, const struct storage *storage, int64_t amount)
{
    return show_quantity(cx, storage->unit_of, amount);
}

static enum term_kind kind_of(const struct offer *offer, const struct feature *feature)
{
    if (feature->per == PER_SUBSCRIPTION)
        return TERM_BASE;
    return offer->scope == SCOPE_USER ? TERM_LICENSES : TERM_EXTRA;
}

/* What is left without a subscription and its add-ons. */
static int64_t left_without(struct context *cx, const struct storage *storage,
                            const struct entitlement_source *source)
{
    struct entitlement_source *others =
        ARENA_ARRAY(cx->arena, struct entitlement_source, storage->count);
    size_t count = 0;
    for (size_t i = 0; i < storage->count; i++) {
        const struct entitlement_source *other = &storage->sources[i];
        bool goes = strcmp(other->subscription, source->subscription) == 0 ||
                    (other->parent != NULL && strcmp(other->parent, source->subscription) == 0);
        if (!goes)
            others[count++] = *other;
    }
    return entitlement_judge(others, count, storage->feature).value;
}

/* ── Rows ─────────────────────────────────────────────────────────────────────────────── */

/* Where the number of a source is changed: of an add-on on its base's page. */
static const char *address_of(struct context *cx, const struct entitlement_source *source)
{
    if (source->parent == NULL)
        return arena_print(cx->arena, "/billing/products/%s/licenses", source->subscription);
    return arena_print(cx->arena, "/billing/products/%s/addons?addon=%s", source->parent,
                       source->subscription);
}

static const char *say_lower(struct context *cx, const struct storage *storage,
                             const struct entitlement_source *source, const struct feature *feature)
{
    static const char *const KEYS[TERM_COUNT] = {
        [TERM_BASE] = "storage.lower_base",
        [TERM_LICENSES] = "storage.lower_licenses",
        [TERM_EXTRA] = "storage.lower_extra",
    };
    return message_say(cx, KEYS[kind_of(source->offer, feature)], "amount",
                       say(cx, storage, entitlement_amount(feature, 1)), "left",
                       say(cx, storage, left_without(cx, storage, source)), NULL);
}

/* "42 × 50 GB" of what counts by licence. */
static const char *say_source(struct context *cx, const struct storage *storage,
                              const struct entitlement_source *source,
                              const struct feature *feature)
{
    const char *each = say(cx, storage, feature->value);
    switch (kind_of(source->offer, feature)) {
    case TERM_BASE:
        return message_say(cx, "storage.base", NULL);
    case TERM_LICENSES:
        return message_say(cx, "storage.licenses", "quantity",
                           show_quantity(cx, source->offer, source->quantity), "each", each, NULL);
    case TERM_EXTRA:
    case TERM_COUNT:
        break;
    }
    return message_say(cx, "storage.extra", NULL);
}

static void put_row(struct context *cx, struct view *rows, const struct storage *storage,
                    const struct entitlement_source *source, const struct feature *feature)
{
    struct view *row = view_item(rows);
    view_text(row, "name", show_text(cx, source->offer->name));
    view_print(row, "href", "/billing/products/%s", source->subscription);
    view_text(row, "what", say_source(cx, storage, source, feature));
    view_text(row, "amount", say(cx, storage, entitlement_amount(feature, source->quantity)));
    view_text(row, "lower", say_lower(cx, storage, source, feature));
    view_text(row, "until",
              source->until == DAY_NONE
                  ? ""
                  : message_say(cx, "storage.until", "date",
                                locale_day(cx->arena, cx->language, source->until), NULL));
    if (kind_of(source->offer, feature) != TERM_BASE)
        show_action(cx, storage->request, view_child(row, "change"),
                    message_say(cx, "details.change", NULL), address_of(cx, source), true, NULL);
}

static void put_source(struct context *cx, struct view *rows, const struct storage *storage,
                       const struct entitlement_source *source)
{
    for (size_t i = 0; i < source->offer->feature_count; i++)
        if (strcmp(source->offer->features[i].name, storage->feature) == 0)
            put_row(cx, rows, storage, source, &source->offer->features[i]);
}

/* "1 000 GB + 42 × 50 GB + 50 GB = 3 150 GB": the base, the licences of each product, the extra. */
static void put_sum(struct context *cx, struct view *view, const struct storage *storage)
{
    int64_t base = 0, extra = 0;
    struct buf licenses = buf_create(cx->arena);
    for (size_t i = 0; i < storage->count; i++) {
        const struct entitlement_source *source = &storage->sources[i];
        for (size_t f = 0; f < source->offer->feature_count; f++) {
            const struct feature *feature = &source->offer->features[f];
            if (strcmp(feature->name, storage->feature) != 0)
                continue;
            int64_t amount = entitlement_amount(feature, source->quantity);
            enum term_kind kind = kind_of(source->offer, feature);
            base += kind == TERM_BASE ? amount : 0;
            extra += kind == TERM_EXTRA ? amount : 0;
            if (kind == TERM_LICENSES)
                buf_print(&licenses, " + %s\u00a0×\u00a0%s",
                          locale_integer(cx->arena, cx->language, source->quantity),
                          say(cx, storage, feature->value));
        }
    }
    view_print(view, "sum", "%s%s + %s = ", say(cx, storage, base), buf_text(&licenses),
               say(cx, storage, extra));
    view_text(view, "total", say(cx, storage, storage->total));
}

/* More is bought where it is held, else on the page of the offer. */
static void put_add(struct context *cx, struct view *view, const struct storage *storage)
{
    const char *href = arena_print(cx->arena, "/billing/purchase/%s", storage->unit_of->id);
    bool is_held = false;
    for (size_t i = 0; i < storage->count && !is_held; i++) {
        is_held = entitlement_is_storage(storage->sources[i].offer);
        if (is_held)
            href = address_of(cx, &storage->sources[i]);
    }
    struct view *add = show_action(cx, storage->request, view_child(view, "add"),
                                   message_say(cx, "storage.add", NULL), href, is_held, NULL);
    view_bool(add, "primary", true);
}

enum err storage_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct storage storage = {.request = request};
    struct view *view = view_object(cx->arena);
    TRY(entitlement_load_sources(cx, NULL, &storage.sources, &storage.count));
    TRY(find_unit(cx, &storage));
    struct view *rows = view_list(view, "rows");
    if (storage.unit_of != NULL) {
        storage.total = entitlement_judge(storage.sources, storage.count, storage.feature).value;
        for (size_t i = 0; i < storage.count; i++)
            put_source(cx, rows, &storage, &storage.sources[i]);
        put_sum(cx, view, &storage);
        put_add(cx, view, &storage);
    }
    view_bool(view, "has_rows", view_is_true(rows));
    http_reply_page(reply, 200, "storage", view);
    return OK;
}
