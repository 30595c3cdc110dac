/* The reader of simulation files with any bytes: it never crashes, and its faults are lines that a
 * console may print. */
#include <assert.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/simulate_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx = {.arena = arena_create(REQUEST_ARENA_MAX), .language = "en"};
    /* A copy of exact size: reading past the end is seen. */
    char *text = arena_copy_bytes(cx.arena, data, size);
    const struct simulation *simulation = NULL;
    struct simulate_faults faults = {0};
    if (simulate_parse(&cx, text, size, &simulation, &faults) == OK) {
        assert(simulation != NULL && faults.count == 0);
    } else {
        assert(faults.count > 0);
        for (size_t i = 0; i < faults.count; i++)
            assert(faults.items[i][0] != '\0' && !text_has_controls(faults.items[i]));
    }
    arena_free(cx.arena);
    return 0;
}
