/* Publishing and loading catalogues, and the commands, on each kind of store. */
#include <fcntl.h>

#include "base/file.h"
#include "base/limits.h"
#include "catalog/catalog_cli.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "support/store.h"

#define TODAY 20466 /* 2026-01-13 */

/* A catalogue of one base that costs this much. */
static const char *text_of(struct context *cx, const char *version, int amount)
{
    return arena_print(cx->arena,
                       "{\"version\":\"%s\",\"offers\":[{\"id\":\"suite\",\"kind\":\"base\","
                       "\"name\":{\"en\":\"S\",\"fr\":\"S\"},\"unit\":\"user\",\"prices\":"
                       "[{\"currency\":\"EUR\",\"term\":\"P1M\",\"billing\":\"monthly\","
                       "\"unit_amount\":%d}]}]}\n",
                       version, amount);
}

static enum err publish(struct context *cx, const char *version, int amount,
                        struct catalog_publication *ret_publication)
{
    struct catalog_faults faults = {0};
    const char *text = text_of(cx, version, amount);
    return catalog_publish(cx, text, strlen(text), TODAY, ret_publication, &faults);
}

static void test_nothing_published(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    const struct catalog *catalog;
    struct catalog_row *rows;
    size_t count;
    const char *text;
    assert_int_equal(catalog_load_current(cx, &catalog), ERR_NOT_FOUND);
    assert_int_equal(catalog_load_text(cx, 1, &text), ERR_NOT_FOUND);
    assert_int_equal(catalog_load(cx, 1, &catalog), ERR_INTERNAL);
    assert_int_equal(catalog_list(cx, 0, 10, &rows, &count), OK);
    assert_int_equal(count, 0);
}

static void test_publish(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    const struct catalog *catalog;
    const char *text;
    assert_int_equal(publish(cx, "a", 1250, &publication), OK);
    assert_int_equal(publication.number, 1);
    assert_true(publication.is_new);
    assert_string_equal(publication.diff, "~ version none → a\n+ offer suite\n");
    assert_int_equal(publish(cx, "b", 1300, &publication), OK);
    assert_int_equal(publication.number, 2);
    assert_string_equal(publication.diff,
                        "~ version a → b\n~ suite: price EUR P1M monthly 12.50 → 13.00\n");

    assert_int_equal(catalog_load_current(cx, &catalog), OK);
    assert_int_equal(catalog->number, 2);
    assert_int_equal(catalog->published_on, TODAY);
    assert_string_equal(catalog->version, "b");
    assert_int_equal(catalog_load(cx, 1, &catalog), OK);
    assert_string_equal(catalog->version, "a");
    assert_int_equal(catalog_load_text(cx, 1, &text), OK);
    assert_string_equal(text, text_of(cx, "a", 1250));
}

/* A version never changes; its very text again is no change. */
static void test_publish_again(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    const struct catalog *current;
    assert_int_equal(publish(cx, "a", 1250, &publication), OK);
    assert_int_equal(publish(cx, "a", 1250, &publication), OK);
    assert_false(publication.is_new);
    assert_int_equal(publication.number, 1);
    assert_int_equal(publish(cx, "a", 1300, &publication), ERR_INVALID);
    assert_string_equal(cx->fault.param, "version");
    assert_string_equal(fault_arg(&cx->fault, "value"),
                        "was published before with other content: give it a new version");
    fault_clear(cx);
    assert_int_equal(publish(cx, "b", 1300, &publication), OK);
    assert_int_equal(publish(cx, "a", 1250, &publication), ERR_INVALID);
    assert_string_equal(fault_arg(&cx->fault, "value"),
                        "was published before and is no longer the current one: give it a new "
                        "version to publish it again");
    assert_int_equal(catalog_load_current(cx, &current), OK);
    assert_int_equal(current->number, 2);
}

static void test_publish_refused(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    static const char TEXT[] = "{\"version\":\"1\",\"offers\":[{}],\"x\":1}";
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    const char *diff;
    const struct catalog *current;
    assert_int_equal(catalog_publish(cx, TEXT, strlen(TEXT), TODAY, &publication, &faults),
                     ERR_INVALID);
    assert_int_equal(faults.count, 6);
    assert_int_equal(catalog_compare(cx, TEXT, strlen(TEXT), &diff, &faults), ERR_INVALID);
    assert_int_equal(faults.count, 6);
    assert_int_equal(catalog_load_current(cx, &current), ERR_NOT_FOUND);
}

