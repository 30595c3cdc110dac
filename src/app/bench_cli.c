#include "app/bench_cli.h"

#include "app/bench.h"
#include "base/json.h"
#include "base/money.h"

enum {
    SECONDS_DEFAULT = 5,
    SECONDS_MAX = 3600,
    SIZE_DEFAULT = 100000,
    SIZE_LEAST = 100,
    SIZE_MOST = 10000000,
    PER_MILLE = 1000
};

static const struct bench_row {
    const char *name;
    enum err (*run)(struct context *cx, const struct bench_options *options,
                    struct bench_result *result);
    const char *unit;
    bool sqlite_only; /* left out of `all` on a server */
} BENCHES[] = {
    {"orders", bench_orders, "orders/s", false},
    {"check", bench_check, "requests/s", false},
    {"availability", bench_availability, "requests/s", false},
    {"renewals", bench_renewals, "renewals/s", true},
};
enum { BENCH_COUNT = sizeof BENCHES / sizeof *BENCHES };

/* What was asked for, by place in BENCHES. */
struct bench_choice {
    bool chosen[BENCH_COUNT];
    bool any;
    bool all;
};

/* Reading the command line ------------------------------------------------------------------- */

static enum err usage_fault(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex bench: %s", what), NULL);
}

static enum err choose(struct context *cx, const char *name, struct bench_choice *choice)
{
    bool all = strcmp(name, "all") == 0;
    bool found = false;
    for (size_t i = 0; i < BENCH_COUNT; i++) {
        if (!all && strcmp(name, BENCHES[i].name) != 0)
            continue;
        choice->chosen[i] = true;
        found = true;
    }
    choice->any = choice->any || found;
    choice->all = choice->all || all;
    return found ? OK : usage_fault(cx, arena_print(cx->arena, "there is no benchmark %s", name));
}

static enum err read_option(struct context *cx, const char *name, const char *value,
                            struct bench_options *options)
{
    if (value == NULL)
        return usage_fault(cx, arena_print(cx->arena, "%s is no option, or lacks its value", name));
    if (strcmp(name, "--seconds") == 0) {
        if (decimal_parse(value, 0, &options->seconds) && options->seconds >= 1 &&
            options->seconds <= SECONDS_MAX)
            return OK;
        return usage_fault(cx, "--seconds is a number from 1 to 3600");
    }
    if (strcmp(name, "--size") == 0) {
        if (decimal_parse(value, 0, &options->size) && options->size >= SIZE_LEAST &&
            options->size <= SIZE_MOST)
            return OK;
        return usage_fault(cx, "--size is a number from 100 to 10000000");
    }
    if (strcmp(name, "--store") != 0)
        return usage_fault(cx, arena_print(cx->arena, "%s is no option", name));
    if (strncmp(value, "postgres", strlen("postgres")) != 0)
        return usage_fault(cx, "--store is postgresql://…; without it SQLite is measured");
    options->server = value;
    return OK;
}

static enum err parse(struct context *cx, int argc, char **argv, struct bench_options *ret_options,
                      struct bench_choice *ret_choice)
{
    struct bench_options options = {.seconds = SECONDS_DEFAULT, .size = SIZE_DEFAULT};
    struct bench_choice choice = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            options.json = true;
        } else if (strncmp(argv[i], "--", 2) == 0) {
            TRY(read_option(cx, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &options));
            i++;
        } else {
            TRY(choose(cx, argv[i], &choice));
        }
    }
    if (!choice.any)
        return usage_fault(cx, "name one or more of orders, check, availability, renewals, or all");
    *ret_options = options;
    *ret_choice = choice;
    return OK;
}

/* Telling ------------------------------------------------------------------------------------ */

/* "0.413": three decimals, cut. */
static const char *ratio_text(struct context *cx, const struct bench_result *result)
{
    int64_t base = result->baseline > 0 ? result->baseline : 1;
    int64_t ratio = result->figure * PER_MILLE / base;
    return arena_print(cx->arena, "%" PRId64 ".%03" PRId64, ratio / PER_MILLE, ratio % PER_MILLE);
}

static void print_table_row(struct context *cx, const struct bench_result *result)
{
    printf("%-14s %10" PRId64 " %10" PRId64 " %8s %9" PRId64 " %9" PRId64 "  %s\n", result->name,
           result->figure, result->baseline, ratio_text(cx, result), result->p50_us, result->p99_us,
           result->unit);
    for (size_t i = 0; i < result->notes.count; i++)
        printf("    %s\n", result->notes.items[i]);
    fflush(stdout);
}

static void print_json(struct context *cx, const struct bench_result_list *results)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_array(&w, NULL);
    for (size_t i = 0; i < results->count; i++) {
        const struct bench_result *result = results->items[i];
        json_open_object(&w, NULL);
        json_put_text(&w, "name", result->name);
        json_put_integer(&w, "figure", result->figure);
        json_put_text(&w, "unit", result->unit);
        json_put_integer(&w, "baseline", result->baseline);
        json_put_raw(&w, "ratio", ratio_text(cx, result));
        json_put_integer(&w, "p50_us", result->p50_us);
        json_put_integer(&w, "p99_us", result->p99_us);
        json_close_object(&w);
    }
    json_close_array(&w);
    printf("%s\n", json_end(&w));
}

/* Programs read the table of formats; people who watch them see the notes all the same. */
static void tell_notes(const struct bench_result *result)
{
    for (size_t i = 0; i < result->notes.count; i++)
        fprintf(stderr, "%s: %s\n", result->name, result->notes.items[i]);
}

enum err bench_cli(struct context *cx, int argc, char **argv)
{
    struct bench_options options;
    struct bench_choice choice;
    struct bench_result_list results = {0};
    TRY(parse(cx, argc, argv, &options, &choice));
    bench_begin();
    if (!options.json)
        printf("%-14s %10s %10s %8s %9s %9s\n", "", "figure", "baseline", "ratio", "p50 us",
               "p99 us");
    for (size_t i = 0; i < BENCH_COUNT; i++) {
        bool left_out = choice.all && options.server != NULL && BENCHES[i].sqlite_only;
        if (left_out)
            fprintf(stderr, "%s: measured on SQLite only\n", BENCHES[i].name);
        if (left_out || !choice.chosen[i])
            continue;
        struct bench_result *result = ARENA_NEW(cx->arena, struct bench_result);
        *result = (struct bench_result){.name = BENCHES[i].name, .unit = BENCHES[i].unit};
        TRY(BENCHES[i].run(cx, &options, result));
        list_push(cx->arena, &results, result);
        if (options.json)
            tell_notes(result);
        else
            print_table_row(cx, result);
    }
    if (options.json)
        print_json(cx, &results);
    return OK;
}
