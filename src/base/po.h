/* The format of gettext's .po files, as far as sentences need it. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

struct po_entry {
    const char *id;
    const char *text;
};

/* Translations sorted by id; without the header, entries not translated or fuzzy, entries of
 * a context. A plural form has the id "id[0]", "id[1]". */
struct po {
    struct po_entry *entries;
    size_t count;
};

/* Parses a file into the arena. False when it is not of the format: then *ret_line tells where.
 * Of an id that is there twice, one is kept. */
bool po_parse(struct arena *arena, const char *text, size_t size, struct po *ret_po,
              size_t *ret_line);

/* Returns the translation, or NULL. */
const char *po_find(const struct po *po, const char *id);
