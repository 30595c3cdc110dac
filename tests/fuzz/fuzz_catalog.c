/* The catalogue parser with any bytes: it never crashes, its faults are lines that a console may
 * print, and what it takes it writes and takes again.
 *
 * With libFuzzer:  clang -fsanitize=fuzzer,address,undefined …
 * Without (-DFUZZ_SMOKE): a short run of mutations of the files named, the same every time. */
#include "base/context.h"
#include "base/file.h"
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

#ifdef FUZZ_SMOKE

enum { MUTANTS = 3000, EDITS_MAX = 4, INSERTED_MAX = 64 };

struct mutant {
    uint64_t random;
    char *text;
    size_t size;
};

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static size_t pick(struct mutant *mutant, size_t limit)
{
    uint64_t z = mutant->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % limit);
}

static void replace(struct mutant *mutant, size_t at, size_t removed, const char *with,
                    size_t added)
{
    memmove(mutant->text + at + added, mutant->text + at + removed, mutant->size - at - removed);
    memcpy(mutant->text + at, with, added);
    mutant->size += added - removed;
}

/* Replaces, removes or inserts: a byte, a piece of the file itself, or a word that matters. */
static void edit(struct mutant *mutant)
{
    static const char *const WORDS[] = {
        "null",
        "-1",
        "1e999",
        "9223372036854775807",
        "\"\"",
        "{}",
        "[]",
        "\"suite\"",
        "\"\\u0000\"",
        "\xff",
        "\"up_to\":1,",
        "\"requires\":{\"all_of\":[\"phone\"]},",
        "\"P3Y\"",
        "\"upfront\"",
        "\"traditional_addon\"",
        "\"0.0000001\"",
        "[[[[",
        ",",
    };
    enum { WORD_COUNT = sizeof(WORDS) / sizeof(WORDS[0]) };
    size_t at = pick(mutant, mutant->size);
    size_t rest = mutant->size - at;
    size_t removed = pick(mutant, 3) == 0 ? pick(mutant, rest < 40 ? rest : 40) : 0;
    char piece[INSERTED_MAX];
    size_t added = 1;
    size_t kind = pick(mutant, 3);
    if (kind == 0) {
        piece[0] = (char)pick(mutant, 256);
    } else if (kind == 1) {
        const char *word = WORDS[pick(mutant, WORD_COUNT)];
        added = strlen(word);
        memcpy(piece, word, added);
    } else {
        size_t from = pick(mutant, mutant->size);
        added = mutant->size - from < INSERTED_MAX ? mutant->size - from : INSERTED_MAX;
        memcpy(piece, mutant->text + from, added);
    }
    replace(mutant, at, removed, piece, added);
}

static void smoke(const char *path, uint64_t seed)
{
    struct context cx = {.arena = arena_create(REQUEST_ARENA_MAX), .language = "en"};
    char *data;
    size_t size;
    assert(file_read(&cx, path, CATALOG_BODY_MAX, &data, &size) == OK && size > 0);
    struct mutant mutant = {.random = seed};
    mutant.text = arena_alloc(cx.arena, size + EDITS_MAX * INSERTED_MAX);
    for (int i = 0; i < MUTANTS; i++) {
        memcpy(mutant.text, data, size);
        mutant.size = size;
        for (size_t edits = 1 + pick(&mutant, EDITS_MAX); edits > 0 && mutant.size > 0; edits--)
            edit(&mutant);
        LLVMFuzzerTestOneInput((const uint8_t *)mutant.text, mutant.size);
    }
    arena_free(cx.arena);
}

/* Arguments: files to begin with. */
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        smoke(argv[i], (uint64_t)i);
    printf("%d catalogues\n", (argc - 1) * MUTANTS);
    return argc > 1 ? 0 : 2;
}

#endif
