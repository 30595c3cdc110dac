#include "engine/simulate_cli.h"

#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/simulate_do.h"
#include "engine/simulate_file.h"

static const char HELP[] =
    "annex simulate [--check] FILE   runs a simulation and prints what happened, as JSON\n"
    "\n"
    "FILE - is standard input. Exit status 2 and a line for each fault when the file is wrong.\n"
    "--check looks at every invariant after each step; exit status 1 and a line on standard\n"
    "error when one does not hold.\n";

static enum err refuse_usage(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex simulate: %s", what), NULL);
}

static enum err tell_faults(const char *path, const struct simulate_faults *faults)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    for (size_t i = 0; i < faults->count; i++)
        fprintf(stderr, "%s: %s\n", name, faults->items[i]);
    return ERR_INVALID;
}

static enum err simulate_file(struct context *cx, const char *path, bool is_checked)
{
    const char *wrong = NULL;
    char *text;
    size_t size;
    const struct simulation *simulation;
    struct simulate_faults faults = {0};
    const char *json;
    TRY(file_read(cx, path, FILE_MAX, &text, &size));
    if (simulate_parse(cx, text, size, &simulation, &faults) != OK)
        return tell_faults(path, &faults);
    TRY(simulate_run_checked(cx, simulation, &json, is_checked ? &wrong : NULL));
    fputs(json, stdout);
    fputc('\n', stdout);
    if (fflush(stdout) != 0)
        return refuse_usage(cx, "the result could not be written");
    if (wrong != NULL)
        fprintf(stderr, "%s\n", wrong);
    return wrong == NULL ? OK : ERR_INTERNAL;
}

static void release_arena(void *arena)
{
    arena_free(arena);
}

enum err simulate_cli(struct context *cx, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(HELP, stdout);
        return OK;
    }
    bool is_checked = argc == 3 && strcmp(argv[1], "--check") == 0;
    const char *path = argv[argc - 1];
    if (argc != (is_checked ? 3 : 2) || (path[0] == '-' && path[1] != '\0'))
        return refuse_usage(cx, "it is simulate FILE, or - for standard input");
    /* A long timeline takes more than a request; its faults are told after this returns. */
    log_set_level(LOG_WARNING); /* standard error is for the faults of the file */
    struct context own = *cx;
    own.arena = arena_create(SIMULATION_ARENA_MAX);
    arena_on_release(cx->arena, release_arena, own.arena);
    enum err err = simulate_file(&own, path, is_checked);
    cx->fault = own.fault;
    return err;
}
