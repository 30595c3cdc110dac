/* The catalogue as a file: parsed strictly, every fault with its place and reason. */
#pragma once

#include "base/context.h"
#include "catalog/catalog.h"

/* All faults of a file, one line each: "offers/2/prices/0/term: …". */
struct catalog_faults {
    const char **lines;
    size_t count;
    size_t capacity;
};

/* Parses and validates (rules §1: refused, nothing published). Everything is in the arena of
 * `cx`; the catalogue shares nothing with the text. On faults: ERR_INVALID with the first one
 * as the context's fault, and all of them in `ret_faults`, which is never NULL. */
enum err catalog_parse(struct context *cx, const char *text, size_t size,
                       struct catalog **ret_catalog, struct catalog_faults *ret_faults);

/* Writes the catalogue as a canonical file: members in the order of formats, defaults left
 * out. Parsing it gives the same catalogue. */
const char *catalog_format(struct arena *arena, const struct catalog *catalog);

/* What changes from one catalogue to another, a line each; "" when nothing does.
 *
 *     ~ version 2026-01 → 2026-02
 *     ~ suite: price EUR P1M monthly 12.50 → 13.00
 *     ~ suite: trial {"days":30,"quantity":25} → default
 *     + offer calls
 *     - tax rate FR standard 20 % from 2014-01-01
 */
const char *catalog_diff(struct arena *arena, const struct catalog *before,
                         const struct catalog *after);
