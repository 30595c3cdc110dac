/* Published catalogue versions: rows of catalog_version, and a cache of the parsed ones, which
 * is safe because a version never changes. */
#pragma once

#include "base/context.h"
#include "catalog/catalog.h"

/* Parsed versions of one store, shared by all threads; the caller frees it at the end. */
struct catalog_cache *catalog_cache_create(void);
void catalog_cache_free(struct catalog_cache *cache);

/* Loads the newest version: one indexed read, unless it has to be parsed first. ERR_NOT_FOUND
 * when nothing was ever published. What a cache keeps lives as long as the cache; without one
 * (cx->catalogs is NULL) the catalogue is in the caller's arena. */
enum err catalog_load_current(struct context *cx, const struct catalog **ret_catalog);
/* Loads a version by its number; it must exist (else ERR_INTERNAL). */
enum err catalog_load(struct context *cx, int64_t number, const struct catalog **ret_catalog);
/* The text of a version as it was published. ERR_NOT_FOUND. */
enum err catalog_load_text(struct context *cx, int64_t number, const char **ret_text);

struct catalog_row {
    int64_t number;
    const char *version;
    const char *hash;
    instant published_at;
    civil_day published_on;
};
/* Lists versions, newest first: those before a number, or all from the newest on (0). */
enum err catalog_list(struct context *cx, int64_t before_number, int64_t limit,
                      struct catalog_row **ret_rows, size_t *ret_count);
/* The version of that name, if there is one. */
enum err catalog_find_version(struct context *cx, const char *version, bool *ret_found,
                              struct catalog_row *ret_row);
/* Adds a version; its number is the next. ERR_STORE_CONFLICT when the version is taken. */
enum err catalog_insert(struct context *cx, const struct catalog *catalog, const char *text,
                        civil_day published_on, int64_t *ret_number);
