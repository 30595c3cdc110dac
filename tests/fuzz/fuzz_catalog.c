/* The catalogue parser with any bytes: it never crashes, its faults are lines that a console may
 * print, and what it takes it writes and takes again. */
#include "base/context.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalog/catalog_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_faults(const struct catalog_faults *faults)
{
    assert(faults->count > 0 && faults->count <= CATALOG_FAULTS_MAX);
    for (size_t i = 0; i < faults->count; i++) {
        assert(faults->lines[i][0] != '\0');
        assert(!text_has_controls(faults->lines[i]));
    }
}

static void check_catalog(struct context *cx, const struct catalog *catalog)
{
    const char *canonical = catalog_format(cx->arena, catalog);
    struct catalog *again = NULL;
    struct catalog_faults faults;
    assert(catalog_parse(cx, canonical, strlen(canonical), &again, &faults) == OK);
    assert(catalog_diff(cx->arena, catalog, again)[0] == '\0');
    for (size_t i = 0; i < catalog->offer_count; i++)
        assert(catalog_find_offer(catalog, catalog->offers[i].id) == &catalog->offers[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx = {.arena = arena_create(REQUEST_ARENA_MAX), .language = "en"};
    /* A copy of exact size: reading past the end is seen. */
    char *text = arena_copy_bytes(cx.arena, data, size);
    struct catalog *catalog = NULL;
    struct catalog_faults faults;
    if (catalog_parse(&cx, text, size, &catalog, &faults) == OK)
        check_catalog(&cx, catalog);
    else
        check_faults(&faults);
    arena_free(cx.arena);
    return 0;
}
