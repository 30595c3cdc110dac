/* Files inside the program: migrations, messages, templates, what pages are made of, the
 * demonstration catalogue.
 *
 * The Makefile packs src/db/migrations/, web/messages/, web/templates/, build/assets/ and demo/
 * into the binary; a file is named by its path without src/db/, web/ or build/:
 * "migrations/001_start.sql", "messages/fr.po", "templates/layout.mustache", "demo/catalog.json".
 * An asset carries a hash of its content in its name, which "assets/manifest" tells
 * (web/build.mjs).
 */
#pragma once

#include <stddef.h>

struct embed {
    const char *name;
    const unsigned char *data; /* one NUL follows, which `size` does not count */
    size_t size;
};

/* Returns the file, or NULL when the program holds none of that name. */
const struct embed *embed_find(const char *name);

/* All files, sorted by the bytes of their names; `i` is below embed_count(). */
size_t embed_count(void);
const struct embed *embed_at(size_t i);
