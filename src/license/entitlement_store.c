#include "license/entitlement_store.h"

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
};
LIST_TYPE(source_rows, struct source_row);

static enum err load_rows(struct context *cx, struct source_rows *list)
{
    /* A list of three for IN would be a table of its own, built for each request. */
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT id, offer, catalog, quantity, status, recurring_billing, term_end,"
                  " status_on FROM subscription WHERE customer = $1 AND status <> 'deleted'"
                  " AND (status = 'trial' OR status = 'active' OR status = 'expired')"
                  " ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
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
        if (!known)
            return fault(cx, ERR_INTERNAL, "value", "a subscription in a state not known", NULL);
        list_push(cx->arena, list, row);
    }
    return db_done(&rows);
}

enum err entitlement_load_sources(struct context *cx, struct entitlement_source **ret_sources,
                                  size_t *ret_count)
{
    struct source_rows list = {0};
    TRY(load_rows(cx, &list));
    struct entitlement_source *sources =
        ARENA_ARRAY(cx->arena, struct entitlement_source, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const struct source_row *row = list.items[i];
        const struct catalog *catalog;
        TRY(catalog_load(cx, row->catalog, &catalog));
        sources[i] = row->source;
        sources[i].offer = catalog_find_offer(catalog, row->offer);
        if (sources[i].offer == NULL)
            return fault(cx, ERR_INTERNAL, "value", "an offer not in its catalogue", NULL);
        sources[i].until = entitlement_until(row->status, row->recurring_billing, row->term_end,
                                             row->status_on, sources[i].offer);
    }
    *ret_sources = sources;
    *ret_count = list.count;
    return OK;
}
