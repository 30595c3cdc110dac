#include "catalog/catalog_api.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "catalog/offer_json.h"
#include "customer/seller.h"
#include "http/http_list.h"
#include "order/quote_do.h"

LIST_TYPE(offer_list, const struct offer);

/* Offers -------------------------------------------------------------------------------------- */

static civil_day seller_today(struct context *cx)
{
    return zone_day(cx->seller->time_zone, cx->now);
}

/* Where the page begins in the list: catalogue order is that of the pages. */
static enum err find_start(struct context *cx, const struct offer_list *list, const char *after,
                           size_t *ret_start)
{
    *ret_start = 0;
    if (after[0] == '\0')
        return OK;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i]->id, after) == 0) {
            *ret_start = i + 1;
            return OK;
        }
    }
    return fault(cx, ERR_INVALID, "param", "after", "value", "must be the id of an offer listed",
                 NULL);
}

static enum err reply_offers(struct context *cx, const struct http_request *request,
                             const struct offer_list *list, struct http_reply *reply)
{
    int64_t limit = PAGE_DEFAULT;
    const char *after = http_query(request, "after");
    size_t start;
    TRY(http_query_integer(cx, request, "limit", 1, PAGE_MAX, &limit));
    TRY(find_start(cx, list, after != NULL ? after : "", &start));
    size_t end = list->count - start > (size_t)limit ? start + (size_t)limit : list->count;
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = start; i < end; i++)
        offer_encode(&w, NULL, list->items[i]);
    http_list_end(&w, end < list->count ? list->items[end - 1]->id : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err catalog_api_list_offers(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    const char *kind = http_query(request, "kind");
    const struct catalog *catalog;
    struct offer_list list = {0};
    TRY(catalog_load_current(cx, &catalog));
    for (size_t i = 0; i < catalog->offer_count; i++) {
        const struct offer *offer = &catalog->offers[i];
        bool is_kind = kind == NULL || strcmp(offer_kind_format(offer->kind), kind) == 0;
        if (is_kind && offer_is_on_sale(offer, seller_today(cx)))
            list_push(cx->arena, &list, offer);
    }
    return reply_offers(cx, request, &list, reply);
}

static enum err find_offer(struct context *cx, const struct catalog *catalog, const char *id,
                           const struct offer **ret_offer)
{
    *ret_offer = catalog_find_offer(catalog, id);
    return *ret_offer != NULL ? OK : fault(cx, ERR_NOT_FOUND, "param", "/offer", NULL);
}

enum err catalog_api_load_offer(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    const struct catalog *catalog;
    const struct offer *offer;
    TRY(catalog_load_current(cx, &catalog));
    TRY(find_offer(cx, catalog, request->path_values[0], &offer));
    struct json_writer w = json_begin(cx->arena);
    offer_encode(&w, NULL, offer);
    http_reply_json(reply, 200, &w);
    return OK;
}

static bool names_offer(const struct offer *addon, const char *id)
{
    return offer_ids_have(&addon->connects_to, id) || offer_ids_have(&addon->requires_any, id) ||
           offer_ids_have(&addon->requires_all, id);
}

enum err catalog_api_list_addons(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    const struct catalog *catalog;
    const struct offer *offer;
    struct offer_list list = {0};
    TRY(catalog_load_current(cx, &catalog));
    TRY(find_offer(cx, catalog, request->path_values[0], &offer));
    for (size_t i = 0; i < catalog->offer_count; i++) {
        const struct offer *addon = &catalog->offers[i];
        if (names_offer(addon, offer->id) && offer_is_on_sale(addon, seller_today(cx)))
            list_push(cx->arena, &list, addon);
    }
    return reply_offers(cx, request, &list, reply);
}

/* Versions ------------------------------------------------------------------------------------ */

enum err catalog_api_list_versions(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    int64_t limit = PAGE_DEFAULT;
    int64_t after = 0;
    struct catalog_row *rows;
    size_t count;
    TRY(http_query_integer(cx, request, "limit", 1, PAGE_MAX, &limit));
    TRY(http_query_integer(cx, request, "after", 1, INT64_MAX, &after));
    TRY(catalog_list(cx, after, limit + 1, &rows, &count));
    bool has_more = count > (size_t)limit;
    if (has_more)
        count = (size_t)limit;
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < count; i++) {
        json_open_object(&w, NULL);
        json_put_text(&w, "object", "catalog_version");
        json_put_integer(&w, "number", rows[i].number);
        json_put_text(&w, "version", rows[i].version);
        json_put_text(&w, "hash", rows[i].hash);
        json_put_instant(&w, "published_at", rows[i].published_at);
        json_put_day(&w, "published_on", rows[i].published_on);
        json_close_object(&w);
    }
    http_list_end(&w, has_more ? arena_print(cx->arena, "%" PRId64, rows[count - 1].number) : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* The lines of a difference as an array. */
static void put_diff(struct context *cx, struct json_writer *w, const char *diff)
{
    json_open_array(w, "diff");
    while (diff[0] != '\0') {
        size_t size = strcspn(diff, "\n");
        json_put_text(w, NULL, arena_copy_bytes(cx->arena, diff, size));
        diff += size;
        diff += diff[0] == '\n';
    }
    json_close_array(w);
}

/* The body is the file itself, so the token of a preview comes back in the query. The difference
 * it showed is what it is bound to: another publication in between shows another one. */
static enum err publication_terms(struct context *cx, const struct http_request *request,
                                  const char *diff, struct quote_terms *ret_terms)
{
    char hash[HASH_TEXT_SIZE];
    hash_bytes(request->body, request->body_size, hash);
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    put_diff(cx, &w, diff);
    json_close_object(&w);
    *ret_terms = (struct quote_terms){
        .subject = arena_print(cx->arena, "%s %s", request->path, hash),
        .result = json_end(&w),
        .today = seller_today(cx),
    };
    return OK;
}

static enum err preview_publication(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply)
{
    const char *diff;
    const char *token;
    instant expires_at;
    struct catalog_faults faults = {0};
    struct quote_terms terms;
    TRY(catalog_compare(cx, request->body, request->body_size, &diff, &faults));
    TRY(publication_terms(cx, request, diff, &terms));
    TRY(quote_keep(cx, &terms, &token, &expires_at));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "catalog_publication");
    json_put_bool(&w, "preview", true);
    json_put_text(&w, "token", token);
    json_put_instant(&w, "expires_at", expires_at);
    json_put_null(&w, "number");
    json_put_bool(&w, "is_new", diff[0] != '\0');
    put_diff(cx, &w, diff);
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err catalog_api_publish(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    struct catalog_publication publication = {0};
    struct catalog_faults faults = {0};
    const char *token = http_query(request, "token");
    if (http_query_is(request, "preview", "true"))
        return preview_publication(cx, request, reply);
    TRY(catalog_publish(cx, request->body, request->body_size, seller_today(cx), &publication,
                        &faults));
    if (token != NULL) {
        struct quote_terms terms;
        TRY(publication_terms(cx, request, publication.diff, &terms));
        TRY(quote_take(cx, token, &terms, arena_print(cx->arena, "%" PRId64, publication.number)));
    }
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "catalog_publication");
    json_put_bool(&w, "preview", false);
    json_put_integer(&w, "number", publication.number);
    json_put_bool(&w, "is_new", publication.is_new);
    put_diff(cx, &w, publication.diff);
    json_close_object(&w);
    http_reply_json(reply, publication.is_new ? 201 : 200, &w);
    return OK;
}
