#include "catalog/catalog_cli.h"

#include "base/file.h"
#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "db/db.h"

static const char HELP[] =
    "annex catalog validate FILE               says whether a catalogue could be published\n"
    "annex catalog diff FILE FILE              what changes from the first file to the second\n"
    "annex catalog diff FILE --store WHERE     what publishing the file would change\n"
    "annex catalog import FILE --store WHERE   publishes the file\n"
    "annex catalog export [FILE] --store WHERE writes the published catalogue to the file\n"
    "\n"
    "FILE - is standard input or output. WHERE is a file or postgresql://….\n"
    "Exit status 2 and a line for each fault when a file is not valid.\n";

struct options {
    const char *files[2];
    size_t file_count;
    const char *store; /* NULL: not given */
};

static enum err refuse_usage(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex catalog: %s", what), NULL);
}

/* Faults of a file ---------------------------------------------------------------------------- */

struct source {
    const char *name; /* for people */
    char *text;
    size_t size;
};

static enum err source_read(struct context *cx, const char *path, struct source *ret_source)
{
    struct source source = {.name = strcmp(path, "-") == 0 ? "standard input" : path};
    TRY(file_read(cx, path, CATALOG_BODY_MAX, &source.text, &source.size));
    *ret_source = source;
    return OK;
}

/* Prints what is wrong with the file, if that is the error; then it is told. */
static enum err tell_faults(struct context *cx, const struct source *source,
                            const struct catalog_faults *faults, enum err err)
{
    for (size_t i = 0; i < faults->count; i++)
        fprintf(stderr, "%s: %s\n", source->name, faults->lines[i]);
    if (faults->count > 0)
        fault_clear(cx);
    return err;
}

static enum err source_parse(struct context *cx, const char *path, struct catalog **ret_catalog)
{
    struct source source;
    struct catalog_faults faults = {0};
    TRY(source_read(cx, path, &source));
    enum err err = catalog_parse(cx, source.text, source.size, ret_catalog, &faults);
    return tell_faults(cx, &source, &faults, err);
}

/* Verbs --------------------------------------------------------------------------------------- */

static enum err run_validate(struct context *cx, const struct options *options)
{
    struct catalog *catalog;
    TRY(source_parse(cx, options->files[0], &catalog));
    printf("valid: %zu offers\n", catalog->offer_count);
    return OK;
}

static void print_diff(const char *diff)
{
    fputs(diff[0] ? diff : "no difference\n", stdout);
}

static enum err run_diff(struct context *cx, const struct options *options)
{
    struct catalog *before;
    struct catalog *after;
    TRY(source_parse(cx, options->files[0], &before));
    TRY(source_parse(cx, options->files[1], &after));
    print_diff(catalog_diff(cx->arena, before, after));
    return OK;
}

static enum err run_diff_store(struct context *cx, const struct options *options)
{
    struct source source;
    struct catalog_faults faults = {0};
    const char *diff;
    TRY(db_check_schema(cx));
    TRY(source_read(cx, options->files[0], &source));
    enum err err = catalog_compare(cx, source.text, source.size, &diff, &faults);
    TRY(tell_faults(cx, &source, &faults, err));
    print_diff(diff);
    return OK;
}

static enum err run_import(struct context *cx, const struct options *options)
{
    struct source source;
    struct catalog_faults faults = {0};
    struct catalog_publication publication;
    TRY(source_read(cx, options->files[0], &source));
    TRY(db_migrate(cx));
    /* The command line knows no account: the day begins at midnight UTC. */
    enum err err = catalog_publish(cx, source.text, source.size, zone_day("UTC", cx->now),
                                   &publication, &faults);
    TRY(tell_faults(cx, &source, &faults, err));
    fputs(publication.diff, stdout);
    printf(publication.is_new ? "published as number %" PRId64 "\n"
                              : "this is number %" PRId64 " and published already\n",
           publication.number);
    return OK;
}

static enum err run_export(struct context *cx, const struct options *options)
{
    const struct catalog *current;
    const char *text;
    TRY(db_check_schema(cx));
    enum err err = catalog_load_current(cx, &current);
    if (err == ERR_NOT_FOUND)
        return refuse_usage(cx, "nothing was published in this store yet");
    TRY(err);
    TRY(catalog_load_text(cx, current->number, &text));
    return file_write(cx, options->file_count > 0 ? options->files[0] : "-", text, strlen(text));
}

/* The command line ---------------------------------------------------------------------------- */

struct verb {
    const char *name;
    size_t min_files;
    size_t max_files;
    bool uses_store;
    enum err (*run)(struct context *cx, const struct options *options);
    const char *usage;
};

static const struct verb VERBS[] = {
    {"validate", 1, 1, false, run_validate, "validate FILE"},
    {"diff", 2, 2, false, run_diff, "diff FILE FILE, or diff FILE --store WHERE"},
    {"diff", 1, 1, true, run_diff_store, "diff FILE FILE, or diff FILE --store WHERE"},
    {"import", 1, 1, true, run_import, "import FILE --store WHERE"},
    {"export", 0, 1, true, run_export, "export [FILE] --store WHERE"},
};
enum { VERB_COUNT = sizeof(VERBS) / sizeof(VERBS[0]) };

static enum err options_parse(struct context *cx, int argc, char **argv,
                              struct options *ret_options)
{
    struct options options = {0};
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
            options.store = argv[++i];
        else if (argv[i][0] == '-' && argv[i][1] != '\0')
            return refuse_usage(
                cx, arena_print(cx->arena, "%s is no option, or lacks its value", argv[i]));
        else if (options.file_count < sizeof(options.files) / sizeof(options.files[0]))
            options.files[options.file_count++] = argv[i];
        else
            return refuse_usage(cx, "too many files");
    }
    *ret_options = options;
    return OK;
}

/* The verb of that name that takes what was given; else its usage is the answer. */
static enum err verb_find(struct context *cx, const char *name, const struct options *options,
                          const struct verb **ret_verb)
{
    const struct verb *named = NULL;
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const struct verb *verb = &VERBS[i];
        if (strcmp(verb->name, name) != 0)
            continue;
        named = verb;
        if (verb->uses_store == (options->store != NULL) &&
            options->file_count >= verb->min_files && options->file_count <= verb->max_files) {
            *ret_verb = verb;
            return OK;
        }
    }
    return refuse_usage(cx, named ? arena_print(cx->arena, "it is %s", named->usage)
                                  : "say validate, diff, import or export");
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

enum err catalog_cli(struct context *cx, int argc, char **argv)
{
    if (asks_for_help(argc, argv)) {
        fputs(HELP, stdout);
        return OK;
    }
    struct options options;
    const struct verb *verb = NULL;
    TRY(options_parse(cx, argc, argv, &options));
    TRY(verb_find(cx, argc > 1 ? argv[1] : "", &options, &verb));
    if (!verb->uses_store)
        return verb->run(cx, &options);
    TRY(db_open(cx, &cx->db, options.store, DB_WRITER, false));
    enum err err = verb->run(cx, &options);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
