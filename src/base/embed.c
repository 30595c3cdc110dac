#include "base/embed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Written by the Makefile into build/…/embed.S: the rows, sorted by name, and their number. */
extern const struct embed embed_rows[];
extern const size_t embed_row_count;

static int embed_compare(const void *name, const void *row)
{
    return strcmp(name, ((const struct embed *)row)->name);
}

const struct embed *embed_find(const char *name)
{
    return bsearch(name, embed_rows, embed_row_count, sizeof(embed_rows[0]), embed_compare);
}

size_t embed_count(void)
{
    return embed_row_count;
}

const struct embed *embed_at(size_t i)
{
    assert(i < embed_row_count);
    return &embed_rows[i];
}