static void test_compare(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    const char *diff;
    const char *text = text_of(cx, "b", 1);
    assert_int_equal(publish(cx, "a", 1250, &publication), OK);
    assert_int_equal(catalog_compare(cx, text, strlen(text), &diff, &faults), OK);
    assert_string_equal(diff, "~ version a → b\n~ suite: price EUR P1M monthly 12.50 → 0.01\n");
    struct catalog_row row;
    bool is_found = true;
    assert_int_equal(catalog_find_version(cx, "b", &is_found, &row), OK);
    assert_false(is_found);
}

static void test_list(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    struct catalog_row *rows;
    size_t count;
    for (int i = 0; i < 5; i++) {
        const char version[] = {(char)('a' + i), '\0'};
        assert_int_equal(publish(cx, version, 1, &publication), OK);
    }
    assert_int_equal(catalog_list(cx, 0, 2, &rows, &count), OK);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].version, "e");
    assert_int_equal(rows[0].published_on, TODAY);
    assert_true(rows[0].published_at == cx->now);
    assert_int_equal(strlen(rows[0].hash), 64);
    assert_int_equal(rows[1].number, 4);
    assert_int_equal(catalog_list(cx, rows[1].number, 10, &rows, &count), OK);
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].version, "c");
}

static enum err insert_work(struct context *cx, void *arg)
{
    const char *text = arg;
    struct catalog *catalog = NULL;
    struct catalog_faults faults;
    const struct catalog *loaded;
    int64_t number;
    TRY(catalog_parse(cx, text, strlen(text), &catalog, &faults));
    TRY(catalog_insert(cx, catalog, text, TODAY, &number));
    TRY(catalog_load(cx, number, &loaded));
    return fault(cx, ERR_INTERNAL, NULL); /* and so all of it is rolled back */
}

/* What is parsed once is kept; but not what was rolled back after someone saw it. */
static void test_cache(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    const struct catalog *first;
    const struct catalog *again;
    char *lost = arena_copy(cx->arena, text_of(cx, "lost", 1));
    cx->catalogs = catalog_cache_create();
    assert_int_equal(publish(cx, "a", 1250, &publication), OK);
    assert_int_equal(catalog_load_current(cx, &first), OK);
    assert_int_equal(catalog_load(cx, 1, &again), OK);
    assert_ptr_equal(first, again);

    assert_int_equal(db_transact(cx, insert_work, lost), ERR_INTERNAL);
    assert_int_equal(catalog_load_current(cx, &again), OK);
    assert_ptr_equal(first, again);
    assert_int_equal(publish(cx, "b", 1300, &publication), OK);
    assert_int_equal(publication.number, 2);
    assert_int_equal(catalog_load_current(cx, &again), OK);
    assert_string_equal(again->version, "b");
    catalog_cache_free(cx->catalogs);
    cx->catalogs = NULL;
}

/* More versions than the cache keeps are parsed for their caller. */
static void test_cache_is_full(void **state)
{
    struct context *cx = &((struct store *)*state)->cx;
    struct catalog_publication publication;
    const struct catalog *catalog = NULL;
    const struct catalog *again;
    cx->catalogs = catalog_cache_create();
    for (int64_t i = 1; i <= CATALOGS_MAX + 2; i++) {
        char *version = arena_print(cx->arena, "v%" PRId64, i);
        assert_int_equal(publish(cx, version, 1, &publication), OK);
        assert_int_equal(catalog_load(cx, i, &catalog), OK);
        assert_string_equal(catalog->version, version);
    }
    assert_int_equal(catalog_load(cx, CATALOGS_MAX + 2, &again), OK);
    assert_ptr_not_equal(catalog, again);
    assert_string_equal(again->version, catalog->version);
    catalog_cache_free(cx->catalogs);
    cx->catalogs = NULL;
}

/* What the words of a command line stand for. */
struct places {
    const char *in, *out, *folder, *where;
};

enum { WORDS_MAX = 8 };

