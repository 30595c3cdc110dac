#include "app/commands.h"

#include "app/app.h"
#include "app/bench_cli.h"
#include "app/demo_cli.h"
#include "app/run_due_cli.h"
#include "app/serve_cli.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/catalog_cli.h"
#include "engine/doctor_cli.h"
#include "engine/sim_cli.h"
#include "engine/simulate_cli.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const struct command_row {
    const char *name;
    enum err (*handler)(struct context *cx, int argc, char **argv);
    const char *summary;
    const char *help; /* NULL: the handler has its own */
} COMMANDS[] = {
#define COMMAND(name, handler, summary, help) {name, handler, summary, help},
#include "app/commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static void print_list(void)
{
    printf("usage: annex COMMAND [OPTIONS]\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    printf("\nannex COMMAND --help says what a command takes.\n");
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static enum err run_named(struct context *cx, int argc, char **argv)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = &COMMANDS[i];
        if (strcmp(row->name, argv[0]) != 0)
            continue;
        if (row->help == NULL || !asks_for_help(argc, argv))
            return row->handler(cx, argc, argv);
        fputs(row->help, stdout);
        return OK;
    }
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "there is no command %s", argv[0]),
                 NULL);
}

static enum err run(struct context *cx, int argc, char **argv)
{
    if (argc < 2)
        return fault(cx, ERR_USAGE, "value", "a command is missing", NULL);
    bool is_list = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
                   strcmp(argv[1], "help") == 0;
    if (!is_list)
        return run_named(cx, argc - 1, argv + 1);
    print_list();
    return OK;
}

static int tell(struct context *cx, enum err err)
{
    if (err == OK)
        return fflush(stdout) == 0 ? 0 : EXIT_FAILED;
    fflush(stdout);
    if (cx->fault.code != OK) {
        fprintf(stderr, "annex: %s: %s\n", err_code(cx->fault.code),
                message_fault(cx->arena, cx->language, &cx->fault));
    }
    return err_kind(err) == ERR_KIND_INPUT ? EXIT_USAGE : EXIT_FAILED;
}

int commands_run(int argc, char **argv)
{
    app_start();
    struct arena *arena = arena_create(COMMAND_ARENA_MAX);
    struct context cx = app_context(arena);
    int status = tell(&cx, run(&cx, argc, argv));
    arena_free(arena);
    return status;
}
