#include "catalog/catalog_store.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/lock.h"
#include "base/log.h"
#include "catalog/catalog_file.h"
#include "db/db.h"

/* The cache ----------------------------------------------------------------------------------- */

enum { CACHE_ARENA_MAX = 64 * 1024 };

struct cached_catalog {
    int64_t number; /* 0: taken back by cache_drop; its memory stays until the end */
    const struct catalog *catalog;
    struct arena *arena;
};

struct catalog_cache {
    struct arena *arena; /* of the cache itself */
    struct lock *lock;   /* of what follows; the catalogues themselves never change */
    struct cached_catalog entries[CATALOGS_MAX];
    size_t count;
};

struct catalog_cache *catalog_cache_create(void)
{
    struct arena *arena = arena_create(CACHE_ARENA_MAX);
    struct catalog_cache *cache = ARENA_NEW(arena, struct catalog_cache);
    cache->arena = arena;
    cache->lock = lock_create(arena);
    return cache;
}

void catalog_cache_free(struct catalog_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < cache->count; i++)
        arena_free(cache->entries[i].arena);
    arena_free(cache->arena);
}

/* The lock is held. */
static const struct catalog *entry_find(const struct catalog_cache *cache, int64_t number)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->entries[i].number == number)
            return cache->entries[i].catalog;
    }
    return NULL;
}

static const struct catalog *cache_find(struct catalog_cache *cache, int64_t number)
{
    lock_take(cache->lock);
    const struct catalog *catalog = entry_find(cache, number);
    lock_give(cache->lock);
    return catalog;
}

/* Versions are few; what no longer fits is parsed each time, for its caller. */
static bool cache_is_full(struct catalog_cache *cache)
{
    lock_take(cache->lock);
    bool full = cache->count == CATALOGS_MAX;
    lock_give(cache->lock);
    return full;
}

/* Keeps a catalogue with its arena. Returns the one that is kept: another thread may have been
 * quicker. NULL when the cache is full. Unless it is this very one, the caller keeps the arena. */
static const struct catalog *cache_add(struct catalog_cache *cache, const struct catalog *catalog,
                                       struct arena *arena)
{
    lock_take(cache->lock);
    const struct catalog *kept = entry_find(cache, catalog->number);
    if (kept == NULL && cache->count < CATALOGS_MAX) {
        cache->entries[cache->count++] = (struct cached_catalog){catalog->number, catalog, arena};
        kept = catalog;
    }
    lock_give(cache->lock);
    return kept;
}

/* Forgets a number that is about to be given. It can only be here from an insertion that was
 * rolled back after someone in its transaction had loaded it. */
static void cache_drop(struct catalog_cache *cache, int64_t number)
{
    lock_take(cache->lock);
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->entries[i].number == number)
            cache->entries[i].number = 0;
    }
    lock_give(cache->lock);
}

/* Loading ------------------------------------------------------------------------------------- */

struct catalog_body {
    int64_t number;
    const char *text; /* NULL: there is no such version */
    civil_day published_on;
    instant published_at;
};

static enum err load_body(struct context *cx, int64_t number, struct catalog_body *ret_body)
{
    struct catalog_body body = {.number = number};
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT body, published_on, published_at FROM catalog_version WHERE number = $1",
                  DB_ARGS(db_integer(number))));
    while (db_next(&rows)) {
        body.text = db_get_text(&rows, 0);
        body.published_on = db_get_day(&rows, 1);
        body.published_at = db_get_instant(&rows, 2);
    }
    TRY(db_done(&rows));
    *ret_body = body;
    return OK;
}

/* What was published was valid: anything else is a fault of the program or of the store. */
static enum err parse_body(struct context *cx, const struct catalog_body *body,
                           struct catalog **ret_catalog)
{
    struct catalog *catalog;
    struct catalog_faults faults;
    if (catalog_parse(cx, body->text, strlen(body->text), &catalog, &faults) != OK) {
        log_line(LOG_ERROR, "catalog_version_unreadable", "place", cx->fault.param, NULL);
        return fault(cx, ERR_INTERNAL, NULL);
    }
    catalog->number = body->number;
    catalog->published_on = body->published_on;
    catalog->published_at = body->published_at;
    *ret_catalog = catalog;
    return OK;
}