static char *word_of(struct context *cx, const struct places *places, const char *word, size_t size)
{
    char *text = arena_copy_bytes(cx->arena, word, size);
    if (strcmp(text, "IN") == 0)
        return arena_copy(cx->arena, places->in);
    if (strcmp(text, "OUT") == 0)
        return arena_copy(cx->arena, places->out);
    if (strcmp(text, "FOLDER") == 0)
        return arena_copy(cx->arena, places->folder);
    return strcmp(text, "WHERE") == 0 ? arena_copy(cx->arena, places->where) : text;
}

/* Runs `annex catalog …` with nothing on the console. */
static enum err run(struct context *cx, const struct places *places, const char *line)
{
    char *argv[WORDS_MAX + 1] = {NULL};
    int argc = 0;
    for (const char *at = line; *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        assert_true(argc < WORDS_MAX);
        argv[argc++] = word_of(cx, places, at, size);
        at += size;
    }
    fflush(stdout);
    int output = dup(STDOUT_FILENO);
    int errors = dup(STDERR_FILENO);
    int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    enum err err = catalog_cli(cx, argc, argv);
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    close(nothing);
    close(output);
    close(errors);
    return err;
}

static const struct {
    const char *line;
    enum err err;
    bool is_told; /* already: there is no fault left */
} COMMANDS[] = {
    {"catalog --help", OK, false},
    {"catalog validate IN", OK, false},
    {"catalog export OUT --store WHERE", ERR_USAGE, false}, /* nothing there yet */
    {"catalog diff IN --store WHERE", OK, false},
    {"catalog import IN --store WHERE", OK, false},
    {"catalog import IN --store WHERE", OK, false},
    {"catalog export --store WHERE OUT", OK, false},
    {"catalog diff IN OUT", OK, false},
    {"catalog", ERR_USAGE, false},
    {"catalog publish IN", ERR_USAGE, false},
    {"catalog validate", ERR_USAGE, false},
    {"catalog validate IN IN IN", ERR_USAGE, false},
    {"catalog validate IN --strict", ERR_USAGE, false},
    {"catalog import IN", ERR_USAGE, false},
    {"catalog import IN --store", ERR_USAGE, false},
    {"catalog validate FOLDER", ERR_USAGE, false},
    {"catalog validate /nowhere.json", ERR_USAGE, false},
    {"catalog validate /dev/null", ERR_INVALID, true},
    {"catalog import /dev/null --store WHERE", ERR_INVALID, true},
};

/* A file goes in and the same comes out; each mistake has its error. */
static void test_commands(void **state)
{
    struct store *store = *state;
    struct context cx = store->cx;
    char *folder = arena_copy(cx.arena, "/tmp/annex-catalog.XXXXXX");
    assert_non_null(mkdtemp(folder));
    struct places places = {.folder = folder, .where = store->where};
    places.in = arena_print(cx.arena, "%s/in.json", folder);
    places.out = arena_print(cx.arena, "%s/out.json", folder);
    const char *text = text_of(&cx, "a", 1250);
    assert_int_equal(file_write(&cx, places.in, text, strlen(text)), OK);

    for (size_t i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++) {
        cx.db = NULL;
        fault_clear(&cx);
        assert_int_equal(run(&cx, &places, COMMANDS[i].line), COMMANDS[i].err);
        assert_int_equal(cx.fault.code != OK, COMMANDS[i].err != OK && !COMMANDS[i].is_told);
    }
    char *data;
    size_t size;
    assert_int_equal(file_read(&cx, places.out, FILE_MAX, &data, &size), OK);
    assert_int_equal(size, strlen(text));
    assert_string_equal(data, text);
    assert_int_equal(file_read(&cx, places.out, size - 1, &data, &size), ERR_USAGE);
    unlink(places.in);
    unlink(places.out);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_nothing_published),
        STORE_TEST(test_publish),
        STORE_TEST(test_publish_again),
        STORE_TEST(test_publish_refused),
        STORE_TEST(test_compare),
        STORE_TEST(test_list),
        STORE_TEST(test_cache),
        STORE_TEST(test_cache_is_full),
        STORE_TEST(test_commands),
    };
    return store_run_tests("catalog", tests, sizeof(tests) / sizeof(tests[0]));
}
