/* Publishing a catalogue (rules §1). */
#pragma once

#include "base/context.h"
#include "catalog/catalog_file.h"

struct catalog_publication {
    int64_t number;   /* of the version */
    bool is_new;      /* false: it was the current one already, to the byte */
    const char *diff; /* from the version before (catalog_diff) */
};

/* Says what the text would change in what is published now (all of it when nothing is), without
 * publishing it. Errors: those of catalog_parse and of the store. */
enum err catalog_compare(struct context *cx, const char *text, size_t size, const char **ret_diff,
                         struct catalog_faults *ret_faults);

/* Publishes the text as the newest version, from `today` on. Publishing the current text again
 * changes nothing. ERR_INVALID when it is not valid (all faults are in `ret_faults`), or when
 * its version was published before: a version never changes. */
enum err catalog_publish(struct context *cx, const char *text, size_t size, civil_day today,
                         struct catalog_publication *ret_publication,
                         struct catalog_faults *ret_faults);