/* Parses into an arena of its own and gives it to the cache. NULL when it could not be kept. */
static const struct catalog *parse_and_keep(struct context *cx, const struct catalog_body *body)
{
    if (cx->catalogs == NULL || cache_is_full(cx->catalogs))
        return NULL;
    struct context own = *cx;
    own.arena = arena_create(REQUEST_ARENA_MAX);
    struct catalog *catalog = NULL;
    const struct catalog *kept = NULL;
    if (parse_body(&own, body, &catalog) == OK)
        kept = cache_add(cx->catalogs, catalog, own.arena);
    if (kept == NULL || kept != catalog)
        arena_free(own.arena);
    return kept;
}

enum err catalog_load(struct context *cx, int64_t number, const struct catalog **ret_catalog)
{
    const struct catalog *kept = cx->catalogs ? cache_find(cx->catalogs, number) : NULL;
    if (kept == NULL) {
        struct catalog_body body;
        TRY(load_body(cx, number, &body));
        if (body.text == NULL)
            return fault(cx, ERR_INTERNAL, NULL);
        kept = parse_and_keep(cx, &body);
        if (kept == NULL) {
            struct catalog *catalog;
            TRY(parse_body(cx, &body, &catalog));
            kept = catalog;
        }
    }
    *ret_catalog = kept;
    return OK;
}

enum err catalog_load_current(struct context *cx, const struct catalog **ret_catalog)
{
    int64_t number;
    enum err err = db_one_integer(
        cx, &number, "SELECT number FROM catalog_version ORDER BY number DESC LIMIT 1", DB_NO_ARGS);
    if (err == ERR_NOT_FOUND)
        return fault(cx, ERR_NOT_FOUND, NULL);
    TRY(err);
    return catalog_load(cx, number, ret_catalog);
}

enum err catalog_load_text(struct context *cx, int64_t number, const char **ret_text)
{
    struct catalog_body body;
    TRY(load_body(cx, number, &body));
    if (body.text == NULL)
        return fault(cx, ERR_NOT_FOUND, NULL);
    *ret_text = body.text;
    return OK;
}

/* Lists ----------------------------------------------------------------------------------------*/

static void row_read(struct db_rows *rows, struct catalog_row *ret_row)
{
    *ret_row = (struct catalog_row){
        .number = db_get_integer(rows, 0),
        .version = db_get_text(rows, 1),
        .hash = db_get_text(rows, 2),
        .published_at = db_get_instant(rows, 3),
        .published_on = db_get_day(rows, 4),
    };
}

enum err catalog_list(struct context *cx, int64_t before_number, int64_t limit,
                      struct catalog_row **ret_rows, size_t *ret_count)
{
    assert(limit > 0 && limit <= PAGE_MAX + 1);
    struct catalog_row *found = ARENA_ARRAY(cx->arena, struct catalog_row, (size_t)limit);
    size_t count = 0;
    struct db_rows rows;
    TRY(db_select(
        cx, &rows,
        "SELECT number, version, hash, published_at, published_on FROM catalog_version"
        " WHERE number < $1 ORDER BY number DESC LIMIT $2",
        DB_ARGS(db_integer(before_number > 0 ? before_number : INT64_MAX), db_integer(limit))));
    while (db_next(&rows))
        row_read(&rows, &found[count++]);
    TRY(db_done(&rows));
    *ret_rows = found;
    *ret_count = count;
    return OK;
}

enum err catalog_find_version(struct context *cx, const char *version, bool *ret_found,
                              struct catalog_row *ret_row)
{
    bool found = false;
    struct catalog_row row = {0};
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT number, version, hash, published_at, published_on FROM catalog_version"
                  " WHERE version = $1",
                  DB_ARGS(db_text(version))));
    while (db_next(&rows)) {
        row_read(&rows, &row);
        found = true;
    }
    TRY(db_done(&rows));
    *ret_found = found;
    if (found)
        *ret_row = row;
    return OK;
}

/* Adding -------------------------------------------------------------------------------------- */

enum err catalog_insert(struct context *cx, const struct catalog *catalog, const char *text,
                        civil_day published_on, int64_t *ret_number)
{
    char hash[HASH_TEXT_SIZE];
    hash_bytes(text, strlen(text), hash);
    int64_t number;
    TRY(db_one_integer(cx, &number,
                       "INSERT INTO catalog_version"
                       " (number, version, hash, body, published_on, published_at)"
                       " VALUES ((SELECT coalesce(max(number), 0) + 1 FROM catalog_version),"
                       " $1, $2, $3, $4, $5) RETURNING number",
                       DB_ARGS(db_text(catalog->version), db_text(hash), db_text(text),
                               db_day(published_on), db_instant(cx->now))));
    if (cx->catalogs != NULL)
        cache_drop(cx->catalogs, number);
    *ret_number = number;
    return OK;
}
