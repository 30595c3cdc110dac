#include "license/entitlement_store.h"

#include <string.h>

#include "base/list.h"
#include "catalog/catalog_store.h"
#include "db/db.h"

struct source_row {
    struct entitlement_source source;
    const char *offer;
    int64_t catalog;
    enum subscription_status status;
    bool recurring_billing;
    civil_day term_end;
    civil_day status_on;
    bool holds_license;
};
LIST_TYPE(source_rows, struct source_row);

/* A list of three for IN would be a table of its own, built for each request. */
#define COLUMNS                                                                                    \
    "s.id, s.offer, s.catalog, s.quantity, s.status, s.recurring_billing, s.term_end,"             \
    " s.status_on, s.parent"
#define WORKING                                                                                    \
    " WHERE s.customer = $1 AND s.status <> 'deleted'"                                             \
    " AND (s.status = 'trial' OR s.status = 'active' OR s.status = 'expired') ORDER BY s.id"

static enum err load_rows(struct context *cx, const char *user, struct source_rows *list)
{
    struct db_rows rows;
    if (user == NULL) {
        TRY(db_select(cx, &rows, "SELECT " COLUMNS " FROM subscription s" WORKING,
                      DB_ARGS(db_text(cx->customer))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " COLUMNS ", l.id FROM subscription s LEFT JOIN license l"
                      " ON l.customer = $1 AND l.holder = $2 AND l.subscription = s.id" WORKING,
                      DB_ARGS(db_text(cx->customer), db_text(user))));
    }
    while (db_next(&rows)) {
        struct source_row *row = ARENA_NEW(cx->arena, struct source_row);
        row->source.subscription = db_get_text(&rows, 0);
        row->offer = db_get_text(&rows, 1);
        row->catalog = db_get_integer(&rows, 2);
        row->source.quantity = db_get_integer(&rows, 3);
        bool known = subscription_status_parse(db_get_text(&rows, 4), &row->status);
        row->recurring_billing = db_get_bool(&rows, 5);
        row->term_end = db_get_day(&rows, 6);
        row->status_on = db_get_day(&rows, 7);
        row->source.parent = db_get_text(&rows, 8);
        row->holds_license = user != NULL && !db_is_null(&rows, 9);
        if (!known)
            return fault(cx, ERR_INTERNAL, "value", "a subscription in a state not known", NULL);
        list_push(cx->arena, list, row);
    }
    return db_done(&rows);
}

static enum err find_offer(struct context *cx, const struct source_row *row,
                           const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, row->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, row->offer);
    return *ret_offer != NULL
               ? OK
               : fault(cx, ERR_INTERNAL, "value", "an offer not in its catalogue", NULL);
}

/* The offer whose days of grace count: of an add-on that of its parent, which works as long as it
 * (rules §3). */
static enum err find_family_offer(struct context *cx, const struct source_rows *list,
                                  const struct entitlement_source *source,
                                  const struct offer **ret_offer)
{
    *ret_offer = source->offer;
    for (size_t i = 0; source->parent != NULL && i < list->count; i++) {
        if (strcmp(list->items[i]->source.subscription, source->parent) == 0)
            return find_offer(cx, list->items[i], ret_offer);
    }
    return OK;
}

enum err entitlement_load_sources(struct context *cx, const char *user,
                                  struct entitlement_source **ret_sources, size_t *ret_count)
{
    struct source_rows list = {0};
    TRY(load_rows(cx, user, &list));
    struct entitlement_source *sources =
        ARENA_ARRAY(cx->arena, struct entitlement_source, list.count);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct source_row *row = list.items[i];
        struct entitlement_source *source = &sources[count];
        const struct offer *family;
        *source = row->source;
        TRY(find_offer(cx, row, &source->offer));
        TRY(find_family_offer(cx, &list, source, &family));
        source->until = entitlement_until(row->status, row->recurring_billing, row->term_end,
                                          row->status_on, (civil_day)family->grace_days);
        if (user == NULL || entitlement_is_of_user(source, row->holds_license))
            count++;
    }
    *ret_sources = sources;
    *ret_count = count;
    return OK;
}
