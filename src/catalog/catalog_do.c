#include "catalog/catalog_do.h"

#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "db/db.h"

/* The current version; an empty catalogue when nothing was ever published. */
static enum err load_before(struct context *cx, const struct catalog **ret_catalog)
{
    static const struct catalog nothing = {.published_on = DAY_NONE, .version = "none"};
    enum err err = catalog_load_current(cx, ret_catalog);
    if (err != ERR_NOT_FOUND)
        return err;
    fault_clear(cx);
    *ret_catalog = &nothing;
    return OK;
}

enum err catalog_compare(struct context *cx, const char *text, size_t size, const char **ret_diff,
                         struct catalog_faults *ret_faults)
{
    struct catalog *after;
    const struct catalog *before;
    TRY(catalog_parse(cx, text, size, &after, ret_faults));
    TRY(load_before(cx, &before));
    *ret_diff = catalog_diff(cx->arena, before, after);
    return OK;
}

struct publish {
    const struct catalog *catalog;
    const char *text;
    civil_day today;
    struct catalog_publication publication;
};

/* The name is taken: by the very text that is current, or by something else. */
static enum err judge_taken(struct context *cx, struct publish *publish,
                            const struct catalog *current, const struct catalog_row *taken)
{
    const char *text;
    TRY(catalog_load_text(cx, taken->number, &text));
    bool is_same = strcmp(text, publish->text) == 0;
    if (is_same && taken->number == current->number) {
        publish->publication = (struct catalog_publication){.number = taken->number, .diff = ""};
        return OK;
    }
    return fault(cx, ERR_INVALID, "param", "version", "value",
                 is_same ? "was published before and is no longer the current one: give it a new "
                           "version to publish it again"
                         : "was published before with other content: give it a new version",
                 NULL);
}

static enum err publish_work(struct context *cx, void *arg)
{
    struct publish *publish = arg;
    const struct catalog *current;
    struct catalog_row taken;
    bool is_taken;
    TRY(load_before(cx, &current));
    TRY(catalog_find_version(cx, publish->catalog->version, &is_taken, &taken));
    if (is_taken)
        return judge_taken(cx, publish, current, &taken);
    struct catalog_publication publication = {
        .is_new = true, .diff = catalog_diff(cx->arena, current, publish->catalog)};
    TRY(catalog_insert(cx, publish->catalog, publish->text, publish->today, &publication.number));
    publish->publication = publication;
    if (catalog_prices_differ(current, publish->catalog))
        TRY(organization_wake_all(cx)); /* a next price may be known now (rules §1) */
    return OK;
}

enum err catalog_publish(struct context *cx, const char *text, size_t size, civil_day today,
                         struct catalog_publication *ret_publication,
                         struct catalog_faults *ret_faults)
{
    struct catalog *catalog;
    TRY(catalog_parse(cx, text, size, &catalog, ret_faults));
    /* JSON holds no NUL, so that a valid text ends where it says. */
    struct publish publish = {
        .catalog = catalog, .text = arena_copy_bytes(cx->arena, text, size), .today = today};
    TRY(db_transact(cx, publish_work, &publish));
    *ret_publication = publish.publication;
    return OK;
}
